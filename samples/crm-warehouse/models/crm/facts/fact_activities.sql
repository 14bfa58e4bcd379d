{{
    config(
        materialized='incremental',
        unique_key='activity_id',
        incremental_strategy='merge',
        indexes=[
            {'columns': ['activity_id'], 'unique': True},
            {'columns': ['account_id']},
            {'columns': ['contact_id']},
            {'columns': ['deal_id']},
            {'columns': ['activity_date']}
        ]
    )
}}

select
    activity_id,
    activity_type,
    subject,
    account_id,
    contact_id,
    deal_id,
    activity_owner,
    status,
    is_completed,
    created_at,
    due_at,
    completed_at,
    duration_minutes,
    cast(created_at as date) as activity_date,
    cast(extract(year from created_at) as integer) as activity_year,
    cast(extract(quarter from created_at) as integer) as activity_quarter,
    cast(extract(month from created_at) as integer) as activity_month,
    cast(date_trunc('week', created_at) as date) as activity_week,
    to_char(created_at, 'YYYY-MM') as activity_year_month,
    cast(extract(isodow from created_at) as integer) as activity_weekday,
    status = 'planned' and due_at < {{ as_of() }} as is_late
from {{ ref('stg_crm_activities') }}
{% if is_incremental() %}
where created_at > (select max(created_at) - interval '3 days' from {{ this }})
{% endif %}
