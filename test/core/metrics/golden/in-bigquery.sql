with orders as (
    select
        ordered_at,
        amount as revenue,
        amount as typical_order
    from `db`.`sch`.`orders`
),

time_spine_month as (
    select distinct
        date_trunc(date_day, month) as date_month
    from `db`.`sch`.`days`
),

revenue_and_typical_order_totals as (
    select
        date_trunc(orders.ordered_at, month) as metric_time__month,
        sum(orders.revenue) as revenue,
        approx_quantiles(orders.typical_order, 100)[offset(50)] as typical_order
    from orders
    group by 1
),

revenue_1_month_before as (
    select
        date_trunc(time_spine_month.date_month, month) as metric_time__month,
        sum(orders.revenue) as revenue
    from time_spine_month
    inner join orders on date_trunc(orders.ordered_at, month) = date_sub(time_spine_month.date_month, interval 1 month)
    group by 1
),

growth_inputs as (
    select
        coalesce(revenue_and_typical_order_totals.metric_time__month, revenue_1_month_before.metric_time__month) as metric_time__month,
        max(revenue_and_typical_order_totals.revenue) as revenue,
        max(revenue_1_month_before.revenue) as before
    from revenue_and_typical_order_totals
    full outer join revenue_1_month_before on revenue_and_typical_order_totals.metric_time__month = revenue_1_month_before.metric_time__month
    group by 1
),

metrics as (
    select
        coalesce(growth_inputs.metric_time__month, revenue_and_typical_order_totals.metric_time__month) as metric_time__month,
        max((growth_inputs.revenue - growth_inputs.before) / nullif(growth_inputs.before, 0)) as growth,
        max(revenue_and_typical_order_totals.typical_order) as typical_order
    from growth_inputs
    full outer join revenue_and_typical_order_totals on growth_inputs.metric_time__month = revenue_and_typical_order_totals.metric_time__month
    group by 1
)

select
    metric_time__month,
    growth,
    typical_order
from metrics
