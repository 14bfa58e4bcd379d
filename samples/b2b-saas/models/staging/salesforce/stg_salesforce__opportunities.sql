select
    Id as opportunity_id,
    AccountId as account_id,
    Name as opportunity_name,
    StageName as stage,
    cast(Amount as real) as amount,
    CurrencyIsoCode as currency,
    Probability as probability,
    {{ proper('LeadSource') }} as lead_source,
    date(CloseDate) as close_date,
    IsClosed = 1 as is_closed,
    IsWon = 1 as is_won,
    OwnerName as opportunity_owner,
    {{ salesforce_time('CreatedDate') }} as created_at,
    {{ salesforce_time('LastModifiedDate') }} as updated_at
from {{ source('salesforce', 'opportunities') }}
