-- One row per account, whoever knows it: who they are from Salesforce, what they pay from Stripe, how many use it from Segment.
with customers as (

    select
        account_id,
        min(source_id) as customer_id,
        count(*) as customer_count
    from {{ ref('int_account_identity') }}
    where identity_type = 'stripe_customer'
    group by account_id

),

users as (

    select
        account_id,
        count(*) as user_count
    from {{ ref('int_account_identity') }}
    where identity_type = 'segment_user'
    group by account_id

),

latest_month as (

    select
        account_id,
        mrr,
        tier,
        seats
    from {{ ref('int_account_mrr_by_month') }}
    where month_start = (select max(month_start) from {{ ref('int_billing_months') }})

)

select
    accounts.account_id,
    accounts.account_name,
    accounts.domain,
    coalesce(accounts.industry, 'Unknown') as industry,
    accounts.employee_count,
    accounts.country,
    accounts.currency,
    accounts.account_owner,
    accounts.created_at,
    customers.customer_id,
    coalesce(users.user_count, 0) as user_count,
    coalesce(latest_month.mrr, 0) as current_mrr,
    latest_month.tier as current_tier,
    coalesce(latest_month.seats, 0) as current_seats,
    case
        when customers.customer_id is null then 'prospect'
        when coalesce(latest_month.mrr, 0) > 0 then 'customer'
        else 'former customer'
    end as lifecycle
from {{ ref('stg_salesforce__accounts') }} as accounts
left join customers on accounts.account_id = customers.account_id
left join users on accounts.account_id = users.account_id
left join latest_month on accounts.account_id = latest_month.account_id
