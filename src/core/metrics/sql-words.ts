import type { Dialect } from '../sql/dialect.ts';
import type { Measure, TimeWindow } from './semantic-layer.ts';

/** Why a question about metrics has no answer, in one sentence. Thrown while a question is planned, caught where it was asked. */
export class Refusal extends Error {}

const backticked: readonly Dialect[] = ['bigquery', 'databricks', 'spark', 'mysql', 'hive', 'clickhouse'];

const reserved = new Set(
  `all and any array as asc at authorization between both by case cast check collate column condition constraint create cross current current_date
  current_time current_timestamp current_user date default desc distinct else end except exists false fetch filter for foreign from full grant group
  grouping groups having hour if in index inner insert intersect interval into is join key language lateral leading left like limit localtime month
  natural new no not null of offset on only or order outer over partition primary public range rank recursive references right row rows select
  session set some table then time timestamp to trailing true union unique unnest user using value values when where window with within year`.split(
    /\s+/,
  ),
);

/** A name as the dialect's SQL can have it: quoted where it must be. */
export function nameIn(dialect: Dialect, name: string): string {
  if (/^[a-z_][a-z0-9_]*$/i.test(name) && !reserved.has(name.toLowerCase())) return name;
  if (backticked.includes(dialect)) return `\`${name}\``;
  return dialect === 'tsql' ? `[${name}]` : `"${name}"`;
}

/** An expression cut to the beginning of its day, month, …; `type` is its type in the dialect, where that is known. */
export function truncate(dialect: Dialect, grain: string, sql: string, type = ''): string {
  if (grain === 'day' && type === 'date') return sql;
  switch (dialect) {
    case 'bigquery': {
      const unit = grain === 'week' ? 'isoweek' : grain;
      const call = type === 'date' ? 'date_trunc' : type.startsWith('timestamp') ? 'timestamp_trunc' : 'datetime_trunc';
      return `${call}(${sql}, ${unit})`;
    }
    case 'tsql':
      return `datetrunc(${grain === 'week' ? 'iso_week' : grain}, ${sql})`;
    case 'oracle':
      return `trunc(${sql}, '${{ day: 'DD', week: 'IW', month: 'MM', quarter: 'Q', year: 'YYYY', hour: 'HH24', minute: 'MI' }[grain] ?? 'DD'}')`;
    case 'sqlite':
      return truncateInSqlite(grain, sql);
    case 'mysql':
      return truncateInMysql(grain, sql);
    default:
      return `date_trunc('${grain}', ${sql})`;
  }
}

function truncateInSqlite(grain: string, sql: string): string {
  if (grain === 'day') return `date(${sql})`;
  if (grain === 'month' || grain === 'year') return `date(${sql}, 'start of ${grain}')`;
  if (grain === 'week') return `date(${sql}, 'weekday 0', '-6 days')`;
  if (grain === 'quarter') return `date(${sql}, 'start of month', '-' || ((strftime('%m', ${sql}) - 1) % 3) || ' months')`;
  const formats: Readonly<Record<string, string>> = { hour: '%Y-%m-%d %H:00:00', minute: '%Y-%m-%d %H:%M:00', second: '%Y-%m-%d %H:%M:%S' };
  const format = formats[grain];
  if (format === undefined) throw new Refusal(`SQLite has no times cut to the ${grain}.`);
  return `strftime('${format}', ${sql})`;
}

function truncateInMysql(grain: string, sql: string): string {
  if (grain === 'day') return `date(${sql})`;
  if (grain === 'week') return `date_sub(date(${sql}), interval weekday(${sql}) day)`;
  if (grain === 'quarter') return `makedate(year(${sql}), 1) + interval quarter(${sql}) quarter - interval 1 quarter`;
  const formats: Readonly<Record<string, string>> = {
    month: '%Y-%m-01',
    year: '%Y-01-01',
    hour: '%Y-%m-%d %H:00:00',
    minute: '%Y-%m-%d %H:%i:00',
  };
  const format = formats[grain];
  if (format === undefined) throw new Refusal(`MySQL has no times cut to the ${grain}.`);
  return `date_format(${sql}, '${format}')`;
}

