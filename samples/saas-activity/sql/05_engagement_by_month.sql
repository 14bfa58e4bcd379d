-- User engagement over time: who is active, how much they do and how many of the registered that is.
create or replace table saas_analytics.engagement_by_month as
select
    month,
    count(distinct site_id) as sites,
    countif(event_count > 0) as active_sites,
    sum(active_users) as active_users,
    sum(registered_users) as registered_users,
    round(safe_divide(sum(active_users), sum(registered_users)), 4) as activation_rate,
    sum(event_count) as event_count,
    round(safe_divide(sum(event_count), sum(active_users)), 2) as events_per_active_user,
    sum(access_events) as access_events,
    sum(view_events) as view_events,
    sum(create_events) as create_events,
    sum(publish_events) as publish_events,
    round(safe_divide(sum(create_events) + sum(publish_events), sum(event_count)), 4) as authoring_share
from saas_analytics.site_month
group by month;
