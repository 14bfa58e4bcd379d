select
    id as contact_id,
    account_id,
    first_name,
    last_name,
    trim(coalesce(first_name, '') || ' ' || last_name) as full_name,
    lower(email) as email,
    phone,
    trim(job_title) as job_title,
    is_primary,
    created_at,
    updated_at
from {{ source('crm', 'contacts') }}
