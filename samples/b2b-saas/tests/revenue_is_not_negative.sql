-- Nothing that was billed, paid or earned can be less than nothing, and no more can be given back than was paid.
select
    invoice_id,
    total_usd,
    amount_paid_usd,
    refunded_usd,
    net_revenue_usd
from {{ ref('fct_invoices') }}
where total_usd < 0 or amount_paid_usd < 0 or refunded_usd < 0 or net_revenue_usd < -0.01
