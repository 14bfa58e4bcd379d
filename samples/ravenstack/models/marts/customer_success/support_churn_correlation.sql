-- Do those who write more tickets leave more? Accounts in groups by tickets per year of tenure.
with per_account as (

    select
        account_id,
        is_churned,
        average_satisfaction,
        has_low_satisfaction,
        safe_divide(ticket_count * 365, greatest(tenure_days, 30)) as tickets_per_year
    from {{ ref('customer_churn_analysis') }}

)

select
    case
        when tickets_per_year = 0 then 'none'
        when tickets_per_year < 3 then 'few'
        when tickets_per_year < 8 then 'some'
        else 'many'
    end as ticket_volume,
    count(*) as accounts,
    countif(is_churned) as churned_accounts,
    round(safe_divide(countif(is_churned), count(*)), 4) as churn_rate,
    countif(has_low_satisfaction) as accounts_with_low_satisfaction,
    -- headwater: ignore average-of-averages because every account counts alike, however many tickets it writes
    round(avg(average_satisfaction), 2) as average_satisfaction
from per_account
group by 1
