-- A message can arrive more than once; the first arrival stands for it.
with arrivals as (

    select
        message_id as event_id,
        session_id,
        user_id,
        event as event_name,
        schema_version,
        {{ segment_time('timestamp') }} as occurred_at,
        {{ segment_time('received_at') }} as received_at,
        row_number() over (partition by message_id order by received_at) as arrival
    from {{ source('segment', 'events') }}

)

select
    event_id,
    session_id,
    user_id,
    event_name,
    schema_version,
    occurred_at,
    received_at
from arrivals
where arrival = 1
