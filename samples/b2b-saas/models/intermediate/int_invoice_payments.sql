-- Charges and refunds brought to one row per invoice. An invoice can have failed charges before the one that succeeds.
with refunded as (

    select
        charge_id,
        sum(amount) as refunded_amount
    from {{ ref('stg_stripe__refunds') }}
    where status = 'succeeded'
    group by charge_id

)

select
    charges.invoice_id,
    count(*) as charge_attempts,
    sum(case when charges.status = 'failed' then 1 else 0 end) as failed_attempts,
    round(sum(case when charges.status = 'succeeded' then charges.amount else 0 end), 2) as charged_amount,
    round(coalesce(sum(refunded.refunded_amount), 0), 2) as refunded_amount,
    min(case when charges.status = 'succeeded' then charges.created_at end) as first_paid_at
from {{ ref('stg_stripe__charges') }} as charges
left join refunded on charges.charge_id = refunded.charge_id
group by charges.invoice_id
