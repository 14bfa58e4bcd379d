import { allRules } from '../functions/all.ts';

export type Returned = 'float' | 'boolean' | 'text' | 'bytes';

const letters: Readonly<Record<string, Returned>> = { i: 'float', f: 'float', n: 'float', b: 'boolean', s: 'text', y: 'bytes' };

/** Functions that no rule calls alone, or that rules call for several kinds of results. */
const known: Readonly<Record<Returned, string>> = {
  float:
    'text_number prefix_number formatted_number pattern_number variant_number round_decimal significant check_decimal round_integer div_int div_real div_ieee mod mod_null pmod safe_divide power interval_micros diff_date diff_time part_date part_interval round truncate bit_xor length byte_length array_length position agg_percentile_cont agg_variance agg_regression agg_skewness agg_bits agg_product agg_geomean agg_entropy agg_distinct_count agg_distinct_sum ln log10 log_base hex_number array_position json_array_length grouping cos sin',
  boolean:
    'text_boolean variant_boolean regex_find regex_full similar like ilike like_brackets contains starts_with ends_with json_valid json_contains json_has_key json_has_keys array_contains array_overlap overlaps is_nan is_inf array_contains_all',
  text: 'format_value short_numbers json_of float_text decimal_text variant_text format_interval varchar utf8_text jsonb_text array_literal trunc_date add_date interval_add shift_zone text_date text_timestamp text_time date_of epoch_to make_date make_timestamp make_time parse_date format_date last_day json_type upper lower substring left right trim trim_space replace regex_replace concat_ws md5 sha1 sha2 to_hex to_base64 agg_text split_part add_time trunc_time trunc_interval interval_sum interval_times make_interval interval_between text_interval array_concat array_distinct array_compact json_keys hex_of chr initcap repeat reverse bucket_date braces',
  bytes: 'utf8_bytes md5_bytes sha1_bytes sha256_bytes sha512_bytes from_hex from_base64 decode',
};

function build(): ReadonlyMap<string, Returned> {
  const found = new Map<string, Returned | undefined>();
  for (const rule of allRules) {
    const name = /^hw_(\w+)\([^()]*\)$/.exec(rule.body)?.[1];
    if (name === undefined) continue;
    const returned = letters[rule.result];
    found.set(name, found.has(name) && found.get(name) !== returned ? undefined : returned);
  }
  for (const [returned, names] of Object.entries(known)) for (const name of names.split(' ')) found.set(name, returned as Returned);
  // 64 bits do not pass through a double.
  found.delete('farm_fingerprint');
  return new Map([...found].flatMap(([name, returned]) => (returned === undefined ? [] : [[name, returned] as const])));
}

const returned = build();

/** What a function of ours gives, where it always gives the same kind of value. */
export function returnedBy(name: string): Returned | undefined {
  return returned.get(name);
}
