import { overridable } from './overridable.ts';

const define = (name: string, parameters: readonly string[], body: string): string => overridable('fivetran_utils', name, parameters, body);

const sourceRelation = `
{%- if var(union_schema_variable, none) -%}
, case
    {% for schema in var(union_schema_variable) -%}
    when lower(replace(replace(_dbt_source_relation, '"', ''), '\`', '')) like '%.{{ schema | lower }}.%' then '{{ schema | lower }}'
    {% endfor -%}
  end as source_relation
{%- elif var(union_database_variable, none) -%}
, case
    {% for database in var(union_database_variable) -%}
    when lower(replace(replace(_dbt_source_relation, '"', ''), '\`', '')) like '%{{ database | lower }}.%' then '{{ database | lower }}'
    {% endfor -%}
  end as source_relation
{%- else -%}
, cast('' as {{ dbt.type_string() }}) as source_relation
{%- endif -%}`;

const fillStaging = `
{%- set existing = source_columns | map(attribute='name') | map('lower') | list -%}
{%- for column in staging_columns -%}
  {%- set wanted = column.alias if column.alias else (adapter.quote(column.name) if column.quote else column.name) -%}
  {%- if column.name | lower in existing -%}
    {{ adapter.quote(column.name) if column.quote and target.type not in ['bigquery', 'spark', 'databricks'] else column.name }} as {{ wanted }}
  {%- else -%}
    cast(null as {{ column.datatype }}) as {{ wanted }}
  {%- endif -%}
  {%- if not loop.last %},
    {% endif -%}
{%- endfor -%}`;

const passThrough = (body: string): string => `
{%- if pass_through_variable and var(pass_through_variable, none) -%}
{%- for field in var(pass_through_variable) -%}${body}{%- endfor -%}
{%- endif -%}`;

const aliasOf = '{{ (field.alias or field.name) if field is mapping else field }}';

const jsonParse = `
{%- if target.type in ['snowflake'] -%}
parse_json( {{ string }} ){% for step in string_path %}{% if step is number %}[{{ step }}]{% else %}['{{ step }}']{% endif %}{% endfor %}
{%- elif target.type == 'bigquery' -%}
json_extract_scalar({{ string }}, '$.{{ string_path | join(".") }}')
{%- elif target.type == 'redshift' -%}
json_extract_path_text({{ string }}, {% for step in string_path %}{% if step is number %}{{ step }}{% else %}'{{ step }}'{% endif %}{{ ',' if not loop.last }}{% endfor %})
{%- elif target.type in ['spark', 'databricks'] -%}
{{ string }}:{{ string_path | join('.') }}
{%- else -%}
{{ string }}::json #>> '{ {%- for step in string_path -%}{{ step }}{{ ',' if not loop.last }}{%- endfor -%} }'
{%- endif -%}`;

const unionData = 'select * from {{ var(default_variable) }}';

