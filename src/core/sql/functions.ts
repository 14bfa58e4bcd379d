import type { TypeKind } from './types.ts';

/**
 * What a call gives back: a kind, the type of an argument (`arg0`), the type common to all (`common`, `common1` from the second on), the
 * element of an array argument (`element0`), or an array of it (`array0`).
 */
export type Returns =
  | TypeKind
  | 'arg0'
  | 'arg1'
  | 'common'
  | 'common1'
  | 'element0'
  | 'array0'
  | 'sum'
  | 'average'
  | 'deviation'
  | 'rounding';

export interface FunctionFacts {
  readonly returns: Returns;
  readonly role: 'scalar' | 'aggregate' | 'window';
  /** `never`: NULL is never returned; `always`: it may be, whatever the arguments; `arguments`: only where one of them is NULL. */
  readonly nulls: 'never' | 'always' | 'arguments' | 'all-arguments';
}

const facts = new Map<string, FunctionFacts>();

function add(role: FunctionFacts['role'], returns: Returns, nulls: FunctionFacts['nulls'], names: string): void {
  for (const name of names.split(/\s+/)) facts.set(name.toLowerCase(), { returns, role, nulls });
}

add(
  'aggregate',
  'integer',
  'never',
  'count count_if countif count_distinct approx_count_distinct approx_distinct hll uniq uniqexact regr_count count_big countdistinct ndv grouping grouping_id approximate_count_distinct',
);
add(
  'aggregate',
  'arg0',
  'always',
  'min max any_value any first last mode median arbitrary anylast minif maxif anyif logical_any bit_and bit_or bit_xor max_by min_by arg_max arg_min argmax argmin first_value_agg quantile quantiles quantileexact quantilesexact quantiletdigest quantiletiming quantiledeterministic topk topkweighted histogram_min percentile_disc quantile_disc',
);
add('aggregate', 'sum', 'always', 'sum sumif sum_if sum_distinct total');
add('aggregate', 'average', 'always', 'avg mean avgif avg_if');
add(
  'aggregate',
  'float',
  'always',
  'corr covar_samp covar_pop percentile_cont quantile_cont percentile approx_percentile percentile_approx skewness kurtosis kurtosis_pop regr_slope regr_intercept regr_r2 entropy',
);
add('aggregate', 'deviation', 'always', 'stddev stddev_samp stddev_pop stdev stdevp std variance var_samp var_pop var varp');
add('aggregate', 'string', 'always', 'string_agg listagg group_concat stringagg wm_concat array_to_string_agg xmlagg');
add('aggregate', 'boolean', 'always', 'bool_and bool_or every some boolor_agg booland_agg boolxor_agg logical_and logical_or bool_xor');
add(
  'aggregate',
  'array0',
  'always',
  'array_agg array_union_agg array_unique_agg collect_list collect_set grouparray groupuniqarray array_concat_agg approx_top_count approx_quantiles list array_agg_distinct histogram',
);
add(
  'aggregate',
  'json',
  'always',
  'json_agg jsonb_agg json_object_agg jsonb_object_agg object_agg json_arrayagg json_objectagg json_group_array json_group_object map_agg',
);
add('window', 'integer', 'never', 'row_number rank dense_rank ntile conditional_change_event conditional_true_event width_bucket');
add('window', 'float', 'never', 'percent_rank cume_dist ratio_to_report');
add('window', 'arg0', 'always', 'lag lead first_value last_value nth_value lagInFrame leadInFrame');
add(
  'scalar',
  'string',
  'arguments',
  'upper lower trim ltrim rtrim btrim initcap substr substring left right replace reverse repeat lpad rpad translate concat_op overlay regexp_replace regexp_extract md5 sha1 sha2 sha256 sha512 to_hex hex chr char quote_ident quote_literal format format_date format_timestamp format_datetime date_format strftime to_char to_varchar dayname monthname datename soundex uuid_string bin oct insert stuff space lcase ucase mid regexp_substr split_part html_unescape url_encode url_decode farm_fingerprint_hex base64 to_base64 base64_encode base64_decode_string toString formatDateTime json_extract_scalar json_value json_extract_path_text get_json_object typeof pg_typeof version strrev collate parse_url url_extract_host host replaceall regexp_extract_scalar',
);
add(
  'scalar',
  'string',
  'never',
  'concat_ws current_user session_user current_role current_schema current_catalog current_database gen_random_uuid_text generate_uuid newid uuid_generate_v4 randstr',
);
add('scalar', 'string', 'arguments', 'concat');
add('scalar', 'uuid', 'never', 'gen_random_uuid uuid generateuuidv4');
add(
  'scalar',
  'integer',
  'arguments',
  'length len char_length character_length octet_length bit_length position strpos instr charindex locate ascii datediff date_diff datetime_diff timestamp_diff time_diff timestampdiff datediff_big unix_date unix_seconds unix_millis unix_micros epoch epoch_ms year month day hour minute second week weekofyear dayofweek dayofmonth dayofyear quarter dayofweekiso weekiso yearofweek yearofweekiso weekday isodow date_part datepart extract array_length array_size cardinality json_array_length size sign_int bit_count farm_fingerprint hash checksum regexp_count editdist edit_distance levenshtein months_between_int to_number_int toyear tomonth todayofmonth tohour todayofweek toisoweek jarowinkler_similarity crc32 murmur_hash binary_checksum regexp_instr len_array unix_timestamp find_in_set array_position to_unixtime_int toint64 toint32 json_length num_nonnulls num_nulls',
);
add(
  'scalar',
  'arg0',
  'arguments',
  'abs mod greatest_arg least_arg nullif_arg negative positive array_distinct array_sort array_slice array_reverse array_concat array_remove array_except array_intersect array_compact array_append date_trunc_arg bround filter array_filter arrayfilter list_filter array_cat sort_array array_prepend list_sort list_concat array_union flatten_array map_filter object_insert object_delete',
);
add('scalar', 'rounding', 'arguments', 'round trunc truncate sign floor ceil ceiling');
add('scalar', 'common', 'all-arguments', 'coalesce ifnull nvl isnull zeroifnull vnull');
add('scalar', 'common', 'arguments', 'greatest least');
add('scalar', 'arg0', 'always', 'nullif nullifzero');
add('scalar', 'common1', 'always', 'if iff iif nvl2 decode_values choose');
add(
  'scalar',
  'float',
  'arguments',
  'sqrt power pow exp ln log log10 log2 sin cos tan asin acos atan atan2 radians degrees cbrt pi safe_divide div0 div0null ieee_divide months_between st_distance haversine st_area st_x st_y similarity cosine_similarity julianday to_unixtime to_double jaro_winkler_similarity tofloat64',
);
add('scalar', 'float', 'never', 'random rand uniform random_uniform');
add(
  'scalar',
  'date',
  'arguments',
  'to_date date last_day date_from_parts datefromparts make_date next_day previous_day parse_date current_date_local date_from_unix_date todate tostartofmonth tostartofweek tostartofyear tostartofquarter tomonday eomonth add_months try_to_date makedate from_days',
);
add('scalar', 'date', 'never', 'current_date curdate today utc_date');
add(
  'scalar',
  'datetime',
  'arguments',
  'to_timestamp_ntz datetime parse_datetime datetime_trunc datetime_add datetime_sub to_timestamp strptime timestamp_ntz_from_parts make_timestamp todatetime parsedatetimebesteffort str_to_date from_unixtime datetimefromparts try_to_timestamp try_to_timestamp_ntz to_datetime timestamp_from_parts datetime2fromparts time_slice time_bucket',
);
add('scalar', 'datetime', 'never', 'getdate sysdate localtimestamp sysdatetime current_datetime utc_timestamp sysutcdatetime');
add(
  'scalar',
  'timestamp',
  'arguments',
  'timestamp to_timestamp_tz to_timestamp_ltz timestamp_trunc timestamp_add timestamp_sub timestamp_seconds timestamp_millis timestamp_micros parse_timestamp convert_timezone from_utc_timestamp to_utc_timestamp make_timestamptz timestamptz safe_parse_timestamp from_iso8601_timestamp with_timezone try_to_timestamp_tz todatetimeoffset',
);
add(
  'scalar',
  'timestamp',
  'never',
  'current_timestamp now systimestamp transaction_timestamp statement_timestamp clock_timestamp sysdatetimeoffset',
);
add('scalar', 'time', 'arguments', 'to_time time make_time parse_time time_trunc time_add');
add('scalar', 'time', 'never', 'current_time localtime curtime');
add(
  'scalar',
  'interval',
  'arguments',
  'age justify_days justify_hours justify_interval make_interval to_days to_hours to_minutes to_seconds',
);
add(
  'scalar',
  'boolean',
  'arguments',
  'starts_with ends_with startswith endswith contains regexp_like regexp_contains regexp_matches_bool array_contains list_contains is_nan isnan is_inf is_null_value st_contains st_within st_intersects st_dwithin arrays_overlap array_has has any_match all_match none_match rlike like_any regexp_full_match list_has json_exists is_integer is_array is_object st_covers starts_with_any empty notempty to_boolean try_to_boolean',
);
add('scalar', 'boolean', 'never', 'exists equal_null is_null is_not_null isnull_bool');
add(
  'scalar',
  'json',
  'arguments',
  'parse_json try_parse_json to_json_b json_parse to_variant object_construct object_construct_keep_null json_build_object jsonb_build_object json_object json_extract json_query to_jsonb json_build_array json_array get_path json_extract_path json_set as_object from_json row_to_json json_strip_nulls jsonb_set jsonb_strip_nulls object_pick get',
);
add(
  'scalar',
  'string',
  'arguments',
  'to_json to_json_string json_extract_string_value json_extract_string json_unquote json_serialize json_format',
);
add(
  'scalar',
  'decimal',
  'arguments',
  'to_number to_decimal to_numeric try_to_number try_to_decimal try_to_numeric parse_numeric todecimal64',
);
add(
  'scalar',
  'element0',
  'always',
  'element_at array_first array_last list_extract array_extract explode explode_outer unnest array_min array_max list_first try_element_at',
);
add('scalar', 'array0', 'arguments', 'array array_construct make_array list_value');
add(
  'scalar',
  'array',
  'arguments',
  'split string_to_array regexp_split_to_array strtok_to_array str_split string_split regexp_extract_all map_keys map_values generate_series generate_array generate_date_array sequence array_generate_range transform list_transform array_transform range arraymap splitbychar json_extract_array json_query_array',
);
add('scalar', 'bytes', 'arguments', 'to_binary encode unhex from_hex from_base64 hmac decode_bytes to_utf8');
add(
  'scalar',
  'geography',
  'arguments',
  'st_geogpoint st_geogfromtext st_point st_makepoint st_geomfromtext st_buffer st_union st_centroid st_makeline to_geography',
);
add('scalar', 'map', 'arguments', 'map map_from_entries map_from_arrays str_to_map map_concat');

