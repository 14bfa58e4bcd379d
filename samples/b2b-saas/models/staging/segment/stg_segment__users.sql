select
    user_id,
    lower(email) as email,
    {{ domain_of_email('email') }} as email_domain,
    name as user_name,
    role,
    {{ segment_time('created_at') }} as created_at
from {{ source('segment', 'users') }}
