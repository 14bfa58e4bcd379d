-- MRR of each month, what moved it and how fast it grows.
with by_month as (

    select
        month_start,
        sum(mrr_amount) as mrr,
        countif(mrr_amount > 0) as paying_accounts,
        sum(if(movement = 'new', mrr_change, 0)) as new_mrr,
        sum(if(movement = 'expansion', mrr_change, 0)) as expansion_mrr,
        sum(if(movement = 'reactivation', mrr_change, 0)) as reactivation_mrr,
        sum(if(movement = 'contraction', -mrr_change, 0)) as contraction_mrr,
        sum(if(movement = 'churn', -mrr_change, 0)) as churned_mrr
    from {{ ref('int_account_mrr_by_month') }}
    group by month_start

)

select
    month_start,
    mrr,
    mrr * 12 as arr,
    paying_accounts,
    round(safe_divide(mrr, paying_accounts), 2) as average_revenue_per_account,
    new_mrr,
    expansion_mrr,
    reactivation_mrr,
    contraction_mrr,
    churned_mrr,
    lag(mrr) over (order by month_start) as previous_mrr,
    round(safe_divide(mrr - lag(mrr) over (order by month_start), lag(mrr) over (order by month_start)), 4) as mrr_growth_rate
from by_month
