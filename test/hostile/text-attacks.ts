import { type Attack, many, shop, times } from './attack.ts';

const bomb = (word: string): string =>
  `a0: &a0 [${many(10, () => word, ',')}]\n${many(12, (i) => `a${i + 1}: &a${i + 1} [${many(10, () => `*a${i}`, ',')}]`)}`;
const mergeBomb = `b0: &b0 {k: v}\n${many(30, (i) => `b${i + 1}: &b${i + 1} {x${i}: *b${i}, y${i}: *b${i}, <<: *b${i}}`)}`;

/** Texts of YAML that every file of a project may hold. */
const yamls: Readonly<Record<string, string>> = {
  'aliases of aliases': bomb('lol'),
  'merges of merges': mergeBomb,
  'a list in itself':
    'version: 2\nmodels: &m [*m]\nvars: &v {a: *v}\nname: &n [*n]\npackages: &p [{local: *p}]\nselectors: &s [{name: x, definition: *s}]\n',
  'a mapping in itself':
    'version: 2\nmodels: [&m {name: fine, meta: *m, config: *m, columns: [&c {name: a, meta: *c, data_tests: [{accepted_values: &t {values: [*t]}}]}]}]\n',
  'lists nested deeply': times('[', 100_000),
  'mappings nested deeply': times('{a: ', 50_000),
  'blocks nested deeply': many(5000, (i) => `${times(' ', i)}a:`),
  'dashes nested deeply': `a: ${times('- ', 50_000)}x`,
  'a text of ten megabytes': `name: ${times('x', 10_000_000)}`,
  'a million keys': many(300_000, (i) => `k${i}: ${i}`),
  'tags of programs':
    'name: !!js/function "function(){ process.exit(7) }"\nmodels: !!python/object/apply:os.system ["touch /tmp/headwater-yaml"]\nversion: !!binary aaaa\n',
  'names of objects':
    '__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\nname: __proto__\nversion: 2\nmodels: [{name: __proto__, columns: [{name: constructor}, {name: __proto__}]}, {name: toString}]\nvars: {__proto__: {x: 1}, constructor: 2}\n',
  'numbers of a million digits': `name: ${times('9', 1_000_000)}\nversion: 1e${times('9', 1000)}\nx: 0x${times('f', 100_000)}\n`,
  noise: '\u0001\u0002\u0003%&*!|>@`"\'',
  'only a comment': `# ${times('x', 1000)}`,
  'a null byte': 'name: a\u0000b\n',
  'half a surrogate pair':
    'name: "\\ud800"\nversion: 2\nmodels: [{name: fine, description: "\\udc00", columns: [{name: "\\ud800", description: "\\ud800", data_tests: [not_null]}]}]\nsources: [{name: "\\ud800", tables: [{name: "\\udfff"}]}]\n',
  'control characters':
    'name: "a\\u0007\\u001b[31m\\n\\r\\u202e"\nversion: 2\nmodels: [{name: fine, description: "\\u001b]0;x\\u0007", columns: [{name: "a\\nb\\tc", description: "\\u0000"}]}]\n',
  'anchors by the thousand': many(50_000, (i) => `k${i}: &x${i} v`),
  'documents by the thousand': times('---\na: 1\n', 50_000),
  'quotes by the thousand': `a: "${times('\\"', 300_000)}`,
  'question marks': times('? ', 50_000),
  'a block text of blanks': `a: |\n${times(`${times(' ', 200)}\n`, 5000)}`,
  'a folded line of blanks': `a: ${times(' ', 1_000_000)}x\nb: "${times(' ', 1_000_000)}`,
  'keys that are lists': `? [${times('[', 5000)}${times(']', 5000)}]\n: a\n`,
};

const yamlFiles = [
  'dbt_project.yml',
  'profiles.yml',
  'packages.yml',
  'dependencies.yml',
  'selectors.yml',
  'headwater.yml',
  'models/schema.yml',
  'dbt_packages/x/dbt_project.yml',
];

