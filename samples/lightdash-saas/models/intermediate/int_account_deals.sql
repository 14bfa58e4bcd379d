-- Deals brought to one row per account, so that they can be joined beside users without multiplying them.
select
    account_id,
    count(*) as total_deals,
    count(*) filter (where is_won) as won_deals,
    count(*) filter (where stage = 'Lost') as lost_deals,
    count(*) filter (where not is_closed) as open_deals,
    sum(amount) as total_pipeline_value,
    sum(case when is_won then amount else 0 end) as won_amount,
    max(case when is_won then seats end) as licensed_seats,
    min(created_at) as first_deal_at,
    min(case when is_won then created_at end) as first_won_at,
    max(case when is_won then created_at end) as latest_won_at
from {{ ref('deals') }}
group by account_id
