import { overridable, overridableTest } from './overridable.ts';

const define = (name: string, parameters: readonly string[], body: string): string =>
  overridable('dbt_expectations', name, parameters, body);
const test = (name: string, parameters: readonly string[], body: string): string =>
  overridableTest('dbt_expectations', name, parameters, body);

const condition = 'row_condition=None';
const strictly = 'strictly=False';
const groupBy = 'group_by=None';

/** Rows for which an expression is not true. */
const rowsNot = (expression: string): string =>
  `{%- set expression -%}${expression}{%- endset -%}select * from {{ model }} where not ({{ expression }}){% if row_condition %} and {{ row_condition }}{% endif %}`;

/** Groups for which an aggregate is out of its bounds. */
const boundedAggregate = (aggregate: string): string => `
{%- set operator = '' if strictly else '=' -%}
{%- set keys = group_by or [] -%}
with metric_values as (
    select {% for key in keys %}{{ key }}, {% endfor %}${aggregate} as metric
    from {{ model }}{% if row_condition %} where {{ row_condition }}{% endif %}{% if keys %} group by {{ keys | join(', ') }}{% endif %}
)
select * from metric_values where 1 = 2
{%- if min_value is not none %} or not (metric >{{ operator }} {{ min_value }}){% endif -%}
{%- if max_value is not none %} or not (metric <{{ operator }} {{ max_value }}){% endif %}`;

const bounded = (name: string, aggregate: string): string =>
  test(
    `expect_column_${name}_to_be_between`,
    ['model', 'column_name', 'min_value=None', 'max_value=None', groupBy, condition, strictly],
    boundedAggregate(aggregate),
  );

const between = (value: string): string =>
  `1 = 1{% if min_value is not none %} and ${value} >{{ '' if strictly else '=' }} {{ min_value }}{% endif %}{% if max_value is not none %} and ${value} <{{ '' if strictly else '=' }} {{ max_value }}{% endif %}`;

const quoted = `{% for value in value_set %}{{ "'" ~ value ~ "'" if quote_values else value }}{{ ', ' if not loop.last }}{% endfor %}`;

const onColumns = (statement: string): string => `
{%- set names = [] -%}{%- if execute -%}{%- for column in adapter.get_columns_in_relation(model) -%}{%- do names.append(column.name | upper) -%}{%- endfor -%}{%- endif -%}
select 1 as wrong where not ({{ '1 = 1' if (${statement}) else '1 = 2' }})`;

const wantedColumns = '(column_list | map("upper") | list)';

const pattern = (isWanted: boolean): string =>
  rowsNot(
    `{{ column_name }} is null or ${isWanted ? '' : 'not '}({{ dbt_expectations.regexp_instr(column_name, regex, flags=flags) }} > 0)`,
  );

const like = (isWanted: boolean): string => rowsNot(`{{ column_name }} ${isWanted ? '' : 'not '}like '{{ like_pattern }}'`);

const ordered = (direction: string): string => `
{%- set keys = group_by or [] -%}{%- set sort = sort_column if sort_column else column_name -%}
with lagged as (
    select *, lag({{ column_name }}) over ({% if keys %}partition by {{ keys | join(', ') }} {% endif %}order by {{ sort }}) as value_field_lag
    from {{ model }}{% if row_condition %} where {{ row_condition }}{% endif %}
)
select * from lagged where value_field_lag is not null and not ({{ column_name }} ${direction}{{ '' if strictly else '=' }} value_field_lag)`;

const recent = (keys: string): string => `
{%- set threshold = dbt.dateadd(datepart, interval * -1, dbt_date.now()) -%}
with newest as (
    select ${keys}max(cast({{ ${keys === '' ? 'column_name' : 'timestamp_column'} }} as {{ dbt.type_timestamp() }})) as max_timestamp
    from {{ model }}{% if row_condition %} where {{ row_condition }}{% endif %}${keys === '' ? '' : " group by {{ group_by | join(', ') }}"}
)
select * from newest where max_timestamp is null or max_timestamp < cast({{ threshold }} as {{ dbt.type_timestamp() }})`;

