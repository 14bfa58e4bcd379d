-- Deals must not be multiplied on their way into the overview: what the accounts hold is what the deals hold.
with overview as (
    select
        sum(total_deals) as deals,
        sum(total_pipeline_value) as amount
    from {{ ref('account_overview') }}
),

facts as (
    select
        count(*) as deals,
        sum(amount) as amount
    from {{ ref('deals') }}
)

select
    overview.deals as deals_in_overview,
    facts.deals as deals_in_facts,
    overview.amount as amount_in_overview,
    facts.amount as amount_in_facts
from overview
cross join facts
where overview.deals <> facts.deals or overview.amount <> facts.amount
