select
    Id as contact_id,
    AccountId as account_id,
    FirstName as first_name,
    LastName as last_name,
    lower(Email) as email,
    Title as job_title,
    {{ salesforce_time('CreatedDate') }} as created_at
from {{ source('salesforce', 'contacts') }}
