-- The one table that the analyses read: everything known of a site in a month. Each source is brought to site and month
-- on its own before they are joined; joined day by day they would multiply.
create or replace table saas_analytics.site_month as
with activity as (

    select
        site_id,
        activity_month as month,
        count(distinct user_email) as active_users,
        count(distinct activity_date) as active_days,
        sum(event_count) as event_count,
        sum(if(activity_type = 'Access', event_count, 0)) as access_events,
        sum(if(activity_type = 'View', event_count, 0)) as view_events,
        sum(if(activity_type = 'Create', event_count, 0)) as create_events,
        sum(if(activity_type = 'Publish', event_count, 0)) as publish_events
    from saas_analytics.user_activity
    group by 1, 2

),

storage_days as (

    select
        site_id,
        date_trunc(date, month) as month,
        storage_bytes,
        row_number() over (partition by site_id, date_trunc(date, month) order by date desc) as days_from_end
    from saas_raw.saas_storage

),

storage as (

    select
        site_id,
        month,
        cast(avg(storage_bytes) as int64) as average_storage_bytes,
        max(storage_bytes) as peak_storage_bytes,
        max(if(days_from_end = 1, storage_bytes, null)) as end_storage_bytes
    from storage_days
    group by 1, 2

),

jobs as (

    select
        site_id,
        date_trunc(date, month) as month,
        count(*) as job_count,
        sum(background_job_min) as job_minutes,
        sum(if(lower(background_job_type) = 'extract refresh', background_job_min, 0)) as refresh_minutes,
        sum(if(lower(background_job_type) = 'flow run', background_job_min, 0)) as flow_minutes,
        max(background_job_min) as longest_job_minutes
    from saas_raw.saas_background_jobs
    group by 1, 2

),

registrations as (

    select
        site_id,
        date_trunc(registration_date, month) as month,
        count(*) as new_users,
        countif(license_type = 'Viewer') as new_viewers,
        countif(license_type = 'Explorer') as new_explorers,
        countif(license_type = 'Creator') as new_creators
    from saas_analytics.users
    where registration_date is not null
    group by 1, 2

),

site_months as (

    select site_id, month from activity
    union distinct
    select site_id, month from storage
    union distinct
    select site_id, month from jobs
    union distinct
    select site_id, month from registrations

)

select
    site_months.site_id,
    site_months.month,
    sites.customer_id,
    sites.industry,
    sites.region,
    sites.account_tier,
    ifnull(activity.active_users, 0) as active_users,
    ifnull(activity.active_days, 0) as active_days,
    ifnull(activity.event_count, 0) as event_count,
    ifnull(activity.access_events, 0) as access_events,
    ifnull(activity.view_events, 0) as view_events,
    ifnull(activity.create_events, 0) as create_events,
    ifnull(activity.publish_events, 0) as publish_events,
    storage.average_storage_bytes,
    storage.peak_storage_bytes,
    storage.end_storage_bytes,
    ifnull(jobs.job_count, 0) as job_count,
    ifnull(jobs.job_minutes, 0) as job_minutes,
    ifnull(jobs.refresh_minutes, 0) as refresh_minutes,
    ifnull(jobs.flow_minutes, 0) as flow_minutes,
    ifnull(jobs.longest_job_minutes, 0) as longest_job_minutes,
    ifnull(registrations.new_users, 0) as new_users,
    ifnull(registrations.new_viewers, 0) as new_viewers,
    ifnull(registrations.new_explorers, 0) as new_explorers,
    ifnull(registrations.new_creators, 0) as new_creators,
    sum(ifnull(registrations.new_users, 0)) over (partition by site_months.site_id order by site_months.month) as registered_users,
    row_number() over (partition by site_months.site_id order by site_months.month) as month_of_life
from site_months
inner join saas_analytics.sites as sites on site_months.site_id = sites.site_id
left join activity on site_months.site_id = activity.site_id and site_months.month = activity.month
left join storage on site_months.site_id = storage.site_id and site_months.month = storage.month
left join jobs on site_months.site_id = jobs.site_id and site_months.month = jobs.month
left join registrations on site_months.site_id = registrations.site_id and site_months.month = registrations.month;
