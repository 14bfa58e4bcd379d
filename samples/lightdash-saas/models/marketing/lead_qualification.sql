-- Accounts that are not customers yet, ranked by how alike they are to those that buy.
with rates as (

    select
        segment,
        industry,
        win_rate,
        closed_deals
    from {{ ref('win_rates') }}

)

select
    overview.account_id,
    overview.account_name,
    overview.industry,
    overview.segment,
    overview.open_deals,
    overview.total_users as trial_users,
    coalesce(activity.total_events, 0) as trial_events,
    rates.win_rate as win_rate_of_peers,
    rates.closed_deals as closed_deals_of_peers,
    case
        when overview.open_deals > 0 and coalesce(activity.total_events, 0) > 0 then 'hot'
        when overview.open_deals > 0 then 'sales qualified'
        when coalesce(activity.total_events, 0) > 0 then 'product qualified'
        when rates.win_rate >= 0.5 then 'marketing qualified'
        else 'nurture'
    end as qualification
from {{ ref('account_overview') }} as overview
left join rates on overview.segment = rates.segment and overview.industry = rates.industry
left join {{ ref('int_account_activity') }} as activity on overview.account_id = activity.account_id
where not overview.is_customer
