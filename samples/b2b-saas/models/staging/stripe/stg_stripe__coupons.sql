select
    id as coupon_id,
    name as coupon_name,
    percent_off,
    {{ cents('amount_off') }} as amount_off,
    upper(currency) as currency,
    duration,
    duration_in_months
from {{ source('stripe', 'coupons') }}
