{{ config(materialized='view') }}

-- The tracker delivers at least once: the same event_id can arrive twice, and events can arrive long after they happened.
with numbered as (

    select
        user_id,
        event_id,
        lower(event_name) as event_name,
        event_timestamp,
        row_number() over (partition by event_id order by event_timestamp) as delivery
    from {{ ref('tracks_raw') }}

)

select
    event_id,
    user_id,
    event_name,
    event_timestamp,
    cast(event_timestamp as date) as event_date
from numbered
where delivery = 1
