with segments as (

    select
        month_start,
        sum(mrr) as mrr
    from {{ ref('mrr_by_segment') }}
    group by month_start

)

select
    total.month_start,
    total.mrr as total_mrr,
    segments.mrr as segments_mrr
from {{ ref('monthly_recurring_revenue') }} as total
left join segments on total.month_start = segments.month_start
where abs(total.mrr - ifnull(segments.mrr, 0)) > 0.01
