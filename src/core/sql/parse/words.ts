/** Words that end an expression or a relation, so that they are never taken for its alias. */
export const notAnAlias: ReadonlySet<string> = new Set(
  `from where group having order limit offset fetch qualify window union intersect except minus into on using join inner left right full cross natural
  lateral outer as and or not is in like ilike rlike regexp similar between when then else end asc desc when select with for tablesample
  pivot unpivot connect start prewhere settings format set values returning cluster distribute sort asof anti semi straight_join
  escape collate over filter within then sample xor div glob isnull notnull overlaps match_recognize nulls union option global any
  positional lock when match_condition window final array default`.split(/\s+/),
);

/** Of those, the words that may still name an item of a SELECT list without AS. */
export const aliasInSelect: ReadonlySet<string> = new Set(
  'left right full natural lateral outer start cluster distribute sort asof anti semi sample filter window format global any positional values set final array settings pivot unpivot connect default option lock'.split(
    ' ',
  ),
);

/** The keywords that begin a clause of a SELECT after its list. */
export const clauseWords: ReadonlySet<string> = new Set(
  'from where group having qualify window order limit offset fetch union intersect except minus into prewhere connect start cluster distribute sort settings lateral |>'.split(
    ' ',
  ),
);

/** The words that begin a query. */
export const queryWords: ReadonlySet<string> = new Set([
  'select',
  'with',
  'values',
  'from',
  'pivot',
  'unpivot',
  'describe',
  'show',
  'summarize',
  'table',
]);

/** Words that stand for a part of a date in an argument list. */
export const dateUnits: ReadonlySet<string> = new Set(
  `year years yyyy yy y yr yrs isoyear quarter quarters qtr qtrs qq q month months mon mons mm m week weeks wk ww w weekiso week_iso isoweek iso_week isowk
  day days dd d dayofmonth dayofweek dayofweekiso dayofweek_iso dayofyear weekday weekofyear weekofyeariso dow isodow doy dw dy hour hours hh h hr hrs minute minutes
  mi n min mins second seconds ss s sec secs millisecond milliseconds ms msec microsecond microseconds mcs us usec nanosecond nanoseconds ns nsec nanosec
  epoch epoch_second epoch_millisecond epoch_microsecond epoch_nanosecond timezone timezone_hour timezone_minute decade century millennium yearofweek yearofweekiso
  sql_tsi_day sql_tsi_month sql_tsi_year sql_tsi_hour sql_tsi_minute sql_tsi_second sql_tsi_week sql_tsi_quarter date time julian`.split(
    /\s+/,
  ),
);

/** Functions that take such a part by a bare word, and where: from the left, or `last`. */
export const unitArguments: ReadonlyMap<string, readonly (number | 'last')[]> = new Map<string, readonly (number | 'last')[]>([
  ...['datediff', 'dateadd', 'datepart', 'datename', 'timestampdiff', 'timestampadd', 'timediff', 'timeadd', 'datesub'].map(
    (name) => [name, [0]] as const,
  ),
  ...['datediff_big', 'date_diff_big', 'datetrunc', 'date_part', 'date_bucket'].map((name) => [name, [0]] as const),
  ...['date_diff', 'datetime_diff', 'timestamp_diff', 'time_diff', 'date_trunc', 'date_add', 'date_sub', 'dateadd'].map(
    (name) => [name, [0, 'last']] as const,
  ),
  ...['timestamp_trunc', 'datetime_trunc', 'time_trunc', 'last_day', 'time_slice', 'next_day', 'generate_timestamp_array'].map(
    (name) => [name, ['last']] as const,
  ),
]);

/** Functions written without brackets. */
export const bareFunctions: ReadonlySet<string> = new Set([
  'current_date',
  'current_timestamp',
  'current_time',
  'current_datetime',
  'localtime',
  'localtimestamp',
  'current_user',
  'session_user',
  'current_role',
  'current_schema',
  'current_catalog',
  'utc_timestamp',
  'utc_date',
  'systimestamp',
  'getdate',
]);
