import { dbtUtilsTests } from './dbt-utils-tests.ts';
import { overridable } from './overridable.ts';

const define = (name: string, parameters: readonly string[], body: string): string => overridable('dbt_utils', name, parameters, body);

/** Names of old releases that dbt itself has now. */
const moved = [
  ['type_string', []],
  ['type_timestamp', []],
  ['type_float', []],
  ['type_numeric', []],
  ['type_bigint', []],
  ['type_int', []],
  ['type_boolean', []],
  ['dateadd', ['datepart', 'interval', 'from_date_or_timestamp']],
  ['datediff', ['first_date', 'second_date', 'datepart']],
  ['date_trunc', ['datepart', 'date']],
  ['last_day', ['date', 'datepart']],
  ['split_part', ['string_text', 'delimiter_text', 'part_number']],
  ['hash', ['field']],
  ['length', ['expression']],
  ['position', ['substring_text', 'string_text']],
  ['replace', ['field', 'old_chars', 'new_chars']],
  ['right', ['string_text', 'length_expression']],
  ['safe_cast', ['field', 'type']],
  ['string_literal', ['value']],
  ['any_value', ['expression']],
  ['bool_or', ['expression']],
  ['cast_bool_to_text', ['field']],
  ['escape_single_quotes', ['expression']],
  ['except', []],
  ['intersect', []],
  ['concat', ['fields']],
  ['current_timestamp', []],
  ['listagg', ['measure', 'delimiter_text="\',\'"', 'order_by_clause=none', 'limit_num=none']],
] as const;

const movedMacros = moved.map(([name, parameters]) => {
  const names = parameters.map((parameter) => parameter.replace(/=[\s\S]*/, '')).join(', ');
  return define(name, parameters, `{{ return(dbt.${name}(${names})) }}`);
});

const surrogate = `
{%- if field_list is string -%}{%- set field_list = [field_list] -%}{%- endif -%}
{%- set blank = var('surrogate_key_treat_nulls_as_empty_strings', false) -%}
{%- set parts = [] -%}
{%- for field in field_list -%}
  {%- if not loop.first -%}{%- do parts.append("'-'") -%}{%- endif -%}
  {%- do parts.append("coalesce(cast(" ~ field ~ " as " ~ dbt.type_string() ~ "), '" ~ ('' if blank else '_dbt_utils_surrogate_key_null_') ~ "')") -%}
{%- endfor -%}
{{ dbt.hash(dbt.concat(parts)) }}`;

const star = `
{%- do dbt_utils._is_relation(from, 'star') -%}
{%- do dbt_utils._is_ephemeral(from, 'star') -%}
{%- if not execute -%}{{ return('*') }}{%- endif -%}
{%- set columns = dbt_utils.get_filtered_columns_in_relation(from, except) -%}
{%- if columns | length == 0 -%}{{ return('*' if adapter.get_columns_in_relation(from) | length == 0 else '/* no columns returned from star() macro */') }}{%- endif -%}
{%- for name in columns -%}
  {%- if relation_alias %}{{ relation_alias }}.{% endif -%}
  {%- if quote_identifiers %}{{ adapter.quote(name) | trim }}{% else %}{{ name | trim }}{% endif -%}
  {%- if prefix != '' or suffix != '' %} as {{ adapter.quote(prefix ~ name ~ suffix) | trim if quote_identifiers and not unquote_aliases else (prefix ~ name ~ suffix) | trim }}{% endif -%}
  {%- if not loop.last %},\n  {% endif -%}
{%- endfor -%}`;

const filteredColumns = `
{%- do dbt_utils._is_relation(from, 'get_filtered_columns_in_relation') -%}
{%- set kept = [] -%}
{%- set left_out = except | map('lower') | list -%}
{%- for column in adapter.get_columns_in_relation(from) -%}
  {%- if column.column | lower not in left_out -%}{%- do kept.append(column.column) -%}{%- endif -%}
{%- endfor -%}
{{ return(kept) }}`;

