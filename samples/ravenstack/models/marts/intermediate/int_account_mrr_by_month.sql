-- One row per account and month from its first paid month on, months without a subscription included:
-- only so can a drop to nothing be seen.
with first_paid as (

    select
        account_id,
        date_trunc(min(start_date), month) as first_paid_month
    from {{ ref('int_mrr_normalised') }}
    group by account_id

),

account_months as (

    select
        first_paid.account_id,
        first_paid.first_paid_month,
        months.month_start,
        months.month_end
    from first_paid
    inner join {{ ref('int_months') }} as months on months.month_start >= first_paid.first_paid_month

),

billed as (

    select
        account_months.account_id,
        account_months.first_paid_month,
        account_months.month_start,
        ifnull(sum(subscriptions.mrr_amount), 0) as mrr_amount,
        max(subscriptions.plan_tier) as plan_tier
    from account_months
    left join {{ ref('int_mrr_normalised') }} as subscriptions
        on
            subscriptions.account_id = account_months.account_id
            and subscriptions.start_date <= account_months.month_end
            and (subscriptions.end_date is null or subscriptions.end_date > account_months.month_end)
    group by 1, 2, 3

),

with_previous as (

    select
        *,
        ifnull(lag(mrr_amount) over (partition by account_id order by month_start), 0) as previous_mrr_amount,
        ifnull(
            max(mrr_amount) over (
                partition by account_id
                order by month_start
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) > 0 as was_customer_before
    from billed

)

select
    account_id,
    month_start,
    first_paid_month,
    plan_tier,
    mrr_amount,
    previous_mrr_amount,
    mrr_amount - previous_mrr_amount as mrr_change,
    case
        when previous_mrr_amount = 0 and mrr_amount > 0 and was_customer_before then 'reactivation'
        when previous_mrr_amount = 0 and mrr_amount > 0 then 'new'
        when previous_mrr_amount > 0 and mrr_amount = 0 then 'churn'
        when mrr_amount > previous_mrr_amount then 'expansion'
        when mrr_amount < previous_mrr_amount then 'contraction'
        when mrr_amount = 0 then 'inactive'
        else 'steady'
    end as movement
from with_previous
