-- Everything once more by tier, region and industry, for the latest twelve months.
create or replace table saas_analytics.segments as
with latest as (

    select max(month) as month from saas_analytics.site_month

)

select
    site_month.account_tier,
    site_month.region,
    site_month.industry,
    count(distinct site_month.customer_id) as customers,
    count(distinct site_month.site_id) as sites,
    round(safe_divide(sum(site_month.active_users), count(*)), 2) as active_users_per_site_month,
    sum(site_month.event_count) as event_count,
    round(safe_divide(sum(site_month.event_count), count(*)), 1) as events_per_site_month,
    round(avg(site_month.end_storage_bytes) / 1000000000, 2) as average_storage_gb,
    sum(site_month.job_minutes) as job_minutes,
    round(safe_divide(sum(site_month.job_minutes), count(*)), 1) as job_minutes_per_site_month
from saas_analytics.site_month as site_month
cross join latest
where site_month.month > date_sub(latest.month, interval 12 month)
group by 1, 2, 3;
