with orders as (
    select
        ordered_at,
        amount as revenue
    from "db"."sch"."orders"
),

time_spine as (
    select
        date_day
    from "db"."sch"."days"
),

revenue_totals as (
    select
        orders.ordered_at as metric_time__day,
        sum(orders.revenue) as revenue
    from orders
    group by 1
),

revenue_at_start_of_month as (
    select
        time_spine.date_day as metric_time__day,
        sum(orders.revenue) as revenue
    from time_spine
    inner join orders on orders.ordered_at = date_trunc('month', time_spine.date_day)
    group by 1
),

since_month_start_inputs as (
    select
        coalesce(revenue_totals.metric_time__day, revenue_at_start_of_month.metric_time__day) as metric_time__day,
        max(revenue_totals.revenue) as revenue,
        max(revenue_at_start_of_month.revenue) as start
    from revenue_totals
    full outer join revenue_at_start_of_month on revenue_totals.metric_time__day = revenue_at_start_of_month.metric_time__day
    group by 1
)

select
    metric_time__day,
    revenue - start as since_month_start
from since_month_start_inputs
