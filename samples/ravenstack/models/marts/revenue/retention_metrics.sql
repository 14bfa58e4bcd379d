-- One row per feature: how many use it (popularity), how long they keep using it (stickiness),
-- and how much more those who stayed use it than those who left (adoption gap).
with customers as (

    select
        accounts.account_id,
        accounts.is_churned
    from {{ ref('stg__crm_accounts') }} as accounts
    inner join {{ ref('int_trials_and_upgrades') }} as steps on accounts.account_id = steps.account_id
    where steps.first_paid_on is not null

),

totals as (

    select
        count(*) as customers,
        countif(not is_churned) as retained_customers,
        countif(is_churned) as churned_customers
    from customers

),

features as (

    select
        usage.feature_name,
        logical_or(usage.is_beta_feature) as is_beta_feature,
        count(*) as adopting_accounts,
        countif(not customers.is_churned) as retained_adopters,
        countif(customers.is_churned) as churned_adopters,
        sum(usage.usage_count) as usage_count,
        sum(usage.error_count) as error_count,
        avg(usage.active_months) as average_active_months,
        avg(safe_divide(usage.active_months, date_diff({{ as_of() }}, usage.first_used_month, month) + 1)) as share_of_months_used
    from {{ ref('int_feature_usage_by_account') }} as usage
    inner join customers on usage.account_id = customers.account_id
    group by usage.feature_name

)

select
    features.feature_name,
    features.is_beta_feature,
    features.adopting_accounts,
    features.usage_count,
    round(safe_divide(features.adopting_accounts, totals.customers), 4) as popularity_score,
    round(features.share_of_months_used, 4) as stickiness_score,
    round(features.average_active_months, 2) as average_active_months,
    round(safe_divide(features.retained_adopters, features.adopting_accounts), 4) as retention_rate_of_adopters,
    round(safe_divide(features.retained_adopters, totals.retained_customers), 4) as adoption_rate_retained,
    round(safe_divide(features.churned_adopters, totals.churned_customers), 4) as adoption_rate_churned,
    round(
        safe_divide(features.retained_adopters, totals.retained_customers)
        - safe_divide(features.churned_adopters, totals.churned_customers),
        4
    ) as adoption_gap,
    round(safe_divide(features.error_count, features.usage_count), 4) as error_rate,
    {{ as_of() }} as measured_on
from features
cross join totals
