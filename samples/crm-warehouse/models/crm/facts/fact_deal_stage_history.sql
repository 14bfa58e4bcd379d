{{
    config(
        indexes=[
            {'columns': ['deal_id']},
            {'columns': ['account_id']},
            {'columns': ['stage', 'is_current']}
        ]
    )
}}

-- Type 2: one row for every stay of a deal in a stage, valid from its change until the next one.
with changes as (

    select
        deal_id,
        from_stage,
        to_stage,
        changed_at,
        changed_by,
        lag(to_stage) over (partition by deal_id order by changed_at, id) as stage_before
    from {{ source('crm', 'deal_stage_history') }}

),

-- The CRM logs the same change twice when a page is reloaded; the second one moves nothing.
moves as (

    select
        deal_id,
        to_stage as stage,
        stage_before as previous_stage,
        changed_at,
        changed_by,
        row_number() over (partition by deal_id order by changed_at) as change_number,
        lead(changed_at) over (partition by deal_id order by changed_at) as next_changed_at
    from changes
    where stage_before is null or stage_before <> to_stage

),

ordered as (

    select
        *,
        {{ stage_order('stage') }} as stage_order,
        {{ stage_order('previous_stage') }} as previous_stage_order,
        stage in ('Closed Won', 'Closed Lost') as is_final
    from moves

)

select
    md5(cast(ordered.deal_id as text) || '-' || cast(ordered.change_number as text)) as stage_history_key,
    ordered.deal_id,
    deals.account_id,
    ordered.change_number,
    ordered.stage,
    ordered.previous_stage,
    ordered.stage_order,
    case
        when ordered.previous_stage is null then 'Initial'
        when ordered.stage = 'Closed Lost' then 'Lost'
        when ordered.stage_order > ordered.previous_stage_order then 'Forward'
        else 'Backward'
    end as stage_movement,
    ordered.changed_by,
    ordered.changed_at as valid_from,
    ordered.next_changed_at as valid_to,
    ordered.next_changed_at is null as is_current,
    case
        when ordered.is_final then null
        else {{ hours_between('ordered.changed_at', 'coalesce(ordered.next_changed_at, ' ~ as_of() ~ ')') }}
    end as hours_in_stage,
    case
        when ordered.is_final then null
        else cast(coalesce(ordered.next_changed_at, {{ as_of() }}) as date) - cast(ordered.changed_at as date)
    end as days_in_stage
from ordered
inner join {{ ref('stg_crm_deals') }} as deals on ordered.deal_id = deals.deal_id
