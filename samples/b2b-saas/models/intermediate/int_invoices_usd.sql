-- Invoices with their account, in dollars at the rate of the month they were made out in.
select
    invoices.invoice_id,
    invoices.invoice_number,
    invoices.customer_id,
    identity.account_id,
    invoices.subscription_id,
    invoices.status,
    invoices.currency,
    rates.usd_rate,
    invoices.subtotal,
    invoices.discount,
    invoices.total,
    invoices.amount_paid,
    {{ to_usd('invoices.subtotal', 'rates.usd_rate') }} as subtotal_usd,
    {{ to_usd('invoices.discount', 'rates.usd_rate') }} as discount_usd,
    {{ to_usd('invoices.total', 'rates.usd_rate') }} as total_usd,
    {{ to_usd('invoices.amount_paid', 'rates.usd_rate') }} as amount_paid_usd,
    invoices.due_date,
    invoices.paid_at,
    invoices.created_at,
    {{ month_of('invoices.created_at') }} as invoice_month
from {{ ref('stg_stripe__invoices') }} as invoices
inner join {{ ref('fx_rates') }} as rates
    on {{ month_of('invoices.created_at') }} = rates.month and invoices.currency = rates.currency
left join {{ ref('int_account_identity') }} as identity
    on invoices.customer_id = identity.source_id and identity.identity_type = 'stripe_customer'
