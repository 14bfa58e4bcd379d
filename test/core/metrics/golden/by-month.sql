with orders as (
    select
        ordered_at,
        amount as revenue
    from "db"."sch"."orders"
),

revenue_and_orders_totals as (
    select
        date_trunc('month', orders.ordered_at) as metric_time__month,
        sum(orders.revenue) as revenue,
        sum(1) as orders
    from orders
    group by 1
)

select
    metric_time__month,
    revenue,
    orders
from revenue_and_orders_totals
order by revenue desc
limit 5
