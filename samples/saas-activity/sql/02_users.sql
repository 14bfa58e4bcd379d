-- Users with their licence in one spelling. A user without a registration date counts from the first day of activity.
create or replace view saas_analytics.users as
with first_activity as (

    select
        lower(user_email) as user_email,
        site_id,
        min(date) as first_active_date
    from saas_raw.saas_user_activity
    group by 1, 2

)

select
    lower(users.user_email) as user_email,
    users.site_id,
    users.customer_id,
    initcap(trim(users.license_type)) as license_type,
    ifnull(users.registration_date, first_activity.first_active_date) as registration_date,
    first_activity.first_active_date,
    date_diff(first_activity.first_active_date, users.registration_date, day) as days_to_first_activity
from saas_raw.saas_users as users
left join first_activity
    on lower(users.user_email) = first_activity.user_email and users.site_id = first_activity.site_id;
