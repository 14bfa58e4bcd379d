{# Where a stage stands on the way to the order; null for deals that left the way. #}
{% macro stage_order(column) -%}
    case {{ column }}
        {%- for stage in ['Prospecting', 'Qualification', 'Proposal', 'Negotiation', 'Closed Won'] %}
        when '{{ stage }}' then {{ loop.index }}
        {%- endfor %}
    end
{%- endmacro %}
