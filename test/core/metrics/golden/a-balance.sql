with balances as (
    select
        day,
        customer_id as customer,
        balance
    from "db"."sch"."balances"
),

balances_rows as (
    select
        date_trunc('month', balances.day) as metric_time__month,
        balances.customer as customer_of_row,
        balances.day as day_of_row,
        balances.balance as balance_of_row
    from balances
),

last_day as (
    select
        balances_rows.metric_time__month,
        balances_rows.customer_of_row,
        max(balances_rows.day_of_row) as edge_day
    from balances_rows
    group by 1, 2
),

balance_totals as (
    select
        balances_rows.metric_time__month,
        sum(balances_rows.balance_of_row) as balance
    from balances_rows
    inner join last_day on balances_rows.day_of_row = last_day.edge_day and balances_rows.metric_time__month = last_day.metric_time__month and balances_rows.customer_of_row = last_day.customer_of_row
    group by 1
)

select
    metric_time__month,
    balance
from balance_totals
