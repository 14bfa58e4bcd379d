{% snapshot subscriptions_snapshot %}

{{
    config(
        unique_key='subscription_id',
        strategy='check',
        check_cols=['plan_id', 'seats', 'status', 'coupon_id']
    )
}}

-- Stripe keeps only the current plan of a subscription; this keeps the ones before.
select
    subscription_id,
    customer_id,
    plan_id,
    seats,
    coupon_id,
    status,
    updated_at
from {{ ref('stg_stripe__subscriptions') }}

{% endsnapshot %}
