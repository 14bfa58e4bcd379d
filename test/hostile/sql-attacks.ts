import { type Attack, many, model, shop, times } from './attack.ts';

/** Texts that only have to be read; with the adapter whose dialect they are written in. */
const texts: Readonly<Record<string, string | readonly [adapter: string, sql: string]>> = {
  'five thousand unions': many(5000, (i) => `select ${i} as a, 'x' as b`, ' union all '),
  'twenty thousand unions': many(20_000, () => 'select 1', ' union all '),
  'unions in brackets': `${times('(', 3000)}select 1 as a${times(' union all select 2)', 3000)}`,
  'three thousand chained CTEs': `with ${many(3000, (i) => `c${i} as (select ${i === 0 ? '1 as a' : `* from c${i - 1}`})`, ',')} select * from c2999`,
  'three thousand CTEs that rename': `with ${many(3000, (i) => `c${i} as (select ${i === 0 ? '1 as a0' : `a${i - 1} as a${i} from c${i - 1}`})`, ',')} select * from c2999`,
  'CTEs that double their columns': `with ${many(40, (i) => `c${i} as (select ${i === 0 ? '1 as a' : `x.*, y.* from c${i - 1} x, c${i - 1} y`})`, ',')} select * from c39`,
  'CTEs that double what a column is made of': `with ${many(60, (i) => `c${i} as (select ${i === 0 ? '1 as a, 2 as b' : `x.a + y.b as a, x.b + y.a as b from c${i - 1} x join c${i - 1} y on x.a = y.a`})`, ',')} select * from c59`,
  'columns that double within a select': `select ${many(60, (i) => (i === 0 ? '1 as a0' : `a${i - 1} + a${i - 1} as a${i}`), ', ')}`,
  'twenty thousand columns': `select ${many(20_000, (i) => `${i} as c${i}`, ', ')}`,
  'twenty thousand columns read': `with a as (select ${many(20_000, (i) => `${i} as c${i}`, ', ')}) select *, ${many(20_000, (i) => `c${i}`, ', ')} from a`,
  'twenty thousand joins': `select 1 as x from fine f0 ${many(20_000, (i) => `join fine f${i + 1} on f${i}.id = f${i + 1}.id`, ' ')}`,
  'subqueries nested deeply': `${times('select * from (', 3000)}select 1 as a${times(') x', 3000)}`,
  'brackets nested deeply': `select ${times('(', 50_000)}1${times(')', 50_000)} as a`,
  'brackets without an end': `select ${times('(', 200_000)}`,
  'a CASE in a CASE': `select ${times('case when 1=1 then ', 10_000)}1${times(' end', 10_000)} as a`,
  'functions nested deeply': `select ${times('coalesce(1,', 20_000)}1${times(')', 20_000)} as a`,
  'arrays nested deeply': `select ${times('[', 20_000)}1${times(']', 20_000)} as a`,
  'structs nested deeply': `select ${times("{'a':", 20_000)}1${times('}', 20_000)} as a`,
  'lambdas nested deeply': `select ${times('list_transform([1], x -> ', 2000)}x${times(')', 2000)} as a`,
  'casts nested deeply': `select 1${times('::int', 100_000)} as a`,
  'subscripts nested deeply': `select a${times('[1]', 100_000)} as a from fine`,
  'fields nested deeply': `select a${times('.b', 100_000)} as a from fine`,
  'a hundred thousand ands': `select 1 as a where ${many(100_000, () => '1=1', ' and ')}`,
  'a hundred thousand additions': `select ${many(100_000, () => '1', '+')} as a`,
  'a hundred thousand concatenations': `select ${many(100_000, () => "'a'", '||')} as a`,
  'a hundred thousand nots': `select ${times('not ', 100_000)}true as a`,
  'a hundred thousand minuses': `select ${times('- ', 100_000)}1 as a`,
  'powers nested by signs': `select ${many(50_000, () => '2', '^')} as a`,
  'a list of a million': `select 1 as a where 1 in (${many(1_000_000, (i) => String(i), ',')})`,
  'rows of values': `select * from (values ${many(200_000, (i) => `(${i}, 'x')`, ',')}) v(a, b)`,
  'whens of a CASE': `select case ${many(50_000, (i) => `when 1 = ${i} then ${i}`, ' ')} end as a`,
  'a number of a million digits': `select ${times('9', 1_000_000)} as a, 1e${times('9', 1000)} as b, 0.${times('1', 1_000_000)} as c`,
  'a name of a million letters': `select 1 as ${times('a', 1_000_000)}`,
  'a type nested deeply': `select cast(null as ${times('struct(a ', 10_000)}int${times(')', 10_000)}) as a`,
  'an array type nested deeply': `select cast(null as int${times('[]', 100_000)}) as a`,
  'cubes of forty columns': `select ${many(40, (i) => `a${i}`, ',')}, count(*) as n from (select ${many(40, (i) => `1 as a${i}`, ',')}) x group by cube (${many(40, (i) => `a${i}`, ',')})`,
  'cubes of cubes': `select 1 as a from fine group by ${many(200, () => 'cube(id, id)', ',')}`,
  'comments in comments': `select 1 as a ${times('/*', 200_000)}`,
  'comments without an end': `${times('/* ', 100_000)}${times('-- \n', 100_000)}`,
  'quoted text without an end': times("'", 99_999),
  'dollar quotes': ['postgres', `select ${times('$a$', 99_999)} as a`],
  'open tags of dollar quotes': ['postgres', `select ${times('$a', 100_000)} as a`],
  'a million semicolons': times(';', 1_000_000),
  'a million commas': `select ${times(',', 1_000_000)}`,
  'a million keywords': times('select ', 300_000),
  'a million froms': `select 1 ${times('from x ', 200_000)}`,
  'windows of windows': `select ${many(5000, (i) => `sum(1) over (partition by ${i} order by ${i}) as w${i}`, ',')}`,
  'named windows in a chain': `select 1 as a window ${many(3000, (i) => `w${i} as (${i === 0 ? '' : `w${i - 1}`})`, ',')}`,
  'a pivot of thousands': `select * from (select 1 as a, 2 as b) pivot (sum(a) for b in (${many(20_000, (i) => String(i), ',')}))`,
  'an unpivot of thousands': `unpivot (select ${many(5000, (i) => `${i} as c${i}`, ',')}) on columns(*) into name n value v`,
  'columns by a pattern': `select columns('(a+)+$') from (select 1 as ${times('a', 60)}b)`,
  'columns like a pattern': ['snowflake', `select * ilike '%${times('a%', 60)}b' from (select 1 as ${times('a', 120)})`],
  'a pattern of rows': [
    'snowflake',
    `select * from fine match_recognize (order by id pattern (${times('(', 3000)}a+${times(')+', 3000)}) define a as id > 0)`,
  ],
  'pipes in a chain': ['bigquery', `from fine ${times('|> extend 1 as a |> drop a ', 5000)}`],
  'a recursive CTE of itself': 'with recursive a as (select * from a) select * from a',
  'CTEs of each other': 'with recursive a as (select * from b), b as (select * from a) select * from a',
  'a model of itself': "select * from {{ ref('m') }}",
  'JSON paths nested deeply': ['snowflake', `select v${times(':a', 50_000)} as a from fine`],
  'names of objects': 'select 1 as __proto__, 2 as constructor, 3 as "toString", 4 as hasownproperty from (select 1) as __proto__',
  'half a surrogate pair': 'select \'\ud800\' as a, 1 as "\ud800"',
  'other letters': `select 1 as "${times('\u202e\u0000\u0007', 1)}", 2 as "a\u2028b", 3 as "\ufeff"`,
  'a megabyte of noise': many(100_000, (i) => '(){}[],.;:+-*/%<>=!~^&|@#$`\'"\\'.charAt((i * 7919) % 31), ''),
};

