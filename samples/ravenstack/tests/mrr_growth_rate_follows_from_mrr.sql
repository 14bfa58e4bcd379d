select
    month_start,
    mrr,
    previous_mrr,
    mrr_growth_rate
from {{ ref('monthly_recurring_revenue') }}
where abs(mrr_growth_rate - (mrr - previous_mrr) / previous_mrr) > 0.0001
