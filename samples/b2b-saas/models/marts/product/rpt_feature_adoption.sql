-- For each month and feature: how many accounts use it, out of those that did anything in the month.
with active as (

    select
        {{ month_of('event_date') }} as month_start,
        count(distinct account_id) as active_accounts,
        count(distinct user_id) as active_users
    from {{ ref('fct_product_events') }}
    group by 1

),

used as (

    select
        {{ month_of('event_date') }} as month_start,
        feature,
        count(*) as event_count,
        count(distinct account_id) as adopting_accounts,
        count(distinct user_id) as adopting_users
    from {{ ref('fct_product_events') }}
    group by 1, 2

)

select
    used.month_start,
    used.feature,
    used.event_count,
    used.adopting_accounts,
    used.adopting_users,
    active.active_accounts,
    active.active_users,
    {{ safe_divide('used.adopting_accounts', 'active.active_accounts') }} as account_adoption_rate,
    {{ safe_divide('used.adopting_users', 'active.active_users') }} as user_adoption_rate
from used
inner join active on used.month_start = active.month_start
