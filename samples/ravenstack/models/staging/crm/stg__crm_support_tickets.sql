select
    ticket_id,
    account_id,
    submitted_at,
    closed_at,
    date(submitted_at) as submitted_date,
    {{ clean('priority') }} as priority,
    trim(subject) as subject,
    ifnull(description, '') as description,
    first_response_minutes,
    timestamp_diff(closed_at, submitted_at, minute) / 60 as resolution_hours,
    satisfaction_score,
    escalation_flag as is_escalated,
    closed_at is not null as is_closed
from {{ source('crm', 'support_tickets') }}
