select
    id as deal_id,
    account_id,
    contact_id,
    name as deal_name,
    stage,
    amount,
    probability,
    lead_source,
    owner as deal_owner,
    expected_close_date,
    actual_close_date,
    created_at,
    updated_at,
    stage in ('Closed Won', 'Closed Lost') as is_closed,
    stage = 'Closed Won' as is_won,
    stage not in ('Closed Won', 'Closed Lost')
    and expected_close_date < cast('{{ var("as_of_date") }}' as date) as is_overdue
from {{ source('crm', 'deals') }}
