with customers as (
    select
        channel,
        customer_id as new_customers,
        customer_id as customer,
        joined_at
    from "db"."sch"."customers"
),

orders as (
    select
        customer_id as customer,
        ordered_at
    from "db"."sch"."orders"
),

new_customers_totals as (
    select
        customers.channel as customer__channel,
        sum(case when customers.new_customers is not null then 1 else 0 end) as new_customers
    from customers
    group by 1
),

new_customers_rows as (
    select
        customers.channel as customer__channel,
        customers.customer as entity_of_row,
        customers.joined_at as time_of_row
    from customers
),

orders_rows as (
    select
        orders.customer as entity_of_row,
        orders.ordered_at as time_of_row,
        1 as value_of_row,
        row_number() over (order by orders.customer, orders.ordered_at) as number_of_row
    from orders
),

orders_after_new_customers as (
    select
        new_customers_rows.customer__channel,
        orders_rows.value_of_row,
        row_number() over (partition by orders_rows.number_of_row order by new_customers_rows.time_of_row desc) as is_last
    from new_customers_rows
    inner join orders_rows on new_customers_rows.entity_of_row = orders_rows.entity_of_row and new_customers_rows.time_of_row <= orders_rows.time_of_row and new_customers_rows.time_of_row > orders_rows.time_of_row - interval '30 day'
),

orders_conversions as (
    select
        orders_after_new_customers.customer__channel,
        sum(orders_after_new_customers.value_of_row) as orders
    from orders_after_new_customers
    where orders_after_new_customers.is_last = 1
    group by 1
),

first_orders_inputs as (
    select
        coalesce(new_customers_totals.customer__channel, orders_conversions.customer__channel) as customer__channel,
        max(new_customers_totals.new_customers) as base,
        max(orders_conversions.orders) as conversions
    from new_customers_totals
    full outer join orders_conversions on new_customers_totals.customer__channel = orders_conversions.customer__channel
    group by 1
)

select
    customer__channel,
    cast(conversions as double precision) / cast(nullif(base, 0) as double precision) as first_orders
from first_orders_inputs
