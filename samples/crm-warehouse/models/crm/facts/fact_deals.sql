{{
    config(
        indexes=[
            {'columns': ['deal_id'], 'unique': True},
            {'columns': ['account_id']},
            {'columns': ['contact_id']},
            {'columns': ['stage']}
        ]
    )
}}

with stage_changes as (

    select
        deal_id,
        count(*) - 1 as stage_change_count,
        count(case when stage_movement = 'Backward' then 1 end) as backward_move_count,
        max(valid_from) as last_stage_change_at
    from {{ ref('fact_deal_stage_history') }}
    group by deal_id

)

select
    deals.deal_id,
    deals.account_id,
    deals.contact_id,
    deals.deal_name,
    deals.deal_owner,
    deals.lead_source,
    deals.stage,
    deals.amount,
    deals.probability,
    round(deals.amount * deals.probability / 100.0, 2) as weighted_amount,
    case when not deals.is_closed then deals.amount end as pipeline_amount,
    case when not deals.is_closed then round(deals.amount * deals.probability / 100.0, 2) end as weighted_pipeline_amount,
    case when deals.is_won then deals.amount end as won_amount,
    deals.is_closed,
    deals.is_won,
    deals.is_overdue,
    cast(deals.created_at as date) as created_date,
    deals.expected_close_date,
    deals.actual_close_date,
    deals.actual_close_date - cast(deals.created_at as date) as sales_cycle_days,
    case
        when deals.is_overdue then cast('{{ var("as_of_date") }}' as date) - deals.expected_close_date
    end as days_overdue,
    stage_changes.stage_change_count,
    stage_changes.backward_move_count,
    stage_changes.last_stage_change_at
from {{ ref('stg_crm_deals') }} as deals
left join stage_changes on deals.deal_id = stage_changes.deal_id
