{#
    A label in one spelling: no stray spaces, each word with a capital.
    Labels that are null stay null.
#}
{% macro clean_label(column) -%}
    initcap(trim({{ column }}))
{%- endmacro %}
