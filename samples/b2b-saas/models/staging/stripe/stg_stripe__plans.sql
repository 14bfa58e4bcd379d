select
    id as plan_id,
    nickname as plan_name,
    -- plan_growth_eur_month: the tier stands between the first and the second underscore.
    substr(substr(id, 6), 1, instr(substr(id, 6), '_') - 1) as tier,
    {{ cents('amount') }} as price,
    upper(currency) as currency,
    interval as billing_interval,
    case interval when 'year' then 12 else 1 end * interval_count as billing_months,
    active = 1 as is_active,
    {{ epoch_time('created') }} as created_at
from {{ source('stripe', 'plans') }}