/** What fivetran_utils is documented to do, in our own words. */
export const fivetranUtilsMacros: readonly string[] = [
  define('source_relation', ["union_schema_variable='union_schemas'", "union_database_variable='union_databases'"], sourceRelation),
  define('fill_staging_columns', ['source_columns', 'staging_columns'], fillStaging),
  define(
    'fill_pass_through_columns',
    ['pass_through_variable'],
    passThrough(
      `, {% if field is mapping and field.transform_sql %}{{ field.transform_sql }} as ${aliasOf}{% else %}${aliasOf}{% endif %}`,
    ),
  ),
  define(
    'persist_pass_through_columns',
    ['pass_through_variable', 'identifier=none', "transform=''", 'coalesce_with=none', 'exclude_fields=[]'],
    passThrough(
      `, {{ transform ~ '(' if transform }}{{ identifier ~ '.' if identifier }}${aliasOf}{{ ')' if transform }}{% if transform %} as ${aliasOf}{% endif %}`,
    ),
  ),
  define(
    'add_pass_through_columns',
    ['base_columns', 'pass_through_var'],
    `{%- for column in pass_through_var or [] -%}{%- if column is mapping -%}{%- do base_columns.append({'name': column.name, 'alias': column.alias or column.name, 'datatype': column.datatype if column.datatype else dbt.type_string()}) -%}{%- else -%}{%- do base_columns.append({'name': column, 'datatype': dbt.type_string()}) -%}{%- endif -%}{%- endfor -%}`,
  ),
  define(
    'string_agg',
    ['field_to_agg', 'delimiter'],
    "{% if target.type in ['snowflake', 'redshift'] %}listagg({{ field_to_agg }}, {{ delimiter }}){% elif target.type in ['spark', 'databricks'] %}array_join(collect_list({{ field_to_agg }}), {{ delimiter }}){% else %}string_agg({{ field_to_agg }}, {{ delimiter }}){% endif %}",
  ),
  define(
    'array_agg',
    ['field_to_agg'],
    "{% if target.type == 'redshift' %}listagg({{ field_to_agg }}, ','){% elif target.type in ['spark', 'databricks'] %}collect_list({{ field_to_agg }}){% else %}array_agg({{ field_to_agg }}){% endif %}",
  ),
  define('json_parse', ['string', 'string_path'], jsonParse),
  define('json_extract', ['string', 'string_path'], '{{ fivetran_utils.json_parse(string, [string_path]) }}'),
  define(
    'max_bool',
    ['boolean_field'],
    "{% if target.type in ['postgres', 'redshift', 'duckdb'] %}bool_or({{ boolean_field }}){% else %}max({{ boolean_field }}){% endif %}",
  ),
  define(
    'ceiling',
    ['num'],
    "{% if target.type == 'snowflake' or target.type == 'bigquery' %}ceil({{ num }}){% else %}ceiling({{ num }}){% endif %}",
  ),
  define(
    'first_value',
    ['first_value_field', 'partition_field', 'order_by_field', "order='asc'"],
    'first_value( {{ first_value_field }} ) over (partition by {{ partition_field }} order by {{ order_by_field }} {{ order }} rows unbounded preceding)',
  ),
  define('timestamp_add', ['datepart', 'interval', 'from_timestamp'], '{{ dbt.dateadd(datepart, interval, from_timestamp) }}'),
  define('timestamp_diff', ['first_date', 'second_date', 'datepart'], '{{ dbt.datediff(first_date, second_date, datepart) }}'),
  define('try_cast', ['field', 'type'], '{{ dbt.safe_cast(field, type) }}'),
  define('wrap_in_quotes', ['object_to_quote'], '{{ adapter.quote(object_to_quote) }}'),
  define(
    'dummy_coalesce_value',
    ['column'],
    "{% if column.is_string() %}'DUMMY_STRING'{% elif column.dtype | lower == 'boolean' %}null{% elif column.is_number() or column.is_numeric() %}999999999{% else %}cast('2099-12-31' as {{ column.dtype }}){% endif %}",
  ),
  define(
    'percentile',
    ['percentile_field', 'partition_field', 'percent'],
    "percentile_cont({{ percent }}) within group (order by {{ percentile_field }}){% if target.type in ['snowflake', 'redshift', 'bigquery'] and partition_field %} over (partition by {{ partition_field }}){% endif %}",
  ),
  define(
    'enabled_vars',
    ['vars'],
    '{%- for one in vars -%}{%- if var(one, True) == False -%}{{ return(False) }}{%- endif -%}{%- endfor -%}{{ return(True) }}',
  ),
  define(
    'enabled_vars_one_true',
    ['vars'],
    '{%- for one in vars -%}{%- if var(one, False) == True -%}{{ return(True) }}{%- endif -%}{%- endfor -%}{{ return(False) }}',
  ),
  define(
    'remove_prefix_from_columns',
    ['columns', "prefix=''", 'exclude=[]'],
    "{%- for col in columns if col.name not in exclude -%}{%- if col.name[:prefix | length] == prefix -%}{{ col.name }} as {{ col.name[prefix | length:] }}{%- else -%}{{ col.name }}{%- endif -%}{{ ',' if not loop.last }}\n{% endfor -%}",
  ),
  define(
    'calculated_fields',
    ['variable'],
    '{%- for field in var(variable, []) -%}, {{ field.transform_sql }} as {{ field.name }} {%- endfor -%}',
  ),
  define(
    'add_dbt_source_relation',
    [],
    "{% if var('union_schemas', none) or var('union_databases', none) %}, _dbt_source_relation{% endif %}",
  ),
  define('seed_data_helper', ['seed_name', 'warehouses'], '{{ return(seed_name) }}'),
  define('collect_freshness', ['source', 'loaded_at_field', 'filter'], '{{ return([]) }}'),
  define(
    'union_data',
    [
      'table_identifier',
      'database_variable',
      'schema_variable',
      'default_database',
      'default_schema',
      'default_variable',
      "union_schema_variable='union_schemas'",
      "union_database_variable='union_databases'",
    ],
    unionData,
  ),
];
