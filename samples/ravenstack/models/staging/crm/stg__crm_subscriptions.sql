-- The dump was taken in pieces that overlap, so some subscriptions stand in it twice.
select
    subscription_id,
    account_id,
    start_date,
    end_date,
    initcap(trim(plan_tier)) as plan_tier,
    seats,
    cast(billed_amount as numeric) as billed_amount,
    lower(billing_frequency) as billing_frequency,
    is_trial,
    upgrade_flag as is_upgrade,
    downgrade_flag as is_downgrade,
    churn_flag as ended_in_churn,
    auto_renew_flag as is_auto_renewed
from {{ source('crm', 'subscriptions') }}
where true
qualify row_number() over (partition by subscription_id order by start_date) = 1
