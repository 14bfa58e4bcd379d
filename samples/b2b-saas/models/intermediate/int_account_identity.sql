-- One identity for what three systems know by different names. A Stripe customer belongs to the Salesforce account that sales wrote on it,
-- else to the one with the domain of its address; a product user to the account it was mapped to, else again by domain.
with accounts as (

    select
        account_id,
        domain
    from {{ ref('stg_salesforce__accounts') }}

),

customers as (

    select
        'stripe_customer' as identity_type,
        customers.customer_id as source_id,
        coalesce(customers.salesforce_account_id, accounts.account_id) as account_id,
        case
            when customers.salesforce_account_id is not null then 'declared'
            when accounts.account_id is not null then 'email domain'
            else 'unknown'
        end as matched_by
    from {{ ref('stg_stripe__customers') }} as customers
    left join accounts on customers.email_domain = accounts.domain

),

users as (

    select
        'segment_user' as identity_type,
        users.user_id as source_id,
        coalesce(mappings.salesforce_account_id, accounts.account_id) as account_id,
        case
            when mappings.salesforce_account_id is not null then 'declared'
            when accounts.account_id is not null then 'email domain'
            else 'unknown'
        end as matched_by
    from {{ ref('stg_segment__users') }} as users
    left join {{ ref('stg_segment__account_mappings') }} as mappings on users.user_id = mappings.user_id
    left join accounts on users.email_domain = accounts.domain

)

select
    identity_type,
    source_id,
    account_id,
    matched_by
from customers

union all

select
    identity_type,
    source_id,
    account_id,
    matched_by
from users
