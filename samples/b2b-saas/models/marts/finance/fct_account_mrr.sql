-- Grain: account and month. MRR, ARR and what kind of change it is against the month before.
select
    account_id,
    month_start,
    tier,
    seats,
    mrr,
    round(mrr * 12, 2) as arr,
    discounted_mrr,
    previous_mrr,
    round(mrr - previous_mrr, 2) as mrr_change,
    case
        when previous_mrr = 0 and mrr > 0 and was_customer_before then 'reactivation'
        when previous_mrr = 0 and mrr > 0 then 'new'
        when previous_mrr > 0 and mrr = 0 then 'churn'
        when mrr > previous_mrr then 'expansion'
        when mrr < previous_mrr then 'contraction'
        when mrr = 0 then 'inactive'
        else 'steady'
    end as movement
from {{ ref('int_account_mrr_by_month') }}