const unionRelations = `
{%- if exclude and include -%}{{ exceptions.raise_compiler_error("Both an exclude and include list were provided to the \`union\` macro. Only one is allowed") }}{%- endif -%}
{%- set column_override = column_override if column_override is not none else {} -%}
{%- set left_out = (exclude or []) | map('lower') | list -%}
{%- set wanted = (include or []) | map('lower') | list -%}
{%- set columns_of = {} -%}
{%- set superset = {} -%}
{%- for relation in relations -%}
  {%- do dbt_utils._is_relation(relation, 'union_relations') -%}
  {%- do dbt_utils._is_ephemeral(relation, 'union_relations') -%}
  {%- do columns_of.update({relation: []}) -%}
  {%- for column in adapter.get_columns_in_relation(relation) -%}
    {%- set name = column.column | lower -%}
    {%- if not (left_out and name in left_out) and not (wanted and name not in wanted) -%}
      {%- do columns_of[relation].append(column.column) -%}
      {%- if column.column not in superset -%}{%- do superset.update({column.column: column}) -%}
      {%- elif column.is_string() and superset[column.column].is_string() and column.string_size() > superset[column.column].string_size() -%}{%- do superset.update({column.column: column}) -%}{%- endif -%}
    {%- endif -%}
  {%- endfor -%}
{%- endfor -%}
{%- for relation in relations %}
(
    select
        {% if source_column_name is not none -%}
        cast({{ dbt.string_literal(relation) }} as {{ dbt.type_string() }}) as {{ source_column_name }}{{ ',' if superset | length > 0 }}
        {%- endif %}
        {% if superset | length == 0 -%}{{ '' if source_column_name is not none else '*' }}{% endif -%}
        {% for name in superset -%}
        {%- set column = superset[name] -%}
        {%- set type = column_override.get(column.column, column.data_type) -%}
        cast({{ adapter.quote(name) if name in columns_of[relation] else 'null' }} as {{ type }}) as {{ adapter.quote(name) }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ relation }}
    {% if where -%}where {{ where }}{%- endif %}
)
{% if not loop.last -%}union all{% endif -%}
{%- endfor -%}`;

const pivot = `
{%- for value in values -%}
  {{ agg }}(
    {%- if distinct %} distinct {% endif -%}
    case when {{ column }} {{ cmp }} '{{ dbt.escape_single_quotes(value) }}' then {{ then_value }} else {{ else_value }} end
  )
  {%- if alias -%}
    {%- if quote_identifiers %} as {{ adapter.quote(prefix ~ value ~ suffix) }}{% else %} as {{ dbt_utils.slugify(prefix ~ value ~ suffix) }}{% endif -%}
  {%- endif -%}
  {%- if not loop.last %}, {% endif -%}
{%- endfor -%}`;

const unpivot = `
{%- if relation is none -%}{{ exceptions.raise_compiler_error("Error: argument \`relation\` is required for \`unpivot\` macro.") }}{%- endif -%}
{%- do dbt_utils._is_relation(relation, 'unpivot') -%}
{%- do dbt_utils._is_ephemeral(relation, 'unpivot') -%}
{%- set kept = exclude or [] -%}
{%- set left_out = (remove or []) | map('lower') | list -%}
{%- set named = kept | map('lower') | list -%}
{%- set spread = [] -%}
{%- for column in adapter.get_columns_in_relation(relation) -%}
  {%- if column.column | lower not in left_out and column.column | lower not in named -%}{%- do spread.append(column) -%}{%- endif -%}
{%- endfor -%}
{%- for column in spread -%}
    select
      {%- for name in kept %}
        {{ name if not quote_identifiers else adapter.quote(name) }},
      {%- endfor %}
        cast('{{ column.column }}' as {{ dbt.type_string() }}) as {{ adapter.quote(field_name) if quote_identifiers else field_name }},
        cast({% if column.data_type == 'boolean' %}{{ dbt.cast_bool_to_text(column.column) }}{% else %}{{ adapter.quote(column.column) if quote_identifiers else column.column }}{% endif %} as {{ cast_to }}) as {{ adapter.quote(value_name) if quote_identifiers else value_name }}
    from {{ relation }}
    {% if not loop.last %}union all
    {% endif -%}
{%- endfor -%}`;

