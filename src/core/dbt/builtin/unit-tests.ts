import { dispatched, macro } from './dispatched.ts';

const select = (row: string): string =>
  `select{% for name, value in ${row}.items() %} {{ value }} as {{ quoted[name] }}{{ '' if loop.last else ',' }}{% endfor %}`;
const rowsOr = (nothing: string, row: string): string =>
  `{% for one in rows %}{% set row = ${row} %}${select('row')}{% if not loop.last %}\nunion all\n{% endif %}{% else %}${nothing}{% endfor %}`;

const typedNulls = `{% set blank = {} -%}
{%- for name, type in column_name_to_data_types.items() -%}{%- do blank.update({name: safe_cast('null', type) | trim}) -%}{%- endfor -%}`;

const fixture = (nothing: string): string => `
-- Fixture for {{ model.name }}
{% if column_name_to_data_types -%}{%- set quoted = column_name_to_quoted -%}
{%- else -%}
{%- set stored = defer_relation if defer_relation and not load_relation(this) else this -%}
{%- set column_name_to_data_types, quoted = {}, {} -%}
{%- for column in get_columns_for_unit_tests(stored) -%}
{%- do column_name_to_data_types.update({column.name | lower: column.data_type}) -%}
{%- do quoted.update({column.name | lower: column.quoted}) -%}
{%- endfor -%}
{%- endif -%}
{%- if not column_name_to_data_types -%}
{{ exceptions.raise_compiler_error("Not able to get columns for unit test '" ~ model.name ~ "' from relation " ~ this ~ " because the relation doesn't exist") }}
{%- endif -%}
${typedNulls}
{{- validate_fixture_rows(rows, row_number) -}}
${rowsOr(nothing, 'dict(blank, **format_row(one, column_name_to_data_types))')}`;

const expected = (nothing: string): string => `{% set quoted = column_name_to_quoted -%}
${rowsOr(nothing, 'format_row(one, column_name_to_data_types)')}`;

const side = (name: string, comment: string, sql: string, comma: string): string => `-- ${comment}
${name === 'actual' ? 'with ' : ''}dbt_internal_unit_test_${name} as (
  select
    {{ expected_column_names | join('${comma}') }}, {{ dbt.string_literal('${name}') }} as {{ adapter.quote('actual_or_expected') }}
  from (
    {{ ${sql} }}
  ) _dbt_internal_unit_test_${name}
)`;

/** What unit tests are made of: rows as queries, and the comparison of two queries. */
export const unitTestMacros = [
  dispatched('get_fixture_sql', ['rows', 'column_name_to_data_types'], {
    default: fixture(`${select('blank')}\n    limit 0`),
    sqlserver: fixture(select('blank').replace('select', 'select top 0')),
  }),
  dispatched('get_expected_sql', ['rows', 'column_name_to_data_types', 'column_name_to_quoted'], {
    default: expected('select * from dbt_internal_unit_test_actual\n    limit 0'),
    sqlserver: expected(`${typedNulls}${select('blank').replace('select', 'select top 0')}`),
  }),
  macro(
    'format_row',
    ['row', 'column_name_to_data_types'],
    `{% set made = {} -%}
{%- for key, value in row.items() -%}
{%- set name = key | lower -%}
{%- if name not in column_name_to_data_types -%}
{%- set where = 'expected output' if model.resource_type == 'unit_test' else "'" ~ model.name ~ "'" -%}
{{ exceptions.raise_compiler_error("Invalid column name: '" ~ name ~ "' in unit test fixture for " ~ where ~ ".\\nAccepted columns for " ~ where ~ ' are: ' ~ column_name_to_data_types.keys() | list) }}
{%- endif -%}
{%- set type = column_name_to_data_types[name] -%}
{%- if value is string and 'varying' in type -%}{%- set type = type.split('(')[0] -%}{%- endif -%}
{%- set literal = dbt.string_literal(dbt.escape_single_quotes(value)) if value is string else 'null' if value is none else value -%}
{%- do made.update({name: safe_cast(literal, type)}) -%}
{%- endfor -%}
{{ return(made) }}`,
  ),
  dispatched('validate_fixture_rows', ['rows', 'row_number'], { default: '' }),
  dispatched(
    'get_unit_test_sql',
    ['main_sql', 'expected_fixture_sql', 'expected_column_names'],
    {
      default: `${side('actual', 'Build actual result given inputs', 'main_sql', ',')},
${side('expected', 'Build expected result', 'expected_fixture_sql', ', ')}
-- Union actual and expected results
select * from dbt_internal_unit_test_actual
union all
select * from dbt_internal_unit_test_expected`,
    },
    ['', ''],
  ),
].join('');