/** Names that patterns, keys and paths are made of. */
const projectFiles: Readonly<Record<string, Attack['files']>> = {
  'naming rules of nested repeats': {
    'headwater.yml': `naming: {models: {pattern: '^(a+)+$'}}\nrules: {naming: {models: '^(a+)+$'}}\n`,
    [`models/${times('a', 60)}1.sql`]: 'select 1 as a',
  },
  'folders by a thousand stars': {
    'headwater.yml': `naming:\n  - {path: '${times('**/', 25)}x', pattern: '^a$'}\nexclude: ['${times('**/', 25)}x']\n`,
    [`models/${times('d/', 60)}m.sql`]: 'select 1 as a',
  },
  'model paths outside': {
    'dbt_project.yml':
      "name: shop\nprofile: shop\nmodel-paths: ['../outside', '/etc', '..', '../../..', 'C:\\\\Windows', '\\\\\\\\server\\\\share', '~']\nseed-paths: ['../outside']\nmacro-paths: ['../outside']\n",
    'models/m.sql': 'select 1',
  },
  'model paths by the thousand': {
    'dbt_project.yml': `name: shop\nprofile: shop\nmodel-paths: [${many(20_000, (i) => `'m${i}'`, ',')}, 'models']\n`,
    'models/m.sql': 'select 1 as a',
  },
  'configuration nested deeply': {
    'dbt_project.yml': `name: shop\nprofile: shop\nmodels: ${times('{a: ', 3000)}1${times('}', 3000)}\n`,
    'models/m.sql': 'select 1 as a',
  },
  'dispatch in a ring': {
    'dbt_project.yml':
      'name: shop\nprofile: shop\ndispatch: [{macro_namespace: dbt, search_order: [shop, dbt, shop]}, {macro_namespace: shop, search_order: [dbt, shop]}]\n',
    'macros/a.sql': "{% macro f() %}{{ adapter.dispatch('f')() }}{% endmacro %}{% macro default__f() %}{{ f() }}{% endmacro %}",
    'models/m.sql': 'select {{ f() }} as a',
  },
  'selectors of themselves': {
    'selectors.yml':
      'selectors:\n  - {name: a, definition: {method: selector, value: a}}\n  - {name: b, default: true, definition: {union: [{method: selector, value: a}, {method: selector, value: b}]}}\n',
    'models/m.sql': 'select 1 as a',
  },
  'selectors by the thousand': {
    'selectors.yml': `selectors:\n${many(2000, (i) => `  - {name: s${i}, definition: {union: [${i === 0 ? "'*'" : `{method: selector, value: s${i - 1}}, {method: selector, value: s${i - 1}}`}]}}`)}\n  - {name: last, default: true, definition: {method: selector, value: s1999}}\n`,
    'models/m.sql': 'select 1 as a',
  },
  'selectors nested deeply': {
    'selectors.yml': `selectors:\n  - {name: a, default: true, definition: ${times('{union: [', 2000)}'*'${times(']}', 2000)}}\n`,
    'models/m.sql': 'select 1 as a',
  },
  'a selector of stars': {
    'selectors.yml': `selectors:\n  - {name: a, default: true, definition: {method: fqn, value: '${times('*a', 30)}b'}}\n`,
    [`models/${times('a', 100)}.sql`]: 'select 1 as a',
  },
  'a selector of sets': {
    'selectors.yml': `selectors:\n  - {name: a, default: true, definition: {method: file, value: '${times('[a-z]*', 30)}b'}}\n`,
    [`models/${times('a', 100)}.sql`]: 'select 1 as a',
  },
  'docs blocks of each other': {
    'models/d.md': '{% docs a %}{{ doc("b") }}{% enddocs %}{% docs b %}{{ doc("a") }}{% enddocs %}',
    'models/s.yml': 'version: 2\nmodels: [{name: m, description: "{{ doc(\'a\') }}"}]\n',
    'models/m.sql': 'select 1 as a',
  },
  'docs blocks by the thousand': { 'models/d.md': many(20_000, (i) => `{% docs d${i} %}x{% enddocs %}`), 'models/m.sql': 'select 1 as a' },
  'docs blocks without an end': {
    'models/d.md': times('{% docs a %}', 50_000),
    'models/e.md': times('{% docs ', 50_000),
    'models/m.sql': 'select 1 as a',
  },
  'a table of Markdown': {
    'docs/dictionary.md': `# orders\n\n|${times('a|', 20_000)}\n|${times('-|', 20_000)}\n${times(`|${times('x|', 200)}\n`, 1000)}`,
    'orders.csv': 'a,b\n1,2\n',
  },
  'headings of Markdown': { 'docs/dictionary.md': times('# orders\n\n- `a`: b\n', 20_000), 'orders.csv': 'a,b\n1,2\n' },
  'signs of Markdown': {
    'docs/dictionary.md': `${times('*', 100_000)}\n${times('`', 100_000)}\n${times('[', 100_000)}\n${times('|', 100_000)}\n${times('- ', 100_000)}`,
    'orders.csv': 'a,b\n1,2\n',
  },
  'columns in properties': {
    'models/m.sql': 'select * from x',
    'models/s.yml': `version: 2\nmodels:\n  - name: m\n    columns:\n${many(20_000, (i) => `      - {name: c${i}, data_tests: [not_null, unique]}`)}\n`,
  },
  'values of a test': {
    'models/m.sql': 'select 1 as a',
    'models/s.yml': `version: 2\nmodels: [{name: m, columns: [{name: a, data_tests: [{accepted_values: {values: [${many(100_000, (i) => String(i), ',')}]}}]}]}]\n`,
  },
  'tests by the thousand on one column': {
    'models/m.sql': 'select 1 as a',
    'models/s.yml': `version: 2\nmodels:\n  - name: m\n    columns:\n      - name: a\n        data_tests:\n${many(5000, (i) => `          - accepted_values: {values: [${i}], name: t${i}}`)}\n`,
  },
  'a test of odd arguments': {
    'models/m.sql': 'select 1 as a',
    'models/s.yml':
      'version: 2\nmodels: [{name: m, data_tests: [{relationships: {to: 5, field: [], column_name: {}}}, {unique: null}, 5, null, [], {a: {}, b: {}}, {accepted_values: {values: {a: 1}}}, {not_null: {config: 5, where: []}}], columns: [null, 5, {name: null}, {name: [1]}, {name: a, data_tests: 5}]}, null, 5, {name: 5}, {name: []}, {}]\nsources: [null, 5, {name: a, tables: [null, 5, {name: []}]}, {name: b, tables: 5}, {name: c, tables: {a: 1}}]\nunit_tests: [null, 5, {name: u, model: m, given: 5, expect: 5}, {name: v, model: m, given: [{input: 5, rows: 5}], expect: {rows: [5, null, [1]]}}, {name: w, model: [], given: {}, expect: {}}]\nexposures: [null, 5, {name: e, owner: 5, depends_on: 5, type: []}]\nmetrics: [null, 5, {name: x, type_params: 5}, {name: y, type: ratio, type_params: {numerator: y, denominator: y}}]\nsemantic_models: [null, {name: s, model: 5, entities: 5, measures: [null, 5], dimensions: {}}]\nsnapshots: [null, {name: sn, relation: 5, config: 5}]\nseeds: 5\nmacros: [null, 5, {name: f, arguments: 5}]\ngroups: [null, 5]\nsaved_queries: [null, 5, {name: q, query_params: 5}]\nanalyses: {a: 1}\n',
  },
  'metrics of themselves': {
    'models/m.sql': 'select 1 as a',
    'models/s.yml':
      'version: 2\nmetrics: [{name: a, label: a, type: derived, type_params: {expr: a + b, metrics: [a, b]}}, {name: b, label: b, type: derived, type_params: {expr: a, metrics: [a]}}]\nexposures: [{name: e, type: dashboard, owner: {name: x}, depends_on: ["ref(\'e\')", "metric(\'a\')"]}]\n',
  },
  'a unit test of many rows': {
    'models/m.sql': "select * from {{ ref('n') }}",
    'models/n.sql': 'select 1 as a',
    'models/s.yml': `version: 2\nunit_tests: [{name: u, model: m, given: [{input: ref('n'), rows: [${many(20_000, (i) => `{a: ${i}}`, ',')}]}], expect: {rows: [${many(20_000, (i) => `{a: ${i + 1}}`, ',')}]}}]\n`,
  },
  'fixtures outside': {
    'models/m.sql': "select * from {{ ref('n') }}",
    'models/n.sql': 'select 1 as a',
    'models/s.yml':
      "version: 2\nunit_tests: [{name: u, model: m, given: [{input: ref('n'), format: csv, fixture: '../../outside/secret'}, {input: ref('n'), format: csv, fixture: /etc/passwd}], expect: {format: sql, fixture: '../outside/secret'}}]\n",
  },
  'data outside': {
    'headwater.yml':
      "data: ['../outside/secret.csv', '/etc/passwd', '\\\\\\\\server\\\\share\\\\x.csv']\nsources: {raw: '../outside'}\nbatches: [{name: a, files: ['../outside/secret.csv', /etc/passwd]}]\n",
    'orders.csv': 'a\n1\n',
    'q.sql': 'select * from orders',
  },
  'external sources outside': {
    'models/s.yml':
      "version: 2\nsources: [{name: raw, meta: {external_location: '../outside/secret.csv'}, tables: [{name: t, external: {location: '/etc/passwd'}, config: {meta: {external_location: \"read_csv('/etc/passwd')\"}}}]}]\n",
    'models/m.sql': "select * from {{ source('raw', 't') }}",
  },
  'a source without columns': {
    'models/s.yml': 'version: 2\nsources: [{name: raw, tables: [{name: t}]}]\n',
    'models/m.sql': "select * from {{ source('raw', 't') }}",
    'models/n.sql': "select count(*) as n from {{ source('raw', 't') }} union all select 1",
  },
  'Python models': {
    'models/m.py': `def model(dbt, session):\n    ${many(20_000, (i) => `dbt.ref("m${i}")`, '; ')}\n    return ${times('(', 10_000)}`,
    'models/n.py': times('dbt.ref(', 50_000),
    'models/o.py': `import os\nos.system("touch /tmp/headwater-python")\ndef model(dbt, session): return open("/etc/passwd")`,
  },
  'macros by the thousand': {
    'macros/m.sql': many(20_000, (i) => `{% macro m${i}() %}{{ m${i + 1}() }}{% endmacro %}`),
    'models/m.sql': 'select {{ m0() }} as a',
  },
  'a macro of a thousand arguments': {
    'macros/m.sql': `{% macro f(${many(20_000, (i) => `a${i}=${i}`, ',')}) %}1{% endmacro %}`,
    'models/m.sql': 'select {{ f() }} as a',
  },
  'models by the thousand': Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`models/m${i}.sql`, `select ${i} as a`])),
  'names of objects': {
    'models/__proto__.sql': 'select 1 as a',
    'models/constructor.sql': "select * from {{ ref('__proto__') }}",
    'models/toString.sql': "select * from {{ ref('constructor') }}",
    'macros/hasOwnProperty.sql': '{% macro __proto__() %}1{% endmacro %}',
    'seeds/valueOf.csv': '__proto__,constructor\n1,2\n',
  },
  'names of relations': {
    'models/sqlite_master.sql': 'select 1 as a',
    'models/hw_random.sql': 'select 1 as a',
    'models/information_schema.sql': 'select 1 as a',
    'models/"; drop table x; --.sql': 'select 1 as a',
    "models/'.sql": 'select 1 as a',
    'seeds/sqlite_sequence.csv': 'a\n1\n',
  },
};

