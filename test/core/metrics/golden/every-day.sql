with orders as (
    select
        ordered_at
    from "db"."sch"."orders"
),

time_spine as (
    select
        date_day
    from "db"."sch"."days"
),

orders_totals as (
    select
        orders.ordered_at as metric_time__day,
        sum(1) as orders
    from orders
    where orders.ordered_at >= '2024-01-02'
    group by 1
),

orders_totals_at_all_times as (
    select
        time_spine.date_day as metric_time__day,
        orders_totals.orders
    from time_spine
    left join orders_totals on time_spine.date_day = orders_totals.metric_time__day
    where time_spine.date_day >= '2024-01-02'
)

select
    metric_time__day,
    coalesce(orders, 0) as daily_orders
from orders_totals_at_all_times
