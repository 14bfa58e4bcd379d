-- Grain: invoice. What was billed, what was paid, what was given back, and whether it came late.
select
    invoices.invoice_id,
    invoices.invoice_number,
    invoices.account_id,
    invoices.customer_id,
    invoices.subscription_id,
    invoices.invoice_month,
    invoices.status,
    invoices.currency,
    invoices.subtotal,
    invoices.discount,
    invoices.total,
    invoices.amount_paid,
    invoices.subtotal_usd,
    invoices.discount_usd,
    invoices.total_usd,
    invoices.amount_paid_usd,
    coalesce(payments.charge_attempts, 0) as charge_attempts,
    coalesce(payments.failed_attempts, 0) as failed_attempts,
    coalesce(payments.charged_amount, 0) as charged_amount,
    coalesce(payments.refunded_amount, 0) as refunded_amount,
    {{ to_usd('coalesce(payments.refunded_amount, 0)', 'invoices.usd_rate') }} as refunded_usd,
    round(invoices.amount_paid_usd - {{ to_usd('coalesce(payments.refunded_amount, 0)', 'invoices.usd_rate') }}, 2) as net_revenue_usd,
    date(invoices.created_at) as invoice_date,
    invoices.due_date,
    date(invoices.paid_at) as paid_date,
    {{ days_between('invoices.due_date', 'invoices.paid_at') }} as days_past_due,
    case
        when invoices.status = 'paid' and {{ days_between('invoices.due_date', 'invoices.paid_at') }} > {{ var('late_after_days') }} then 'paid late'
        when invoices.status = 'paid' then 'paid on time'
        when invoices.status = 'uncollectible' then 'written off'
        when invoices.due_date < (select date(max(created_at)) from {{ ref('stg_stripe__invoices') }}) then 'overdue'
        else 'open'
    end as payment_status
from {{ ref('int_invoices_usd') }} as invoices
left join {{ ref('int_invoice_payments') }} as payments on invoices.invoice_id = payments.invoice_id
