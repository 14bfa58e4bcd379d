-- When and how each segment uses the product: by month and weekday (0 is Sunday).
select
    accounts.segment,
    date_trunc('month', tracks.event_timestamp) as event_month,
    cast(extract(dow from tracks.event_timestamp) as integer) as weekday,
    tracks.event_name,
    count(*) as event_count,
    count(distinct tracks.user_id) as user_count,
    round(count(*) * 1.0 / count(distinct tracks.user_id), 2) as events_per_user
from {{ ref('tracks') }} as tracks
inner join {{ ref('users') }} as users on tracks.user_id = users.user_id
inner join {{ ref('accounts') }} as accounts on users.account_id = accounts.account_id
group by 1, 2, 3, 4
