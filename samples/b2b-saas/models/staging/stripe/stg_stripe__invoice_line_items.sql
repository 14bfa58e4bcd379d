select
    id as line_item_id,
    invoice as invoice_id,
    type as line_type,
    plan as plan_id,
    quantity,
    {{ cents('amount') }} as amount,
    {{ cents('discount_amount') }} as discount,
    upper(currency) as currency,
    {{ epoch_time('period_start') }} as period_start_at,
    {{ epoch_time('period_end') }} as period_end_at,
    proration = 1 as is_proration
from {{ source('stripe', 'invoice_line_items') }}
