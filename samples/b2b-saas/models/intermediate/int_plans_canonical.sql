-- Plans under the tier that is sold today. Legacy tiers were moved to their successors in July 2025.
select
    plans.plan_id,
    plans.plan_name,
    plans.tier as original_tier,
    coalesce(migrations.tier, plans.tier) as tier,
    migrations.legacy_tier is not null as is_legacy,
    migrations.migrated_on,
    plans.price,
    plans.currency,
    plans.billing_interval,
    plans.billing_months,
    plans.is_active
from {{ ref('stg_stripe__plans') }} as plans
left join {{ ref('plan_migrations') }} as migrations on plans.tier = migrations.legacy_tier
