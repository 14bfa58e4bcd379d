import { overridableTest } from './overridable.ts';

const test = (name: string, parameters: readonly string[], body: string): string => overridableTest('dbt_utils', name, parameters, body);

const groups = `{%- set keys = group_by_columns -%}{%- set listed = keys | join(', ') ~ (', ' if keys | length > 0 else '') -%}{%- set grouped = ('group by ' ~ keys | join(', ')) if keys | length > 0 else '' -%}`;

const rowCounts = (condition: string): string => `${groups}
with a as (select {{ listed }}{{ '1 as id_join,' if keys | length == 0 }} count(*) as count_a from {{ model }} {{ grouped }}),
b as (select {{ listed }}{{ '1 as id_join,' if keys | length == 0 }} count(*) as count_b from {{ compare_model }} {{ grouped }}),
final as (
    select
        {% for key in keys -%}a.{{ key }} as {{ key }}_a, b.{{ key }} as {{ key }}_b,{%- endfor %}
        count_a, count_b, abs(count_a - count_b) as diff_count
    from a full join b on {% if keys | length == 0 %}a.id_join = b.id_join{% else %}{% for key in keys %}a.{{ key }} = b.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}{% endif %}
)
select * from final where ${condition}`;

const equality = `
{%- if not execute -%}{{ return('') }}{%- endif -%}
{%- if compare_columns and exclude_columns -%}{{ exceptions.raise_compiler_error("Both a compare and an ignore list were provided to the \`equality\` macro. Only one is allowed") }}{%- endif -%}
{%- set left_out = (exclude_columns or []) | map('lower') | list -%}
{%- if not compare_columns -%}
  {%- set compare_columns = [] -%}
  {%- for column in adapter.get_columns_in_relation(model) -%}{%- if column.column | lower not in left_out -%}{%- do compare_columns.append(column.quoted) -%}{%- endif -%}{%- endfor -%}
{%- endif -%}
{%- set listed = compare_columns | join(', ') -%}
{%- set exact = [] -%}
{%- for name in compare_columns -%}
  {%- set ns = namespace(text=name) -%}
  {%- if precision is not none -%}{%- for column in adapter.get_columns_in_relation(model) -%}{%- if column.column | lower == name | replace('"', '') | replace('\`', '') | lower and (column.is_float() or column.is_numeric()) -%}{%- set ns.text = 'round(cast(' ~ name ~ ' as ' ~ dbt.type_numeric() ~ '), ' ~ precision ~ ') as ' ~ name -%}{%- endif -%}{%- endfor -%}{%- endif -%}
  {%- do exact.append(ns.text) -%}
{%- endfor -%}
with a as (select {{ exact | join(', ') }} from {{ model }}),
b as (select {{ exact | join(', ') }} from {{ compare_model }}),
a_minus_b as (select {{ listed }} from a {{ dbt.except() }} select {{ listed }} from b),
b_minus_a as (select {{ listed }} from b {{ dbt.except() }} select {{ listed }} from a)
select 'a_minus_b' as which_diff, a_minus_b.* from a_minus_b
union all
select 'b_minus_a' as which_diff, b_minus_a.* from b_minus_a`;

const ranges = `
{%- if gaps not in ['not_allowed', 'allowed', 'required'] -%}{{ exceptions.raise_compiler_error("\`gaps\` argument for mutually_exclusive_ranges test must be one of ['not_allowed', 'allowed', 'required'] Got: '" ~ gaps ~ "'.") }}{%- endif -%}
{%- set operator = {'not_allowed': '=', 'allowed': '<=', 'required': '<'}[gaps] -%}
{%- set partition = ('partition by ' ~ partition_by) if partition_by else '' -%}
with window_functions as (
    select
        {% if partition_by %}{{ partition_by }} as partition_by_col,{% endif %}
        {{ lower_bound_column }} as lower_bound,
        {{ upper_bound_column }} as upper_bound,
        lead({{ lower_bound_column }}) over ({{ partition }} order by {{ lower_bound_column }}, {{ upper_bound_column }}) as next_lower_bound,
        row_number() over ({{ partition }} order by {{ lower_bound_column }} desc, {{ upper_bound_column }} desc) = 1 as is_last_record
    from {{ model }}
),
calc as (
    select
        *,
        coalesce(lower_bound {{ '<=' if zero_length_range_allowed else '<' }} upper_bound, false) as lower_bound_less_than_upper_bound,
        coalesce(upper_bound {{ operator }} next_lower_bound, is_last_record, false) as upper_bound_meets_next_lower_bound
    from window_functions
)
select * from calc where not (lower_bound_less_than_upper_bound and upper_bound_meets_next_lower_bound)`;

const sequential = `${groups}
{%- set previous = "lag(" ~ column_name ~ ") over (" ~ (("partition by " ~ keys | join(', ')) if keys | length > 0 else "") ~ " order by " ~ column_name ~ ")" -%}
with windowed as (select {{ listed }}{{ column_name }}, {{ previous }} as previous_{{ column_name }} from {{ model }})
select * from windowed
{% if datepart -%}
where not (cast({{ column_name }} as {{ dbt.type_timestamp() }}) = cast({{ dbt.dateadd(datepart, interval, 'previous_' ~ column_name) }} as {{ dbt.type_timestamp() }}))
{%- else -%}
where not ({{ column_name }} = previous_{{ column_name }} + {{ interval }})
{%- endif %}`;

