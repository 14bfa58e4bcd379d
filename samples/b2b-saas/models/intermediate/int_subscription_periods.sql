-- The history of each subscription, one row per billed period. Stripe keeps only the current plan of a subscription,
-- but every invoice remembers what was billed.
with periods as (

    select
        invoices.subscription_id,
        invoices.customer_id,
        lines.line_item_id,
        lines.plan_id,
        plans.tier,
        plans.original_tier,
        plans.billing_months,
        lines.quantity as seats,
        lines.currency,
        lines.amount,
        lines.discount,
        date(lines.period_start_at) as period_start,
        date(lines.period_end_at) as period_end,
        lag(plans.tier) over (partition by invoices.subscription_id order by lines.period_start_at) as previous_tier,
        lag(plans.original_tier) over (partition by invoices.subscription_id order by lines.period_start_at) as previous_original_tier,
        lag(lines.quantity) over (partition by invoices.subscription_id order by lines.period_start_at) as previous_seats
    from {{ ref('stg_stripe__invoice_line_items') }} as lines
    inner join {{ ref('stg_stripe__invoices') }} as invoices on lines.invoice_id = invoices.invoice_id
    inner join {{ ref('int_plans_canonical') }} as plans on lines.plan_id = plans.plan_id
    where lines.line_type = 'subscription'

)

select
    periods.subscription_id,
    periods.customer_id,
    identity.account_id,
    periods.line_item_id,
    periods.plan_id,
    periods.tier,
    periods.original_tier,
    periods.seats,
    periods.currency,
    periods.billing_months,
    periods.period_start,
    periods.period_end,
    round((periods.amount - periods.discount) / periods.billing_months, 2) as monthly_amount,
    round(periods.amount / periods.billing_months, 2) as monthly_list_amount,
    case
        when periods.previous_tier is null then 'start'
        when periods.previous_tier <> periods.tier then 'plan change'
        when periods.previous_original_tier <> periods.original_tier then 'plan migration'
        when periods.previous_seats < periods.seats then 'seats added'
        when periods.previous_seats > periods.seats then 'seats removed'
        else 'renewal'
    end as change_type
from periods
left join {{ ref('int_account_identity') }} as identity
    on periods.customer_id = identity.source_id and identity.identity_type = 'stripe_customer'
