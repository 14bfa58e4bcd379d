select
    id as charge_id,
    invoice as invoice_id,
    customer as customer_id,
    {{ cents('amount') }} as amount,
    upper(currency) as currency,
    status,
    failure_code,
    {{ epoch_time('created') }} as created_at
from {{ source('stripe', 'charges') }}
