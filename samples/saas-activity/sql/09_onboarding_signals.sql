-- The first three months of each site, and what they say about how it settles in.
create or replace table saas_analytics.onboarding_signals as
with first_months as (

    select
        site_id,
        customer_id,
        account_tier,
        region,
        industry,
        min(month) as first_month,
        sum(event_count) as event_count,
        max(active_users) as most_active_users,
        sum(new_users) as new_users,
        sum(create_events) + sum(publish_events) as authoring_events,
        max(ifnull(end_storage_bytes, 0)) as storage_bytes,
        sum(job_minutes) as job_minutes
    from saas_analytics.site_month
    where month_of_life <= 3
    group by 1, 2, 3, 4, 5

)

select
    *,
    event_count >= 100 and storage_bytes = 0 as is_active_without_storage,
    new_users > 0 and event_count = 0 as is_registered_without_activity,
    event_count > 0 and authoring_events = 0 as is_reading_only,
    case
        when event_count >= 100 and storage_bytes = 0 then 'high activity, no storage'
        when event_count = 0 then 'not started'
        when authoring_events = 0 then 'reading only'
        when job_minutes > 0 and event_count >= 100 then 'fully adopted'
        else 'settling in'
    end as signal
from first_months;
