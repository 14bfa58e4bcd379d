with orders as (
    select
        customer_id as customer,
        amount as revenue,
        is_gift
    from "db"."sch"."orders"
),

customers as (
    select
        customer_id as customer,
        channel
    from "db"."sch"."customers"
),

revenue_totals as (
    select
        customers.channel as customer__channel,
        sum(orders.revenue) as revenue
    from orders
    left join customers on orders.customer = customers.customer
    where
        (customers.channel = 'shop' or customers.channel is null)
        and orders.is_gift
    group by 1
)

select
    customer__channel,
    revenue as gift_revenue
from revenue_totals
