select
    deal_id,
    account_id,
    stage,
    {{ clean_label('plan') }} as plan,
    seats,
    amount,
    created_date as created_at,
    cast(created_date as date) as created_date,
    stage in ('Won', 'Lost') as is_closed,
    stage = 'Won' as is_won
from {{ ref('deals_raw') }}
