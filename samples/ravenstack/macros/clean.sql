{# A code as the rest of the project spells it: lower case, no stray spaces. #}
{% macro clean(column) -%}
    lower(trim({{ column }}))
{%- endmacro %}
