-- Win rate, deal size and cycle length by the quarter in which deals were closed.
select
    cast(date_trunc('quarter', actual_close_date) as date) as close_quarter,
    deal_owner,
    count(*) as closed_deals,
    count(case when is_won then 1 end) as won_deals,
    {{ share('count(case when is_won then 1 end)', 'count(*)') }} as win_rate,
    coalesce(sum(won_amount), 0) as won_amount,
    round(avg(won_amount), 2) as average_deal_size,
    round(avg(case when is_won then sales_cycle_days end), 1) as average_sales_cycle_days
from {{ ref('fact_deals') }}
where is_closed
group by 1, 2
