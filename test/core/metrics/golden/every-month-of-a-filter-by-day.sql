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
        date_trunc('month', orders.ordered_at) as metric_time__month,
        sum(1) as orders
    from orders
    where orders.ordered_at >= '2024-01-02'
    group by 1
),

times as (
    select distinct
        date_trunc('month', time_spine.date_day) as metric_time__month
    from time_spine
    where time_spine.date_day >= '2024-01-02'
),

orders_totals_at_all_times as (
    select
        times.metric_time__month,
        orders_totals.orders
    from times
    left join orders_totals on times.metric_time__month = orders_totals.metric_time__month
)

select
    metric_time__month,
    coalesce(orders, 0) as daily_orders
from orders_totals_at_all_times
