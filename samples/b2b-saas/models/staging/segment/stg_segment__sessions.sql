select
    session_id,
    user_id,
    {{ segment_time('started_at') }} as started_at,
    {{ segment_time('ended_at') }} as ended_at,
    device,
    page_views
from {{ source('segment', 'sessions') }}
