-- The MRR of a month is that of the month before, plus what came, less what went.
select
    month_start,
    mrr,
    previous_mrr,
    new_mrr + expansion_mrr + reactivation_mrr - contraction_mrr - churned_mrr as movement
from {{ ref('monthly_recurring_revenue') }}
where
    previous_mrr is not null
    and abs(previous_mrr + new_mrr + expansion_mrr + reactivation_mrr - contraction_mrr - churned_mrr - mrr) > 0.01
