{# One number over another as a decimal with four places; null where there is nothing to divide by. #}
{% macro share(part, whole) -%}
    round(({{ part }}) * 1.0 / nullif({{ whole }}, 0), 4)
{%- endmacro %}
