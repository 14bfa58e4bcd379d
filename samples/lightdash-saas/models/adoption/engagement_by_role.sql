-- The engagement query of the README with two things put right: the average keeps its fraction, and users without events count.
select
    activity.job_title,
    accounts.segment,
    count(*) as user_count,
    count(case when activity.total_events > 0 then 1 end) as active_user_count,
    sum(activity.total_events) as total_events,
    sum(activity.reports_generated) as reports_generated,
    {{ safe_divide('sum(activity.total_events)', 'count(*)', 2) }} as avg_events_per_user,
    {{ safe_divide('sum(activity.active_days)', 'count(*)', 2) }} as avg_active_days_per_user
from {{ ref('int_user_activity') }} as activity
inner join {{ ref('accounts') }} as accounts on activity.account_id = accounts.account_id
group by activity.job_title, accounts.segment
