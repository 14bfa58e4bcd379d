select
    account_id,
    account_name,
    segment,
    health_score,
    days_since_last_event,
    events_last_30_days,
    events_previous_30_days,
    {{ safe_divide('events_last_30_days - events_previous_30_days', 'events_previous_30_days') }} as activity_change,
    case
        when days_since_last_event is null then 'high'
        when days_since_last_event > 60 then 'high'
        when days_since_last_event > {{ var('quiet_after_days') }} then 'medium'
        when events_last_30_days < 0.5 * events_previous_30_days then 'medium'
        else 'low'
    end as churn_risk,
    case
        when days_since_last_event is null then 'never used the product'
        when days_since_last_event > {{ var('quiet_after_days') }} then 'gone quiet'
        when events_last_30_days < 0.5 * events_previous_30_days then 'activity halved'
        else 'none'
    end as main_reason
from {{ ref('account_health') }}
