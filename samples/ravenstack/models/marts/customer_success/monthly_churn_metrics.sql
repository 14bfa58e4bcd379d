{{
    config(
        materialized='incremental',
        incremental_strategy='insert_overwrite',
        partition_by={'field': 'month_start', 'data_type': 'date', 'granularity': 'month'}
    )
}}

-- How many of those who paid last month stopped this month, and what they had paid.
with movements as (

    select
        month_start,
        countif(previous_mrr_amount > 0) as accounts_at_start,
        countif(movement = 'churn') as churned_accounts,
        countif(movement = 'reactivation') as reactivated_accounts,
        sum(previous_mrr_amount) as mrr_at_start,
        sum(if(movement = 'churn', -mrr_change, 0)) as churned_mrr,
        sum(if(movement in ('churn', 'contraction'), -mrr_change, 0)) as lost_mrr,
        sum(if(movement = 'expansion', mrr_change, 0)) as expansion_mrr
    from {{ ref('int_account_mrr_by_month') }}
    {% if is_incremental() %}
    where month_start >= date_sub(date_trunc({{ as_of() }}, month), interval 2 month)
    {% endif %}
    group by month_start

),

tickets as (

    select
        date_trunc(submitted_date, month) as month_start,
        count(*) as ticket_count,
        round(avg(satisfaction_score), 2) as average_satisfaction
    from {{ ref('stg__crm_support_tickets') }}
    group by 1

)

select
    movements.month_start,
    movements.accounts_at_start,
    movements.churned_accounts,
    movements.reactivated_accounts,
    round(safe_divide(movements.churned_accounts, movements.accounts_at_start), 4) as account_churn_rate,
    movements.mrr_at_start,
    movements.churned_mrr,
    round(safe_divide(movements.lost_mrr, movements.mrr_at_start), 4) as gross_mrr_churn_rate,
    round(safe_divide(movements.lost_mrr - movements.expansion_mrr, movements.mrr_at_start), 4) as net_mrr_churn_rate,
    ifnull(tickets.ticket_count, 0) as ticket_count,
    round(safe_divide(tickets.ticket_count, movements.accounts_at_start), 4) as tickets_per_account,
    tickets.average_satisfaction
from movements
left join tickets on movements.month_start = tickets.month_start
