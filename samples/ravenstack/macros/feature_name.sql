{# Feature names with a capital on each word, except for the abbreviation in API Access. #}
{% macro feature_name(column) -%}
    replace(initcap(trim({{ column }})), 'Api ', 'API ')
{%- endmacro %}
