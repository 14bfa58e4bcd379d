with metrics as (select sum(total_revenue) as revenue from {{ ref('metrics_revenue') }}),

facts as (select sum(net_revenue) as revenue from {{ ref('fact_orders') }})

select
    metrics.revenue as metrics_revenue,
    facts.revenue as facts_revenue
from metrics
cross join facts
where metrics.revenue <> facts.revenue
