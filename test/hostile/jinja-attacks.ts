import { type Attack, many, model, shop, times } from './attack.ts';

/** Expressions and statements, each the whole of a model. */
const templates: Readonly<Record<string, string>> = {
  'a loop over a billion': '{% for i in range(1000000000) %}{{ i }}{% endfor %}',
  'loops in loops': `${times('{% for a in range(1000) %}', 8)}x${times('{% endfor %}', 8)}`,
  'a range as a list': '{{ range(1000000000) | list | length }}',
  'a text repeated a billion times': "{{ 'a' * 1000000000 }}",
  'a list repeated a billion times': '{{ ([1] * 1000000000) | length }}',
  'a text that doubles':
    "{% set n = namespace(x='abcdefgh') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}{{ n.x | length }}",
  'a list that doubles':
    '{% set n = namespace(x=[1,2,3]) %}{% for i in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}{{ n.x | length }}',
  'a list that shares itself': '{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}',
  'sharing as JSON': '{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ tojson(n.x) }}',
  'sharing as YAML': '{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ toyaml(n.x) }}',
  'sharing compared':
    '{% set n = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% set n.y = [n.y, n.y] %}{% endfor %}{{ n.x == n.y }}',
  'sharing ordered':
    '{% set n = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% set n.y = [n.y, n.y] %}{% endfor %}{{ [n.x, n.y] | sort }}',
  'sharing as pretty text':
    '{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x | pprint }}',
  'a list in itself':
    '{% set l = [] %}{% do l.append(l) %}{{ l }}{{ tojson(l) }}{{ toyaml(l) }}{{ l == l }}{{ l | string }}{{ l | pprint }}',
  'a list in itself, hashed':
    '{% set l = [] %}{% do l.append(l) %}{{ local_md5(l | string) }}{{ {l | string: 1} }}{{ l | unique | list }}{{ l | sum }}',
  'a dict in itself': "{% set d = {} %}{% do d.update({'a': d}) %}{{ d }}{{ tojson(d) }}{{ toyaml(d) }}{{ d | dictsort }}",
  'a list that grows under its loop': '{% set l = [1] %}{% for i in l %}{% do l.append(i) %}{% endfor %}{{ l | length }}',
  'escapes that grow':
    "{% set n = namespace(x='\\\\\"') %}{% for i in range(40) %}{% set n.x = tojson(n.x) %}{% endfor %}{{ n.x | length }}",
  'HTML escapes that grow':
    "{% set n = namespace(x='&&&&') %}{% for i in range(40) %}{% set n.x = n.x | forceescape %}{% endfor %}{{ n.x | length }}",
  'a replacement that grows':
    "{% set n = namespace(x='aaaaaaaaaa') %}{% for i in range(12) %}{% set n.x = n.x | replace('a', 'aaaaaaaaaa') %}{% endfor %}{{ n.x | length }}",
  'a replacement between all letters': "{{ ('a' * 100000) | replace('', 'b' * 100000) | length }}",
  'a number of a billion places': "{{ '%.1000000000f' % 1.5 }}",
  'a number of a billion columns': "{{ '%1000000000d' % 1 }}{{ '%*d' % (1000000000, 1) }}",
  'a format of a billion columns': "{{ '{:>1000000000}'.format(1) }}{{ '{:.1000000000f}'.format(1.5) }}",
  'a format in a format': "{{ '{:{w}}'.format(1, w=1000000000) }}",
  'padding methods': "{{ 'a'.ljust(1000000000) }}{{ 'a'.zfill(1000000000) }}{{ 'a'.center(1000000000) }}",
  'tabs of a billion columns': "{{ ('\\t' * 1000).expandtabs(1000000000) }}",
  'the filter center': "{{ 'a' | center(1000000000) }}",
  'the filter indent': "{{ ('a\\n' * 100000) | indent(1000000) }}",
  'the filter wordwrap': "{{ ('a' * 1000000) | wordwrap(1, true, 'xxxxxxxxxx' * 1000) }}",
  'the filter batch': '{{ [1] | batch(1000000000, 0) | list | length }}',
  'the filter slice': '{{ [1] | slice(1000000000) | list | length }}',
  'the filter striptags': `{{ ${JSON.stringify(times('<', 60_000))} | striptags | length }}{{ ('<' * 300000) | striptags | length }}{{ ('<!--' * 100000) | striptags | length }}`,
  'the filter urlize': "{{ ('http://a.b/' * 100000) | urlize | length }}{{ ('(' * 100000 ~ 'www.a.com') | urlize | length }}",
  'the filter title': "{{ ('a-' * 3000000) | title | length }}",
  'the filter join': "{{ range(1000000) | join('x' * 10000) | length }}",
  'the filter xmlattr': "{{ dict({'a' * 1000000: 'b' * 1000000}) | xmlattr | length }}",
  'the filter truncate': "{{ ('a ' * 5000000) | truncate(9000000) | length }}",
  'the filter groupby': '{{ range(2000000) | list | groupby("real") | length }}',
  'the filter sum': '{{ ([[1] * 1000] * 100000) | sum(start=[]) | length }}',
  'the filter random': '{{ range(1000000000) | random }}',
  'a power of powers': '{{ 9 ** 9 ** 9 }}',
  'a shift by powers': '{{ (10 ** 100000) ** 1000 }}',
  'large whole numbers printed': '{{ (10 ** 1000000) | string | length }}{{ (10 ** 300000) // 7 }}',
  'all permutations': '{{ modules.itertools.permutations(range(12)) | list | length }}',
  'all products': '{{ modules.itertools.product(range(100), repeat=8) | list | length }}',
  'all combinations': '{{ modules.itertools.combinations(range(60), 30) | list | length }}',
  'an endless count': '{{ modules.itertools.count() | list }}',
  'an endless cycle': '{{ modules.itertools.cycle([1]) | list }}',
  'an endless repeat': "{{ modules.itertools.repeat('a') | list }}",
  'a thousand tees': '{% set t = modules.itertools.tee(range(1000000), 1000) %}{% for x in t %}{{ x | list | length }}{% endfor %}',
  'an endless accumulate': '{{ modules.itertools.accumulate(modules.itertools.count()) | list }}',
  'an endless chain': '{{ modules.itertools.chain.from_iterable(modules.itertools.repeat([1])) | list }}',
  'a pattern of nested repeats': `{{ modules.re.match('(a+)+$', '${times('a', 40)}!') }}`,
  'a pattern of alternatives': `{{ modules.re.search('(a|a)*b', '${times('a', 60)}') }}`,
  'a pattern of optional letters': `{{ modules.re.match('${times('a?', 40)}${times('a', 40)}', '${times('a', 40)}') }}`,
  'a pattern with backward references': `{{ modules.re.match('(.*)(.*)(.*)\\\\1\\\\2\\\\3x', '${times('ab', 200)}') }}`,
  'a pattern with many repeats': '{{ modules.re.compile("(((a{1,1000}){1,1000}){1,1000})") }}',
  'a pattern nested deeply': `{{ modules.re.match('${times('(', 20_000)}a${times(')', 20_000)}', 'a') }}`,
  'a pattern over a long text': "{{ modules.re.sub('a*a*a*a*b', '', 'a' * 100000) | length }}",
  'a pattern that splits': "{{ modules.re.split('(x+x+)+y', 'x' * 40) }}",
  'findall of nothing': "{{ modules.re.findall('', 'a' * 3000000) | length }}",
  'a look ahead in a loop': `{{ modules.re.match('(?:(?=(a+))a*b)*c', '${times('a', 60)}') }}`,
  'dates beyond the calendar':
    '{{ modules.datetime.timedelta(days=999999999) + modules.datetime.datetime(9999,12,31) }}{{ modules.datetime.datetime(1,1,1) - modules.datetime.timedelta(days=999999999) }}',
  'a format of dates of a billion': "{{ modules.datetime.datetime(2020,1,1).strftime('%Y' * 10000000) | length }}",
  'JSON nested deeply': "{{ fromjson('[' * 100000 ~ ']' * 100000) }}",
  'JSON of a large text': "{{ fromjson('[' ~ '1,' * 5000000 ~ '1]') | length }}",
  'YAML of aliases':
    "{{ fromyaml('a: &a [1,1,1,1,1,1,1,1,1]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\\nh: &h [*g,*g,*g,*g,*g,*g,*g,*g,*g]\\ni: [*h,*h,*h,*h,*h,*h,*h,*h,*h]') }}",
  'YAML in itself': "{{ fromyaml('a: &a [*a]') }}",
  'YAML nested deeply': "{{ fromyaml('[' * 50000) }}",
  'a macro that calls itself': '{% macro f(x) %}{{ f(x + 1) }}{% endmacro %}{{ f(0) }}',
  'macros that call each other twice': '{% macro f(x) %}{% if x > 0 %}{{ f(x - 1) }}{{ f(x - 1) }}{% endif %}a{% endmacro %}{{ f(60) }}',
  'a caller that calls itself':
    '{% macro f() %}{{ caller() }}{% endmacro %}{% macro g() %}{% call f() %}{{ g() }}{% endcall %}{% endmacro %}{{ g() }}',
  'a recursive loop without end': '{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}',
  'deep brackets': `{{ ${times('(', 50_000)}1${times(')', 50_000)} }}`,
  'a deep list': `{{ ${times('[', 50_000)}${times(']', 50_000)} }}`,
  'many nots': `{{ ${times('not ', 100_000)}true }}`,
  'many minuses': `{{ ${times('-', 100_000)}1 }}`,
  'a long sum': `{{ ${many(100_000, () => '1', '+')} }}`,
  'a long chain of powers': `{{ ${many(20_000, () => '1', '**')} }}`,
  'a long chain of attributes': `{{ x${times('.a', 100_000)} }}`,
  'a long chain of calls': `{{ x${times('()', 100_000)} }}`,
  'a long chain of filters': `{{ 1${times('|int', 50_000)} }}`,
  'a long chain of ifs': `{{ ${times('1 if 0 else ', 50_000)}2 }}`,
  'a long chain of ands': `{{ ${many(100_000, () => 'true', ' and ')} }}`,
  'a long concatenation': `{{ ${many(100_000, () => "'a'", '~')} }}`,
  'deep blocks': `${times('{% if true %}', 20_000)}x${times('{% endif %}', 20_000)}`,
  'deep sets': `${times('{% set a %}', 20_000)}x${times('{% endset %}', 20_000)}`,
  'many elifs': `{% if 0 %}${times('{% elif 0 %}', 100_000)}{% endif %}`,
  'open expressions': times('{{ ', 100_000),
  'open comments': times('{# ', 100_000),
  'open raw blocks': times('{% raw %}', 50_000),
  'open blocks': times('{%', 100_000),
  'blanks before blocks': `${times(' ', 1_000_000)}{%- if true -%}${times('\n', 1_000_000)}{%- endif -%}`,
  'many blanks between blocks': times(`${times(' ', 300)}{%- if true %}x{% endif -%}`, 3000),
  'a quoted text without an end': `{{ '${times('\\\\', 200_000)} }}`,
  'a log of a million lines': "{% for i in range(3000000) %}{{ log('x' * 100) }}{{ print('y') }}{% endfor %}",
  'a million configurations': "{% for i in range(1000000) %}{{ config(tags=['a' ~ i]) }}{% endfor %}select 1",
  'a million refs': "{% for i in range(1000000) %}{{ ref('fine') }}{% endfor %}",
  'a million unknown refs': "{% for i in range(300000) %}{% set x = source('a', 'b' ~ i) %}{% endfor %}",
  'text that asks for itself':
    "{% for i in range(1000) %}{% set q = run_query('select ' ~ i ~ ' as x') %}{{ q.columns[0].values() }}{% endfor %}",
  'queries in a loop without end': "{% for i in range(1000000) %}{% set q = run_query('select ' ~ i ~ ' as x') %}{% endfor %}select 1",
  'names of objects':
    '{{ __proto__ }}{{ constructor }}{{ [].constructor }}{{ {}.__proto__ }}{{ "".constructor.constructor("return process")() }}{{ ref.constructor("return 1")() }}',
  'attributes of Python':
    "{{ ''.__class__.__mro__ }}{{ ().__class__.__base__.__subclasses__() }}{{ self.__init__.__globals__ }}{{ cycler.__init__ }}",
  'the filter map by a name': "{{ [ref] | map(attribute='constructor.constructor') | list }}{{ [1] | map('constructor') | list }}",
  'environment variables': "{{ env_var('HOME') }}{{ env_var('PATH', 'x') }}",
  'other files by include': "{% include '/etc/passwd' %}",
  'other files by import': "{% import '/etc/passwd' as x %}{% from '../../secret.sql' import y %}",
  'other files by extends': "{% extends '/etc/passwd' %}",
};

