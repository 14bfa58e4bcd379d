{{
    config(
        materialized='incremental',
        unique_key='event_id',
        incremental_strategy='delete+insert'
    )
}}

-- Grain: event. A run takes what was received lately, however long ago it occurred, so late events find their way in.
select
    event_id,
    session_id,
    user_id,
    account_id,
    event_name,
    feature,
    source_event_name,
    schema_version,
    occurred_at,
    received_at,
    event_date,
    days_late,
    days_late > 0 as is_late
from {{ ref('int_events_canonical') }}
{% if is_incremental() %}
where received_at > (select datetime(max(received_at), '-{{ var("event_lookback_days") }} days') from {{ this }})
{% endif %}
