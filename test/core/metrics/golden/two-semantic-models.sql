with orders as (
    select
        ordered_at,
        customer_id as customer,
        amount as revenue
    from "db"."sch"."orders"
),

customers as (
    select
        customer_id as customer,
        channel,
        joined_at,
        customer_id as new_customers
    from "db"."sch"."customers"
),

revenue_totals as (
    select
        date_trunc('month', orders.ordered_at) as metric_time__month,
        customers.channel as customer__channel,
        sum(orders.revenue) as revenue
    from orders
    left join customers on orders.customer = customers.customer
    group by 1, 2
),

new_customers_totals as (
    select
        date_trunc('month', customers.joined_at) as metric_time__month,
        customers.channel as customer__channel,
        sum(case when customers.new_customers is not null then 1 else 0 end) as new_customers
    from customers
    group by 1, 2
),

metrics as (
    select
        coalesce(revenue_totals.metric_time__month, new_customers_totals.metric_time__month) as metric_time__month,
        coalesce(revenue_totals.customer__channel, new_customers_totals.customer__channel) as customer__channel,
        max(revenue_totals.revenue) as revenue,
        max(new_customers_totals.new_customers) as new_customers
    from revenue_totals
    full outer join new_customers_totals on revenue_totals.metric_time__month = new_customers_totals.metric_time__month and revenue_totals.customer__channel = new_customers_totals.customer__channel
    group by 1, 2
)

select
    metric_time__month,
    customer__channel,
    revenue,
    new_customers
from metrics
