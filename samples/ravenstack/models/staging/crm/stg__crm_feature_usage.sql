select
    usage_id,
    subscription_id,
    usage_month,
    {{ feature_name('feature_name') }} as feature_name,
    usage_count,
    usage_duration_secs,
    error_count,
    is_beta_feature
from {{ source('crm', 'feature_usage') }}
where usage_count > 0
qualify row_number() over (partition by usage_id order by usage_month) = 1
