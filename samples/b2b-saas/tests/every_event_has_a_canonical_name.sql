{{ config(severity='error') }}

-- A name that no taxonomy knows means that a client changed and nobody told us.
select
    source_event_name,
    schema_version,
    count(*) as events
from {{ ref('int_events_canonical') }}
where not is_known
group by source_event_name, schema_version
