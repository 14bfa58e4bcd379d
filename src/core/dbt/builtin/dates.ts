import { choose, dispatched, macro } from './dispatched.ts';

const noPart = (name: string, engine: string): string =>
  `{{ exceptions.raise_compiler_error("Unsupported datepart for macro ${name} in ${engine}: {!r}".format(datepart)) }}`;

/** `dateadd` and `datediff` with an argument to a line. */
const argumentLines = (name: string, ...inner: readonly string[]): string =>
  `\n\n    ${name}(\n${inner.map((line) => `        ${line}`).join(',\n')}\n        )`;

/** The part of a difference that counts whole larger parts and adds what is left. */
const stepDown = (larger: string): string => `{{ datediff(first_date, second_date, '${larger}') }}`;

const weekStep = (before: string, weekday: (date: string) => string): string => `${before} case
            when ${weekday('first_date')} <= ${weekday('second_date')} then
                case when {{ first_date }} <= {{ second_date }} then 0 else -1 end
            else
                case when {{ first_date }} <= {{ second_date }} then 1 else 0 end
        end)`;

function postgresDifference(): string {
  const part = (name: string, type: string, date: string): string => `date_part('${name}', ({{ ${date} }})::${type})`;
  const less = (name: string, type: string): string => `${part(name, type, 'second_date')} - ${part(name, type, 'first_date')}`;
  const floored = (name: string): string =>
    `floor(${part(name, 'timestamp', 'second_date')}) - floor(${part(name, 'timestamp', 'first_date')})`;
  const texts = {
    year: `(${less('year', 'date')})`,
    quarter: `(${stepDown('year')} * 4 + ${less('quarter', 'date')})`,
    month: `(${stepDown('year')} * 12 + ${less('month', 'date')})`,
    day: '(({{ second_date }})::date - ({{ first_date }})::date)',
    week: weekStep(`(${stepDown('day')} / 7 +`, (date) => part('dow', 'timestamp', date)),
    hour: `(${stepDown('day')} * 24 + ${less('hour', 'timestamp')})`,
    minute: `(${stepDown('hour')} * 60 + ${less('minute', 'timestamp')})`,
    second: `(${stepDown('minute')} * 60 + ${floored('second')})`,
    millisecond: `(${stepDown('minute')} * 60000 + ${floored('millisecond')})`,
    microsecond: `(${stepDown('minute')} * 60000000 + ${floored('microsecond')})`,
  };
  const spaced = Object.entries(texts).map(([name, text]) => [name, `\n        ${text}\n    `] as const);
  return choose('datepart', Object.fromEntries(spaced), noPart('datediff', 'postgres'));
}

function trinoDifference(engine: string): string {
  const at = (date: string): string => `CAST({{ ${date} }} AS TIMESTAMP)`;
  const less = (name: string): string => `${name}(${at('second_date')}) - ${name}(${at('first_date')})`;
  return choose(
    'datepart',
    {
      year: `(${less('year')})`,
      quarter: `(${stepDown('year')} * 4) + ${less('quarter')}`,
      month: `(${stepDown('year')} * 12) + ${less('month')}`,
      day: `((to_milliseconds((CAST(${at('second_date')} AS DATE) - CAST(${at('first_date')} AS DATE)))) / 86400000)`,
      week: weekStep(`(${stepDown('day')} / 7 +`, (date) => `dow(${at(date)})`),
      hour: `(${stepDown('day')} * 24 + ${less('hour')})`,
      minute: `(${stepDown('hour')} * 60 + ${less('minute')})`,
      second: `(${stepDown('minute')} * 60 + ${less('second')})`,
      millisecond: `(to_milliseconds((${at('second_date')} - ${at('first_date')})))`,
    },
    `{% if execute %}${noPart('datediff', engine)}{% endif %}`,
  );
}

/** Spark gives null for what is no date; its macros would rather fail. */
const real = (name: string, date: string): string => `{{ assert_not_null('${name}', ${date}) }}`;

