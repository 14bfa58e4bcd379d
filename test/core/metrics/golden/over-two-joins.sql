with orders as (
    select
        customer_id as customer,
        amount as revenue
    from "db"."sch"."orders"
),

customers as (
    select
        customer_id as customer,
        country
    from "db"."sch"."customers"
),

countries as (
    select
        country,
        region
    from "db"."sch"."countries"
),

revenue_totals as (
    select
        countries.region as customer__country__region,
        sum(orders.revenue) as revenue
    from orders
    left join customers on orders.customer = customers.customer
    left join countries on customers.country = countries.country
    group by 1
)

select
    customer__country__region,
    revenue
from revenue_totals