/** The names of all functions that are known, in lower case. */
export function functionNames(): Iterable<string> {
  return facts.keys();
}

/** What is known of a function by its lower-case name; qualifiers such as `safe.` do not matter. */
export function findFunction(name: string): FunctionFacts | undefined {
  return facts.get(name) ?? facts.get(name.slice(name.lastIndexOf('.') + 1));
}

/** Functions that return the kind of the date they are given. */
export const dateShifting: ReadonlyMap<string, number | 'last'> = new Map<string, number | 'last'>([
  ['date_trunc', 1],
  ['datetrunc', 1],
  ['trunc', 0],
  ['dateadd', 2],
  ['date_add', 0],
  ['date_sub', 0],
  ['timestampadd', 2],
  ['timeadd', 2],
  ['adddate', 0],
  ['subdate', 0],
]);

/** The columns of functions in FROM; `value` columns carry the elements, the others positions and keys. */
export const tableFunctions: Readonly<Record<string, readonly (readonly [name: string, type: TypeKind])[] | undefined>> = {
  __proto__: null as never,
  numbers: [['number', 'integer']],
  numbers_mt: [['number', 'integer']],
  flatten: [['seq', 'integer'], ['key', 'string'], ['path', 'string'], ['index', 'integer'], ['value', 'json'], ['this', 'json']],
  split_to_table: [['seq', 'integer'], ['index', 'integer'], ['value', 'string']],
  strtok_split_to_table: [['seq', 'integer'], ['index', 'integer'], ['value', 'string']],
  string_split: [['value', 'string'], ['ordinal', 'integer']],
  openjson: [['key', 'string'], ['value', 'string'], ['type', 'integer']],
  json_each: [['key', 'string'], ['value', 'json'], ['type', 'string'], ['atom', 'json'], ['id', 'integer'], ['parent', 'integer'], ['fullkey', 'string'], ['path', 'string']],
  json_tree: [['key', 'string'], ['value', 'json'], ['type', 'string'], ['atom', 'json'], ['id', 'integer'], ['parent', 'integer'], ['fullkey', 'string'], ['path', 'string']],
  jsonb_each: [['key', 'string'], ['value', 'json']],
  json_each_text: [['key', 'string'], ['value', 'string']],
  jsonb_each_text: [['key', 'string'], ['value', 'string']],
  json_array_elements: [['value', 'json']],
  jsonb_array_elements: [['value', 'json']],
  json_array_elements_text: [['value', 'string']],
  jsonb_array_elements_text: [['value', 'string']],
  explode: [['col', 'unknown']],
  explode_outer: [['col', 'unknown']],
  posexplode: [['pos', 'integer'], ['col', 'unknown']],
  posexplode_outer: [['pos', 'integer'], ['col', 'unknown']],
  generator: [['seq4', 'integer']],
}; // biome-ignore format: a table
