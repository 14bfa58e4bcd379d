{{
    config(
        indexes=[
            {'columns': ['ticket_id'], 'unique': True},
            {'columns': ['account_id']},
            {'columns': ['contact_id']},
            {'columns': ['status', 'priority']}
        ]
    )
}}

with timed as (

    select
        *,
        {{ sla_hours('priority') }} as sla_target_hours,
        {{ hours_between('created_at', as_of()) }} as age_hours
    from {{ ref('stg_crm_tickets') }}

)

select
    ticket_id,
    account_id,
    contact_id,
    subject,
    category,
    priority,
    status,
    assigned_to,
    created_at,
    cast(created_at as date) as created_date,
    first_response_at,
    resolved_at,
    is_resolved,
    first_response_hours,
    resolution_hours,
    sla_target_hours,
    case
        when is_resolved then resolution_hours <= sla_target_hours
        when age_hours > sla_target_hours then false
    end as is_within_sla,
    case
        when is_resolved and resolution_hours <= sla_target_hours then 'Met'
        when is_resolved then 'Breached'
        when age_hours > sla_target_hours then 'Overdue'
        else 'In Progress'
    end as sla_status,
    satisfaction_score
from timed
