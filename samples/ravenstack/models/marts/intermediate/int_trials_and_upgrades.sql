-- One row per account: its trial, its first paid subscription and its first upgrade.
with steps as (

    select
        account_id,
        min(if(is_trial, start_date, null)) as trial_started_on,
        min(if(not is_trial, start_date, null)) as first_paid_on,
        min(if(is_upgrade, start_date, null)) as first_upgraded_on,
        countif(is_upgrade) as upgrade_count,
        countif(is_downgrade) as downgrade_count,
        array_agg(if(is_trial, null, plan_tier) ignore nulls order by start_date limit 1)[safe_offset(0)] as first_paid_tier
    from {{ ref('stg__crm_subscriptions') }}
    group by account_id

)

select
    accounts.account_id,
    accounts.industry,
    accounts.country_code,
    accounts.referral_source,
    accounts.signup_date,
    steps.trial_started_on,
    steps.first_paid_on,
    steps.first_paid_tier,
    steps.first_upgraded_on,
    ifnull(steps.upgrade_count, 0) as upgrade_count,
    ifnull(steps.downgrade_count, 0) as downgrade_count,
    steps.trial_started_on is not null as had_trial,
    steps.trial_started_on is not null and steps.first_paid_on is not null as converted_from_trial,
    date_diff(steps.first_paid_on, steps.trial_started_on, day) as days_to_convert
from {{ ref('stg__crm_accounts') }} as accounts
left join steps on accounts.account_id = steps.account_id
