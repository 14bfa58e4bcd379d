{# Salesforce writes 2025-01-31T09:30:00.000+0000. #}
{% macro salesforce_time(column) -%}
    datetime(replace(substr({{ column }}, 1, 19), 'T', ' '))
{%- endmacro %}

{# Segment writes 2025-01-31T09:30:00.000Z. #}
{% macro segment_time(column) -%}
    datetime(replace(substr({{ column }}, 1, 19), 'T', ' '))
{%- endmacro %}

{# Stripe counts seconds since 1970. #}
{% macro epoch_time(column) -%}
    datetime({{ column }}, 'unixepoch')
{%- endmacro %}

{% macro month_of(column) -%}
    date({{ column }}, 'start of month')
{%- endmacro %}

{# Whole days from one moment to a later one, by the calendar. #}
{% macro days_between(earlier, later) -%}
    cast(julianday(date({{ later }})) - julianday(date({{ earlier }})) as integer)
{%- endmacro %}
