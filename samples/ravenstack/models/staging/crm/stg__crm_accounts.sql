select
    account_id,
    trim(account_name) as account_name,
    ifnull({{ clean('industry') }}, 'unknown') as industry,
    country as country_code,
    signup_date,
    {{ clean('referral_source') }} as referral_source,
    initcap(trim(plan_tier)) as plan_tier,
    seats,
    is_trial as started_with_trial,
    churn_flag as is_churned
from {{ source('crm', 'accounts') }}
