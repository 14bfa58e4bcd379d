/** Types and casts. */
export const typeMacros = `
{% macro type_string() -%}
  {{ return(adapter.dispatch('type_string', 'dbt')()) }}
{%- endmacro %}
{% macro default__type_string() %}{{ return(api.Column.translate_type("string")) }}{% endmacro %}
{% macro bigquery__type_string() %}{{ return("string") }}{% endmacro %}
{% macro snowflake__type_string() %}{{ return("varchar") }}{% endmacro %}
{% macro type_timestamp() -%}
  {{ return(adapter.dispatch('type_timestamp', 'dbt')()) }}
{%- endmacro %}
{% macro default__type_timestamp() %}{{ return(api.Column.translate_type("timestamp")) }}{% endmacro %}
{% macro snowflake__type_timestamp() %}{{ return("timestamp_ntz") }}{% endmacro %}
{% macro postgres__type_timestamp() %}{{ return("timestamp without time zone") }}{% endmacro %}
{% macro redshift__type_timestamp() %}{{ return("timestamp without time zone") }}{% endmacro %}
{% macro sqlserver__type_timestamp() %}{{ return("datetime2(6)") }}{% endmacro %}
{% macro type_int() -%}
  {{ return(adapter.dispatch('type_int', 'dbt')()) }}
{%- endmacro %}
{% macro default__type_int() %}{{ return(api.Column.translate_type("integer")) }}{% endmacro %}
{% macro bigquery__type_int() %}{{ return("int64") }}{% endmacro %}
{% macro spark__type_int() %}{{ return("int") }}{% endmacro %}
{% macro sqlserver__type_int() %}{{ return("int") }}{% endmacro %}
{% macro type_bigint() -%}
  {{ return(adapter.dispatch('type_bigint', 'dbt')()) }}
{%- endmacro %}
{% macro default__type_bigint() %}{{ return(api.Column.translate_type("bigint")) }}{% endmacro %}
{% macro bigquery__type_bigint() %}{{ return("int64") }}{% endmacro %}
{% macro type_float() -%}
  {{ return(adapter.dispatch('type_float', 'dbt')()) }}
{%- endmacro %}
{% macro default__type_float() %}{{ return(api.Column.translate_type("float")) }}{% endmacro %}
{% macro bigquery__type_float() %}{{ return("float64") }}{% endmacro %}
{% macro trino__type_float() %}{{ return("double") }}{% endmacro %}
{% macro athena__type_float() %}{{ return("double") }}{% endmacro %}
{% macro sqlserver__type_float() %}{{ return("float") }}{% endmacro %}
{% macro type_numeric() -%}
  {{ return(adapter.dispatch('type_numeric', 'dbt')()) }}
{%- endmacro %}
{% macro default__type_numeric() %}{{ return(api.Column.numeric_type("numeric", 28, 6)) }}{% endmacro %}
{% macro bigquery__type_numeric() %}{{ return("numeric") }}{% endmacro %}
{% macro redshift__type_numeric() %}{{ return("numeric(28,6)") }}{% endmacro %}
{% macro spark__type_numeric() %}{{ return("decimal(28,6)") }}{% endmacro %}
{% macro trino__type_numeric() %}{{ return("decimal(28,6)") }}{% endmacro %}
{% macro athena__type_numeric() %}{{ return("decimal(28,6)") }}{% endmacro %}
{% macro type_boolean() -%}
  {{ return(adapter.dispatch('type_boolean', 'dbt')()) }}
{%- endmacro %}
{% macro default__type_boolean() %}{{ return(api.Column.translate_type("boolean")) }}{% endmacro %}
{% macro bigquery__type_boolean() %}{{ return("bool") }}{% endmacro %}
{% macro sqlserver__type_boolean() %}{{ return("bit") }}{% endmacro %}
{% macro cast(field, type) -%}
  {{ return(adapter.dispatch('cast', 'dbt')(field, type)) }}
{%- endmacro %}
{% macro default__cast(field, type) %}
    cast({{field}} as {{type}})
{% endmacro %}
{% macro safe_cast(field, type) -%}
  {{ return(adapter.dispatch('safe_cast', 'dbt')(field, type)) }}
{%- endmacro %}
{% macro default__safe_cast(field, type) %}
    {# most databases do not support this function #}
    cast({{field}} as {{type}})
{% endmacro %}
{% macro bigquery__safe_cast(field, type) %}
safe_cast({{field}} as {{type}})
{% endmacro %}
{% macro snowflake__safe_cast(field, type) %}
    {% if field|string is string %}
        try_cast({{field}} as {{type}})
    {% else %}
        {{ adapter.dispatch('cast', 'dbt')(field, type) }}
    {% endif -%}
{% endmacro %}
{% macro duckdb__safe_cast(field, type) %}
    try_cast({{field}} as {{type}})
{% endmacro %}
{% macro trino__safe_cast(field, type) %}
    try_cast({{field}} as {{type}})
{% endmacro %}
{% macro athena__safe_cast(field, type) %}
    try_cast({{field}} as {{type}})
{% endmacro %}
{% macro sqlserver__safe_cast(field, type) %}
    try_cast({{field}} as {{type}})
{% endmacro %}
{% macro spark__safe_cast(field, type) %}
    try_cast({{field}} as {{type}})
{% endmacro %}
{% macro cast_bool_to_text(field) -%}
  {{ return(adapter.dispatch('cast_bool_to_text', 'dbt')(field)) }}
{%- endmacro %}
{% macro default__cast_bool_to_text(field) %}
    cast({{ field }} as {{ api.Column.translate_type('string') }})
{% endmacro %}
{% macro postgres__cast_bool_to_text(field) %}
    cast({{ field }} as varchar)
{% endmacro %}
{% macro redshift__cast_bool_to_text(field) %}
    case
        when {{ field }} is true then 'true'
        when {{ field }} is false then 'false'
    end::text
{% endmacro %}
`;
