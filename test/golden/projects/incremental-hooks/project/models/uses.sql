{{ config(materialized='table', enabled=var('uses', true)) }}
{% set days = modules.datetime.timedelta(days=3) %}
select id, '{{ (modules.datetime.date(2024, 1, 30) + days).isoformat() }}' as until, '{{ env_var('REGION', 'eu') }}' as region
from {{ ref('events') }}
