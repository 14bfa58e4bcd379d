-- Exactly one current row per deal, and it agrees with the deal itself.
select
    deals.deal_id,
    deals.stage,
    count(history.deal_id) as current_rows
from {{ ref('fact_deals') }} as deals
left join {{ ref('fact_deal_stage_history') }} as history
    on deals.deal_id = history.deal_id and history.is_current and history.stage = deals.stage
group by deals.deal_id, deals.stage
having count(history.deal_id) <> 1
