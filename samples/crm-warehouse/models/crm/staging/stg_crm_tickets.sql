select
    id as ticket_id,
    account_id,
    contact_id,
    subject,
    lower(category) as category,
    lower(priority) as priority,
    status,
    assigned_to,
    created_at,
    first_response_at,
    resolved_at,
    satisfaction_score,
    status in ('resolved', 'closed') as is_resolved,
    {{ hours_between('created_at', 'first_response_at') }} as first_response_hours,
    {{ hours_between('created_at', 'resolved_at') }} as resolution_hours
from {{ source('crm', 'tickets') }}