function sparkSum(): string {
  const shifted = (step: string, factor: string): string => `to_timestamp(
            to_unix_timestamp(
                ${step}(
                    ${real('date', 'from_date_or_timestamp')},
                    cast({{ interval }} * ${factor} as int)
                )
            ) + {{ clock }}
        )`;
  const seconds = (factor: string): string => `to_timestamp(
            ${real('to_unix_timestamp', 'from_date_or_timestamp')}
            + cast({{ interval }} * ${factor} as int)
        )`;
  return `{% set clock %}
        to_unix_timestamp(${real('to_timestamp', 'from_date_or_timestamp')})
        - to_unix_timestamp(${real('date', 'from_date_or_timestamp')})
{%- endset -%}
${choose(
  'datepart',
  {
    day: shifted('date_add', '1'),
    week: shifted('date_add', '7'),
    month: shifted('add_months', '1'),
    quarter: shifted('add_months', '3'),
    year: shifted('add_months', '12'),
    hour: seconds('3600'),
    minute: seconds('60'),
    second: seconds('1'),
    'millisecond microsecond': seconds('(1/1000000)'),
  },
  noPart('dateadd', 'Spark'),
)}`;
}

function sparkDifference(): string {
  const signed = (later: string, rounded: (how: string) => string): string => `case when {{ from }} < {{ to }}
            then ${rounded(later)}
            else ${rounded(later === 'floor' ? 'ceil' : 'floor')}
            end`;
  const crossed = (what: string, before: string, after: string): string => `

        -- did we cross a ${what} boundary${what === 'week' ? ' (Sunday)' : ''}?
        + case
            when {{ from }} < {{ to }} and ${before} then 1
            when {{ from }} > {{ to }} and ${after} then -1
            else 0 end`;
  const compare = (name: string): [string, string] => [
    `${name}({{ to }}) < ${name}({{ from }})`,
    `${name}({{ to }}) > ${name}({{ from }})`,
  ];
  const inQuarter = (date: string): string => `(dayofyear({{ ${date} }}) - (quarter({{ ${date} }}) * 365/4))`;
  const quarters = (sign: string): string => `(
                ${inQuarter('to')}
                ${sign} ${inQuarter('from')}
            )`;
  const months = 'months_between(date({{ to }}), date({{ from }}))';
  const instant = (date: string): string => `{{ assert_not_null('to_unix_timestamp', assert_not_null('to_timestamp', ${date})) }}`;
  const clock = (divisor: string, rest = ''): string => {
    const span = (how: string, note: string): string => `${how}((
                ${note}${instant('to')}
                - ${instant('from')}
            ) / ${divisor})`;
    return `case when {{ from }} < {{ to }}
            then ${span('ceil', '\n                ')}
            else ${span('floor', '')}
            end

            ${rest}`;
  };
  const fraction = `cast(regexp_extract({{ to }}, '{{ digits }}', 1) as int)
                - cast(regexp_extract({{ from }}, '{{ digits }}', 1) as int)`;
  const differences = {
    day: 'datediff({{ to }}, {{ from }})',
    week: signed('floor', (how) => `${how}(datediff({{ to }}, {{ from }})/7)`) + crossed('week', ...compare('dayofweek')),
    month: signed('floor', (how) => `${how}(${months})`) + crossed('month', ...compare('dayofmonth')),
    quarter: signed('floor', (how) => `${how}(${months}/3)`) + crossed('quarter', quarters('<'), quarters('>')),
    year: 'year({{ to }}) - year({{ from }})',
    hour: clock('3600', '\n\n            '),
    minute: clock('60', '\n\n            '),
    second: clock('1', '\n\n            '),
    millisecond: clock(
      '(1/1000)',
      `
                + cast(date_format({{ to }}, 'SSS') as int)
                - cast(date_format({{ from }}, 'SSS') as int)
            

            `,
    ),
    microsecond: clock(
      '(1/1000000)',
      `

            
                
                -- Spark doesn't really support microseconds, so this is a massive hack!
                -- It will only work if the timestamp-string is of the format
                -- 'yyyy-MM-dd-HH mm.ss.SSSSSS'
                + ${fraction}
            `,
    ),
  };
  return `{% set digits = '[0-9]{4}-[0-9]{2}-[0-9]{2}.[0-9]{2}:[0-9]{2}:[0-9]{2}.([0-9]{6})' -%}
{%- set days = datepart in ['day', 'week', 'month', 'quarter', 'year'] -%}
{%- set from = assert_not_null('date', first_date) if days else first_date -%}
{%- set to = assert_not_null('date', second_date) if days else second_date -%}
{{ '\\n        \\n        ' if days }}${choose('datepart', differences, noPart('datediff', 'Spark'))}`;
}

