with lines as (

    select
        invoice_id,
        sum(amount) as amount,
        sum(discount) as discount
    from {{ ref('stg_stripe__invoice_line_items') }}
    group by invoice_id

)

select
    invoices.invoice_id,
    invoices.subtotal,
    lines.amount,
    invoices.discount,
    lines.discount as line_discount
from {{ ref('stg_stripe__invoices') }} as invoices
left join lines on invoices.invoice_id = lines.invoice_id
where
    lines.invoice_id is null
    or abs(invoices.subtotal - lines.amount) > 0.01
    or abs(invoices.discount - lines.discount) > 0.01
