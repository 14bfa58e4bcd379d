with orders as (
    select
        ordered_at,
        amount as revenue,
        amount as typical_order
    from `db`.`sch`.`orders`
),

time_spine as (
    select
        date_day
    from `db`.`sch`.`days`
),

revenue_and_typical_order_totals as (
    select
        date_trunc(orders.ordered_at, isoweek) as metric_time__week,
        sum(orders.revenue) as revenue,
        approx_quantiles(orders.typical_order, 100)[offset(50)] as typical_order
    from orders
    group by 1
),

revenue_1_month_before as (
    select
        date_trunc(time_spine.date_day, isoweek) as metric_time__week,
        sum(orders.revenue) as revenue
    from time_spine
    inner join orders on orders.ordered_at = date_sub(time_spine.date_day, interval 1 month)
    group by 1
),

growth_inputs as (
    select
        coalesce(revenue_and_typical_order_totals.metric_time__week, revenue_1_month_before.metric_time__week) as metric_time__week,
        max(revenue_and_typical_order_totals.revenue) as revenue,
        max(revenue_1_month_before.revenue) as before
    from revenue_and_typical_order_totals
    full outer join revenue_1_month_before on revenue_and_typical_order_totals.metric_time__week = revenue_1_month_before.metric_time__week
    group by 1
),

metrics as (
    select
        coalesce(growth_inputs.metric_time__week, revenue_and_typical_order_totals.metric_time__week) as metric_time__week,
        max((growth_inputs.revenue - growth_inputs.before) / nullif(growth_inputs.before, 0)) as growth,
        max(revenue_and_typical_order_totals.typical_order) as typical_order
    from growth_inputs
    full outer join revenue_and_typical_order_totals on growth_inputs.metric_time__week = revenue_and_typical_order_totals.metric_time__week
    group by 1
)

select
    metric_time__week,
    growth,
    typical_order
from metrics