const recency = `${groups}
{%- set threshold -%}{%- if ignore_time_component -%}cast({{ dbt.dateadd(datepart, interval * -1, dbt.date_trunc('day', dbt.current_timestamp())) }} as date){%- else -%}cast({{ dbt.dateadd(datepart, interval * -1, dbt.current_timestamp()) }} as {{ dbt.type_timestamp() }}){%- endif -%}{%- endset -%}
with recency as (
    select {{ listed }}{% if ignore_time_component %}cast(max({{ field }}) as date){% else %}max({{ field }}){% endif %} as most_recent
    from {{ model }} {{ grouped }}
)
select {{ listed }}most_recent, {{ threshold }} as threshold
from recency where most_recent < {{ threshold }}`;

/** The generic tests of dbt_utils. */
export const dbtUtilsTests: readonly string[] = [
  test(
    'unique_combination_of_columns',
    ['model', 'combination_of_columns', 'quote_columns=false'],
    `{%- set listed = [] -%}{%- for column in combination_of_columns -%}{%- do listed.append(adapter.quote(column) if quote_columns else column) -%}{%- endfor -%}
with validation_errors as (select {{ listed | join(', ') }} from {{ model }} group by {{ listed | join(', ') }} having count(*) > 1)
select * from validation_errors`,
  ),
  test(
    'expression_is_true',
    ['model', 'expression', 'column_name=none'],
    `select {{ '*' if should_store_failures() else '1' }} from {{ model }} where not({{ column_name ~ ' ' if column_name is not none }}{{ expression }})`,
  ),
  test(
    'accepted_range',
    ['model', 'column_name', 'min_value=none', 'max_value=none', 'inclusive=true'],
    `with meet_condition as (select * from {{ model }}),
validation_errors as (
    select * from meet_condition where 1 = 2
    {%- if min_value is not none %} or not {{ column_name }} > {{- '=' if inclusive }} {{ min_value }}{% endif -%}
    {%- if max_value is not none %} or not {{ column_name }} < {{- '=' if inclusive }} {{ max_value }}{% endif %}
)
select * from validation_errors`,
  ),
  test(
    'at_least_one',
    ['model', 'column_name', 'group_by_columns=[]'],
    `${groups}
select * from (select {{ listed }}count({{ column_name }}) as filler_column from {{ model }} {{ grouped }} having count({{ column_name }}) = 0) as validation_errors`,
  ),
  test(
    'not_constant',
    ['model', 'column_name', 'group_by_columns=[]'],
    `${groups}
select {{ listed }}count(distinct {{ column_name }}) as filler_column from {{ model }} {{ grouped }} having count(distinct {{ column_name }}) = 1`,
  ),
  test(
    'not_empty_string',
    ['model', 'column_name', 'trim_whitespace=true'],
    `with all_values as (select {% if trim_whitespace %}trim({{ column_name }}) as {{ column_name }}{% else %}{{ column_name }}{% endif %} from {{ model }})
select * from all_values where {{ column_name }} = ''`,
  ),
  test(
    'cardinality_equality',
    ['model', 'column_name', 'to', 'field'],
    `with table_a as (select {{ column_name }}, count(*) as num_rows from {{ model }} group by {{ column_name }}),
table_b as (select {{ field }}, count(*) as num_rows from {{ to }} group by {{ field }}),
except_a as (select * from table_a {{ dbt.except() }} select * from table_b),
except_b as (select * from table_b {{ dbt.except() }} select * from table_a)
select * from except_a union all select * from except_b`,
  ),
  test(
    'not_null_proportion',
    ['model', 'column_name', 'at_least', 'at_most=1.0', 'group_by_columns=[]'],
    `${groups}
with validation as (select {{ listed }}sum(case when {{ column_name }} is null then 0 else 1 end) / cast(count(*) as {{ dbt.type_numeric() }}) as not_null_proportion from {{ model }} {{ grouped }})
select {{ listed }}not_null_proportion from validation where not_null_proportion < {{ at_least }} or not_null_proportion > {{ at_most }}`,
  ),
  test(
    'not_accepted_values',
    ['model', 'column_name', 'values', 'quote=True'],
    `with all_values as (select distinct {{ column_name }} as value_field from {{ model }})
select value_field from all_values where value_field in ({% for value in values -%}{{ "'" ~ value ~ "'" if quote else value }}{{ ',' if not loop.last }}{%- endfor %})`,
  ),
  test(
    'relationships_where',
    ['model', 'column_name', 'to', 'field', "from_condition='1=1'", "to_condition='1=1'"],
    `with left_table as (select {{ column_name }} as id from {{ model }} where {{ column_name }} is not null and {{ from_condition }}),
right_table as (select {{ field }} as id from {{ to }} where {{ field }} is not null and {{ to_condition }})
select left_table.id, right_table.id as right_id from left_table left join right_table on left_table.id = right_table.id where right_table.id is null`,
  ),
  test('equal_rowcount', ['model', 'compare_model', 'group_by_columns=[]'], rowCounts('diff_count > 0')),
  test('fewer_rows_than', ['model', 'compare_model', 'group_by_columns=[]'], rowCounts('count_a >= count_b')),
  test('equality', ['model', 'compare_model', 'compare_columns=none', 'exclude_columns=none', 'precision=none'], equality),
  test(
    'mutually_exclusive_ranges',
    ['model', 'lower_bound_column', 'upper_bound_column', 'partition_by=none', "gaps='allowed'", 'zero_length_range_allowed=False'],
    ranges,
  ),
  test('sequential_values', ['model', 'column_name', 'interval=1', 'datepart=none', 'group_by_columns=[]'], sequential),
  test('recency', ['model', 'field', 'datepart', 'interval', 'ignore_time_component=False', 'group_by_columns=[]'], recency),
  test(
    'unique_where',
    ['model', 'column_name'],
    'select {{ column_name }} from {{ model }} where {{ column_name }} is not null group by {{ column_name }} having count(*) > 1',
  ),
  test('not_null_where', ['model', 'column_name'], 'select * from {{ model }} where {{ column_name }} is null'),
];
