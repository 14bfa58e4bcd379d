-- How many deals reach each stage, how many go on from it and how long they stay.
select
    stage,
    stage_order,
    count(distinct deal_id) as deals_reached,
    count(*) as stays,
    count(case when stage_movement = 'Backward' then 1 end) as stays_after_backward_move,
    round(avg(case when not is_current then days_in_stage end), 2) as average_days_in_stage,
    max(case when not is_current then days_in_stage end) as longest_days_in_stage,
    count(case when is_current then 1 end) as deals_in_stage_now,
    {{ share('count(distinct deal_id)', 'max(count(distinct deal_id)) over ()') }} as reach_rate
from {{ ref('fact_deal_stage_history') }}
where stage_order is not null
group by stage, stage_order
