-- Grain: session, with the events that happened in it.
with session_events as (

    select
        session_id,
        count(*) as event_count,
        count(distinct feature) as feature_count
    from {{ ref('int_events_canonical') }}
    group by session_id

)

select
    sessions.session_id,
    sessions.user_id,
    identity.account_id,
    sessions.device,
    sessions.page_views,
    sessions.started_at,
    sessions.ended_at,
    date(sessions.started_at) as session_date,
    round((julianday(sessions.ended_at) - julianday(sessions.started_at)) * 1440, 1) as minutes,
    coalesce(session_events.event_count, 0) as event_count,
    coalesce(session_events.feature_count, 0) as feature_count
from {{ ref('stg_segment__sessions') }} as sessions
left join {{ ref('int_account_identity') }} as identity
    on sessions.user_id = identity.source_id and identity.identity_type = 'segment_user'
left join session_events on sessions.session_id = session_events.session_id
