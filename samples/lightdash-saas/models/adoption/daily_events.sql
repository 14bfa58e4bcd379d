{{
    config(
        materialized='incremental',
        unique_key=['event_date', 'account_id', 'event_name'],
        incremental_strategy='delete+insert',
        on_schema_change='append_new_columns'
    )
}}

-- The table that Lightdash charts day by day. A run rebuilds the last three days, because events arrive late.
select
    tracks.event_date,
    users.account_id,
    tracks.event_name,
    count(*) as event_count,
    count(distinct tracks.user_id) as user_count
from {{ ref('tracks') }} as tracks
inner join {{ ref('users') }} as users on tracks.user_id = users.user_id
{% if is_incremental() %}
where tracks.event_date >= (select max(event_date) - 3 from {{ this }})
{% endif %}
group by tracks.event_date, users.account_id, tracks.event_name
