-- Licence mix and registration patterns: who signs up when, with what licence, and whether they come.
create or replace table saas_analytics.licenses_and_registrations as
select
    date_trunc(users.registration_date, quarter) as registration_quarter,
    sites.account_tier,
    users.license_type,
    count(*) as registered_users,
    countif(users.first_active_date is not null) as activated_users,
    round(safe_divide(countif(users.first_active_date is not null), count(*)), 4) as activation_rate,
    round(avg(users.days_to_first_activity), 1) as average_days_to_first_activity
from saas_analytics.users as users
inner join saas_analytics.sites as sites on users.site_id = sites.site_id
where users.registration_date is not null
group by 1, 2, 3;
