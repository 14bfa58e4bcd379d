-- Do worked deals win more? Closed deals in groups by how many activities were spent on them.
with effort as (

    select
        deals.deal_id,
        deals.is_won,
        deals.won_amount,
        count(activities.activity_id) as activity_count
    from {{ ref('fact_deals') }} as deals
    left join {{ ref('fact_activities') }} as activities on deals.deal_id = activities.deal_id
    where deals.is_closed
    group by deals.deal_id, deals.is_won, deals.won_amount

)

select
    case
        when activity_count <= 2 then '0-2'
        when activity_count <= 5 then '3-5'
        else '6+'
    end as activities_per_deal,
    count(*) as closed_deals,
    count(case when is_won then 1 end) as won_deals,
    {{ share('count(case when is_won then 1 end)', 'count(*)') }} as win_rate,
    round(avg(won_amount), 2) as average_won_amount
from effort
group by 1
