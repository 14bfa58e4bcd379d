-- For each feature and segment: how many of those who ever logged in used it, and how often.
with eligible as (

    select
        accounts.segment,
        count(distinct users.user_id) as eligible_users,
        count(distinct users.account_id) as eligible_accounts
    from {{ ref('users') }} as users
    inner join {{ ref('accounts') }} as accounts on users.account_id = accounts.account_id
    where users.has_logged_in
    group by accounts.segment

),

used as (

    select
        accounts.segment,
        tracks.event_name,
        count(*) as total_events,
        count(distinct tracks.user_id) as adopting_users,
        count(distinct users.account_id) as adopting_accounts,
        min(tracks.event_date) as first_used_on,
        max(tracks.event_date) as last_used_on
    from {{ ref('tracks') }} as tracks
    inner join {{ ref('users') }} as users on tracks.user_id = users.user_id
    inner join {{ ref('accounts') }} as accounts on users.account_id = accounts.account_id
    group by accounts.segment, tracks.event_name

)

select
    used.event_name,
    used.segment,
    eligible.eligible_users,
    used.adopting_users,
    used.adopting_accounts,
    used.total_events,
    used.first_used_on,
    used.last_used_on,
    {{ safe_divide('used.adopting_users', 'eligible.eligible_users') }} as user_adoption_rate,
    {{ safe_divide('used.adopting_accounts', 'eligible.eligible_accounts') }} as account_adoption_rate
from used
inner join eligible on used.segment = eligible.segment
