select
    plan_id,
    plan_name,
    tier,
    original_tier,
    is_legacy,
    migrated_on,
    price,
    currency,
    billing_interval,
    billing_months,
    round(price / billing_months, 2) as price_per_month,
    is_active
from {{ ref('int_plans_canonical') }}
