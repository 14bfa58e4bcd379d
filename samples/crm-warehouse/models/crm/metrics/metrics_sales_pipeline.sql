-- Pipeline value by stage, plain and weighted.
select
    stage,
    count(*) as open_deals,
    sum(pipeline_amount) as pipeline_value,
    sum(weighted_pipeline_amount) as weighted_pipeline_value,
    round(avg(pipeline_amount), 2) as average_deal_size,
    count(case when is_overdue then 1 end) as overdue_deals
from {{ ref('fact_deals') }}
where not is_closed
group by stage
