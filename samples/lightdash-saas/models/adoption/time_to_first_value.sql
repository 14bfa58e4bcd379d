-- Value is first felt when somebody generates a report.
with first_events as (

    select
        user_id,
        min(case when event_name = 'login_successful' then event_timestamp end) as first_login_at,
        min(case when event_name = 'report_generated' then event_timestamp end) as first_report_at
    from {{ ref('tracks') }}
    group by user_id

)

select
    users.user_id,
    users.account_id,
    accounts.segment,
    users.job_title,
    users.created_at,
    coalesce(users.first_logged_in_at, first_events.first_login_at) as first_logged_in_at,
    first_events.first_report_at as first_value_at,
    cast(first_events.first_report_at as date) - cast(users.created_at as date) as days_to_first_value,
    first_events.first_report_at is not null as has_reached_value,
    case
        when first_events.first_report_at is null then 'never'
        when cast(first_events.first_report_at as date) - cast(users.created_at as date) <= 7 then 'within a week'
        when cast(first_events.first_report_at as date) - cast(users.created_at as date) <= 30 then 'within a month'
        else 'later'
    end as speed
from {{ ref('users') }} as users
inner join {{ ref('accounts') }} as accounts on users.account_id = accounts.account_id
left join first_events on users.user_id = first_events.user_id
