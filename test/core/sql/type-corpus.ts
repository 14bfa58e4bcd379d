/** The columns that the expressions read, with types that PostgreSQL and DuckDB both know. */
export const typedColumns = [
  ['i', 'integer', '7'],
  ['b', 'bigint', '8'],
  ['k', 'smallint', '3'],
  ['n', 'numeric(10,2)', '1.25'],
  ['f', 'double precision', '0.5'],
  ['r', 'real', '0.25'],
  ['s', 'text', "'sea'"],
  ['v', 'varchar(10)', "'vie'"],
  ['d', 'date', "'2024-02-29'"],
  ['t', 'timestamp', "'2024-02-29 10:00:00'"],
  ['z', 'timestamptz', "'2024-02-29 10:00:00+00'"],
  ['l', 'interval', "'1 day'"],
  ['o', 'boolean', 'true'],
  ['u', 'uuid', "'00000000-0000-0000-0000-000000000001'"],
] as const;

const names = typedColumns.map(([name]) => name);
const values = [...names, '1', '3000000000', '1.5', "'x'"];
const operators = ['+', '-', '*', '/', '%', '||'];
const ofOne =
  'sum avg min max count abs round floor ceil sqrt upper length md5 sign stddev bool_or trim lower reverse ln exp trunc variance bit_and initcap'.split(
    ' ',
  );
const castTo = 'integer bigint smallint numeric numeric(5,1) text varchar date timestamp timestamptz real boolean interval'.split(' ');

const alone =
  `now() | current_date | current_timestamp | row_number() over () | rank() over (order by i) | percent_rank() over (order by i) | d + interval '1 day' |
t + interval '1 day' | z - z | d - d | t - t | age(t, t) | make_date(2020, 1, 1) | split_part(s, 'a', 1) | position('a' in s) | substring(s from 1 for 2) | replace(s, 'a', 'b') |
concat(s, i) | concat_ws(',', s, i) | lpad(s, 3, 'x') | strpos(s, 'a') | regexp_replace(s, 'a', 'b') | s like 'a' | power(i, 2) | power(f, 2) | mod(i, 2) | random() |
gen_random_uuid() | count(*) | count(distinct i) | percentile_cont(0.5) within group (order by f) | exists (select 1) | i in (1, 2) | not o | o and o | t at time zone 'UTC' |
z at time zone 'UTC' | chr(65) | ascii(s) | sum(i) over () | sum(n) filter (where o) | avg(i) over () | 1.0 | -1 | 9999999999 | date '2020-01-01' | interval '1 day' |
cast(null as integer) | pi() | bool_and(o) | corr(f, f) | coalesce(i, 1) | coalesce(n, 0) | case when o then 1 else 0 end | case when o then 1 end | case when o then 1 else 1.5 end |
case when o then 'a' else 'b' end | i / 2 | i / 2.0 | i * 1.0 | n * 2 | round(n, 1) | extract(year from d) | extract(epoch from t) | date_part('day', t) | date_trunc('month', d) |
date_trunc('month', t) | date_trunc('month', z) | nullif(i, 1) | nullif(s, 'x') | left(s, 2) | lag(n) over (order by i) | first_value(v) over (order by i) | (select max(b) from t) |
string_agg(s, ',') | i is null | s is not null | i = 1 | i between 1 and 2 | array_agg(i) | sum(b) + 1 | avg(f) * 2`
    .split('|')
    .map((text) => text.trim());

/** Expressions over those columns: every pair of them behind every operator, and what functions make of each. */
export const typedExpressions: readonly string[] = [
  ...values.flatMap((left) => [
    left,
    ...values.flatMap((right) => [
      ...operators.map((operator) => `${left} ${operator} ${right}`),
      `coalesce(${left}, ${right})`,
      `case when o then ${left} else ${right} end`,
    ]),
    ...ofOne.map((name) => `${name}(${left})`),
    ...castTo.map((type) => `cast(${left} as ${type})`),
    `-${left}`,
    `greatest(${left}, ${left})`,
  ]),
  ...alone,
];
