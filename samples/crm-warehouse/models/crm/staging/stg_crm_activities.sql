select
    id as activity_id,
    lower(activity_type) as activity_type,
    subject,
    account_id,
    contact_id,
    deal_id,
    owner as activity_owner,
    status,
    due_at,
    completed_at,
    duration_minutes,
    created_at,
    status = 'completed' as is_completed
from {{ source('crm', 'activities') }}
