-- Win rate, deal velocity and size by quarter of closing and lead source.
with closed as (

    select
        strftime('%Y', close_date) || '-Q' || ((cast(strftime('%m', close_date) as integer) + 2) / 3) as close_quarter,
        lead_source,
        is_won,
        amount_usd,
        cycle_days
    from {{ ref('fct_opportunities') }}
    where is_closed

)

select
    close_quarter,
    lead_source,
    count(*) as closed_opportunities,
    sum(is_won) as won_opportunities,
    {{ safe_divide('sum(is_won)', 'count(*)') }} as win_rate,
    round(sum(case when is_won then amount_usd else 0 end), 2) as won_usd,
    round(avg(case when is_won then amount_usd end), 2) as average_won_usd,
    round(avg(case when is_won then cycle_days end), 1) as average_cycle_days,
    -- Dollars won per day of cycle: the usual measure of velocity.
    {{ safe_divide('sum(case when is_won then amount_usd else 0 end)', 'sum(case when is_won then cycle_days else 0 end)', 2) }} as velocity_usd_per_day
from closed
group by close_quarter, lead_source
