-- Does use go with money? Accounts and months in groups by activity, with what became of them a month later.
with following as (

    -- Next month is looked up before months without revenue are left out, or nobody would ever be seen to leave.
    select
        account_id,
        month_start,
        mrr,
        lead(mrr) over (partition by account_id order by month_start) as next_mrr
    from {{ ref('fct_account_mrr') }}

),

paired as (

    select
        mrr.account_id,
        mrr.month_start,
        mrr.mrr,
        mrr.next_mrr,
        case
            when coalesce(activity.event_count, 0) = 0 then '1 silent'
            when activity.event_count < 5 then '2 low'
            when activity.event_count < 15 then '3 medium'
            else '4 high'
        end as activity_level
    from following as mrr
    left join {{ ref('fct_account_activity') }} as activity
        on mrr.account_id = activity.account_id and mrr.month_start = activity.month_start
    where mrr.mrr > 0

)

select
    activity_level,
    count(*) as account_months,
    round(avg(mrr), 2) as average_mrr,
    sum(case when next_mrr = 0 then 1 else 0 end) as churned_next_month,
    {{ safe_divide('sum(case when next_mrr = 0 then 1 else 0 end)', 'count(next_mrr)') }} as churn_rate_next_month,
    {{ safe_divide('sum(case when next_mrr > mrr then 1 else 0 end)', 'count(next_mrr)') }} as expansion_rate_next_month
from paired
group by activity_level
