-- What each sales rep does in a month, and how much of it gets done.
select
    activity_owner,
    activity_year_month,
    count(*) as activity_count,
    count(distinct account_id) as accounts_touched,
    count(case when activity_type = 'call' then 1 end) as calls,
    count(case when activity_type = 'email' then 1 end) as emails,
    count(case when activity_type = 'meeting' then 1 end) as meetings,
    {{ share('count(case when is_completed then 1 end)', 'count(*)') }} as completion_rate,
    coalesce(sum(duration_minutes), 0) as minutes_with_customers,
    count(case when is_late then 1 end) as late_activities
from {{ ref('fact_activities') }}
group by activity_owner, activity_year_month