/** SQLite has no date type: a text with a clock stays one with a clock. */
function sqliteSum(): string {
  const units = [
    'second 1 seconds',
    'minute 1 minutes',
    'hour 1 hours',
    'day 1 days',
    'week 7 days',
    'month 1 months',
    'quarter 3 months',
    'year 1 years',
  ].map((line) => line.split(' ') as [string, string, string]);
  const date = '{{ from_date_or_timestamp }}';
  const add = (type: string, [name, factor, unit]: [string, string, string]): string =>
    `                WHEN LOWER({{ datepart }}) = '${name}' THEN ${type}(${date}, '+' || ${factor === '1' ? '{{ interval }}' : `({{ interval }} * ${factor})`} || ' ${unit}')`;
  const whole = (rows: readonly string[]): string => `            CASE\n${rows.join('\n')}\n                ELSE NULL\n            END`;
  return `
    -- If provided a DATETIME, returns a DATETIME
    -- If provided a DATE, returns a DATE

    CASE
        -- Matches DATETIME type based on ISO-8601 
        WHEN ${date} LIKE '%:%' OR (${date} LIKE '%T%' AND ${date} LIKE '%Z%') THEN
${whole(units.map((unit) => add('datetime', unit)))}
        -- Matches DATE type based on ISO-8601
        WHEN ${date} LIKE '%-%' AND ${date} NOT LIKE '%T%' AND ${date} NOT LIKE '% %' THEN
${whole([`                WHEN LOWER({{ datepart }}) IN ('second', 'minute', 'hour') THEN date(${date})`, ...units.slice(3).map((unit) => add('date', unit))])}
        ELSE
            NULL
    END
`;
}

const dayBefore = (unit: string, count: string): string =>
  `cast(\n        {{ dbt.dateadd('day', '-1', dbt.dateadd(${unit}, '${count}', dbt.date_trunc(datepart, date))) }}\n        as date)`;
const quarterInMonths = (engine: string): string =>
  `{% if datepart == 'quarter' %}-- ${engine} dateadd does not support quarter interval.\n    ${dayBefore("'month'", '3')}{% else %}{{ dbt.default_last_day(date, datepart) }}{% endif %}`;
const isoDate = (format: string): string => `to_date('{{ modules.datetime.date(year, month, day).strftime('%Y-%m-%d') }}', '${format}')`;

const partsOfDates = [
  dispatched('date', ['year', 'month', 'day'], {
    default: isoDate('YYYY-MM-DD'),
    spark: isoDate('yyyy-MM-dd'),
    bigquery: 'date({{ year }}, {{ month }}, {{ day }})',
    duckdb: 'make_date({{ year }}, {{ month }}, {{ day }})',
  }),
  dispatched('date_trunc', ['datepart', 'date'], {
    default: "date_trunc('{{ datepart }}', {{ date }})",
    bigquery: 'timestamp_trunc(\n        cast({{ date }} as timestamp),\n        {{ datepart }}\n    )',
    sqlserver: '\n    CAST(DATEADD({{ datepart }}, DATEDIFF({{ datepart }}, 0, {{ date }}), 0) AS DATE)\n',
  }),
  macro('default_last_day', ['date', 'datepart'], dayBefore('datepart', '1')),
  dispatched('last_day', ['date', 'datepart'], {
    default: '{{ dbt.default_last_day(date, datepart) }}',
    postgres: quarterInMonths('postgres'),
    duckdb: quarterInMonths('duckdb'),
    redshift: `\n    ${dayBefore('datepart', '1')}\n`,
    sqlserver: choose(
      'datepart',
      {
        quarter: 'CAST(DATEADD(QUARTER, DATEDIFF(QUARTER, 0, {{ date }}) + 1, -1) AS DATE)',
        month: 'EOMONTH ( {{ date }})',
        year: 'CAST(DATEADD(YEAR, DATEDIFF(year, 0, {{ date }}) + 1, -1) AS DATE)',
      },
      '{{ dbt_utils.default_last_day(date, datepart) }}',
    ),
  }),
].join('');