/** Queries that are small to read and large to run. */
const queries: Readonly<Record<string, string | readonly [adapter: string, sql: string]>> = {
  'a cross join of series': 'select a.x, b.y from (select unnest(range(1000000)) as x) a cross join (select unnest(range(1000000)) as y) b',
  'a cross join that is counted':
    'select count(*) as n from (select unnest(range(1000000)) as x) a cross join (select unnest(range(1000000)) as y) b',
  'a series of a trillion': 'select * from range(1000000000000)',
  'a series of a trillion in PostgreSQL': ['postgres', 'select * from generate_series(1, 1000000000000) as g(x)'],
  'a series of a trillion dates': [
    'postgres',
    "select * from generate_series('0001-01-01'::date, '9999-01-01'::date, interval '1 second') as g(x)",
  ],
  'an array of a billion': ['bigquery', 'select generate_array(1, 1000000000) as a'],
  'dates in an array': ['bigquery', "select generate_timestamp_array('0001-01-01', '9999-01-01', interval 1 second) as a"],
  'a recursion without end': 'with recursive r as (select 1 as n union all select n + 1 from r) select count(*) as n from r',
  'a recursion that doubles': "with recursive r as (select 'aaaaaaaa' as n union all select n || n from r) select length(n) as n from r",
  'a text repeated a billion times': "select length(repeat('a', 2000000000)) as n",
  'texts repeated': "select repeat('a', 500000000) as a, repeat('b', 500000000) as b, repeat('c', 500000000) as c",
  'padding of a billion': "select lpad('a', 2000000000, 'x') as a, rpad('a', 2000000000, 'y') as b",
  'spaces of a billion': ['snowflake', 'select space(2000000000) as a'],
  'a replacement that grows': "select length(replace(repeat('a', 100000), 'a', repeat('b', 100000))) as n",
  'a format of a billion': ['postgres', "select format('%1000000000s', 'a') as a, to_char(1, repeat('9', 100000000)) as b"],
  'a pattern of nested repeats': `select regexp_matches('${times('a', 50)}!', '(a+)+$') as a`,
  'a pattern in PostgreSQL': [
    'postgres',
    `select '${times('a', 50)}!' ~ '(a+)+$' as a, regexp_replace('${times('a', 50)}!', '(a|a)*b', 'x') as b`,
  ],
  'a pattern in Snowflake': [
    'snowflake',
    `select regexp_like('${times('a', 50)}!', '(a+)+$') as a, regexp_count('${times('a', 50)}', '(a|a)*b') as b, '${times('a', 50)}' rlike '(a*)*b' as c`,
  ],
  'a pattern in BigQuery': [
    'bigquery',
    `select regexp_contains('${times('a', 50)}!', r'(a+)+$') as a, regexp_extract_all('${times('a', 50)}', r'(a|a)*b') as b`,
  ],
  'a pattern in Spark': [
    'spark',
    `select '${times('a', 50)}!' rlike '(a+)+$' as a, regexp_extract('${times('a', 50)}', '(a|a)*b', 0) as b, split('${times('a', 50)}', '(a+)+b') as c`,
  ],
  'a pattern with references': ['postgres', `select '${times('a', 2000)}' ~ '^(a*)(a*)(a*)\\1\\2\\3b$' as a`],
  'LIKE with many percent signs': `select '${times('a', 3000)}' like '${times('%a', 200)}%b' as a, '${times('A', 3000)}' ilike '${times('%a', 200)}%b' as b`,
  'SIMILAR TO': ['postgres', `select '${times('a', 50)}!' similar to '(a+)+' as a`],
  'a glob': `select '${times('a', 3000)}' glob '${times('*a', 200)}*b' as a`,
  'a translation': [
    'snowflake',
    `select translate(repeat('a', 10000000), 'a', 'b') as a, editdistance(repeat('a', 50000), repeat('b', 50000)) as b`,
  ],
  'a distance of long texts':
    "select levenshtein(repeat('a', 50000), repeat('b', 50000)) as a, jaro_winkler_similarity(repeat('a', 100000), repeat('b', 100000)) as b",
  'JSON nested deeply': ['snowflake', `select parse_json('${times('[', 100_000)}${times(']', 100_000)}') as a`],
  'JSON of many': [
    'snowflake',
    `select count(*) as n from table(flatten(input => parse_json('[${times('1,', 500_000)}1]'), recursive => true))`,
  ],
  'one group of everything': "select string_agg(x::varchar || repeat('a', 1000), ',') as a from range(3000000) as t(x)",
  'arrays of everything': 'select array_agg(x) as a, array_agg(x) as b from range(30000000) as t(x)',
  'windows over everything':
    'select sum(x) over (order by x rows between unbounded preceding and unbounded following) as a, string_agg(x::varchar) over (order by x) as b from range(100000) as t(x)',
  'products of texts': ['snowflake', "select split(repeat('a,', 5000000), ',') as a"],
  'numbers out of range':
    'select 9223372036854775807 + 1 as a, -9223372036854775808 / -1 as b, abs(-9223372036854775808) as c, 170::decimal(38,0) as d',
  factorials: 'select factorial(1000000) as a, 10::double ^ 100000 as b',
  'dates out of range': "select date '9999-12-31' + interval 1000000 year as a, make_date(999999, 1, 1) as b, to_timestamp(1e300) as c",
  'SQLite files attached': "attach database '/etc/passwd' as x",
  'SQLite extensions': "select load_extension('/tmp/x.so') as a",
  'SQLite files written': "select writefile('/tmp/headwater-written', 'x') as a, readfile('/etc/passwd') as b",
  'SQLite pragmas': 'pragma writable_schema = on; select * from pragma_database_list',
  'SQLite tables of our own': 'select * from sqlite_master',
  'SQLite vacuum': "vacuum into '/tmp/headwater-vacuum.db'",
  'a file read by DuckDB': "select * from read_csv('/etc/passwd')",
  'a file read by its name': "select * from '/etc/passwd'",
  'a file read as text': "select * from read_text('/etc/passwd')",
  'files listed by DuckDB': "select * from glob('/etc/*')",
  'a page read by DuckDB': "select * from read_csv('https://evil.example/x.csv')",
  'an extension of DuckDB': 'install httpfs; load httpfs',
  'a copy by DuckDB': "copy (select 1) to '/tmp/headwater-copied.csv'",
  'an export by DuckDB': "export database '/tmp/headwater-exported'",
  'a database attached by DuckDB': "attach '/tmp/headwater-attached.db' as x",
  'a setting of DuckDB': "set enable_external_access = true; select * from read_text('/etc/passwd')",
  'the environment by DuckDB': "select getenv('HOME') as a",
  'a secret of DuckDB': "create secret s (type s3, key_id 'x', secret 'y')",
  'a query as text by DuckDB': "select * from query('select 1')",
  'tables of settings': 'select * from duckdb_settings()',
  'a macro of DuckDB': "create macro f(x) as table select * from read_text(x); select * from f('/etc/passwd')",
  'a checkpoint': 'checkpoint; force checkpoint; vacuum',
  'programs by PostgreSQL': ['postgres', "copy (select 1) to program 'touch /tmp/headwater-program'"],
  'files by PostgreSQL': ['postgres', "select pg_read_file('/etc/passwd') as a, lo_import('/etc/passwd') as b"],
  'a sleep': ['postgres', 'select pg_sleep(100000)'],
  locks: ['postgres', 'lock table fine; select pg_advisory_lock(1)'],
};

