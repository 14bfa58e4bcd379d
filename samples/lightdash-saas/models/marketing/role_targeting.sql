-- Whom a campaign may reach, by role: only people who opted in, and how warm they are.
select
    users.job_title,
    accounts.segment,
    count(*) as contacts,
    sum(case when users.is_marketing_opted_in then 1 else 0 end) as reachable_contacts,
    sum(case when users.is_marketing_opted_in and users.has_logged_in then 1 else 0 end) as reachable_active_contacts,
    {{ safe_divide('sum(case when users.is_marketing_opted_in then 1 else 0 end)', 'count(*)') }} as opt_in_rate
from {{ ref('users') }} as users
inner join {{ ref('accounts') }} as accounts on users.account_id = accounts.account_id
group by users.job_title, accounts.segment
