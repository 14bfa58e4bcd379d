with orders as (
    select
        amount as revenue
    from "db"."sch"."orders"
),

revenue_totals as (
    select
        sum(orders.revenue) as revenue
    from orders
)

select
    revenue
from revenue_totals
