select
    id as refund_id,
    charge as charge_id,
    {{ cents('amount') }} as amount,
    upper(currency) as currency,
    coalesce(reason, 'not given') as reason,
    status,
    {{ epoch_time('created') }} as created_at
from {{ source('stripe', 'refunds') }}
