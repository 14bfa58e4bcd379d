import { overridable } from './overridable.ts';

const define = (name: string, parameters: readonly string[], body: string): string => overridable('dbt_date', name, parameters, body);

/** One expression for all adapters, those apart that spell it otherwise. */
function byAdapter(versions: Readonly<Record<string, string>>, otherwise: string): string {
  const branches = Object.entries(versions).map(
    ([adapters, body]) =>
      `if target.type in [${adapters
        .split(' ')
        .map((one) => `'${one}'`)
        .join(', ')}] %}${body}`,
  );
  return `{% ${branches.join('{% el')}{% else %}${otherwise}{% endif %}`;
}

const shortOrLong = (short: string, long: string): string => `{% if short %}${short}{% else %}${long}{% endif %}`;

const monthName = byAdapter(
  {
    snowflake: shortOrLong("to_char({{ date }}, 'Mon')", "to_char({{ date }}, 'MMMM')"),
    bigquery: shortOrLong("format_date('%b', cast({{ date }} as date))", "format_date('%B', cast({{ date }} as date))"),
    duckdb: shortOrLong('substr(monthname({{ date }}), 1, 3)', 'monthname({{ date }})'),
    'spark databricks': shortOrLong("date_format({{ date }}, 'MMM')", "date_format({{ date }}, 'MMMM')"),
    trino: shortOrLong("date_format({{ date }}, '%b')", "date_format({{ date }}, '%M')"),
  },
  shortOrLong("to_char({{ date }}, 'FMMon')", "to_char({{ date }}, 'FMMonth')"),
);

const dayName = byAdapter(
  {
    snowflake: shortOrLong(
      'dayname({{ date }})',
      "case dayname({{ date }}) when 'Mon' then 'Monday' when 'Tue' then 'Tuesday' when 'Wed' then 'Wednesday' when 'Thu' then 'Thursday' when 'Fri' then 'Friday' when 'Sat' then 'Saturday' when 'Sun' then 'Sunday' end",
    ),
    bigquery: shortOrLong("format_date('%a', cast({{ date }} as date))", "format_date('%A', cast({{ date }} as date))"),
    duckdb: shortOrLong('substr(dayname({{ date }}), 1, 3)', 'dayname({{ date }})'),
    'spark databricks': shortOrLong("date_format({{ date }}, 'E')", "date_format({{ date }}, 'EEEE')"),
    trino: shortOrLong("date_format({{ date }}, '%a')", "date_format({{ date }}, '%W')"),
  },
  shortOrLong("to_char({{ date }}, 'FMDy')", "to_char({{ date }}, 'FMDay')"),
);

const datePart = byAdapter(
  { bigquery: 'extract({{ datepart }} from {{ date }})', 'trino duckdb spark databricks': 'extract({{ datepart }} from {{ date }})' },
  "date_part('{{ datepart }}', {{ date }})",
);

/** Sunday is 1, or Monday where ISO weeks are meant. */
const dayOfWeek = byAdapter(
  {
    snowflake:
      "{% if isoweek %}date_part('dayofweekiso', {{ date }}){% else %}case when date_part('dayofweek', {{ date }}) = 7 then 1 else date_part('dayofweek', {{ date }}) + 1 end{% endif %}",
    bigquery:
      '{% if isoweek %}case when extract(dayofweek from {{ date }}) = 1 then 7 else extract(dayofweek from {{ date }}) - 1 end{% else %}extract(dayofweek from {{ date }}){% endif %}',
    'spark databricks':
      '{% if isoweek %}case when dayofweek({{ date }}) = 1 then 7 else dayofweek({{ date }}) - 1 end{% else %}dayofweek({{ date }}){% endif %}',
    trino:
      '{% if isoweek %}day_of_week({{ date }}){% else %}case when day_of_week({{ date }}) = 7 then 1 else day_of_week({{ date }}) + 1 end{% endif %}',
    duckdb: '{% if isoweek %}isodow({{ date }}){% else %}dayofweek({{ date }}) + 1{% endif %}',
  },
  "{% if isoweek %}cast(date_part('isodow', {{ date }}) as {{ dbt.type_int() }}){% else %}cast(date_part('dow', {{ date }}) + 1 as {{ dbt.type_int() }}){% endif %}",
);

const isoWeekStart = byAdapter(
  {
    snowflake: "cast({{ dbt.date_trunc('week', date) }} as date)",
    bigquery: 'cast(date_trunc(cast({{ date }} as date), isoweek) as date)',
  },
  "cast({{ dbt.date_trunc('week', date) }} as date)",
);

const weekStart = byAdapter(
  { bigquery: 'cast(date_trunc(cast({{ date }} as date), week) as date)' },
  `cast({{ dbt.dateadd('day', -1, dbt.date_trunc('week', dbt.dateadd('day', 1, date))) }} as date)`,
);

