{{ config(materialized='table', schema='marts') }}

-- One row per day, from the first day of the data to the last; what every metric is laid out on.
with days as (

    {{
        dbt_utils.date_spine(
            datepart="day",
            start_date="cast('" ~ var("first_day") ~ "' as date)",
            end_date="date_add(cast('" ~ var("as_of_date") ~ "' as date), interval 1 day)"
        )
    }}

)

select cast(date_day as date) as date_day
from days
