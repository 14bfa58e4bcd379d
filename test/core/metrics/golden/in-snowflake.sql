with orders as (
    select
        ordered_at,
        amount as revenue
    from db.sch.orders
),

time_spine as (
    select
        date_day
    from db.sch.days
),

revenue_year_to_date as (
    select
        time_spine.date_day as metric_time__day,
        sum(orders.revenue) as revenue
    from time_spine
    inner join orders on orders.ordered_at <= time_spine.date_day and orders.ordered_at >= date_trunc('year', time_spine.date_day)
    group by 1
)

select
    metric_time__day,
    revenue as revenue_this_year
from revenue_year_to_date
