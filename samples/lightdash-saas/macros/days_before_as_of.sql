{# Whole days from a date to the project's as_of_date. #}
{% macro days_before_as_of(date) -%}
    cast('{{ var("as_of_date") }}' as date) - {{ date }}
{%- endmacro %}
