select
    month_start,
    mrr,
    starting_mrr + new_mrr + expansion_mrr + reactivation_mrr - contraction_mrr - churned_mrr as expected_mrr
from {{ ref('rpt_mrr_by_month') }}
where abs(mrr - (starting_mrr + new_mrr + expansion_mrr + reactivation_mrr - contraction_mrr - churned_mrr)) > 0.05
