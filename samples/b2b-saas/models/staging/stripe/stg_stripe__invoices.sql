select
    id as invoice_id,
    customer as customer_id,
    subscription as subscription_id,
    number as invoice_number,
    status,
    upper(currency) as currency,
    {{ cents('subtotal') }} as subtotal,
    {{ cents('discount') }} as discount,
    {{ cents('total') }} as total,
    {{ cents('amount_paid') }} as amount_paid,
    date({{ epoch_time('due_date') }}) as due_date,
    {{ epoch_time('paid_at') }} as paid_at,
    {{ epoch_time('created') }} as created_at,
    {{ epoch_time('updated') }} as updated_at
from {{ source('stripe', 'invoices') }}
