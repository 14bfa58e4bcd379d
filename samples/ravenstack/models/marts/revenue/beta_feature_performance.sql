-- Beta features month by month, next to the features that everybody has.
select
    usage_month,
    if(is_beta_feature, feature_name, 'all released features') as feature,
    is_beta_feature,
    count(distinct subscription_id) as using_subscriptions,
    sum(usage_count) as usage_count,
    round(safe_divide(sum(usage_duration_secs), sum(usage_count)), 1) as seconds_per_use,
    round(safe_divide(sum(error_count), sum(usage_count)), 4) as error_rate
from {{ ref('stg__crm_feature_usage') }}
group by 1, 2, 3
