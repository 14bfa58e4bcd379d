import { type Attack, many, times } from './attack.ts';

const a50 = times('a', 50);
const requests: readonly unknown[] = [
  null,
  5,
  'x',
  [],
  [[]],
  {},
  { id: 1 },
  { id: { a: [1] }, sql: 5, template: 5 },
  { id: 2, sql: null, template: null, dialect: null, schema: null, tables: null },
  { id: 3, sql: 'select 1 as a', dialect: 5, template: 'x', context: 5, macros: 5, dbt: 5 },
  { id: 4, sql: 'select * from t', schema: [], tables: [], template: '{{ x }}', context: [] },
  { id: 5, sql: 'select * from t', schema: { t: null, u: 5, v: [null, 5, {}], w: { a: null } }, tables: { t: null } },
  { id: 6, sql: 'select * from t', tables: { t: { columns: null, rows: null } } },
  { id: 7, sql: 'select * from t', tables: { t: { columns: { a: 5 }, rows: [null, 5, [[]], {}] } } },
  {
    id: 8,
    sql: 'select * from t',
    tables: {
      t: { columns: {}, rows: [] },
      __proto__: { columns: { a: 'int' }, rows: [] },
      constructor: { columns: { a: 'int' }, rows: [[1]] },
    },
  },
  { id: 9, sql: 'select * from t', tables: { 't"; drop table x; --': { columns: { 'a"b': 'int' }, rows: [[1]] } } },
  { id: 10, sql: `select ${times('(', 20_000)}1`, template: `{{ ${times('(', 20_000)} }}` },
  { id: 11, sql: many(3000, () => 'select 1', ' union all '), template: '{% for i in range(1000000000) %}x{% endfor %}' },
  {
    id: 12,
    sql: `select '${a50}!' ~ '(a+)+$' as a`,
    dialect: 'postgres',
    template: `{{ modules.re.match('(a+)+$', '${a50}!') }}`,
    dbt: true,
  },
  { id: 13, sql: `select columns('(a+)+$') from (select 1 as ${a50}b)`, dialect: 'duckdb', template: "{{ 'a' * 1000000000 }}" },
  {
    id: 14,
    sql: 'with recursive r as (select 1 as n union all select n + 1 from r) select count(*) from r',
    template: '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}',
  },
  { id: 15, sql: 'select * from range(1000000000000)', dialect: 'duckdb', template: '{{ 9 ** 9 ** 9 }}' },
  {
    id: 16,
    sql: `with ${many(40, (i) => `c${i} as (select ${i === 0 ? '1 as a' : `x.*, y.* from c${i - 1} x, c${i - 1} y`})`, ',')} select * from c39`,
    template: '{% set l = [] %}{% do l.append(l) %}{{ l }}',
  },
  {
    id: 17,
    sql: "select load_extension('x'); attach '/etc/passwd' as y; select readfile('/etc/passwd')",
    template: "{% include '/etc/passwd' %}",
  },
  { id: 18, sql: "select * from read_text('/etc/passwd')", dialect: 'duckdb', engine: 'duckdb', template: '{{ __proto__.constructor }}' },
  { id: 19, sql: 'select 1', dialect: 'nonsense', engine: 'nonsense', to: 'nonsense', template: '{{', mode: 'nonsense' },
  { id: 20, sql: 'select 1 as "\ud800"', template: '\ud800' },
  { id: 21, sql: '', template: '' },
  { id: 22, sql: 'select 1 as a', dialect: 'duckdb', to: 'duckdb', engine: 'duckdb', template: '{{ 1 + 1 }}' },
];

const lines: readonly string[] = [
  '',
  '{',
  '}',
  'null',
  '\u0000',
  '\ufeff{"id":"bom","sql":"select 1","template":"x"}',
  times('[', 100_000),
  `{"id":"deep","sql":${times('[', 50_000)}${times(']', 50_000)}}`,
  `{"id":"long","sql":"${times('x', 3_000_000)}","template":"${times('x', 100)}"}`,
  '{"id":"__proto__","__proto__":{"sql":"select 1"},"constructor":{"prototype":{}}}',
  '{"id":1e999,"sql":"select 1","template":"x"}',
  '{"id":"twice","id":"twice","sql":"select 1","template":"x"}',
  '{"id":"u2028","sql":"select \u2028 1","template":"\u2028"}',
  ...requests.map((request) => JSON.stringify(request)),
];

export const batchAttacks: readonly Attack[] = [['sql', 'lineage'], ['sql', 'translate'], ['sql', 'run'], ['jinja']].map(
  (command): Attack => ({
    name: `batch: ${command.join(' ')}`,
    files: {},
    input: `${lines.join('\n')}\n${JSON.stringify({ id: 'last', sql: 'select 1 as a', template: '{{ 1 + 1 }}' })}\n`,
    calls: [[...command, '--batch', ...(command[1] === 'run' ? ['--timeout', '3'] : [])]],
    answers: (out) =>
      out.trimEnd().split('\n').length === lines.filter((line) => line.trim() !== '').length + 1 &&
      /"id":"last","(columns|sql|output)"/.test(out),
  }),
);

export const streamAttacks: readonly Attack[] = [
  ['sql', 'lineage', '--dialect', 'snowflake'],
  ['sql', 'translate', '--dialect', 'bigquery', '--to', 'duckdb'],
  ['sql', 'parse', '--dialect', 'postgres'],
  ['sql', 'run', '--dialect', 'duckdb', '--timeout', '3'],
].flatMap((command) =>
  [
    times('(', 200_000),
    many(5000, () => 'select 1', ' union all '),
    '\u0000\ud800',
    '',
    times("'", 99_999),
    'with recursive r as (select 1 as n union all select n + 1 from r) select count(*) from r',
  ].map((input, i): Attack => ({ name: `stream ${i + 1}: ${command.slice(0, 2).join(' ')}`, files: {}, input, calls: [command] })),
);
