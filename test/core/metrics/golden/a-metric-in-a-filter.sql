with orders as (
    select
        amount as revenue,
        customer_id as customer
    from "db"."sch"."orders"
),

orders_totals as (
    select
        orders.customer,
        sum(1) as orders
    from orders
    group by 1
),

revenue_totals as (
    select
        sum(orders.revenue) as revenue
    from orders
    left join orders_totals on orders.customer = orders_totals.customer
    where orders_totals.orders > 3
)

select
    revenue as regulars
from revenue_totals
