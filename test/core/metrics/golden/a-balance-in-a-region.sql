with balances as (
    select
        customer_id as customer,
        day,
        balance
    from "db"."sch"."balances"
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

balances_rows as (
    select
        balances.customer as customer_of_row,
        balances.day as day_of_row,
        balances.balance as balance_of_row
    from balances
    left join customers on balances.customer = customers.customer
    left join countries on customers.country = countries.country
    where countries.region = 'Europe'
),

last_day as (
    select
        balances_rows.customer_of_row,
        max(balances_rows.day_of_row) as edge_day
    from balances_rows
    group by 1
),

balance_totals as (
    select
        sum(balances_rows.balance_of_row) as balance
    from balances_rows
    inner join last_day on balances_rows.day_of_row = last_day.edge_day and balances_rows.customer_of_row = last_day.customer_of_row
)

select
    balance
from balance_totals
