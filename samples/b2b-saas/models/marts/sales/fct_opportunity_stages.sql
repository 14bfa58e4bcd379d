-- Grain: a stay of an opportunity in a stage, from one change to the next.
with stays as (

    select
        stage_change_id,
        opportunity_id,
        stage,
        changed_at as entered_at,
        lead(changed_at) over (partition by opportunity_id order by changed_at) as left_at,
        row_number() over (partition by opportunity_id order by changed_at) as step
    from {{ ref('stg_salesforce__opportunity_stage_history') }}

)

select
    stays.stage_change_id,
    stays.opportunity_id,
    opportunities.account_id,
    stays.stage,
    stays.step,
    stays.entered_at,
    stays.left_at,
    stays.left_at is null as is_current,
    case
        when stays.left_at is not null then {{ days_between('stays.entered_at', 'stays.left_at') }}
    end as days_in_stage
from stays
inner join {{ ref('stg_salesforce__opportunities') }} as opportunities on stays.opportunity_id = opportunities.opportunity_id
