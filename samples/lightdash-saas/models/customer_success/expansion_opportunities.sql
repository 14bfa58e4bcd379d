-- Healthy customers who use most of what they bought, or who grow month over month.
select
    health.account_id,
    health.account_name,
    health.segment,
    health.health_score,
    account_deals.licensed_seats,
    health.activated_users,
    {{ safe_divide('health.activated_users', 'account_deals.licensed_seats') }} as seat_usage,
    health.events_last_30_days - health.events_previous_30_days as event_growth,
    account_deals.open_deals > 0 as has_open_deal,
    case
        when health.activated_users >= account_deals.licensed_seats then 'more seats'
        when health.features_used >= 5 then 'higher plan'
        else 'more teams'
    end as suggested_play
from {{ ref('account_health') }} as health
inner join {{ ref('int_account_deals') }} as account_deals on health.account_id = account_deals.account_id
where
    health.health_band <> 'at risk'
    and (
        health.events_last_30_days > health.events_previous_30_days
        or health.activated_users >= 0.5 * account_deals.licensed_seats
    )
