{# Hours between two timestamps as a decimal with two places. #}
{% macro hours_between(earlier, later) -%}
    round(cast(extract(epoch from ({{ later }} - {{ earlier }})) / 3600 as numeric), 2)
{%- endmacro %}
