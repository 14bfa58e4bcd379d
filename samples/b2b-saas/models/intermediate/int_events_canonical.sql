-- Three taxonomies named the same actions differently; here each has one name. Names that no taxonomy knows are kept as they came.
select
    events.event_id,
    events.session_id,
    events.user_id,
    identity.account_id,
    events.event_name as source_event_name,
    events.schema_version,
    coalesce(taxonomy.canonical_event, events.event_name) as event_name,
    coalesce(taxonomy.feature, 'unknown') as feature,
    taxonomy.canonical_event is not null as is_known,
    events.occurred_at,
    events.received_at,
    date(events.occurred_at) as event_date,
    {{ days_between('events.occurred_at', 'events.received_at') }} as days_late
from {{ ref('stg_segment__events') }} as events
left join {{ ref('event_taxonomy') }} as taxonomy
    on events.event_name = taxonomy.event_name and events.schema_version = taxonomy.schema_version
left join {{ ref('int_account_identity') }} as identity
    on events.user_id = identity.source_id and identity.identity_type = 'segment_user'
