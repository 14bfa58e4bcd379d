-- Every month from the first invoice to the latest one. The data decides how far it goes, so a new batch brings its own month.
with recursive bounds as (

    select
        {{ month_of('min(created_at)') }} as first_month,
        {{ month_of('max(created_at)') }} as last_month
    from {{ ref('stg_stripe__invoices') }}

),

months as (

    select
        first_month as month_start,
        last_month
    from bounds

    union all

    select
        date(month_start, '+1 month') as month_start,
        last_month
    from months
    where month_start < last_month

)

select
    month_start,
    date(month_start, '+1 month', '-1 day') as month_end
from months
