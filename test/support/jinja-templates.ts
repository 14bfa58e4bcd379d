/** A repeatable stream of numbers below 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const texts = [
  "''",
  "'abc'",
  "'Hello World'",
  "'a,b,,c'",
  "' pad '",
  "'line\\nbreak\\n\\nx'",
  "'ÄÖ ß é'",
  "'it\\'s \"q\"'",
  "'123'",
  "'-4.5'",
  "'x-y_z 1'",
  "'😀a'",
  "'%s %d'",
  "'<b>&amp;</b>'",
  "'AbC dEf'",
];
const numbers = ['0', '1', '-7', '42', '3.0', '2.5', '-0.125', '1e20', '12345678901234567890', '0.1', '1e-7', 'true', '1234567.891'];
const lists = [
  '[]',
  '[3, 1, 2]',
  "['b', 'A', 'c']",
  '[1, 2.0, true]',
  "[{'n': 'x', 'v': 2}, {'n': 'Y', 'v': 1}, {'n': 'x', 'v': 3}]",
  '(1, 2)',
  '(1,)',
  '[[1, 2], [3]]',
  "['a', none, 'b']",
  'range(5)',
  'range(10, 0, -3)',
];
const dicts = ['{}', "{'a': 1, 'B': 2}", "{'k': [1, {'z': none}], 2: 'two'}", "{'items': 5, 'get': 6}"];
const others = ['none', 'missing', 'true', 'false'];
const operators = ['+', '-', '*', '/', '//', '%', '~', '==', '!=', '<', '<=', '>', '>=', 'in', 'not in', 'and', 'or'];
const textCalls = [
  'upper()',
  'lower()',
  'title()',
  'capitalize()',
  'swapcase()',
  'strip()',
  "strip('a ')",
  "lstrip('H')",
  'rstrip()',
  'split()',
  "split(',')",
  "split(',', 1)",
  "rsplit(' ', 1)",
  'splitlines()',
  "replace('a', 'Z')",
  "replace('', '-')",
  "replace('l', 'L', 1)",
  "startswith('a')",
  "endswith(('c', 'd'))",
  "find('b')",
  "rfind('l')",
  "count('l')",
  "partition(' ')",
  "rpartition(',')",
  'zfill(6)',
  'ljust(8)',
  "rjust(8, '*')",
  'center(9)',
  "center(8, '.')",
  'isdigit()',
  'isalpha()',
  'isupper()',
  'islower()',
  'istitle()',
  'isspace()',
  'isalnum()',
  "join(['1', '2'])",
  "removeprefix('a')",
  "removesuffix('c')",
  'expandtabs(4)',
  "index('b')",
  'isidentifier()',
  'format(1, b=2)',
  'casefold()',
  'encode()',
];
const textFilters = [
  'upper',
  'lower',
  'title',
  'capitalize',
  'trim',
  "trim('a')",
  'length',
  'list',
  'reverse',
  'first',
  'last',
  'wordcount',
  "replace('a', 'b')",
  "replace('l', 'L', 1)",
  'indent',
  'indent(2, true)',
  "indent('> ', blank=true)",
  'center(20)',
  'truncate(5)',
  "truncate(7, true, '..')",
  'truncate(5, leeway=0)',
  'wordwrap(5)',
  'wordwrap(4, false)',
  'escape',
  'striptags',
  'urlencode',
  'urlize',
  'int',
  "int('d')",
  'int(base=16)',
  'float',
  'string',
  'tojson',
  'default("z")',
  'default("z", true)',
  "join('|')",
  'unique|list',
  'sort',
  'batch(2)|list',
  "map('upper')|list",
  'pprint',
  'e',
  "format('x')",
  'format(5, 6)',
];
const numberFilters = [
  'abs',
  'round',
  'round(1)',
  'round(-1)',
  "round(1, 'ceil')",
  "round(1, 'floor')",
  'int',
  'float',
  'string',
  'filesizeformat',
  'filesizeformat(true)',
  'tojson',
  'default(3)',
  "default('', true)",
  'pprint',
];
const listFilters = [
  'length',
  'first',
  'last',
  'join',
  "join('-')",
  "join(', ', attribute='n')",
  'list',
  'sort',
  'sort(reverse=true)',
  'sort(case_sensitive=true)',
  "sort(attribute='n,v')",
  'reverse|list',
  'unique|list',
  "unique(attribute='n')|list",
  'sum',
  "sum(attribute='v')",
  'sum(start=10)',
  'min',
  'max',
  "min(attribute='v')",
  "map(attribute='n')|list",
  "map(attribute='q', default='?')|list",
  "map('string')|list",
  'select|list',
  "select('number')|list",
  "reject('none')|list",
  "selectattr('v', 'gt', 1)|list",
  "rejectattr('n', 'equalto', 'x')|list",
  "groupby('n')",
  "groupby('v')|map('first')|list",
  'batch(2)|list',
  "batch(2, '-')|list",
  'slice(2)|list',
  "slice(2, 'f')|list",
  'tojson',
  'tojson(indent=2)',
  'string',
  'count',
];
const dictFilters = [
  'length',
  'list',
  'dictsort',
  "dictsort(by='value')",
  'dictsort(true, reverse=true)',
  'items|list',
  'tojson',
  'xmlattr',
  'string',
  "join(',')",
  'first',
  'urlencode',
];
const listCalls = ['index(1)', 'count(1)', 'copy()', 'pop()', 'append(4)', 'insert(0, 9)', 'extend([7])'];
const dictCalls = [
  "get('a')",
  "get('q', 'd')",
  'keys()',
  'values()',
  'items()',
  "pop('a')",
  "pop('q', 1)",
  "update({'c': 3})",
  "setdefault('a', 9)",
  'copy()',
  'items()|list',
  'values()|list',
];
const slices = ['[0]', '[-1]', '[1:]', '[:-1]', '[::2]', '[::-1]', '[5]', '[1:3]', "['a']", '.a', '[none]'];
const testNames = [
  'defined',
  'none',
  'string',
  'number',
  'integer',
  'float',
  'mapping',
  'sequence',
  'iterable',
  'boolean',
  'true',
  'callable',
  'odd',
  'even',
  'divisibleby(3)',
  'in [1, 2]',
  "eq 'abc'",
  'gt 2',
  'lower',
  'upper',
  'sameas none',
];
const percents = [
  '%s',
  '%5s|',
  '%-6s|',
  '%d',
  '%05d',
  '%+d',
  '% d',
  '%x',
  '%.2f',
  '%8.3f|',
  '%e',
  '%g',
  '%r',
  '%%',
  '%o',
  '%.3s',
  '%c',
  '%i',
  '%5.1f%%',
];
const specs = [
  '',
  'd',
  '5d',
  '05d',
  ',',
  '+',
  '.2f',
  '8.3f',
  '>8',
  '<8',
  '^9',
  '*^9',
  'x',
  '#x',
  'b',
  'e',
  '.3g',
  '%',
  '.1%',
  's',
  '_',
  ',.2f',
  '=+6',
  '010',
  '.3',
  'c',
  'n',
];
const rows = "[{'n': 'b', 'v': 2, 't': [1, 2]}, {'n': 'a', 'v': 1, 't': []}, {'n': 'b', 'v': 3.5, 't': ['x']}]";
const names = "['id', 'Order_ID', 'amount_usd', 'created at', '']";
/** Chains of filters as macros of dbt projects write them. */
const rowChains = [
  "map(attribute='n')|join(', ')",
  "selectattr('v', 'gt', 1)|map(attribute='n')|unique|list",
  "rejectattr('t')|list",
  "sort(attribute='n,v', reverse=true)|map(attribute='v')|list",
  "groupby('n')|map('first')|list",
  "map(attribute='t')|map('length')|sum",
  "sum(attribute='v')|round(1)",
  "map(attribute='t')|sum(start=[])",
  "(map(attribute='v')|list)[1:]",
  "map(attribute='t.0', default='-')|list",
  "batch(2, {'n': none})|map('list')|list",
  "slice(2)|map('map', attribute='n')|map('join', '+')|list",
  "max(attribute='v')",
  "map('dictsort')|list|tojson",
  'list|pprint',
  "selectattr('n', 'in', ['a'])|list|tojson(indent=2)",
  "map('items')|map('list')|first",
];
const nameChains = [
  "map('lower')|map('replace', ' ', '_')|list",
  "select|map('title')|join(' | ')",
  "reject('equalto', 'id')|map('upper')|sort|list",
  "map('trim')|map('length')|list",
  "map('truncate', 6, true, '')|list",
  "select('lower')|list",
  "map('format')|list",
  "map('center', 8)|list",
  "join('\\n')|indent(4)",
  "map('list')|map('first', default='?')|list",
  'sort(case_sensitive=true)|reverse|list',
  "map('urlencode')|list",
  "map('e')|list",
  "map('wordwrap', 4)|list",
  'pprint',
];
const dbtBlocks = [
  `{% for n, group in ROWS|groupby('n') %}{{ n }}:{{ group|map(attribute='v')|list }}{{ ';' if not loop.last }}{% endfor %}`,
  `{% for row in ROWS|sort(attribute='v') %}{{ loop.index }}.{{ row.n }}={{ row['v'] }}{% for x in row.t %}[{{ x }}{{ loop.parent }}]{% else %}-{% endfor %} {% endfor %}`,
  `{% for c in NAMES %}{{ c|lower|replace(' ', '_') }}{% if not loop.last %},{{ '\\n' if loop.index is divisibleby(2) }}{% endif %}{% endfor %}`,
  `{% set out = [] %}{% for c in NAMES if c %}{% do out.append(c ~ '_' ~ loop.index0) %}{% endfor %}{{ out|join(', ') }}`,
  `{% set d = {} %}{% for r in ROWS %}{% do d.update({r.n: d.get(r.n, 0) + r.v}) %}{% endfor %}{{ d }} {{ d|dictsort }} {{ d.items()|list }}`,
  `{% macro col(name, type='text', nullable=true) %}{{ name }} {{ type }}{{ ' not null' if not nullable }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ col('a') }},{{ col('b', 'int', nullable=false) }},{{ col('c', 'x', true, 9, k=1) }}`,
  `{% macro wrap(tag) %}<{{ tag }}>{{ caller() }}</{{ tag }}>{% endmacro %}{% call wrap('b') %}{% for i in range(3) %}{{ i }}{% endfor %}{% endcall %}`,
  `{% macro each(xs) %}{% for x in xs %}{{ caller(x, loop) }}{% endfor %}{% endmacro %}{% call(x, l) each(NAMES) %}{{ l.index }}{{ x }}{% endcall %}`,
  `{% set ns = namespace(total=0, seen=[]) %}{% for r in ROWS %}{% set ns.total = ns.total + r.v %}{% if r.n not in ns.seen %}{% do ns.seen.append(r.n) %}{% endif %}{% endfor %}{{ ns.total }} {{ ns.seen }}`,
  `{% for a in [1, 2] %}{% for b in ['x', 'y'] %}{{ loop.depth }}{{ a }}{{ b }}{% if loop.last %}|{% endif %}{% endfor %}{% endfor %}`,
  `{%- for line in ['a', 'b'] %}\n  select {{ line }}\n  {%- if not loop.last %} union all {% endif -%}\n{%- endfor %}`,
  `{% for batch in range(7)|batch(3, 'none') %}{{ batch|join('/') }};{% endfor %}{% for col in range(7)|slice(3) %}{{ col }}{% endfor %}`,
  `{% set x = NAMES %}{{ x[0] }} {{ x[-2:] }} {{ x[::-1] }} {{ x[1:3]|length }} {{ x[9] is defined }} {{ x|first }} {{ x|last|length }}`,
  `{% for item in [1, [2, [3, []]]] recursive %}{{ item if item is number else '(' ~ loop(item) ~ ')' }}{% endfor %}`,
  `{{ '%(n)s has %(v)05.1f' % (ROWS|first) }} {{ '{n:>4}|{v:<6}|'.format(**(ROWS|last)) }} {{ '{0[n]}{1}'.format(ROWS[0], 2) }}`,
  `{% if ROWS|length > 2 and 'id' in NAMES %}{{ ROWS[0].t|join }}{% elif missing is defined %}x{% else %}y{% endif %}`,
];
const signs = ['', '-', '', ''];

