-- Activity by user, site, day and type. The export was restarted now and then and wrote some rows again, hence the distinct.
create or replace view saas_analytics.user_activity as
with written_once as (

    select distinct
        lower(user_email) as user_email,
        site_id,
        date,
        activity_type,
        event_count
    from saas_raw.saas_user_activity

)

select
    user_email,
    site_id,
    date as activity_date,
    date_trunc(date, month) as activity_month,
    activity_type,
    sum(event_count) as event_count
from written_once
group by 1, 2, 3, 4, 5;