const isoWeek = byAdapter(
  {
    snowflake: 'weekiso({{ date }})',
    bigquery: 'extract(isoweek from {{ date }})',
    trino: 'week({{ date }})',
    duckdb: 'weekofyear({{ date }})',
    'spark databricks': 'weekofyear({{ date }})',
  },
  "cast(date_part('week', {{ date }}) as {{ dbt.type_int() }})",
);

const weekOfYear = byAdapter(
  {
    snowflake: 'week({{ date }})',
    bigquery: 'extract(week from {{ date }})',
    trino: 'week({{ date }})',
    duckdb: 'weekofyear({{ date }})',
    'spark databricks': 'weekofyear({{ date }})',
  },
  "cast(to_char({{ date }}, 'WW') as {{ dbt.type_int() }})",
);

const zone = "{%- set zone = tz if tz is not none else var('dbt_date:time_zone', 'UTC') -%}";
const convert = byAdapter(
  {
    snowflake:
      "convert_timezone({% if source_tz %}'{{ source_tz }}', {% endif %}'{{ target_tz }}', cast({{ column }} as {{ dbt.type_timestamp() }}))",
    bigquery: "timestamp(datetime({{ column }}, '{{ target_tz }}'))",
    'spark databricks': "from_utc_timestamp(to_utc_timestamp({{ column }}, '{{ source_tz if source_tz else 'UTC' }}'), '{{ target_tz }}')",
    trino: "cast(cast({{ column }} as timestamp) at time zone '{{ target_tz }}' as timestamp)",
    redshift: "convert_timezone('{{ source_tz if source_tz else 'UTC' }}', '{{ target_tz }}', {{ column }})",
  },
  "cast(cast({{ column }} as {{ dbt.type_timestamp() }}) at time zone '{{ source_tz if source_tz else 'UTC' }}' at time zone '{{ target_tz }}' as {{ dbt.type_timestamp() }})",
);

const shifted = (sign: string): string => `{{ dbt.dateadd('day', ${sign}1 * n, date if date is not none else dbt_date.today(tz)) }}`;
const month = (sign: string, part: string): string =>
  `{{ dbt_date.${part}(dbt_date.${sign}_month(tz)${part === 'month_name' ? ', short' : ''}) }}`;

const dimension = `
with base_dates as (
    {{ dbt_date.get_base_dates(start_date, end_date) }}
),
dates_with_prior_year_dates as (
    select
        cast(d.date_day as date) as date_day,
        cast({{ dbt.dateadd('year', -1, 'd.date_day') }} as date) as prior_year_date_day,
        cast({{ dbt.dateadd('day', -364, 'd.date_day') }} as date) as prior_year_over_year_date_day
    from base_dates d
)
select
    d.date_day,
    {{ dbt_date.yesterday('d.date_day') }} as prior_date_day,
    {{ dbt_date.tomorrow('d.date_day') }} as next_date_day,
    d.prior_year_date_day as prior_year_date_day,
    d.prior_year_over_year_date_day,
    {{ dbt_date.day_of_week('d.date_day', isoweek=false) }} as day_of_week,
    {{ dbt_date.day_of_week('d.date_day', isoweek=true) }} as day_of_week_iso,
    {{ dbt_date.day_name('d.date_day', short=false) }} as day_of_week_name,
    {{ dbt_date.day_name('d.date_day', short=true) }} as day_of_week_name_short,
    {{ dbt_date.day_of_month('d.date_day') }} as day_of_month,
    {{ dbt_date.day_of_year('d.date_day') }} as day_of_year,
    {{ dbt_date.week_start('d.date_day') }} as week_start_date,
    {{ dbt_date.week_end('d.date_day') }} as week_end_date,
    {{ dbt_date.week_start('d.prior_year_over_year_date_day') }} as prior_year_week_start_date,
    {{ dbt_date.week_end('d.prior_year_over_year_date_day') }} as prior_year_week_end_date,
    {{ dbt_date.week_of_year('d.date_day') }} as week_of_year,
    {{ dbt_date.iso_week_start('d.date_day') }} as iso_week_start_date,
    {{ dbt_date.iso_week_end('d.date_day') }} as iso_week_end_date,
    {{ dbt_date.iso_week_start('d.prior_year_over_year_date_day') }} as prior_year_iso_week_start_date,
    {{ dbt_date.iso_week_end('d.prior_year_over_year_date_day') }} as prior_year_iso_week_end_date,
    {{ dbt_date.iso_week_of_year('d.date_day') }} as iso_week_of_year,
    {{ dbt_date.week_of_year('d.prior_year_over_year_date_day') }} as prior_year_week_of_year,
    {{ dbt_date.iso_week_of_year('d.prior_year_over_year_date_day') }} as prior_year_iso_week_of_year,
    cast({{ dbt_date.date_part('month', 'd.date_day') }} as {{ dbt.type_int() }}) as month_of_year,
    {{ dbt_date.month_name('d.date_day', short=false) }} as month_name,
    {{ dbt_date.month_name('d.date_day', short=true) }} as month_name_short,
    cast({{ dbt.date_trunc('month', 'd.date_day') }} as date) as month_start_date,
    cast({{ dbt.last_day('d.date_day', 'month') }} as date) as month_end_date,
    cast({{ dbt.date_trunc('month', 'd.prior_year_date_day') }} as date) as prior_year_month_start_date,
    cast({{ dbt.last_day('d.prior_year_date_day', 'month') }} as date) as prior_year_month_end_date,
    cast({{ dbt_date.date_part('quarter', 'd.date_day') }} as {{ dbt.type_int() }}) as quarter_of_year,
    cast({{ dbt.date_trunc('quarter', 'd.date_day') }} as date) as quarter_start_date,
    cast({{ dbt.last_day('d.date_day', 'quarter') }} as date) as quarter_end_date,
    cast({{ dbt_date.date_part('year', 'd.date_day') }} as {{ dbt.type_int() }}) as year_number,
    cast({{ dbt.date_trunc('year', 'd.date_day') }} as date) as year_start_date,
    cast({{ dbt.last_day('d.date_day', 'year') }} as date) as year_end_date
from dates_with_prior_year_dates d
order by 1`;

