select
    id as customer_id,
    lower(email) as email,
    {{ domain_of_email('email') }} as email_domain,
    trim(name) as customer_name,
    upper(currency) as currency,
    nullif(metadata_salesforce_id, '') as salesforce_account_id,
    delinquent = 1 as is_delinquent,
    {{ epoch_time('created') }} as created_at
from {{ source('stripe', 'customers') }}
