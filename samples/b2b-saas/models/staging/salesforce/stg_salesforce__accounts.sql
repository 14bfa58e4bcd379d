-- The extract brings an account again whenever it was changed; the latest version stands for it.
with versions as (

    select
        Id as account_id,
        trim(Name) as account_name,
        {{ domain_of_url('Website') }} as domain,
        {{ proper('Industry') }} as industry,
        NumberOfEmployees as employee_count,
        BillingCountry as country,
        CurrencyIsoCode as currency,
        OwnerName as account_owner,
        {{ salesforce_time('CreatedDate') }} as created_at,
        {{ salesforce_time('SystemModstamp') }} as updated_at,
        row_number() over (partition by Id order by SystemModstamp desc) as version
    from {{ source('salesforce', 'accounts') }}

)

select
    account_id,
    account_name,
    domain,
    industry,
    employee_count,
    country,
    currency,
    account_owner,
    created_at,
    updated_at
from versions
where version = 1
