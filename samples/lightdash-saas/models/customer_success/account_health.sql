-- Four parts of 25 points: how lately, how broadly, how deeply and how smoothly the account works.
with measured as (

    select
        overview.account_id,
        overview.account_name,
        overview.industry,
        overview.segment,
        overview.customer_since,
        coalesce(activity.total_users, 0) as total_users,
        coalesce(activity.activated_users, 0) as activated_users,
        coalesce(activity.active_users_last_30_days, 0) as active_users_last_30_days,
        coalesce(activity.events_last_30_days, 0) as events_last_30_days,
        coalesce(activity.events_previous_30_days, 0) as events_previous_30_days,
        coalesce(activity.widest_feature_use, 0) as features_used,
        {{ safe_divide('activity.integration_failures', 'activity.total_events') }} as failure_rate,
        {{ days_before_as_of('cast(activity.latest_event_at as date)') }} as days_since_last_event
    from {{ ref('account_overview') }} as overview
    left join {{ ref('int_account_activity') }} as activity on overview.account_id = activity.account_id
    where overview.is_customer

),

scored as (

    select
        *,
        case
            when days_since_last_event is null then 0
            when days_since_last_event <= 7 then 25
            when days_since_last_event <= {{ var('quiet_after_days') }} then 15
            when days_since_last_event <= 60 then 5
            else 0
        end as recency_points,
        case
            when total_users = 0 then 0
            else cast(round(25.0 * active_users_last_30_days / total_users) as integer)
        end as breadth_points,
        case
            when features_used >= 5 then 25
            when features_used >= 3 then 15
            when features_used >= 1 then 5
            else 0
        end as depth_points,
        case
            when failure_rate is null then 0
            when failure_rate <= 0.05 then 25
            when failure_rate <= 0.10 then 15
            else 5
        end as reliability_points
    from measured

)

select
    account_id,
    account_name,
    industry,
    segment,
    customer_since,
    total_users,
    activated_users,
    active_users_last_30_days,
    events_last_30_days,
    events_previous_30_days,
    features_used,
    failure_rate,
    days_since_last_event,
    recency_points,
    breadth_points,
    depth_points,
    reliability_points,
    recency_points + breadth_points + depth_points + reliability_points as health_score,
    case
        when recency_points + breadth_points + depth_points + reliability_points >= 70 then 'healthy'
        when recency_points + breadth_points + depth_points + reliability_points >= 40 then 'watch'
        else 'at risk'
    end as health_band
from scored