const sums = [
  dispatched('dateadd', ['datepart', 'interval', 'from_date_or_timestamp'], {
    default: `${argumentLines('dateadd', '{{ datepart }}', '{{ interval }}', '{{ from_date_or_timestamp }}')}\n\n`,
    redshift: `${argumentLines('dateadd', '{{ datepart }}', '{{ interval }}', '{{ from_date_or_timestamp }}')}\n\n`,
    postgres: "\n\n    {{ from_date_or_timestamp }} + ((interval '1 {{ datepart }}') * ({{ interval }}))\n\n",
    bigquery: `

        datetime_add(
            cast( {{ from_date_or_timestamp }} as datetime),
        interval {{ interval }} {{ datepart }}
        )

`,
    duckdb: `{% set unit = datepart | lower -%}
{%- set factor, of = {'quarter': (' * 3)', 'month'), 'week': (' * 7)', 'day')}.get(unit, ('', unit)) %}

    ({{ from_date_or_timestamp }} + {{ '(' if factor }}cast({{ interval }} as bigint){{ factor }} * interval 1 {{ of }})`,
    'trino athena': "date_add('{{ datepart }}', {{ interval }}, {{ from_date_or_timestamp }})",
    sqlserver: `${argumentLines('dateadd', '{{ datepart }}', '{{ interval }}', 'cast({{ from_date_or_timestamp }} as datetime2(6))')}\n\n`,
    sqlite: sqliteSum(),
    spark: sparkSum(),
    databricks: `{% if adapter.has_dbr_capability('timestampdiff') %}timestampadd({{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }}){% else %}{{ spark__dateadd(datepart, interval, from_date_or_timestamp) }}{% endif %}`,
  }),
  dispatched('datediff', ['first_date', 'second_date', 'datepart'], {
    default: argumentLines('datediff', '{{ datepart }}', '{{ first_date }}', '{{ second_date }}').trimStart(),
    redshift: argumentLines('datediff', '{{ datepart }}', '{{ first_date }}', '{{ second_date }}').trimStart(),
    postgres: postgresDifference(),
    bigquery: `

    datetime_diff(
        cast({{ second_date }} as datetime),
        cast({{ first_date }} as datetime),
        {{ datepart }}
    )

  `,
    duckdb: `{% if datepart == 'week' %}
            ${weekStep(`(${stepDown('day')} // 7 +`, (date) => `date_part('dow', ({{ ${date} }})::timestamp)`)}
    {% else %}
        (date_diff('{{ datepart }}', {{ first_date }}::timestamp, {{ second_date }}::timestamp ))
    {% endif %}`,
    trino: trinoDifference('Trino'),
    athena: trinoDifference('Athena'),
    spark: sparkDifference(),
    databricks: `{% if adapter.has_dbr_capability('timestampdiff') %}timestampdiff({{ datepart }}, {{ date_trunc(datepart, first_date) }}, {{ date_trunc(datepart, second_date) }}){% else %}{{ spark__datediff(first_date, second_date, datepart) }}{% endif %}`,
  }),
  dispatched('assert_not_null', ['function', 'arg'], {
    'default spark':
      '\n\n    coalesce({{ function }}({{ arg }}), nvl2({{ function }}({{ arg }}), assert_true({{ function }}({{ arg }}) is not null), null))\n\n',
  }),
].join('');

const now = [
  dispatched(
    'current_timestamp',
    [],
    {
      default: "{{ exceptions.raise_not_implemented('current_timestamp macro not implemented for adapter ' + adapter.type()) }}",
      'postgres duckdb': 'now()',
      redshift: 'getdate()',
      snowflake: "convert_timezone('UTC', current_timestamp())",
      'bigquery spark': 'current_timestamp()',
      trino: 'current_timestamp',
      athena: "{{ cast_timestamp('now()') }}",
      sqlserver: 'CAST(SYSDATETIME() AS DATETIME2(6))',
      sqlite: 'datetime()',
    },
    ['', ''],
  ),
  macro(
    'cast_timestamp',
    ['timestamp_col'],
    `{% set own = model.get('config', {}) -%}
{%- set wide = own.get('table_type') == 'iceberg' and own.get('materialized') not in ['view', 'ephemeral'] -%}
cast({{ timestamp_col }} as timestamp{{ '(6)' if wide }})`,
  ),
  dispatched('end_of_time', [], {
    default: "{{ exceptions.raise_not_implemented('end_of_time macro not implemented for adapter ' + adapter.type()) }}",
    athena: "cast('9999-01-01' AS timestamp)",
  }),
  dispatched('current_timestamp_backcompat', [], {
    default: '\n    current_timestamp::timestamp\n',
    postgres: '\n    current_timestamp::{{ type_timestamp() }}\n',
    snowflake: '\n  current_timestamp::{{ type_timestamp() }}\n',
    redshift: 'getdate()',
    bigquery: 'current_timestamp',
  }),
  dispatched('current_timestamp_in_utc_backcompat', [], {
    default: "{{ return(adapter.dispatch('current_timestamp_backcompat', 'dbt')()) }}",
    postgres: "\n    (current_timestamp at time zone 'utc')::{{ type_timestamp() }}\n",
    snowflake: "\n  convert_timezone('UTC', {{ snowflake__current_timestamp_backcompat() }})::{{ type_timestamp() }}\n",
    redshift: 'getdate()',
  }),
].join('');

/** Dates and times. */
export const dateMacros = partsOfDates + sums + now;