export const textAttacks: readonly Attack[] = [
  ...yamlFiles.flatMap((path) =>
    Object.entries(yamls)
      // The files that are read alike are tried with what differs between readers; the properties file with everything.
      .filter(([name], i) => path === 'models/schema.yml' || path === 'dbt_project.yml' || i < 5 || name.startsWith('names'))
      .map(
        ([name, yaml]): Attack => ({
          name: `YAML: ${name} in ${path}`,
          files: shop({
            'models/fine.sql': 'select 1 as id',
            [path]: path === 'dbt_project.yml' && !yaml.includes('name:') ? `name: shop\nprofile: shop\n${yaml}` : yaml,
          }),
          calls: [['graph', '--quiet'], path === 'selectors.yml' ? ['list'] : ['docs', '--out', 'out.html']],
        }),
      ),
  ),
  ...Object.entries(projectFiles).map(
    ([name, files]): Attack => ({
      name: `files: ${name}`,
      files:
        'orders.csv' in files || 'dbt_project.yml' in files ? ('orders.csv' in files ? files : { ...shop({}), ...files }) : shop(files),
      calls: [
        ['graph', '--quiet'],
        ['list'],
        ['check'],
        ['build', '--timeout', '10', '--quiet'],
        ['docs', '--out', 'out.html'],
        ['erd', '--timeout', '10'],
      ],
    }),
  ),
];
