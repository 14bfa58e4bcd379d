-- What each paid subscription is worth a month, whatever period it is billed for.
select
    subscription_id,
    account_id,
    start_date,
    end_date,
    plan_tier,
    seats,
    billing_frequency,
    is_upgrade,
    is_downgrade,
    ended_in_churn,
    round(
        billed_amount / case billing_frequency
            when 'annual' then 12
            when 'quarterly' then 3
            else 1
        end,
        2
    ) as mrr_amount
from {{ ref('stg__crm_subscriptions') }}
where not is_trial