export const jinjaAttacks: readonly Attack[] = [
  ...Object.entries(templates).map(([name, template]) => model(`Jinja: ${name}`, template)),
  ...(
    [
      [
        'vars',
        {
          'dbt_project.yml': 'name: shop\nprofile: shop\nvars: {x: "{% for i in range(100000000) %}{{ i }}{% endfor %}"}\n',
          'models/m.sql': "select '{{ var('x') }}' as a",
        },
      ],
      [
        'configuration',
        {
          'dbt_project.yml':
            'name: shop\nprofile: shop\nmodels: {shop: {+schema: "{% for i in range(100000000) %}{{ i }}{% endfor %}", +alias: "{{ \'a\' * 1000000000 }}"}}\n',
          'models/m.sql': 'select 1 as a',
        },
      ],
      [
        'hooks',
        {
          'dbt_project.yml':
            'name: shop\nprofile: shop\non-run-start: ["{% for i in range(100000000) %}{{ i }}{% endfor %}"]\nmodels: {+pre-hook: "{{ \'a\' * 1000000000 }}"}\n',
          'models/m.sql': 'select 1 as a',
        },
      ],
      [
        'the project file',
        {
          'dbt_project.yml':
            'name: "{{ \'a\' * 1000000000 }}"\nprofile: shop\nmodel-paths: ["{% for i in range(100000000) %}x{% endfor %}"]\n',
          'models/m.sql': 'select 1 as a',
        },
      ],
      [
        'the profile',
        {
          'profiles.yml':
            'shop: {target: "{% for i in range(100000000) %}{{ i }}{% endfor %}", outputs: {dev: {type: duckdb, schema: "{{ \'a\' * 1000000000 }}"}}}\n',
          'models/m.sql': 'select 1 as a',
        },
      ],
      [
        'descriptions',
        {
          'models/s.yml':
            'version: 2\nmodels: [{name: m, description: "{{ \'a\' * 1000000000 }}", columns: [{name: a, description: "{% for i in range(100000000) %}x{% endfor %}"}]}]\n',
          'models/m.sql': 'select 1 as a',
        },
      ],
      [
        'arguments of tests',
        {
          'models/s.yml':
            'version: 2\nmodels: [{name: m, columns: [{name: a, data_tests: [{accepted_values: {values: ["{{ \'a\' * 1000000000 }}"]}}, {not_null: {config: {where: "{% for i in range(100000000) %}x{% endfor %}"}}}]}]}]\n',
          'models/m.sql': 'select 1 as a',
        },
      ],
      [
        'unit tests',
        {
          'models/s.yml':
            'version: 2\nunit_tests: [{name: u, model: m, given: [], expect: {format: sql, rows: "{{ \'a\' * 1000000000 }}"}, overrides: {macros: {is_incremental: "{% for i in range(100000000) %}x{% endfor %}"}}}]\n',
          'models/m.sql': 'select 1 as a',
        },
      ],
      [
        'sources',
        {
          'models/s.yml':
            'version: 2\nsources: [{name: raw, schema: "{{ \'a\' * 1000000000 }}", tables: [{name: t, identifier: "{% for i in range(100000000) %}x{% endfor %}"}]}]\n',
          'models/m.sql': "select * from {{ source('raw', 't') }}",
        },
      ],
      [
        'schema names',
        {
          'macros/g.sql':
            '{% macro generate_schema_name(a, b) %}{% for i in range(100000000) %}x{% endfor %}{% endmacro %}\n{% macro generate_alias_name(a, b) %}{{ generate_alias_name(a, b) }}{% endmacro %}',
          'models/m.sql': 'select 1 as a',
        },
      ],
      [
        'ref of its own',
        {
          'macros/g.sql':
            '{% macro ref(x) %}{{ return(ref(x)) }}{% endmacro %}\n{% macro source(a, b) %}{% for i in range(100000000) %}x{% endfor %}{% endmacro %}',
          'models/m.sql': "select * from {{ ref('fine') }}",
        },
      ],
      [
        'a generic test',
        {
          'macros/g.sql': '{% test odd(model) %}{% for i in range(100000000) %}x{% endfor %}{% endtest %}',
          'models/s.yml': 'version: 2\nmodels: [{name: m, data_tests: [odd]}]\n',
          'models/m.sql': 'select 1 as a',
        },
      ],
      [
        'a snapshot',
        {
          'snapshots/s.sql':
            "{% snapshot s %}{{ config(unique_key='id', strategy='check', check_cols='all') }}{% for i in range(100000000) %}x{% endfor %}{% endsnapshot %}",
          'models/m.sql': 'select 1 as a',
        },
      ],
      ['an analysis', { 'analyses/a.sql': '{% for i in range(100000000) %}x{% endfor %}', 'models/m.sql': 'select 1 as a' }],
      [
        'a thousand slow macros',
        {
          'macros/g.sql': many(1000, (i) => `{% macro f${i}() %}{% for i in range(100000) %}{{ f${i + 1}() }}{% endfor %}{% endmacro %}`),
          'models/m.sql': '{{ f0() }}',
        },
      ],
      [
        'fifty slow models',
        Object.fromEntries(
          Array.from({ length: 50 }, (_, i) => [`models/slow${i}.sql`, '{% for i in range(100000000) %}{{ i }}{% endfor %}']),
        ),
      ],
    ] as const
  ).map(
    ([name, files]): Attack => ({
      name: `Jinja in ${name}`,
      files: shop({ 'models/fine.sql': 'select 1 as id', ...files }),
      calls: [
        ['graph', '--quiet'],
        ['build', '--json', '--timeout', '5'],
        ['docs', '--out', 'out.html'],
      ],
    }),
  ),
];
