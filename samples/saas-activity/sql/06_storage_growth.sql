-- Storage behaviour: what each site keeps at the end of a month and how fast it grows.
create or replace table saas_analytics.storage_growth as
with with_previous as (

    select
        site_id,
        month,
        account_tier,
        region,
        end_storage_bytes,
        lag(end_storage_bytes) over (partition by site_id order by month) as previous_storage_bytes
    from saas_analytics.site_month
    where end_storage_bytes is not null

)

select
    site_id,
    month,
    account_tier,
    region,
    round(end_storage_bytes / 1000000000, 3) as storage_gb,
    round((end_storage_bytes - previous_storage_bytes) / 1000000000, 3) as growth_gb,
    round(safe_divide(end_storage_bytes - previous_storage_bytes, previous_storage_bytes), 4) as growth_rate,
    rank() over (partition by month order by end_storage_bytes desc) as rank_in_month
from with_previous;
