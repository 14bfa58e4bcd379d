-- Won over closed; open deals count towards neither.
select
    accounts.industry,
    accounts.segment,
    count(*) as total_deals,
    count(*) filter (where deals.is_closed) as closed_deals,
    count(*) filter (where deals.is_won) as won_deals,
    count(*) filter (where deals.stage = 'Lost') as lost_deals,
    sum(case when deals.is_won then deals.amount else 0 end) as won_amount,
    {{ safe_divide('count(*) filter (where deals.is_won)', 'count(*) filter (where deals.is_closed)') }} as win_rate
from {{ ref('deals') }} as deals
inner join {{ ref('accounts') }} as accounts on deals.account_id = accounts.account_id
group by accounts.industry, accounts.segment
