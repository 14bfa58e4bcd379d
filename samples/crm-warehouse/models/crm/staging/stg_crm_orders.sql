select
    id as order_id,
    order_number,
    account_id,
    contact_id,
    product_id,
    quantity,
    unit_price,
    discount_percent,
    lower(status) as status,
    ordered_at,
    promised_at,
    shipped_at,
    delivered_at,
    lower(status) = 'delivered' as is_fulfilled,
    lower(status) in ('cancelled', 'returned') as is_reversed,
    {{ hours_between('ordered_at', 'shipped_at') }} as hours_to_ship,
    {{ hours_between('ordered_at', 'delivered_at') }} as hours_to_deliver
from {{ source('crm', 'orders') }}
