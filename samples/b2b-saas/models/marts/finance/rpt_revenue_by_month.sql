-- Billed, discounted, collected and refunded by month of invoice, and what is still owed.
select
    invoice_month,
    count(*) as invoices,
    round(sum(subtotal_usd), 2) as billed_usd,
    round(sum(discount_usd), 2) as discounts_usd,
    round(sum(amount_paid_usd), 2) as collected_usd,
    round(sum(refunded_usd), 2) as refunded_usd,
    round(sum(net_revenue_usd), 2) as net_revenue_usd,
    round(sum(case when payment_status in ('open', 'overdue') then total_usd else 0 end), 2) as outstanding_usd,
    round(sum(case when payment_status = 'written off' then total_usd else 0 end), 2) as written_off_usd,
    sum(case when payment_status = 'paid late' then 1 else 0 end) as late_payments,
    {{ safe_divide("sum(case when payment_status = 'paid late' then 1 else 0 end)", "sum(case when status = 'paid' then 1 else 0 end)") }} as late_payment_rate
from {{ ref('fct_invoices') }}
group by invoice_month
