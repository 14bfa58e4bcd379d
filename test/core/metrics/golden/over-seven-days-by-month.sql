with orders as (
    select
        ordered_at,
        amount as revenue
    from "db"."sch"."orders"
),

time_spine as (
    select
        date_day
    from "db"."sch"."days"
),

revenue_over_7_day_by_day as (
    select
        time_spine.date_day as metric_time__day,
        sum(orders.revenue) as revenue
    from time_spine
    inner join orders on orders.ordered_at <= time_spine.date_day and orders.ordered_at > time_spine.date_day - interval '7 day'
    group by 1
),

revenue_over_7_day as (
    select distinct
        date_trunc('month', revenue_over_7_day_by_day.metric_time__day) as metric_time__month,
        last_value(revenue_over_7_day_by_day.revenue) over (partition by date_trunc('month', revenue_over_7_day_by_day.metric_time__day) order by revenue_over_7_day_by_day.metric_time__day rows between unbounded preceding and unbounded following) as revenue
    from revenue_over_7_day_by_day
)

select
    metric_time__month,
    revenue as revenue_7_days
from revenue_over_7_day
