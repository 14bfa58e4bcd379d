with orders as (
    select
        ordered_at,
        amount as revenue,
        customer_id as buyers
    from "db"."sch"."orders"
),

revenue_and_buyers_totals as (
    select
        orders.ordered_at as metric_time__day,
        sum(orders.revenue) as revenue,
        count(distinct orders.buyers) as buyers
    from orders
    group by 1
)

select
    metric_time__day,
    cast(revenue as double precision) / cast(nullif(buyers, 0) as double precision) as revenue_per_buyer
from revenue_and_buyers_totals
