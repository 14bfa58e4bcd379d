-- Accounts by the month they first paid and the source they came from: how many are left after so many months, and how much they pay.
with cohorts as (

    select
        mrr.first_paid_month as cohort_month,
        accounts.referral_source,
        date_diff(mrr.month_start, mrr.first_paid_month, month) as months_since_start,
        mrr.account_id,
        mrr.mrr_amount
    from {{ ref('int_account_mrr_by_month') }} as mrr
    inner join {{ ref('stg__crm_accounts') }} as accounts on mrr.account_id = accounts.account_id

),

counted as (

    select
        cohort_month,
        referral_source,
        months_since_start,
        count(distinct account_id) as cohort_size,
        countif(mrr_amount > 0) as retained_accounts,
        sum(mrr_amount) as mrr
    from cohorts
    group by 1, 2, 3

)

select
    cohort_month,
    referral_source,
    months_since_start,
    cohort_size,
    retained_accounts,
    round(safe_divide(retained_accounts, cohort_size), 4) as retention_rate,
    mrr,
    round(
        safe_divide(
            mrr,
            first_value(mrr) over (partition by cohort_month, referral_source order by months_since_start)
        ),
        4
    ) as net_revenue_retention
from counted