const deduplicate = `
{%- if target.type in ['snowflake', 'databricks', 'duckdb', 'clickhouse', 'bigquery'] -%}
    select *
    from {{ relation }} as tt
    qualify row_number() over (partition by {{ partition_by }} order by {{ order_by }}) = 1
{%- elif target.type == 'postgres' -%}
    select distinct on ({{ partition_by }}) *
    from {{ relation }}
    order by {{ partition_by }}{{ ',' ~ order_by }}
{%- else -%}
    with row_numbered as (
        select _inner.*, row_number() over (partition by {{ partition_by }} order by {{ order_by }}) as rn
        from {{ relation }} as _inner
    )
    select distinct {{ '*' if target.type == 'redshift' else 'data.*' }}
    from {{ relation }} as data
    natural join row_numbered
    where row_numbered.rn = 1
{%- endif -%}`;

const dateSpine = `
with rawdata as (

    {{ dbt_utils.generate_series(dbt_utils.get_intervals_between(start_date, end_date, datepart)) }}

),

all_periods as (

    select (
        {{ dbt.dateadd(datepart, "row_number() over (order by 1) - 1", start_date) }}
    ) as date_{{ datepart }}
    from rawdata

),

filtered as (

    select *
    from all_periods
    where date_{{ datepart }} <= {{ end_date }}

)

select * from filtered`;

const tablesByPattern = `
select distinct
    table_schema as {{ adapter.quote('table_schema') }},
    table_name as {{ adapter.quote('table_name') }},
    {{ dbt_utils.get_table_types_sql() }}
from {{ database ~ '.' if database }}information_schema.tables
where lower(table_schema) like lower('{{ schema_pattern }}')
and lower(table_name) like lower('{{ table_pattern }}')
and not lower(table_name) like lower('{{ exclude }}')`;

const relationsByPattern = `
{%- call statement('get_tables', fetch_result=True) %}{{ dbt_utils.get_tables_by_pattern_sql(schema_pattern, table_pattern, exclude, database) }}{% endcall -%}
{%- set answer = load_result('get_tables') -%}
{%- set relations = [] -%}
{%- if answer and answer['table'] -%}
  {%- for row in answer['table'] -%}
    {%- do relations.append(api.Relation.create(database=database, schema=row.table_schema, identifier=row.table_name, type=row.table_type)) -%}
  {%- endfor -%}
{%- endif -%}
{{ return(relations) }}`;

const columnValues = `
{%- if not execute -%}{{ return(default if default is not none else []) }}{%- endif -%}
{%- do dbt_utils._is_ephemeral(table, 'get_column_values') -%}
{%- call statement('get_column_values', fetch_result=true) %}
    select {{ column }} as value
    from {{ table }}
    {% if where is not none -%}where {{ where }}{%- endif %}
    group by {{ column }}
    order by {{ order_by }}
    {% if max_records is not none -%}limit {{ max_records }}{%- endif %}
{%- endcall -%}
{%- set rows = load_result('get_column_values') -%}
{%- if rows and rows['data'] -%}
  {{ return(rows['data'] | map(attribute=0) | list) }}
{%- else -%}
  {{ return(default if default is not none else []) }}
{%- endif -%}`;

const singleValue = `
{%- if not execute -%}{{ return(default) }}{%- endif -%}
{%- set answer = run_query(query) -%}
{%- if answer and answer.rows | length > 0 -%}{{ return(answer.columns[0].values()[0]) }}{%- else -%}{{ return(default) }}{%- endif -%}`;

const asDict = `
{%- call statement('get_query_results', fetch_result=true, auto_begin=false) -%}{{ query }}{%- endcall -%}
{%- set results = {} -%}
{%- if execute -%}
  {%- set table = load_result('get_query_results').table -%}
  {%- for name in table.column_names -%}{%- do results.update({name: table.columns[name].values()}) -%}{%- endfor -%}
{%- endif -%}
{{ return(results) }}`;

