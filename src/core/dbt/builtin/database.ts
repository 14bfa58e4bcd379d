/** Queries, relations and run state. */
export const databaseMacros = `
{% macro statement(name=None, fetch_result=False, auto_begin=True, language='sql') -%}
  {%- if execute -%}
    {%- set compiled_code = caller() -%}
    {%- set res, table = adapter.execute(compiled_code, auto_begin=auto_begin, fetch=fetch_result) -%}
    {%- if name is not none -%}
      {{ store_result(name, response=res, agate_table=table) }}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}
{% macro noop_statement(name=None, message=None, code=None, rows_affected=None, res=None) -%}{%- endmacro %}
{% macro run_query(sql) %}
  {% call statement("run_query_statement", fetch_result=true, auto_begin=false) %}
    {{ sql }}
  {% endcall %}
  {% do return(load_result("run_query_statement").table) %}
{% endmacro %}
{% macro is_incremental() %}{{ return(builtins.is_incremental()) }}{% endmacro %}
{% macro should_full_refresh() %}
  {% set config_full_refresh = config.get('full_refresh') %}
  {% if config_full_refresh is none %}{% set config_full_refresh = flags.FULL_REFRESH %}{% endif %}
  {% do return(config_full_refresh) %}
{% endmacro %}
{% macro should_store_failures() %}
  {% set config_store_failures = config.get('store_failures') %}
  {% if config_store_failures is none %}{% set config_store_failures = flags.STORE_FAILURES %}{% endif %}
  {% do return(config_store_failures) %}
{% endmacro %}
{% macro load_relation(relation) %}{% do return(adapter.get_relation(database=relation.database, schema=relation.schema, identifier=relation.table)) %}{% endmacro %}
{% macro load_cached_relation(relation) %}{% do return(load_relation(relation)) %}{% endmacro %}
{% macro get_columns_in_relation(relation) %}{{ return(adapter.get_columns_in_relation(relation)) }}{% endmacro %}
{% macro get_columns_in_query(select_sql) %}
  {% set rows = run_query('select * from (' ~ select_sql ~ ') as __dbt_sbq where 1 = 0') %}
  {% do return(rows.columns | map(attribute='name') | list if rows else []) %}
{% endmacro %}
{% macro get_relations_by_pattern(schema_pattern, table_pattern, exclude='', database=target.database) %}{{ return([]) }}{% endmacro %}
{% macro create_schema(relation) %}{% endmacro %}
{% macro drop_relation(relation) %}{% endmacro %}
{% macro make_temp_relation(base_relation, suffix='__dbt_tmp') %}{{ return(base_relation.incorporate(path={"identifier": base_relation.identifier ~ suffix})) }}{% endmacro %}
{% macro dbt_metadata_envs() %}{{ return({}) }}{% endmacro %}
{% macro sql_convert_columns_in_relation(table) -%}{{ return([]) }}{%- endmacro %}
{% macro get_quoted_csv(column_names) %}
  {% set quoted = [] %}
  {% for col in column_names -%}{%- do quoted.append(adapter.quote(col)) -%}{%- endfor %}
  {%- set dest_cols_csv = quoted | join(', ') -%}
  {{ return(dest_cols_csv) }}
{% endmacro %}
{% macro partition_range(raw_partition_date, date_fmt='%Y%m%d') %}
  {% set partition_range = (raw_partition_date | string).split(",") %}
  {% if (partition_range | length) == 1 %}
    {% set start_date = partition_range[0] %}{% set end_date = none %}
  {% elif (partition_range | length) == 2 %}
    {% set start_date = partition_range[0] %}{% set end_date = partition_range[1] %}
  {% else %}
    {{ exceptions.raise_compiler_error("Invalid partition time. Expected format: {Start Date}[,{End Date}]. Got: " ~ raw_partition_date) }}
  {% endif %}
  {{ return(dates_in_range(start_date, end_date, in_fmt=date_fmt)) }}
{% endmacro %}
{% macro dates_in_range(start_date_str, end_date_str=none, in_fmt="%Y%m%d", out_fmt="%Y%m%d") %}
  {% set end_date_str = start_date_str if end_date_str is none else end_date_str %}
  {% set start_date = convert_datetime(start_date_str, in_fmt) %}
  {% set end_date = convert_datetime(end_date_str, in_fmt) %}
  {% set day_count = (end_date - start_date).days %}
  {% if day_count < 0 %}{{ exceptions.raise_compiler_error("Partition start date is after the end date") }}{% endif %}
  {% set date_list = [] %}
  {% for i in range(0, day_count + 1) %}
    {% set the_date = (modules.datetime.timedelta(days=i) + start_date) %}
    {% if not out_fmt %}{% do date_list.append(the_date) %}{% else %}{% do date_list.append(the_date.strftime(out_fmt)) %}{% endif %}
  {% endfor %}
  {{ return(date_list) }}
{% endmacro %}
{% macro convert_datetime(date_str, date_fmt) %}{{ return(modules.datetime.datetime.strptime(date_str, date_fmt)) }}{% endmacro %}
{% macro py_current_timestring() %}{% set dt = modules.datetime.datetime.now() %}{% do return(dt.strftime("%Y%m%d%H%M%S%f")) %}{% endmacro %}
{% macro snapshot_get_time() -%}{{ adapter.dispatch('snapshot_get_time', 'dbt')() }}{%- endmacro %}
{% macro default__snapshot_get_time() -%}{{ current_timestamp() }}{%- endmacro %}
{% macro snapshot_string_as_time(timestamp) -%}{{ adapter.dispatch('snapshot_string_as_time', 'dbt')(timestamp) }}{%- endmacro %}
{% macro default__snapshot_string_as_time(timestamp) %}{{ return("'" ~ timestamp ~ "'::timestamp") }}{% endmacro %}
{% macro bigquery__snapshot_string_as_time(timestamp) %}{{ return('TIMESTAMP("' ~ timestamp ~ '")') }}{% endmacro %}
{% macro snapshot_hash_arguments(args) -%}{{ adapter.dispatch('snapshot_hash_arguments', 'dbt')(args) }}{%- endmacro %}
{% macro default__snapshot_hash_arguments(args) -%}md5({%- for arg in args -%}coalesce(cast({{ arg }} as varchar ), ''){% if not loop.last %} || '|' || {% endif %}{%- endfor -%}){%- endmacro %}
`;
