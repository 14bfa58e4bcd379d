select
    Id as stage_change_id,
    OpportunityId as opportunity_id,
    StageName as stage,
    cast(Amount as real) as amount,
    {{ salesforce_time('CreatedDate') }} as changed_at
from {{ source('salesforce', 'opportunity_stage_history') }}
