import type { Dialect } from '../sql/dialect.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { Sources } from './sources.ts';

interface Telltale {
  readonly dialect: Dialect;
  readonly pattern: RegExp;
  /** What it is called in the sentence that explains the choice. */
  readonly name: string;
  readonly weight: number;
}

/** A dialect, and the sentence that says what speaks for it. */
export interface InferredDialect {
  readonly dialect: Dialect;
  readonly because: string;
}

const telltale = (dialect: Dialect, name: string, pattern: RegExp, weight = 1): Telltale => ({ dialect, name, pattern, weight });

// Constructs that one dialect has and its neighbours have not; shared ones carry little weight.
const telltales: readonly Telltale[] = [
  telltale('bigquery', 'names of three parts in backticks', /`[\w-]+\.[\w-]+\.[\w*-]+`/g, 3),
  telltale('bigquery', 'SAFE_ functions', /\bsafe_(cast|divide|offset|ordinal)\s*\(|\bsafe\.\w+\s*\(/gi, 3),
  telltale('bigquery', 'INT64, FLOAT64 or STRING types', /\b(int64|float64|bignumeric)\b|\bas\s+string\s*\)/gi, 2),
  telltale(
    'bigquery',
    'DATE_TRUNC with the part last',
    /\b(date|timestamp|datetime)_(trunc|diff|add|sub)\s*\([^()]*(\([^()]*\)[^()]*)*,\s*(interval\b[^()]*|day|week|month|quarter|year|hour|minute|second|isoweek)\s*(\([^()]*\))?\s*\)/gi,
    2,
  ),
  telltale(
    'bigquery',
    'STRUCT or UNNEST',
    /\bstruct\s*\(|\bselect\s+as\s+struct\b|\bcountif\s*\(|\bexcept\s*\(\s*\w+(\s*,\s*\w+)*\s*\)\s*(from|replace)/gi,
  ),
  telltale(
    'snowflake',
    'IFF, DATEADD, FLATTEN or VARIANT paths',
    /\biff\s*\(|\blateral\s+flatten\s*\(|\b(object_construct|parse_json|try_to_\w+|to_variant|zeroifnull|array_agg\s*\([^()]*\)\s*within)\s*\(?|::variant\b|\b\w+:\w+(\.\w+)*::/gi,
    3,
  ),
  telltale('snowflake', 'QUALIFY', /\bqualify\b/gi, 0.5),
  telltale('snowflake', 'NUMBER or TIMESTAMP_NTZ types', /\btimestamp_(ntz|ltz|tz)\b|::number\b|\bnumber\s*\(\d+/gi, 2),
  telltale('snowflake', 'DATEDIFF with a part', /\bdate(add|diff)\s*\(\s*'?(day|month|year|week|hour|minute|second|quarter)'?\s*,/gi),
  telltale('redshift', 'DISTKEY, SORTKEY or LISTAGG', /\b(distkey|sortkey|diststyle|encode\s+(zstd|lzo|az64))\b|\blistagg\s*\(/gi, 2),
  telltale('redshift', 'GETDATE()', /\bgetdate\s*\(\)/gi, 0.2),
  telltale('postgres', 'DATE_TRUNC with a quoted part', /\bdate_trunc\s*\(\s*'/gi, 0.6),
  telltale('postgres', ':: casts', /::\s*(int|integer|text|numeric|date|timestamp|timestamptz|varchar|jsonb?|boolean|float8?)\b/gi, 0.5),
  telltale(
    'postgres',
    'SERIAL, JSONB or GENERATE_SERIES',
    /\b(big)?serial\b|\bjsonb(_\w+)?\b|\bgenerate_series\s*\(|\bto_char\s*\(|\bdistinct\s+on\s*\(|\bilike\b|\btimestamptz\b/gi,
  ),
  telltale(
    'databricks',
    'USING DELTA or Spark functions',
    /\busing\s+delta\b|\b(lateral\s+view|explode|posexplode|from_unixtime|collect_list|collect_set|named_struct)\s*\(?|\boptimize\s+\w+\s+zorder/gi,
    2,
  ),
  telltale(
    'duckdb',
    'READ_CSV, EXCLUDE or list functions',
    /\b(read_(csv|csv_auto|parquet|json\w*)|list_\w+|strptime|epoch_ms|arg_max|arg_min)\s*\(|\bfrom\s+'[^']+\.(csv|parquet)'|\bgroup\s+by\s+all\b/gi,
    2,
  ),
  telltale(
    'trino',
    'TRY, AT TIME ZONE or CROSS JOIN UNNEST',
    /\btry\s*\(|\bcross\s+join\s+unnest\b|\bdate_parse\s*\(|\bapprox_distinct\s*\(|\bfrom_iso8601_\w+\s*\(/gi,
    1.5,
  ),
  telltale(
    'tsql',
    'names in square brackets, TOP or ISNULL',
    /\[[A-Za-z_][\w ]*\]\s*(\.|,|=|\bas\b)|\bselect\s+top\s*\(?\s*\d+|\bisnull\s*\(|\bnvarchar\b|\bcross\s+apply\b|^\s*go\s*$|\bdateadd\s*\(\s*\w+\s*,|\binto\s+#\w+|\bgetutcdate\s*\(/gim,
    1.5,
  ),
  telltale(
    'tsql',
    'procedures, variables and batches of T-SQL',
    /\bdeclare\s+@\w+|\bset\s+nocount\b|\bobject_id\s*\(|\bbulk\s+insert\b|\bbegin\s+try\b|\bdatetime2\b|\bsp_executesql\b|\bexec\s+\w+\.\w+|^\s*print\s+'/gim,
    2,
  ),
  telltale('tsql', 'GETDATE()', /\bgetdate\s*\(\)/gi, 0.4),
  telltale(
    'sqlite',
    'STRFTIME, JULIANDAY or AUTOINCREMENT',
    /\bstrftime\s*\(|\bjulianday\s*\(|\bautoincrement\b|\bsqlite_\w+|\bdate\s*\(\s*'now'|\bdate\s*\([^()]*,\s*'(start of|[+-]\d)/gi,
    3,
  ),
  telltale(
    'mysql',
    'ENGINE, AUTO_INCREMENT or DATE_FORMAT',
    /\bengine\s*=\s*\w+|\bauto_increment\b|\bdate_format\s*\([^()]*,\s*'%|\bgroup_concat\s*\(|\bifnull\s*\(|\bstr_to_date\s*\(|\bcurdate\s*\(\)/gi,
    1.5,
  ),
  telltale('mysql', 'plain names in backticks', /`\w+`/g, 0.2),
  telltale(
    'clickhouse',
    'MergeTree or ClickHouse functions',
    /\bengine\s*=\s*\w*mergetree|\b(toDate|toStartOf\w+|uniqExact|arrayJoin|countIf|sumIf|toUInt\d+|toInt\d+)\s*\(/g,
    3,
  ),
  telltale(
    'oracle',
    'NVL2, SYSDATE, DUAL or VARCHAR2',
    /\bnvl2\s*\(|\bsysdate\b|\bfrom\s+dual\b|\bvarchar2\b|\brownum\b|\bconnect\s+by\b|\(\+\)/gi,
    2,
  ),
  telltale('snowflake', 'settings of Snowflake', /^\s*\+?(snowflake_warehouse|transient|query_tag|copy_grants)\s*:/gim, 3),
  telltale(
    'bigquery',
    'settings of BigQuery',
    /^\s*\+?(require_partition_filter|partition_expiration_days|hours_to_expiration|kms_key_name|maximum_bytes_billed)\s*:/gim,
    3,
  ),
  telltale('redshift', 'settings of Redshift', /^\s*\+?(dist|sort|sort_type|ra3_node)\s*:/gim, 3),
  telltale(
    'databricks',
    'settings of Databricks',
    /^\s*\+?(file_format|location_root|liquid_clustered_by|databricks_compute|unique_tmp_table_suffix)\s*:/gim,
    3,
  ),
  telltale('postgres', 'settings of PostgreSQL', /^\s*\+?(unlogged|indexes)\s*:/gim, 2),
  telltale('clickhouse', 'settings of ClickHouse', /^\s*\+?(engine|order_by|ttl|sharding_key)\s*:/gim, 2),
  telltale('hive', 'STORED AS or ROW FORMAT', /\bstored\s+as\b|\brow\s+format\b|\bsort\s+by\b|\bdistribute\s+by\b/gi, 2),
];

const adapterNames: readonly Dialect[] = [
  'snowflake',
  'bigquery',
  'redshift',
  'postgres',
  'databricks',
  'duckdb',
  'trino',
  'athena',
  'clickhouse',
  'spark',
  'sqlite',
];

/** Files that say outright which adapter is meant: a profile named after it, or an example of a profile. */
const namings: readonly Telltale[] = adapterNames.map((name) =>
  telltale(
    name,
    `a profile that names ${name}`,
    new RegExp(`^profile\\s*:\\s*['"]?[\\w-]*${name}[\\w-]*['"]?\\s*$|^\\s{4,}type\\s*:\\s*['"]?${name}['"]?\\s*$`, 'gim'),
    5,
  ),
);

/** The dialect that some SQL texts are most likely written in, and the sentence that says why. */
export function inferDialect(texts: Iterable<string>, hasSqlite: boolean): InferredDialect {
  const scores = new Map<Dialect, number>();
  const evidence = new Map<Dialect, { readonly name: string; readonly count: number; readonly score: number }[]>();
  const counts = new Map<Telltale, number>();
  for (const text of texts) {
    const code = text.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ').slice(0, 200_000);
    for (const each of [...telltales, ...namings]) counts.set(each, (counts.get(each) ?? 0) + [...code.matchAll(each.pattern)].length);
  }
  for (const [each, count] of counts) {
    if (count === 0) continue;
    // Many of one kind say little more than some of it.
    const score = each.weight * Math.min(count, 10);
    scores.set(each.dialect, (scores.get(each.dialect) ?? 0) + score);
    evidence.set(each.dialect, [...(evidence.get(each.dialect) ?? []), { name: each.name, count, score }]);
  }
  const [first, second] = [...scores].sort((a, b) => b[1] - a[1]);
  if (first === undefined || first[1] < 1) {
    if (hasSqlite) return { dialect: 'sqlite', because: 'The project has SQLite files, and no SQL in it is peculiar to another dialect.' };
    return { dialect: 'generic', because: 'Nothing in the SQL is peculiar to one dialect; set the dialect if it matters.' };
  }
  const said = (evidence.get(first[0]) ?? []).sort((a, b) => b.score - a.score).map(({ name, count }) => `${name} (${count}×)`);
  const rival = second !== undefined && second[1] * 2 > first[1] ? `; ${second[0]} is the next likely` : '';
  return { dialect: first[0], because: `The SQL uses ${said.join(', ')}, as ${first[0]} does${rival}.` };
}

/** What says most about the dialect of a dbt project: its settings, profiles under any name, and its own SQL without the macros that are written for other adapters. */
export function inferDbtDialect(sources: Sources): InferredDialect {
  const own = sources.paths.filter((path) => !/(^|\/)(dbt_packages|dbt_modules)\//.test(path));
  const told = own.filter((path) => path === 'dbt_project.yml' || /profile[^/]*\.ya?ml$|[^/]*profiles?[^/]*\.(ya?ml|md)$/i.test(path));
  const sql = own.filter((path) => path.toLowerCase().endsWith('.sql'));
  const texts = [...told, ...sql].flatMap((path) => sources.find(path)?.text ?? []);
  return inferDialect(
    texts.map((text) => text.replace(adapterMacro, ' ')),
    false,
  );
}

const adapterMacro = /\{%-?\s*macro\s+(?!default__)[a-z]+__\w+[\s\S]*?endmacro\s*-?%\}/g;

/** Says that the dialect is a guess, what it rests on, and how to set it. */
export function toGuessProblem(because: string, dialect: Dialect, path: string): Problem {
  return toProblem(
    'dialect-guessed',
    `The SQL is taken for ${dialect}. ${because} If that is wrong, write 'dialect: NAME' into headwater.yml${path.endsWith('dbt_project.yml') ? ', or put a profiles.yml into the project' : ''}.`,
    path,
  );
}
