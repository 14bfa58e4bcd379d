select
    subscriptions.account_id,
    usage.feature_name,
    usage.is_beta_feature,
    count(distinct usage.usage_month) as active_months,
    min(usage.usage_month) as first_used_month,
    max(usage.usage_month) as last_used_month,
    sum(usage.usage_count) as usage_count,
    sum(usage.usage_duration_secs) as usage_duration_secs,
    sum(usage.error_count) as error_count
from {{ ref('stg__crm_feature_usage') }} as usage
inner join {{ ref('stg__crm_subscriptions') }} as subscriptions on usage.subscription_id = subscriptions.subscription_id
group by 1, 2, 3
