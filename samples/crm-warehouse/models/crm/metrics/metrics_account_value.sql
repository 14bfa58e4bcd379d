-- One row per account: lifetime value, activity and support side by side, each counted apart before they meet.
with orders as (

    select
        account_id,
        count(*) as order_count,
        sum(net_revenue) as lifetime_value,
        min(order_date) as first_order_date,
        max(order_date) as latest_order_date
    from {{ ref('fact_orders') }}
    group by account_id

),

activities as (

    select
        account_id,
        count(*) as activity_count,
        count(case when is_completed then 1 end) as completed_activities,
        max(activity_date) as latest_activity_date
    from {{ ref('fact_activities') }}
    group by account_id

),

tickets as (

    select
        account_id,
        count(*) as ticket_count,
        count(case when not is_resolved then 1 end) as open_tickets,
        round(avg(satisfaction_score), 2) as average_satisfaction
    from {{ ref('fact_tickets') }}
    group by account_id

),

deals as (

    select
        account_id,
        count(*) as deal_count,
        count(case when is_won then 1 end) as won_deals,
        sum(pipeline_amount) as pipeline_value
    from {{ ref('fact_deals') }}
    group by account_id

)

select
    accounts.account_id,
    accounts.account_name,
    accounts.account_category,
    accounts.revenue_segment,
    coalesce(orders.order_count, 0) as order_count,
    coalesce(orders.lifetime_value, 0) as lifetime_value,
    orders.first_order_date,
    orders.latest_order_date,
    coalesce(activities.activity_count, 0) as activity_count,
    {{ share('activities.completed_activities', 'activities.activity_count') }} as activity_completion_rate,
    activities.latest_activity_date,
    coalesce(tickets.ticket_count, 0) as ticket_count,
    coalesce(tickets.open_tickets, 0) as open_tickets,
    tickets.average_satisfaction,
    coalesce(deals.deal_count, 0) as deal_count,
    coalesce(deals.won_deals, 0) as won_deals,
    coalesce(deals.pipeline_value, 0) as pipeline_value,
    case
        when accounts.account_category <> 'Active' then 'not a customer'
        when coalesce(tickets.open_tickets, 0) >= 2 or tickets.average_satisfaction < 3 then 'high'
        when orders.latest_order_date < cast('{{ var("as_of_date") }}' as date) - 120 then 'medium'
        else 'low'
    end as churn_risk
from {{ ref('dim_accounts') }} as accounts
left join orders on accounts.account_id = orders.account_id
left join activities on accounts.account_id = activities.account_id
left join tickets on accounts.account_id = tickets.account_id
left join deals on accounts.account_id = deals.account_id
