-- One row per account that ever paid: whether it left, why, and for those who are here how likely they are to.
with latest_churn as (

    select
        account_id,
        churn_date,
        reason_code,
        refund_amount_usd,
        feedback_text
    from {{ ref('stg__crm_churn_events') }}
    where true
    qualify row_number() over (partition by account_id order by churn_date desc) = 1

),

usage_trend as (

    select
        subscriptions.account_id,
        sum(if(usage.usage_month >= date_sub({{ as_of() }}, interval 3 month), usage.usage_count, 0)) as recent_usage,
        sum(
            if(
                usage.usage_month < date_sub({{ as_of() }}, interval 3 month)
                and usage.usage_month >= date_sub({{ as_of() }}, interval 6 month),
                usage.usage_count,
                0
            )
        ) as earlier_usage
    from {{ ref('stg__crm_feature_usage') }} as usage
    inner join {{ ref('stg__crm_subscriptions') }} as subscriptions on usage.subscription_id = subscriptions.subscription_id
    group by subscriptions.account_id

),

scored as (

    select
        accounts.account_id,
        accounts.account_name,
        accounts.industry,
        accounts.country_code,
        accounts.plan_tier,
        accounts.is_churned,
        date_diff(ifnull(if(accounts.is_churned, latest_churn.churn_date, null), {{ as_of() }}), steps.first_paid_on, day) as tenure_days,
        if(accounts.is_churned, latest_churn.churn_date, null) as churned_on,
        if(accounts.is_churned, latest_churn.reason_code, null) as churn_reason,
        ifnull(support.ticket_count, 0) as ticket_count,
        ifnull(support.escalated_tickets, 0) as escalated_tickets,
        ifnull(support.tickets_last_90_days, 0) as tickets_last_90_days,
        support.average_satisfaction,
        ifnull(support.has_low_satisfaction, false) as has_low_satisfaction,
        steps.downgrade_count,
        ifnull(usage_trend.recent_usage, 0) as recent_usage,
        ifnull(usage_trend.earlier_usage, 0) as earlier_usage
    from {{ ref('stg__crm_accounts') }} as accounts
    inner join {{ ref('int_trials_and_upgrades') }} as steps on accounts.account_id = steps.account_id
    left join {{ ref('int_support_metrics_by_account') }} as support on accounts.account_id = support.account_id
    left join latest_churn on accounts.account_id = latest_churn.account_id
    left join usage_trend on accounts.account_id = usage_trend.account_id
    where steps.first_paid_on is not null

),

rated as (

    select
        *,
        if(has_low_satisfaction, 35, 0)
        + least(tickets_last_90_days * 5, 20)
        + if(escalated_tickets > 0, 10, 0)
        + if(downgrade_count > 0, 15, 0)
        + if(recent_usage < 0.7 * earlier_usage, 20, 0) as points
    from scored

)

select
    * except (points),
    if(is_churned, null, points) as risk_score,
    case
        when is_churned then 'churned'
        when points >= 50 then 'high'
        when points >= 25 then 'medium'
        else 'low'
    end as risk_level
from rated
