-- Tracks brought to one row per user; users who never did anything are kept, with zeros.
select
    users.user_id,
    users.account_id,
    users.job_title,
    users.created_at,
    users.has_logged_in,
    count(tracks.event_id) as total_events,
    count(distinct tracks.event_date) as active_days,
    count(distinct tracks.event_name) as distinct_features,
    count(case when tracks.event_name = 'report_generated' then 1 end) as reports_generated,
    count(case when tracks.event_name = 'integration_failed' then 1 end) as integration_failures,
    count(case when {{ days_before_as_of('tracks.event_date') }} < 30 then 1 end) as events_last_30_days,
    count(case when {{ days_before_as_of('tracks.event_date') }} between 30 and 59 then 1 end) as events_previous_30_days,
    max(tracks.event_timestamp) as latest_event_at
from {{ ref('users') }} as users
left join {{ ref('tracks') }} as tracks on users.user_id = tracks.user_id
group by 1, 2, 3, 4, 5
