-- Trial to paid, and paid to a higher tier, by month of signup and source.
select
    date_trunc(signup_date, month) as signup_month,
    referral_source,
    count(*) as signups,
    countif(had_trial) as trials,
    countif(converted_from_trial) as converted_trials,
    round(safe_divide(countif(converted_from_trial), countif(had_trial)), 4) as trial_conversion_rate,
    round(avg(if(converted_from_trial, days_to_convert, null)), 1) as average_days_to_convert,
    countif(first_paid_on is not null) as paid_accounts,
    countif(first_upgraded_on is not null) as upgraded_accounts,
    round(safe_divide(countif(first_upgraded_on is not null), countif(first_paid_on is not null)), 4) as tier_upgrade_rate
from {{ ref('int_trials_and_upgrades') }}
group by 1, 2