/** An expression so long earlier. */
export function earlier(dialect: Dialect, { count, grain }: TimeWindow, sql: string, type = ''): string {
  const [length, unit] = grain === 'quarter' ? [count * 3, 'month'] : [count, grain];
  switch (dialect) {
    case 'bigquery': {
      const call =
        type === 'date'
          ? 'date_sub'
          : type.startsWith('timestamp') && unit !== 'month' && unit !== 'year'
            ? 'timestamp_sub'
            : 'datetime_sub';
      return `${call}(${call === 'datetime_sub' && type !== 'datetime' ? `cast(${sql} as datetime)` : sql}, interval ${length} ${unit})`;
    }
    case 'snowflake':
    case 'redshift':
    case 'databricks':
    case 'tsql':
      return `dateadd(${unit}, -${length}, ${sql})`;
    case 'trino':
    case 'athena':
      return `date_add('${unit}', -${length}, ${sql})`;
    case 'sqlite':
      return unit === 'week' ? `date(${sql}, '-${length * 7} days')` : `date(${sql}, '-${length} ${unit}s')`;
    case 'mysql':
      return `date_sub(${sql}, interval ${length} ${unit})`;
    case 'oracle':
      return unit === 'month' || unit === 'year'
        ? `add_months(${sql}, -${unit === 'year' ? length * 12 : length})`
        : `${sql} - interval '${unit === 'week' ? length * 7 : length}' ${unit === 'week' ? 'day' : unit}`;
    case 'spark':
    case 'hive':
      return `${sql} - interval ${length} ${unit}`;
    default:
      return `${sql} - interval '${length} ${unit}'`;
  }
}

/** An expression as a number with a fraction, so that dividing keeps it. */
export function asDouble(dialect: Dialect, sql: string): string {
  if (dialect === 'bigquery') return `cast(${sql} as float64)`;
  if (dialect === 'sqlite') return `cast(${sql} as real)`;
  if (dialect === 'tsql') return `cast(${sql} as float)`;
  const doubles: readonly Dialect[] = ['duckdb', 'trino', 'athena', 'databricks', 'spark', 'hive', 'clickhouse', 'mysql'];
  return `cast(${sql} as ${doubles.includes(dialect) ? 'double' : 'double precision'})`;
}

/** The aggregate of a measure over a column. */
export function aggregate(dialect: Dialect, measure: Measure, column: string): string {
  switch (measure.agg) {
    case 'sum':
    case 'min':
    case 'max':
      return `${measure.agg}(${column})`;
    case 'avg':
    case 'average':
      return `avg(${column})`;
    case 'count_distinct':
      return `count(distinct ${column})`;
    case 'sum_boolean':
      return `sum(case when ${column} then 1 else 0 end)`;
    case 'count':
      // Over no rows at all this is null and not zero, as everywhere in dbt's semantic layer.
      return `sum(case when ${column} is not null then 1 else 0 end)`;
    case 'median':
      return percentile(dialect, 0.5, false, column);
    case 'percentile': {
      const share = measure.percentile;
      if (share === undefined) throw new Refusal(`The measure '${measure.name}' is a percentile and does not say which.`);
      return percentile(dialect, share.at, share.isDiscrete, column);
    }
    default:
      throw new Refusal(`The measure '${measure.name}' has the aggregation '${measure.agg}', which does not exist.`);
  }
}

function percentile(dialect: Dialect, share: number, isDiscrete: boolean, column: string): string {
  switch (dialect) {
    case 'bigquery':
      return `approx_quantiles(${column}, 100)[offset(${Math.round(share * 100)})]`;
    case 'databricks':
    case 'spark':
      return `percentile(${column}, ${share})`;
    case 'trino':
    case 'athena':
      return `approx_percentile(${column}, ${share})`;
    case 'clickhouse':
      return `quantile(${share})(${column})`;
    case 'mysql':
    case 'sqlite':
    case 'tsql':
    case 'hive':
      throw new Refusal(`This database has no aggregate for percentiles.`);
    default:
      return `percentile_${isDiscrete ? 'disc' : 'cont'}(${share}) within group (order by ${column})`;
  }
}
