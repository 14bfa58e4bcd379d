-- The same overview without the multiplication: each side is counted on its own before it is joined.
with deal_summary as (
    select
        account_id,
        count(*) as total_deals,
        sum(amount) as total_pipeline_value
    from deals
    group by account_id
),

user_summary as (
    select
        account_id,
        count(*) as total_users
    from users
    group by account_id
)

select
    accounts.account_name,
    accounts.industry,
    accounts.segment,
    coalesce(deal_summary.total_deals, 0) as total_deals,
    coalesce(deal_summary.total_pipeline_value, 0) as total_pipeline_value,
    coalesce(user_summary.total_users, 0) as total_users
from accounts
left join deal_summary on accounts.account_id = deal_summary.account_id
left join user_summary on accounts.account_id = user_summary.account_id
