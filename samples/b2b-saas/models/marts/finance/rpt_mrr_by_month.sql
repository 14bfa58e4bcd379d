-- The waterfall: how MRR came from one month to the next, with growth, churn and retention.
select
    month_start,
    round(sum(mrr), 2) as mrr,
    round(sum(arr), 2) as arr,
    round(sum(previous_mrr), 2) as starting_mrr,
    round(sum(case when movement = 'new' then mrr_change else 0 end), 2) as new_mrr,
    round(sum(case when movement = 'expansion' then mrr_change else 0 end), 2) as expansion_mrr,
    round(sum(case when movement = 'reactivation' then mrr_change else 0 end), 2) as reactivation_mrr,
    round(sum(case when movement = 'contraction' then -mrr_change else 0 end), 2) as contraction_mrr,
    round(sum(case when movement = 'churn' then -mrr_change else 0 end), 2) as churned_mrr,
    round(sum(discounted_mrr), 2) as discounted_mrr,
    sum(case when mrr > 0 then 1 else 0 end) as paying_accounts,
    sum(case when movement = 'churn' then 1 else 0 end) as churned_accounts,
    {{ safe_divide("sum(mrr) - sum(previous_mrr)", "sum(previous_mrr)") }} as growth_rate,
    {{ safe_divide("sum(case when movement = 'churn' then 1 else 0 end)", "sum(case when previous_mrr > 0 then 1 else 0 end)") }} as account_churn_rate,
    {{ safe_divide("sum(case when movement not in ('new', 'reactivation') then mrr else 0 end)", "sum(previous_mrr)") }} as net_revenue_retention
from {{ ref('fct_account_mrr') }}
group by month_start
