select
    user_id,
    created_at,
    first_logged_in_at,
    latest_logged_in_at
from {{ ref('users') }}
where first_logged_in_at < created_at or latest_logged_in_at < first_logged_in_at
