select
    accounts.industry,
    accounts.segment,
    deals.plan,
    count(*) as won_deals,
    sum(deals.amount) as won_amount,
    round(avg(deals.amount), 2) as average_amount,
    min(deals.amount) as smallest_amount,
    max(deals.amount) as largest_amount,
    round(avg(deals.seats), 1) as average_seats,
    {{ safe_divide('sum(deals.amount)', 'sum(deals.seats)', 2) }} as amount_per_seat
from {{ ref('deals') }} as deals
inner join {{ ref('accounts') }} as accounts on deals.account_id = accounts.account_id
where deals.is_won
group by accounts.industry, accounts.segment, deals.plan
