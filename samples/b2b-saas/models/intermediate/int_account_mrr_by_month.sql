-- What each account is worth in each month: its subscription periods that run on the month's last day, in dollars.
-- Months after an account left stay in, with 0, from its first paid month on.
with account_months as (

    select
        first_periods.account_id,
        months.month_start,
        months.month_end
    from (
        select
            account_id,
            {{ month_of('min(period_start)') }} as first_month
        from {{ ref('int_subscription_periods') }}
        group by account_id
    ) as first_periods
    inner join {{ ref('int_billing_months') }} as months on months.month_start >= first_periods.first_month

),

valued as (

    select
        account_months.account_id,
        account_months.month_start,
        round(coalesce(sum(periods.monthly_amount * rates.usd_rate), 0), 2) as mrr,
        round(coalesce(sum((periods.monthly_list_amount - periods.monthly_amount) * rates.usd_rate), 0), 2) as discounted_mrr,
        coalesce(sum(periods.seats), 0) as seats,
        max(periods.tier) as tier
    from account_months
    left join {{ ref('int_subscription_periods') }} as periods
        on
            account_months.account_id = periods.account_id
            and periods.period_start <= account_months.month_end
            and periods.period_end > account_months.month_end
    left join {{ ref('fx_rates') }} as rates on account_months.month_start = rates.month and periods.currency = rates.currency
    group by account_months.account_id, account_months.month_start

)

select
    account_id,
    month_start,
    mrr,
    discounted_mrr,
    seats,
    tier,
    coalesce(lag(mrr) over (partition by account_id order by month_start), 0) as previous_mrr,
    coalesce(
        max(mrr) over (
            partition by account_id
            order by month_start
            rows between unbounded preceding and 1 preceding
        ),
        0
    ) > 0 as was_customer_before
from valued
