import type { Dialect } from '../sql/dialect.ts';

/** A part of a date that truncation, addition and difference share, and the day that its weeks begin on (0 for Sunday). */
export interface Unit {
  readonly name: string;
  readonly weekStart: number;
}

const groups: readonly (readonly [string, string])[] = [
  ['year', 'year years yyyy yyy yy y yr yrs sql_tsi_year'],
  ['quarter', 'quarter quarters qtr qtrs qq q sql_tsi_quarter'],
  ['month', 'month months mon mons mm m sql_tsi_month mth'],
  ['week', 'week weeks wk ww w weekofyear woy sql_tsi_week wy'],
  ['isoweek', 'isoweek iso_week weekiso week_iso isowk isoww iw weekofyeariso weekofyear_iso week(monday)'],
  ['day', 'day days dd d dayofmonth sql_tsi_day j ddd'],
  ['dayofyear', 'dayofyear doy dy yearday day_of_year'],
  ['dow', 'dow dayofweek dw weekday day_of_week'],
  ['isodow', 'isodow dayofweekiso dayofweek_iso dowiso dow_iso weekday_iso'],
  ['hour', 'hour hours hh h hr hrs hh24 sql_tsi_hour'],
  ['minute', 'minute minutes mi n min mins sql_tsi_minute'],
  ['second', 'second seconds ss s sec secs sql_tsi_second'],
  ['millisecond', 'millisecond milliseconds ms msec msecs'],
  ['microsecond', 'microsecond microseconds mcs us usec usecs sql_tsi_frac_second'],
  ['nanosecond', 'nanosecond nanoseconds ns nsec nanosec nsecs'],
  ['isoyear', 'isoyear yearofweekiso iso_year iyyy yow year_of_week'],
  ['yearofweek', 'yearofweek'],
  ['decade', 'decade decades'],
  ['century', 'century centuries c'],
  ['millennium', 'millennium millennia mil'],
  ['epoch', 'epoch epoch_second epoch_seconds'],
  ['epoch_ms', 'epoch_millisecond epoch_milliseconds epoch_ms'],
  ['epoch_us', 'epoch_microsecond epoch_microseconds epoch_us'],
  ['timezone', 'timezone timezone_hour timezone_minute tz tzoffset'],
  ['date', 'date'],
  ['time', 'time'],
  ['julian', 'julian'],
];

const byWord: ReadonlyMap<string, string> = new Map(
  groups.flatMap(([name, words]) => words.split(' ').map((word) => [word, name] as const)),
);
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** The canonical name of a part, whatever its spelling; undefined when no dialect knows it. */
export function canonicalUnit(written: string): string | undefined {
  return byWord.get(written.trim().toLowerCase());
}

/** The unit of a truncation, addition or difference. */
export function toUnit(written: string, dialect: Dialect, purpose: 'truncate' | 'add' | 'difference'): Unit | undefined {
  const word = written.trim().toLowerCase();
  const custom = /^week\((\w+)\)$/.exec(word);
  if (custom) return { name: 'week', weekStart: Math.max(weekdays.indexOf(custom[1] ?? ''), 0) };
  const name = word === 'm' && (dialect === 'redshift' || dialect === 'postgres') ? 'minute' : byWord.get(word);
  if (name === undefined) return undefined;
  if (name === 'isoweek') return { name: 'week', weekStart: 1 };
  const sundays =
    dialect === 'bigquery' || dialect === 'tsql' || dialect === 'mysql' || (dialect === 'generic' && purpose === 'difference');
  if (name === 'week') return { name, weekStart: sundays ? 0 : 1 };
  if (name === 'dow' || name === 'dayofyear' || name === 'isodow') return { name: 'day', weekStart: 1 };
  if (name === 'isoyear' || name === 'yearofweek') return { name: purpose === 'add' ? 'year' : 'isoyear', weekStart: 1 };
  return { name, weekStart: 1 };
}

/** The runtime's name of a part that EXTRACT, DATE_PART and their like read; see `part_date`. */
export function toPart(written: string, dialect: Dialect): string | undefined {
  const word = written.trim().toLowerCase();
  if (/^week\((\w+)\)$/.test(word)) return word === 'week(monday)' ? 'week.monday' : word === 'week(sunday)' ? 'week.sunday' : undefined;
  const name = word === 'iso_year' || word === 'isoyear' ? 'isoyear' : byWord.get(word);
  const postgres = dialect === 'postgres' || dialect === 'duckdb';
  switch (name) {
    case 'dow':
      if (word === 'day_of_week' || ((dialect === 'trino' || dialect === 'athena') && word === 'dow')) return 'isodow';
      if (dialect === 'bigquery' || dialect === 'tsql' || dialect === 'mysql') return 'dow1';
      if (dialect === 'databricks' || dialect === 'spark' || dialect === 'hive')
        return word === 'dow' || word === 'dayofweek' ? 'dow1' : 'weekday0';
      return dialect === 'clickhouse' ? 'isodow' : 'dow0';
    case 'week':
      return dialect === 'bigquery' ? 'week.sunday' : dialect === 'tsql' ? 'week.sunday1' : dialect === 'mysql' ? 'week.sunday' : 'isoweek';
    case 'epoch':
      return dialect === 'postgres' || dialect === 'duckdb' ? 'epoch.fraction' : 'epoch';
    case 'epoch_ms':
      return 'epoch.milli';
    case 'epoch_us':
      return 'epoch.micro';
    case 'second':
      return dialect === 'postgres' ? 'second.fraction' : 'second';
    case 'millisecond':
      return postgres ? 'millisecond.total' : 'millisecond';
    case 'microsecond':
      return postgres ? 'microsecond.total' : 'microsecond';
    case 'decade':
      return dialect === 'redshift' ? 'decade.next' : name;
    case 'yearofweek':
      return 'isoyear';
    default:
      return name;
  }
}
