{{ config(severity='warn') }}

select
    event_id,
    occurred_at,
    received_at
from {{ ref('stg_segment__events') }}
where received_at < occurred_at
