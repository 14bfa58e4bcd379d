-- Grain: opportunity, in its current state, in its own currency and in dollars.
with stage_counts as (

    select
        opportunity_id,
        count(*) as stage_changes,
        max(changed_at) as last_changed_at
    from {{ ref('stg_salesforce__opportunity_stage_history') }}
    group by opportunity_id

)

select
    opportunities.opportunity_id,
    opportunities.account_id,
    opportunities.opportunity_name,
    opportunities.opportunity_owner,
    coalesce(opportunities.lead_source, 'Unknown') as lead_source,
    opportunities.stage,
    opportunities.probability,
    opportunities.amount,
    opportunities.currency,
    {{ to_usd('opportunities.amount', 'rates.usd_rate') }} as amount_usd,
    {{ to_usd('opportunities.amount * opportunities.probability / 100.0', 'rates.usd_rate') }} as weighted_amount_usd,
    opportunities.is_closed,
    opportunities.is_won,
    date(opportunities.created_at) as created_date,
    opportunities.close_date,
    case when opportunities.is_closed then {{ days_between('opportunities.created_at', 'opportunities.close_date') }} end as cycle_days,
    stage_counts.stage_changes,
    stage_counts.last_changed_at
from {{ ref('stg_salesforce__opportunities') }} as opportunities
inner join {{ ref('fx_rates') }} as rates
    on {{ month_of('opportunities.created_at') }} = rates.month and opportunities.currency = rates.currency
left join stage_counts on opportunities.opportunity_id = stage_counts.opportunity_id