const sqlMacros = [
  define('generate_surrogate_key', ['field_list'], surrogate),
  define('surrogate_key', ['field_list'], surrogate),
  define('group_by', ['n'], 'group by {% for i in range(1, n + 1) -%}{{ i }}{{ "," if not loop.last }}{%- endfor -%}'),
  define(
    'star',
    ['from', 'relation_alias=false', 'except=[]', "prefix=''", "suffix=''", 'quote_identifiers=true', 'unquote_aliases=false'],
    star,
  ),
  define('get_filtered_columns_in_relation', ['from', 'except=[]'], filteredColumns),
  define(
    'union_relations',
    ['relations', 'column_override=none', 'include=[]', 'exclude=[]', "source_column_name='_dbt_source_relation'", 'where=none'],
    unionRelations,
  ),
  define(
    'pivot',
    [
      'column',
      'values',
      'alias=True',
      "agg='sum'",
      "cmp='='",
      "prefix=''",
      "suffix=''",
      'then_value=1',
      'else_value=0',
      'quote_identifiers=True',
      'distinct=False',
    ],
    pivot,
  ),
  define(
    'unpivot',
    [
      'relation=none',
      "cast_to='varchar'",
      'exclude=none',
      'remove=none',
      "field_name='field_name'",
      "value_name='value'",
      'quote_identifiers=False',
      'table=none',
    ],
    unpivot,
  ),
  define('deduplicate', ['relation', 'partition_by', 'order_by'], deduplicate),
  define('date_spine', ['datepart', 'start_date', 'end_date'], dateSpine),
  define('generate_series', ['upper_bound'], '{{ return(dbt.generate_series(upper_bound)) }}'),
  define('get_powers_of_two', ['upper_bound'], '{{ return(dbt.get_powers_of_two(upper_bound)) }}'),
  define(
    'get_intervals_between',
    ['start_date', 'end_date', 'datepart'],
    '{{ return(dbt.get_intervals_between(start_date, end_date, datepart)) }}',
  ),
  define(
    'safe_add',
    ['field_list'],
    "{%- if field_list is string -%}{%- set field_list = [field_list] -%}{%- endif -%}{%- for field in field_list -%}coalesce({{ field }}, 0){{ ' + ' if not loop.last }}{%- endfor -%}",
  ),
  define(
    'safe_subtract',
    ['field_list'],
    "{%- for field in field_list -%}coalesce({{ field }}, 0){{ ' - ' if not loop.last }}{%- endfor -%}",
  ),
  define('safe_divide', ['numerator', 'denominator'], '( {{ numerator }} ) / nullif( ( {{ denominator }} ), 0)'),
  define(
    'haversine_distance',
    ['lat1', 'lon1', 'lat2', 'lon2', "unit='mi'"],
    '{%- set rate = 1.60934 if unit == "km" else 1 -%}{%- set half = "acos(-1) / 180" -%}2 * 3961 * asin(sqrt(power((sin(({{ lat2 }} - {{ lat1 }}) * ({{ half }}) / 2)), 2) + cos({{ lat1 }} * ({{ half }})) * cos({{ lat2 }} * ({{ half }})) * power((sin(({{ lon2 }} - {{ lon1 }}) * ({{ half }}) / 2)), 2))) * {{ rate }}',
  ),
  define(
    'width_bucket',
    ['expr', 'min_value', 'max_value', 'num_buckets'],
    `{%- set size -%}((({{ max_value }}) - ({{ min_value }})) / cast({{ num_buckets }} as {{ dbt.type_numeric() }})){%- endset -%}
    (case
        when {{ expr }} < {{ min_value }} then 0
        when {{ expr }} >= {{ max_value }} then {{ num_buckets }} + 1
        else cast(floor(({{ expr }} - ({{ min_value }})) / {{ size }}) as {{ dbt.type_int() }}) + 1
    end)`,
  ),
  define(
    'get_column_values',
    ['table', 'column', "order_by='count(*) desc'", 'max_records=none', 'default=none', 'where=none'],
    columnValues,
  ),
  define('get_single_value', ['query', 'default=none'], singleValue),
  define('get_query_results_as_dict', ['query'], asDict),
  define(
    'get_table_types_sql',
    [],
    "case table_type when 'BASE TABLE' then 'table' when 'EXTERNAL TABLE' then 'external' when 'MATERIALIZED VIEW' then 'materializedview' else lower(table_type) end as {{ adapter.quote('table_type') }}",
  ),
  define('get_tables_by_pattern_sql', ['schema_pattern', 'table_pattern', "exclude=''", 'database=target.database'], tablesByPattern),
  define(
    'get_tables_by_prefix_sql',
    ['schema', 'prefix', "exclude=''", 'database=target.database'],
    "{{ dbt_utils.get_tables_by_pattern_sql(schema, prefix ~ '%', exclude, database) }}",
  ),
  define('get_relations_by_pattern', ['schema_pattern', 'table_pattern', "exclude=''", 'database=target.database'], relationsByPattern),
  define(
    'get_relations_by_prefix',
    ['schema', 'prefix', "exclude=''", 'database=target.database'],
    "{{ return(dbt_utils.get_relations_by_pattern(schema, prefix ~ '%', exclude, database)) }}",
  ),
  define(
    'get_tables_by_pattern',
    ['schema_pattern', 'table_pattern', "exclude=''", 'database=target.database'],
    '{{ return(dbt_utils.get_relations_by_pattern(schema_pattern, table_pattern, exclude, database)) }}',
  ),
  define(
    'get_tables_by_prefix',
    ['schema', 'prefix', "exclude=''", 'database=target.database'],
    '{{ return(dbt_utils.get_relations_by_prefix(schema, prefix, exclude, database)) }}',
  ),
  define(
    'nullcheck',
    ['cols'],
    "{%- for col in cols -%}{%- if col.is_string() -%}nullif({{ col.name }}, '') as {{ col.name }}{%- else -%}{{ col.name }}{%- endif -%}{{ ',' if not loop.last }}\n{% endfor -%}",
  ),
  define(
    'nullcheck_table',
    ['relation'],
    'select {{ dbt_utils.nullcheck(adapter.get_columns_in_relation(relation)) }} from {{ relation }}',
  ),
  define(
    'get_url_parameter',
    ['field', 'url_parameter'],
    `{%- set marked = "'" ~ url_parameter ~ "='" -%}nullif({{ dbt.split_part(dbt.split_part(field, marked, 2), "'&'", 1) }}, '')`,
  ),
  define(
    'get_url_host',
    ['field'],
    `{%- set bare = dbt.replace(dbt.replace(dbt.replace(field, "'android-app://'", "''"), "'http://'", "''"), "'https://'", "''") -%}{{ dbt.safe_cast(dbt.split_part(dbt.split_part(bare, "'/'", 1), "'?'", 1), dbt.type_string()) }}`,
  ),
  define(
    'get_url_path',
    ['field'],
    `{%- set bare = dbt.replace(dbt.replace(field, "'http://'", "''"), "'https://'", "''") -%}
{%- set slash = "coalesce(nullif(" ~ dbt.position("'/'", bare) ~ ", 0), " ~ dbt.position("'?'", bare) ~ " - 1)" -%}
{%- set rest = dbt.replace(dbt.right(bare, dbt.length(bare) ~ " - " ~ slash), "''", "''") -%}{{ dbt.safe_cast(dbt.split_part(rest, "'?'", 1), dbt.type_string()) }}`,
  ),
] as const;

