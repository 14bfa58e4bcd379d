-- Grain: account and month with any session. Sessions and events are counted apart before they meet.
with sessions as (

    select
        account_id,
        {{ month_of('session_date') }} as month_start,
        count(*) as session_count,
        count(distinct user_id) as active_users,
        round(sum(minutes), 1) as minutes
    from {{ ref('fct_sessions') }}
    group by 1, 2

),

events as (

    select
        account_id,
        {{ month_of('event_date') }} as month_start,
        count(*) as event_count,
        count(distinct feature) as features_used
    from {{ ref('fct_product_events') }}
    group by 1, 2

)

select
    sessions.account_id,
    sessions.month_start,
    sessions.session_count,
    sessions.active_users,
    sessions.minutes,
    coalesce(events.event_count, 0) as event_count,
    coalesce(events.features_used, 0) as features_used
from sessions
left join events on sessions.account_id = events.account_id and sessions.month_start = events.month_start
where sessions.account_id is not null