/** Groups whose number of distinct values is not as it should be. */
const distinctCount = (wanted: string): string =>
  `select * from (select {% for key in group_by or [] %}{{ key }}, {% endfor %}count(distinct {{ column_name }}) as n from {{ model }}{% if row_condition %} where {{ row_condition }}{% endif %}{% if group_by %} group by {{ group_by | join(', ') }}{% endif %}) as counts where not (n ${wanted})`;

/** Rows that do not fit any, or all, of some patterns. */
const patterns = (isWanted: boolean): string =>
  rowsNot(
    `{{ column_name }} is null or ({% for regex in regex_list %}${isWanted ? '' : 'not '}({{ dbt_expectations.regexp_instr(column_name, regex, flags=flags) }} > 0){{ (' and ' if match_on == 'all' else ' or ') if not loop.last }}{% endfor %})`,
  );

const likes = (isWanted: boolean): string =>
  rowsNot(
    `({% for like_pattern in like_pattern_list %}{{ column_name }} ${isWanted ? '' : 'not '}like '{{ like_pattern }}'{{ (' and ' if match_on == 'all' else ' or ') if not loop.last }}{% endfor %})`,
  );

const everyPeriod = `
{%- set truncated = dbt.date_trunc(date_part, 'cast(' ~ date_col ~ ' as ' ~ dbt.type_timestamp() ~ ')') -%}
{%- set keys = group_by or [] -%}
with periods as (
    select {% for key in keys %}{{ key }}, {% endfor %}{{ truncated }} as period
    from {{ model }}{% if row_condition %} where {{ row_condition }}{% endif %}
    group by {% for key in keys %}{{ key }}, {% endfor %}{{ truncated }}
),
gaps as (
    select periods.*, lead(period) over ({% if keys %}partition by {{ keys | join(', ') }} {% endif %}order by period) as next_period from periods
)
select * from gaps
where next_period is not null and next_period > {{ dbt.dateadd(date_part, interval or 1, 'period') }}{% if exclusion_condition %} and not ({{ exclusion_condition }}){% endif %}`;

const deviations = `
{%- set keys = group_by or [] -%}
with metric_values as (select {% for key in keys %}{{ key }}, {% endfor %}{{ column_name }} as metric_value from {{ model }}{% if row_condition %} where {{ row_condition }}{% endif %}),
measured as (select metric_value, avg(metric_value) over () as average, stddev(metric_value) over () as deviation from metric_values)
select * from measured where abs((metric_value - average) / nullif(deviation, 0)) > {{ sigma_threshold }}`;

const regexpInstr = `{% if target.type == 'bigquery' %}regexp_instr({{ source_value }}, r'{{ regexp }}'){% elif target.type in ['snowflake', 'redshift'] %}regexp_instr({{ source_value }}, '{{ regexp }}', {{ position }}, {{ occurrence }}){% elif target.type in ['spark', 'databricks'] %}length(regexp_extract({{ source_value }}, '{{ regexp }}', 0)){% elif target.type == 'trino' %}regexp_position({{ source_value }}, '{{ regexp }}'){% elif target.type == 'duckdb' %}case when regexp_matches({{ source_value }}, '{{ regexp }}'{{ ", '" ~ flags ~ "'" if flags }}) then 1 else 0 end{% else %}array_length((select regexp_matches({{ source_value }}, '{{ regexp }}'{{ ", '" ~ flags ~ "'" if flags }})), 1){% endif %}`;

