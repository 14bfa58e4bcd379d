with orders as (
    select
        ordered_at,
        amount as revenue
    from "db"."sch"."orders"
),

time_spine_month as (
    select distinct
        date_trunc('month', date_day) as date_month
    from "db"."sch"."days"
),

revenue_totals as (
    select
        date_trunc('month', orders.ordered_at) as metric_time__month,
        sum(orders.revenue) as revenue
    from orders
    group by 1
),

revenue_1_month_before as (
    select
        date_trunc('month', time_spine_month.date_month) as metric_time__month,
        sum(orders.revenue) as revenue
    from time_spine_month
    inner join orders on date_trunc('month', orders.ordered_at) = time_spine_month.date_month - interval '1 month'
    group by 1
),

growth_inputs as (
    select
        coalesce(revenue_totals.metric_time__month, revenue_1_month_before.metric_time__month) as metric_time__month,
        max(revenue_totals.revenue) as revenue,
        max(revenue_1_month_before.revenue) as before
    from revenue_totals
    full outer join revenue_1_month_before on revenue_totals.metric_time__month = revenue_1_month_before.metric_time__month
    group by 1
)

select
    metric_time__month,
    (revenue - before) / nullif(before, 0) as growth
from growth_inputs
