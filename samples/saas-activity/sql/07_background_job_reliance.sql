-- Which customers rely heavily on background processing: their minutes, and the share of all minutes they use.
create or replace table saas_analytics.background_job_reliance as
with by_customer as (

    select
        customer_id,
        any_value(account_tier) as account_tier,
        any_value(industry) as industry,
        any_value(region) as region,
        sum(job_count) as job_count,
        sum(job_minutes) as job_minutes,
        sum(refresh_minutes) as refresh_minutes,
        sum(flow_minutes) as flow_minutes,
        max(longest_job_minutes) as longest_job_minutes,
        sum(event_count) as event_count
    from saas_analytics.site_month
    group by customer_id

)

select
    *,
    round(safe_divide(job_minutes, job_count), 1) as minutes_per_job,
    round(safe_divide(job_minutes, event_count), 3) as minutes_per_event,
    round(safe_divide(job_minutes, sum(job_minutes) over ()), 4) as share_of_minutes,
    case
        when ntile(4) over (order by job_minutes desc, customer_id) = 1 then 'heavy'
        when job_count = 0 then 'none'
        else 'normal'
    end as reliance
from by_customer;
