{# A label that people typed: no stray spaces, each word with a capital. #}
{% macro label(column) -%}
    initcap(trim({{ column }}))
{%- endmacro %}