const pair = (value: string | readonly [string, string]): readonly [string, string] =>
  typeof value === 'string' ? ['duckdb', value] : value;

export const sqlAttacks: readonly Attack[] = [
  ...Object.entries(texts).map(([name, value]) => {
    const [adapter, sql] = pair(value);
    return model(`SQL: ${name}`, sql, {
      adapter,
      calls: [
        ['graph', '--quiet'],
        ['lineage'],
        ['preview', '--select', 'm', '--timeout', '5'],
        ['preview', '--select', 'm', '--engine', 'duckdb', '--timeout', '5'],
      ],
    });
  }),
  ...Object.entries(queries).map(([name, value]) => {
    const [adapter, sql] = pair(value);
    return model(`SQL run: ${name}`, sql, {
      adapter,
      calls: [
        ['preview', '--select', 'm', '--timeout', '5'],
        ['preview', '--select', 'm', '--engine', 'duckdb', '--timeout', '5'],
        ['build', '--timeout', '5', '--quiet'],
      ],
    });
  }),
  {
    name: 'SQL: models that double their columns',
    files: shop(
      Object.fromEntries(
        Array.from({ length: 40 }, (_, i) => [
          `models/m${i}.sql`,
          i === 0 ? 'select 1 as a' : `select x.*, y.* from {{ ref('m${i - 1}') }} x, {{ ref('m${i - 1}') }} y`,
        ]),
      ),
    ),
    calls: [['graph'], ['lineage'], ['erd', '--timeout', '5'], ['docs', '--out', 'out.html']],
  },
  {
    name: 'SQL: models whose columns are made of twice as many',
    files: shop(
      Object.fromEntries(
        Array.from({ length: 60 }, (_, i) => [
          `models/m${i}.sql`,
          i === 0
            ? 'select 1 as a, 2 as b'
            : `select x.a + y.b as a, x.b + y.a as b from {{ ref('m${i - 1}') }} x, {{ ref('m${i - 1}') }} y`,
        ]),
      ),
    ),
    calls: [['graph'], ['lineage'], ['lineage', '--select', 'm59.a'], ['graph', '--format', 'html']],
  },
  {
    name: 'SQL: ephemeral models that each read two',
    files: shop(
      Object.fromEntries(
        Array.from({ length: 60 }, (_, i) => [
          `models/m${i}.sql`,
          `{{ config(materialized='ephemeral') }} ${i === 0 ? 'select 1 as a' : `select x.a from {{ ref('m${i - 1}') }} x, {{ ref('m${Math.max(0, i - 2)}') }} y`}`,
        ]),
      ),
    ),
    calls: [['graph'], ['compile', '--select', 'm59'], ['preview', '--select', 'm59', '--timeout', '5']],
  },
  {
    name: 'SQL: models in a ring',
    files: shop(
      Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`models/m${i}.sql`, `select * from {{ ref('m${(i + 1) % 500}') }}`])),
    ),
    calls: [['graph', '--format', 'svg'], ['lineage'], ['build', '--timeout', '5'], ['list', '--select', '+m0+']],
  },
  {
    name: 'SQL: ephemeral models in a ring',
    files: shop(
      Object.fromEntries(
        Array.from({ length: 20 }, (_, i) => [
          `models/m${i}.sql`,
          `{{ config(materialized='ephemeral') }} select * from {{ ref('m${(i + 1) % 20}') }}`,
        ]),
      ),
    ),
    calls: [['graph'], ['compile', '--select', 'm1'], ['preview', '--select', 'm1', '--timeout', '5']],
  },
  {
    name: 'SQL: a thousand models in a chain',
    files: shop(
      Object.fromEntries(
        Array.from({ length: 1000 }, (_, i) => [`models/m${i}.sql`, i === 0 ? 'select 1 as a' : `select * from {{ ref('m${i - 1}') }}`]),
      ),
    ),
    calls: [
      ['graph', '--format', 'svg'],
      ['lineage', '--select', 'm999.a'],
      ['preview', '--select', 'm999', '--timeout', '20'],
    ],
  },
  {
    name: 'SQL: plain files with every statement',
    files: {
      'a.sql':
        "create table t (id int); insert into t values (1); attach '/etc/passwd' as x; copy t to '/tmp/headwater-copied.csv'; create table u as select * from read_text('/etc/passwd'); pragma writable_schema=on; select * from t;",
      'b.sql': many(3000, (i) => `create table t${i} as select * from ${i === 0 ? 't' : `t${i - 1}`};`),
      'c.sql': many(3000, (i) => `create view v${i} as select x.*, y.* from ${i === 0 ? 't' : `v${i - 1}`} x, t y;`),
      't.csv': 'id\n1\n',
    },
    calls: [['graph', '--quiet'], ['check'], ['build', '--timeout', '5'], ['preview', '--sql', 'a.sql', '--timeout', '5']],
  },
];
