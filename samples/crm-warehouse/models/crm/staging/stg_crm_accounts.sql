select
    id as account_id,
    trim(name) as account_name,
    {{ label('type') }} as account_type,
    {{ label('industry') }} as industry,
    annual_revenue,
    employee_count,
    website,
    phone,
    billing_city,
    billing_country,
    owner as account_owner,
    created_at,
    updated_at
from {{ source('crm', 'accounts') }}