const helpers = [
  `{% macro slugify(string) %}{% set string = string | lower %}{% set string = modules.re.sub('[ -]+', '_', string) %}{% set string = modules.re.sub('[^a-z0-9_]+', '', string) %}{% set string = modules.re.sub('^[0-9]', '_' ~ string[0], string) %}{{ return(string) }}{% endmacro %}\n`,
  `{% macro pretty_time(format='%H:%M:%S') %}{{ return(modules.datetime.datetime.now().strftime(format)) }}{% endmacro %}\n`,
  `{% macro pretty_log_format(message) %}{{ return(dbt_utils.pretty_time() ~ ' + ' ~ message) }}{% endmacro %}\n`,
  `{% macro log_info(message) %}{{ log(dbt_utils.pretty_log_format(message), info=True) }}{% endmacro %}\n`,
  `{% macro _is_relation(obj, macro) %}{% if not (obj is mapping and obj.get('metadata', {}).get('type', '').endswith('Relation')) %}{% do exceptions.raise_compiler_error("Macro " ~ macro ~ " expected a Relation but received the value: " ~ obj) %}{% endif %}{% endmacro %}\n`,
  `{% macro _is_ephemeral(obj, macro) %}{% endmacro %}\n`,
] as const;

/** What dbt_utils is documented to do, in our own words. */
export const dbtUtilsMacros: readonly string[] = [...helpers, ...sqlMacros, ...movedMacros, ...dbtUtilsTests];
