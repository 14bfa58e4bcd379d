{# The hours that support has for a ticket of a priority, as declared in dbt_project.yml. #}
{% macro sla_hours(column) -%}
    case {{ column }}
        {%- for priority, hours in var('sla_hours').items() %}
        when '{{ priority }}' then {{ hours }}
        {%- endfor %}
    end
{%- endmacro %}