const baseDates = `
{%- if datepart is none -%}{%- set datepart = 'day' -%}{%- endif -%}
{%- if start_date is not none -%}{%- set from_date = "cast('" ~ start_date ~ "' as " ~ dbt.type_timestamp() ~ ")" -%}
{%- else -%}{%- set from_date = dbt.dateadd(datepart, -1 * (n_dateparts or 0), dbt_date.today()) -%}{%- endif -%}
{%- if end_date is not none -%}{%- set to_date = "cast('" ~ end_date ~ "' as " ~ dbt.type_timestamp() ~ ")" -%}{%- else -%}{%- set to_date = dbt_date.tomorrow() -%}{%- endif -%}
with date_spine as (
    {{ dbt_date.date_spine(datepart, from_date, to_date) }}
)
select cast(d.date_{{ datepart }} as {{ dbt.type_timestamp() }}) as date_{{ datepart }}
from date_spine d`;

/** What dbt_date is documented to do, in our own words. */
export const dbtDateMacros: readonly string[] = [
  define('date_part', ['datepart', 'date'], datePart),
  define('month_name', ['date', 'short=True', 'language=none'], monthName),
  define('day_name', ['date', 'short=True', 'language=none'], dayName),
  define('day_of_month', ['date'], "{{ dbt_date.date_part('day', date) }}"),
  define(
    'day_of_year',
    ['date'],
    byAdapter(
      { snowflake: "date_part('dayofyear', {{ date }})", bigquery: 'extract(dayofyear from {{ date }})', trino: 'day_of_year({{ date }})' },
      "{{ dbt_date.date_part('doy', date) }}",
    ),
  ),
  define('day_of_week', ['date', 'isoweek=true'], dayOfWeek),
  define('iso_week_start', ['date=none', 'tz=none'], `{%- set date = date if date is not none else dbt_date.today(tz) -%}${isoWeekStart}`),
  define(
    'iso_week_end',
    ['date=none', 'tz=none'],
    `{%- set date = date if date is not none else dbt_date.today(tz) -%}cast({{ dbt.dateadd('day', 6, dbt_date.iso_week_start(date, tz)) }} as date)`,
  ),
  define('iso_week_of_year', ['date=none', 'tz=none'], `{%- set date = date if date is not none else dbt_date.today(tz) -%}${isoWeek}`),
  define('week_start', ['date=none', 'tz=none'], `{%- set date = date if date is not none else dbt_date.today(tz) -%}${weekStart}`),
  define(
    'week_end',
    ['date=none', 'tz=none'],
    `{%- set date = date if date is not none else dbt_date.today(tz) -%}cast({{ dbt.dateadd('day', 6, dbt_date.week_start(date, tz)) }} as date)`,
  ),
  define('week_of_year', ['date=none', 'tz=none'], `{%- set date = date if date is not none else dbt_date.today(tz) -%}${weekOfYear}`),
  define(
    'convert_timezone',
    ['column', 'target_tz=none', 'source_tz=none'],
    `{%- set target_tz = target_tz if target_tz is not none else var('dbt_date:time_zone', 'UTC') -%}${convert}`,
  ),
  define('now', ['tz=none'], `${zone}{{ dbt_date.convert_timezone(dbt.current_timestamp(), zone) }}`),
  define('today', ['tz=none'], 'cast({{ dbt_date.now(tz) }} as date)'),
  define('yesterday', ['date=none', 'tz=none'], '{{ dbt_date.n_days_ago(1, date, tz) }}'),
  define('tomorrow', ['date=none', 'tz=none'], '{{ dbt_date.n_days_away(1, date, tz) }}'),
  define('n_days_ago', ['n', 'date=none', 'tz=none'], `cast(${shifted('-')} as date)`),
  define('n_days_away', ['n', 'date=none', 'tz=none'], `cast(${shifted('')} as date)`),
  define('n_weeks_ago', ['n', 'tz=none'], "{{ dbt.date_trunc('week', dbt.dateadd('week', -1 * n, dbt_date.today(tz))) }}"),
  define('n_weeks_away', ['n', 'tz=none'], "{{ dbt.date_trunc('week', dbt.dateadd('week', n, dbt_date.today(tz))) }}"),
  define('n_months_ago', ['n', 'tz=none'], "{{ dbt.date_trunc('month', dbt.dateadd('month', -1 * n, dbt_date.today(tz))) }}"),
  define('n_months_away', ['n', 'tz=none'], "{{ dbt.date_trunc('month', dbt.dateadd('month', n, dbt_date.today(tz))) }}"),
  define('last_week', ['tz=none'], '{{ dbt_date.n_weeks_ago(1, tz) }}'),
  define('next_week', ['tz=none'], '{{ dbt_date.n_weeks_away(1, tz) }}'),
  define('last_month', ['tz=none'], '{{ dbt_date.n_months_ago(1, tz) }}'),
  define('next_month', ['tz=none'], '{{ dbt_date.n_months_away(1, tz) }}'),
  define('last_month_name', ['short=True', 'tz=none'], month('last', 'month_name')),
  define('next_month_name', ['short=True', 'tz=none'], month('next', 'month_name')),
  define('last_month_number', ['tz=none'], "{{ dbt_date.date_part('month', dbt_date.last_month(tz)) }}"),
  define('next_month_number', ['tz=none'], "{{ dbt_date.date_part('month', dbt_date.next_month(tz)) }}"),
  define('periods_since', ['date_col', "period_name='day'", 'tz=none'], '{{ dbt.datediff(date_col, dbt_date.now(tz), period_name) }}'),
  define('round_timestamp', ['timestamp'], "{{ dbt.date_trunc('day', dbt.dateadd('hour', 12, timestamp)) }}"),
  define(
    'to_unixtimestamp',
    ['timestamp'],
    byAdapter(
      {
        snowflake: 'date_part(epoch_seconds, {{ timestamp }})',
        bigquery: 'unix_seconds({{ timestamp }})',
        'spark databricks': 'unix_timestamp({{ timestamp }})',
        trino: 'to_unixtime({{ timestamp }})',
      },
      "cast({{ dbt_date.date_part('epoch', timestamp) }} as {{ dbt.type_int() }})",
    ),
  ),
  define(
    'from_unixtimestamp',
    ['epochs', "format='seconds'"],
    byAdapter(
      {
        snowflake:
          "to_timestamp_ntz({{ epochs }}, {{ 3 if format == 'milliseconds' else 6 if format == 'microseconds' else 9 if format == 'nanoseconds' else 0 }})",
        bigquery:
          "timestamp_{{ 'millis' if format == 'milliseconds' else 'micros' if format == 'microseconds' else 'seconds' }}({{ epochs }})",
        'spark databricks':
          "timestamp_{{ 'millis' if format == 'milliseconds' else 'micros' if format == 'microseconds' else 'seconds' }}({{ epochs }})",
        trino: 'cast(from_unixtime({{ epochs }}) as timestamp)',
      },
      "cast(to_timestamp({{ epochs }}{{ ' / 1000.0' if format == 'milliseconds' }}) as {{ dbt.type_timestamp() }})",
    ),
  ),
  define('date', ['year', 'month', 'day'], '{{ return(modules.datetime.date(year, month, day)) }}'),
  define(
    'datetime',
    ['year', 'month', 'day', 'hour=0', 'minute=0', 'second=0', 'microsecond=0', 'tz=none'],
    '{{ return(modules.datetime.datetime(year, month, day, hour, minute, second, microsecond)) }}',
  ),
  define('date_spine', ['datepart', 'start_date', 'end_date'], '{{ return(dbt.date_spine(datepart, start_date, end_date)) }}'),
  define('generate_series', ['upper_bound'], '{{ return(dbt.generate_series(upper_bound)) }}'),
  define('get_base_dates', ['start_date=none', 'end_date=none', 'n_dateparts=none', "datepart='day'"], baseDates),
  define('get_date_dimension', ['start_date', 'end_date'], dimension),
];
