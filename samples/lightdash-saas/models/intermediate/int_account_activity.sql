select
    account_id,
    count(*) as total_users,
    count(case when has_logged_in then 1 end) as activated_users,
    count(case when events_last_30_days > 0 then 1 end) as active_users_last_30_days,
    sum(total_events) as total_events,
    sum(reports_generated) as reports_generated,
    sum(integration_failures) as integration_failures,
    sum(events_last_30_days) as events_last_30_days,
    sum(events_previous_30_days) as events_previous_30_days,
    max(distinct_features) as widest_feature_use,
    max(latest_event_at) as latest_event_at
from {{ ref('int_user_activity') }}
group by account_id
