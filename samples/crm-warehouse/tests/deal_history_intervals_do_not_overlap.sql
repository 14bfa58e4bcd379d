-- A stay in a stage must end where the next one begins.
select
    earlier.deal_id,
    earlier.valid_from,
    earlier.valid_to,
    later.valid_from as next_valid_from
from {{ ref('fact_deal_stage_history') }} as earlier
inner join {{ ref('fact_deal_stage_history') }} as later
    on earlier.deal_id = later.deal_id and later.change_number = earlier.change_number + 1
where earlier.valid_to is null or earlier.valid_to <> later.valid_from
