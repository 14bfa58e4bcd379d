select
    id as subscription_id,
    customer as customer_id,
    plan as plan_id,
    quantity as seats,
    coupon as coupon_id,
    status,
    {{ epoch_time('current_period_start') }} as current_period_start_at,
    {{ epoch_time('current_period_end') }} as current_period_end_at,
    {{ epoch_time('canceled_at') }} as canceled_at,
    {{ epoch_time('ended_at') }} as ended_at,
    {{ epoch_time('created') }} as created_at,
    {{ epoch_time('updated') }} as updated_at
from {{ source('stripe', 'subscriptions') }}
