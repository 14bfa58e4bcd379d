-- The overview of the sample query, right: deals and users are counted apart before they meet.
select
    accounts.account_id,
    accounts.account_name,
    accounts.industry,
    accounts.segment,
    coalesce(account_deals.total_deals, 0) as total_deals,
    coalesce(account_deals.won_deals, 0) as won_deals,
    coalesce(account_deals.open_deals, 0) as open_deals,
    coalesce(account_deals.total_pipeline_value, 0) as total_pipeline_value,
    coalesce(account_deals.won_amount, 0) as won_amount,
    coalesce(account_activity.total_users, 0) as total_users,
    account_deals.first_won_at is not null as is_customer,
    cast(account_deals.first_won_at as date) as customer_since
from {{ ref('accounts') }} as accounts
left join {{ ref('int_account_deals') }} as account_deals on accounts.account_id = account_deals.account_id
left join {{ ref('int_account_activity') }} as account_activity on accounts.account_id = account_activity.account_id
