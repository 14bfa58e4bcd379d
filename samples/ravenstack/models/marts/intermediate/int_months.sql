select distinct
    date_trunc(date_day, month) as month_start,
    last_day(date_day, month) as month_end
from {{ ref('metricflow_time_spine') }}
