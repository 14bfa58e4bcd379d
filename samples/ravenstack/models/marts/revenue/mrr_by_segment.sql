-- The same MRR cut by plan, industry and country. Months in which an account pays nothing have no plan and no row.
select
    mrr.month_start,
    mrr.plan_tier,
    accounts.industry,
    accounts.country_code,
    count(*) as paying_accounts,
    sum(mrr.mrr_amount) as mrr,
    round(safe_divide(sum(mrr.mrr_amount), sum(sum(mrr.mrr_amount)) over (partition by mrr.month_start)), 4) as share_of_month
from {{ ref('int_account_mrr_by_month') }} as mrr
inner join {{ ref('stg__crm_accounts') }} as accounts on mrr.account_id = accounts.account_id
where mrr.mrr_amount > 0
group by 1, 2, 3, 4