/** What dbt_expectations is documented to do, in our own words. */
export const dbtExpectationsMacros: readonly string[] = [
  define('regexp_instr', ['source_value', 'regexp', 'position=1', 'occurrence=1', 'is_raw=False', "flags=''"], regexpInstr),
  define('type_timestamp', [], '{{ return(dbt.type_timestamp()) }}'),
  define('type_datetime', [], "{{ return('datetime' if target.type == 'bigquery' else dbt.type_timestamp()) }}"),
  define('group_by', ['n'], 'group by {% for i in range(1, n + 1) -%}{{ i }}{{ "," if not loop.last }}{%- endfor -%}'),
  test(
    'expression_is_true',
    ['model', 'expression', 'test_condition="= true"', 'group_by_columns=None', condition],
    rowsNot('{{ expression }}'),
  ),
  test(
    'expect_column_to_exist',
    ['model', 'column_name', 'column_index=None', "transform='upper'"],
    onColumns('(column_name | upper) in names and (column_index is none or names[column_index - 1] == (column_name | upper))'),
  ),
  test(
    'expect_table_columns_to_contain_set',
    ['model', 'column_list', "transform='upper'"],
    onColumns(`${wantedColumns} | reject('in', names) | list | length == 0`),
  ),
  test(
    'expect_table_columns_to_not_contain_set',
    ['model', 'column_list', "transform='upper'"],
    onColumns(`${wantedColumns} | select('in', names) | list | length == 0`),
  ),
  test(
    'expect_table_columns_to_match_set',
    ['model', 'column_list', "transform='upper'"],
    onColumns(`${wantedColumns} | sort == names | sort`),
  ),
  test('expect_table_columns_to_match_ordered_list', ['model', 'column_list', "transform='upper'"], onColumns(`${wantedColumns} == names`)),
  test('expect_table_column_count_to_equal', ['model', 'value'], onColumns('names | length == value')),
  test(
    'expect_table_column_count_to_be_between',
    ['model', 'min_value=None', 'max_value=None'],
    onColumns('(min_value is none or names | length >= min_value) and (max_value is none or names | length <= max_value)'),
  ),
  test(
    'expect_table_column_count_to_equal_other_table',
    ['model', 'compare_model'],
    onColumns('names | length == (adapter.get_columns_in_relation(compare_model) | length if execute else 0)'),
  ),
  test(
    'expect_table_row_count_to_equal',
    ['model', 'value', groupBy, condition],
    'select count(*) as n from {{ model }}{% if row_condition %} where {{ row_condition }}{% endif %} having not (count(*) = {{ value }})',
  ),
  test(
    'expect_table_row_count_to_be_between',
    ['model', 'min_value=None', 'max_value=None', groupBy, condition, strictly],
    boundedAggregate('count(*)'),
  ),
  test(
    'expect_table_row_count_to_equal_other_table',
    ['model', 'compare_model', groupBy, 'compare_group_by=None', 'factor=1', condition, 'compare_row_condition=None'],
    'select * from (select (select count(*) from {{ model }}{% if row_condition %} where {{ row_condition }}{% endif %}) as a, (select count(*) * {{ factor }} from {{ compare_model }}{% if compare_row_condition %} where {{ compare_row_condition }}{% endif %}) as b) as counts where a <> b',
  ),
  test(
    'expect_table_aggregation_to_equal_other_table',
    [
      'model',
      'expression',
      'compare_model',
      'compare_expression=None',
      groupBy,
      'compare_group_by=None',
      condition,
      'compare_row_condition=None',
      'tolerance=0.0',
      'tolerance_percent=None',
    ],
    'select * from (select (select {{ expression }} from {{ model }}{% if row_condition %} where {{ row_condition }}{% endif %}) as a, (select {{ compare_expression or expression }} from {{ compare_model }}{% if compare_row_condition %} where {{ compare_row_condition }}{% endif %}) as b) as values_of_both where abs(a - b) > {{ tolerance }}',
  ),
  test('expect_row_values_to_have_recent_data', ['model', 'column_name', 'datepart', 'interval', condition], recent('')),
  test(
    'expect_grouped_row_values_to_have_recent_data',
    ['model', 'group_by', 'timestamp_column', 'datepart', 'interval', condition],
    recent("{{ group_by | join(', ') }}, "),
  ),
  test('expect_column_values_to_be_null', ['model', 'column_name', condition], rowsNot('{{ column_name }} is null')),
  test('expect_column_values_to_not_be_null', ['model', 'column_name', condition], rowsNot('{{ column_name }} is not null')),
  test(
    'expect_column_values_to_be_unique',
    ['model', 'column_name', condition],
    'select {{ column_name }} from {{ model }} where {{ column_name }} is not null{% if row_condition %} and {{ row_condition }}{% endif %} group by {{ column_name }} having count(*) > 1',
  ),
  test(
    'expect_compound_columns_to_be_unique',
    ['model', 'column_list', 'quote_columns=False', "ignore_row_if='all_values_are_missing'", condition],
    "select {{ column_list | join(', ') }} from {{ model }} where not ({% for column in column_list %}{{ column }} is null{{ (' and ' if ignore_row_if == 'all_values_are_missing' else ' or ') if not loop.last }}{% endfor %}){% if row_condition %} and {{ row_condition }}{% endif %} group by {{ column_list | join(', ') }} having count(*) > 1",
  ),
  test(
    'expect_column_values_to_be_in_set',
    ['model', 'column_name', 'value_set', 'quote_values=True', condition],
    `select {{ column_name }} as value_field from {{ model }} where {{ column_name }} is not null and {{ column_name }} not in (${quoted}){% if row_condition %} and {{ row_condition }}{% endif %}`,
  ),
  test(
    'expect_column_values_to_not_be_in_set',
    ['model', 'column_name', 'value_set', 'quote_values=True', condition],
    `select {{ column_name }} as value_field from {{ model }} where {{ column_name }} in (${quoted}){% if row_condition %} and {{ row_condition }}{% endif %}`,
  ),
  test(
    'expect_column_distinct_values_to_be_in_set',
    ['model', 'column_name', 'value_set', 'quote_values=True', condition],
    `select distinct {{ column_name }} as value_field from {{ model }} where {{ column_name }} is not null and {{ column_name }} not in (${quoted}){% if row_condition %} and {{ row_condition }}{% endif %}`,
  ),
  test(
    'expect_column_distinct_values_to_contain_set',
    ['model', 'column_name', 'value_set', 'quote_values=True', condition],
    'select * from ({% for value in value_set %}select {{ "\'" ~ value ~ "\'" if quote_values else value }} as value_field{{ \' union all \' if not loop.last }}{% endfor %}) as wanted where value_field not in (select {{ column_name }} from {{ model }} where {{ column_name }} is not null)',
  ),
  test(
    'expect_column_values_to_be_between',
    ['model', 'column_name', 'min_value=None', 'max_value=None', condition, strictly],
    rowsNot(between('{{ column_name }}')),
  ),
  test(
    'expect_column_values_to_be_of_type',
    ['model', 'column_name', 'column_type'],
    "{%- set ns = namespace(found=false) -%}{%- if execute -%}{%- for column in adapter.get_columns_in_relation(model) -%}{%- if column.name | lower == column_name | lower and column.dtype | lower == column_type | lower -%}{%- set ns.found = true -%}{%- endif -%}{%- endfor -%}{%- endif -%}select 1 as wrong where {{ '1 = 2' if ns.found or not execute else '1 = 1' }}",
  ),
  test(
    'expect_column_values_to_be_in_type_list',
    ['model', 'column_name', 'column_type_list'],
    "{%- set ns = namespace(found=false) -%}{%- set wanted = column_type_list | map('lower') | list -%}{%- if execute -%}{%- for column in adapter.get_columns_in_relation(model) -%}{%- if column.name | lower == column_name | lower and column.dtype | lower in wanted -%}{%- set ns.found = true -%}{%- endif -%}{%- endfor -%}{%- endif -%}select 1 as wrong where {{ '1 = 2' if ns.found or not execute else '1 = 1' }}",
  ),
  test(
    'expect_column_values_to_be_increasing',
    ['model', 'column_name', 'sort_column=None', 'strictly=True', condition, groupBy, 'step=None'],
    ordered('>'),
  ),
  test(
    'expect_column_values_to_be_decreasing',
    ['model', 'column_name', 'sort_column=None', 'strictly=True', condition, groupBy, 'step=None'],
    ordered('<'),
  ),
  test(
    'expect_column_value_lengths_to_equal',
    ['model', 'column_name', 'value', condition],
    rowsNot('{{ dbt.length(column_name) }} = {{ value }}'),
  ),
  test(
    'expect_column_value_lengths_to_be_between',
    ['model', 'column_name', 'min_value=None', 'max_value=None', condition, strictly],
    rowsNot(between('{{ dbt.length(column_name) }}')),
  ),
  test('expect_column_values_to_match_regex', ['model', 'column_name', 'regex', condition, 'is_raw=False', "flags=''"], pattern(true)),
  test('expect_column_values_to_not_match_regex', ['model', 'column_name', 'regex', condition, 'is_raw=False', "flags=''"], pattern(false)),
  test('expect_column_values_to_match_like_pattern', ['model', 'column_name', 'like_pattern', condition], like(true)),
  test('expect_column_values_to_not_match_like_pattern', ['model', 'column_name', 'like_pattern', condition], like(false)),
  test(
    'expect_column_distinct_count_to_equal',
    ['model', 'column_name', 'value', 'quote_values=False', groupBy, condition],
    distinctCount('= {{ value }}'),
  ),
  test(
    'expect_column_distinct_count_to_be_greater_than',
    ['model', 'column_name', 'value', 'quote_values=False', groupBy, condition],
    distinctCount('> {{ value }}'),
  ),
  test(
    'expect_column_distinct_count_to_be_less_than',
    ['model', 'column_name', 'value', 'quote_values=False', groupBy, condition],
    distinctCount('< {{ value }}'),
  ),
  test(
    'equal_expression',
    [
      'model',
      'expression',
      'compare_model=None',
      'compare_expression=None',
      groupBy,
      'compare_group_by=None',
      condition,
      'compare_row_condition=None',
      'tolerance=0.0',
      'tolerance_percent=None',
    ],
    'select * from (select (select {{ expression }} from {{ model }}{% if row_condition %} where {{ row_condition }}{% endif %}) as a, (select {{ compare_expression or expression }} from {{ compare_model or model }}{% if compare_row_condition %} where {{ compare_row_condition }}{% endif %}) as b) as values_of_both where abs(a - b) > {{ tolerance }}',
  ),
  test(
    'expect_column_distinct_values_to_equal_set',
    ['model', 'column_name', 'value_set', 'quote_values=True', condition],
    `select distinct {{ column_name }} as value_field from {{ model }} where {{ column_name }} not in (${quoted}){% if row_condition %} and {{ row_condition }}{% endif %} union all select value_field from ({% for value in value_set %}select {{ "'" ~ value ~ "'" if quote_values else value }} as value_field{{ ' union all ' if not loop.last }}{% endfor %}) as wanted where value_field not in (select {{ column_name }} from {{ model }} where {{ column_name }} is not null{% if row_condition %} and {{ row_condition }}{% endif %})`,
  ),
  test(
    'expect_column_most_common_value_to_be_in_set',
    ['model', 'column_name', 'value_set', 'top_n', 'quote_values=True', "data_type='decimal'", condition],
    `select * from (select {{ column_name }} as value_field, rank() over (order by count(*) desc) as place from {{ model }}{% if row_condition %} where {{ row_condition }}{% endif %} group by {{ column_name }}) as ranked where place <= {{ top_n }} and value_field not in (${quoted})`,
  ),
  test(
    'expect_column_values_to_have_consistent_casing',
    ['model', 'column_name', 'display_inconsistent_columns=False'],
    'select lower({{ column_name }}) as folded, count(distinct {{ column_name }}) as n from {{ model }} group by lower({{ column_name }}) having count(distinct {{ column_name }}) > 1',
  ),
  test(
    'expect_column_values_to_match_regex_list',
    ['model', 'column_name', 'regex_list', "match_on='any'", condition, 'is_raw=False', "flags=''"],
    patterns(true),
  ),
  test(
    'expect_column_values_to_not_match_regex_list',
    ['model', 'column_name', 'regex_list', "match_on='any'", condition, 'is_raw=False', "flags=''"],
    patterns(false),
  ),
  test(
    'expect_column_values_to_match_like_pattern_list',
    ['model', 'column_name', 'like_pattern_list', "match_on='any'", condition],
    likes(true),
  ),
  test(
    'expect_column_values_to_not_match_like_pattern_list',
    ['model', 'column_name', 'like_pattern_list', "match_on='any'", condition],
    likes(false),
  ),
  test(
    'expect_column_distinct_count_to_equal_other_table',
    ['model', 'column_name', 'compare_model=None', 'compare_column_name=None', condition, 'compare_row_condition=None'],
    'select * from (select (select count(distinct {{ column_name }}) from {{ model }}{% if row_condition %} where {{ row_condition }}{% endif %}) as a, (select count(distinct {{ compare_column_name or column_name }}) from {{ compare_model or model }}{% if compare_row_condition %} where {{ compare_row_condition }}{% endif %}) as b) as counts where a <> b',
  ),
  test(
    'expect_row_values_to_have_data_for_every_n_datepart',
    [
      'model',
      'date_col',
      "date_part='day'",
      'interval=None',
      condition,
      'exclusion_condition=None',
      'test_start_date=None',
      'test_end_date=None',
      groupBy,
    ],
    everyPeriod,
  ),
  test('expect_column_values_to_be_within_n_stdevs', ['model', 'column_name', groupBy, 'sigma_threshold=3', condition], deviations),
  test(
    'expect_column_values_to_be_within_n_moving_stdevs',
    [
      'model',
      'column_name',
      'date_column_name',
      groupBy,
      "period='day'",
      'lookback_periods=1',
      'trend_periods=7',
      'test_periods=14',
      'sigma_threshold=3',
      'sigma_threshold_upper=None',
      'sigma_threshold_lower=None',
      'take_diffs=True',
      'take_logs=True',
      condition,
    ],
    "{{ exceptions.warn('expect_column_values_to_be_within_n_moving_stdevs is not looked at until dbt_expectations is installed.') }}select 1 as wrong where 1 = 2",
  ),
  bounded('mean', 'avg({{ column_name }})'),
  bounded('median', 'percentile_cont(0.5) within group (order by {{ column_name }})'),
  bounded('min', 'min({{ column_name }})'),
  bounded('max', 'max({{ column_name }})'),
  bounded('sum', 'sum({{ column_name }})'),
  bounded('stdev', 'stddev({{ column_name }})'),
  bounded('unique_value_count', 'count(distinct {{ column_name }})'),
  bounded('proportion_of_unique_values', 'count(distinct {{ column_name }}) * 1.0 / count({{ column_name }})'),
  test(
    'expect_column_quantile_values_to_be_between',
    ['model', 'column_name', 'quantile', 'min_value=None', 'max_value=None', groupBy, condition, strictly],
    boundedAggregate('percentile_cont({{ quantile }}) within group (order by {{ column_name }})'),
  ),
  test(
    'expect_column_pair_values_A_to_be_greater_than_B',
    ['model', 'column_A', 'column_B', 'or_equal=False', condition],
    rowsNot("{{ column_A }} >{{ '=' if or_equal }} {{ column_B }}"),
  ),
  test('expect_column_pair_values_to_be_equal', ['model', 'column_A', 'column_B', condition], rowsNot('{{ column_A }} = {{ column_B }}')),
  test(
    'expect_column_pair_values_to_be_in_set',
    ['model', 'column_A', 'column_B', 'value_pairs_set', condition],
    rowsNot(
      '{% for pair in value_pairs_set %}({{ column_A }} = {{ pair[0] }} and {{ column_B }} = {{ pair[1] }}){{ " or " if not loop.last }}{% endfor %}',
    ),
  ),
  test(
    'expect_multicolumn_sum_to_equal',
    ['model', 'column_list', 'sum_total', groupBy, condition],
    "select * from (select {% for key in group_by or [] %}{{ key }}, {% endfor %}{% for column in column_list %}sum({{ column }}){{ ' + ' if not loop.last }}{% endfor %} as total, {% if sum_total is number %}{{ sum_total }}{% else %}sum({{ sum_total }}){% endif %} as wanted from {{ model }}{% if row_condition %} where {{ row_condition }}{% endif %}{% if group_by %} group by {{ group_by | join(', ') }}{% endif %}) as totals where not (total = wanted)",
  ),
  test(
    'expect_select_column_values_to_be_unique_within_record',
    ['model', 'column_list', 'quote_columns=False', "ignore_row_if='all_values_are_missing'", condition],
    "{%- set pairs = [] -%}{%- for a in column_list -%}{%- for b in column_list[loop.index:] -%}{%- do pairs.append(a ~ ' = ' ~ b) -%}{%- endfor -%}{%- endfor -%}select * from {{ model }} where ({{ pairs | join(' or ') }}){% if row_condition %} and {{ row_condition }}{% endif %}",
  ),
];