/** A template from a stream of numbers; most render, some fail. */
export function generateTemplate(next: () => number): string {
  const pick = (items: readonly string[]): string => items[Math.floor(next() * items.length)] as string;
  const chance = (part: number): boolean => next() < part;
  const value = (): string => pick([texts, numbers, lists, dicts, others][Math.floor(next() * 5)] as string[]);
  const operand = (): string => (chance(0.2) ? `(${value()} ${pick(operators)} ${value()})` : value());
  const expression = (): string => {
    switch (Math.floor(next() * 17)) {
      case 14:
        return `${rows}|${pick(rowChains)}`;
      case 15:
        return `${names}|${pick(nameChains)}`;
      case 16:
        return `${value()}|${pick(['pprint', 'tojson', 'string|length', 'e', 'safe|e', 'e|e', 'string|e'])}`;
      case 0:
        return `${operand()} ${pick(operators)} ${operand()}`;
      case 1:
        return `${pick(texts)}.${pick(textCalls)}`;
      case 2:
        return `${pick(texts)}|${pick(textFilters)}`;
      case 3:
        return `${pick(numbers)}|${pick(numberFilters)}`;
      case 4:
        return `${pick(lists)}|${pick(listFilters)}`;
      case 5:
        return `${pick(dicts)}|${pick(dictFilters)}`;
      case 6:
        return `${pick(dicts)}.${pick(dictCalls)}`;
      case 7:
        return `${pick([texts, lists][Math.floor(next() * 2)] as string[])}${pick(slices)}`;
      case 8:
        return `${value()} is ${chance(0.2) ? 'not ' : ''}${pick(testNames)}`;
      case 9:
        return `'${pick(percents)}' % ${chance(0.3) ? `(${value()},)` : value()}`;
      case 10:
        return `'{:${pick(specs)}}'.format(${chance(0.7) ? pick(numbers) : value()})`;
      case 11:
        return `${pick(lists)}.${pick(listCalls)}`;
      case 12:
        return `${value()}|${pick([...textFilters, ...numberFilters, ...listFilters])}`;
      default:
        return `${value()} if ${operand()} else ${value()}`;
    }
  };
  const tag = (body: string): string => `{%${pick(signs)} ${body} ${pick(signs)}%}`;
  const print = (): string => `{{${pick(signs)} ${expression()} ${pick(signs)}}}`;
  const block = (depth: number): string => {
    const inside = (): string => (depth > 0 ? block(depth - 1) : print());
    switch (Math.floor(next() * 14)) {
      case 11:
      case 12:
        return pick(dbtBlocks).replaceAll('ROWS', rows).replaceAll('NAMES', names);
      case 0:
        return `${tag(`if ${operand()}`)}${inside()}${tag('else')} ${inside()}${tag('endif')}`;
      case 1:
        return `${tag(`for x in ${pick(lists)}`)}\n ${pick(['{{ x }}', '{{ loop.index }}/{{ loop.length }}', "{{ loop.cycle('a', 'b') }}", '{{ loop.changed(x) }}', '{{ loop.previtem }}:{{ loop.nextitem }}', '{{ loop.first }}{{ loop.last }}', '{{ loop.revindex0 }}'])}${inside()}${tag('else')}none${tag('endfor')}`;
      case 2:
        return `${tag(`for x in ${pick(lists)} if x ${pick(['', 'is number', '> 1'])}`)}{{ x }},${pick(['', '{% break %}', '{% if loop.index > 1 %}{% break %}{% endif %}', '{% continue %}z'])}${tag('endfor')}`;
      case 3:
        return `${tag(`set y = ${expression()}`)}[{{ y }}]`;
      case 4:
        return `${tag('set y')} ${inside()} ${tag('endset')}<{{ y }}>`;
      case 5:
        return `${tag(`macro m(a, b=${value()})`)}{{ a }}-{{ b }}${pick(['', '{{ varargs }}', '{{ kwargs }}', '{{ caller() }}'])}${tag('endmacro')}{{ m(${pick(['1', '1, 2', '', '1, b=3', '1, 2, 3', '1, c=4'])}) }}`;
      case 6:
        return `${tag('macro m(a)')}<{{ caller(a) }}>${tag('endmacro')}${tag(`call(z) m(${value()})`)}{{ z }}${tag('endcall')}`;
      case 7:
        return `${tag(`with q = ${value()}`)}{{ q }}${inside()}${tag('endwith')}{{ q }}`;
      case 8:
        return `${tag(`filter ${pick(['upper', 'trim', 'indent(2)', "replace('a', 'o')", 'length'])}`)}${inside()}${tag('endfilter')}`;
      case 9:
        return `${tag('set ns = namespace(n=0)')}${tag(`for x in ${pick(lists)}`)}${tag('set ns.n = ns.n + 1')}${tag('endfor')}{{ ns.n }}`;
      case 10:
        return ` text {# note #} ${chance(0.3) ? '{% raw %}{{ x }}{% endraw %}' : ''}\r\n${inside()}\n`;
      default:
        return print();
    }
  };
  return chance(0.55) ? print() : `${block(2)}${chance(0.4) ? block(1) : ''}`;
}
