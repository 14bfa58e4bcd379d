-- One row per Stripe customer with the account it belongs to and how that is known.
select
    customers.customer_id,
    customers.customer_name,
    customers.email,
    customers.currency,
    identity.account_id,
    identity.matched_by,
    subscriptions.subscription_id,
    subscriptions.status as subscription_status,
    subscriptions.seats,
    plans.tier,
    plans.billing_interval,
    coupons.coupon_name,
    customers.created_at
from {{ ref('stg_stripe__customers') }} as customers
left join {{ ref('int_account_identity') }} as identity
    on customers.customer_id = identity.source_id and identity.identity_type = 'stripe_customer'
left join {{ ref('stg_stripe__subscriptions') }} as subscriptions on customers.customer_id = subscriptions.customer_id
left join {{ ref('int_plans_canonical') }} as plans on subscriptions.plan_id = plans.plan_id
left join {{ ref('stg_stripe__coupons') }} as coupons on subscriptions.coupon_id = coupons.coupon_id
