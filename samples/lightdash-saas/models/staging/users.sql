select
    user_id,
    account_id,
    lower(trim(email)) as email,
    coalesce({{ clean_label('job_title') }}, 'Unknown') as job_title,
    is_marketing_opted_in = 1 as is_marketing_opted_in,
    created_at,
    first_logged_in_at,
    latest_logged_in_at,
    first_logged_in_at is not null as has_logged_in
from {{ ref('users_raw') }}
