-- One row per company. A table with a declared key, because the overview query groups by account_id alone,
-- which PostgreSQL accepts only where it knows that the key decides the name.
select
    account_id,
    trim(account_name) as account_name,
    coalesce({{ clean_label('industry') }}, 'Unknown') as industry,
    case lower(trim(segment))
        when 'smb' then 'SMB'
        when 'midmarket' then 'Midmarket'
        when 'enterprise' then 'Enterprise'
    end as segment
from {{ ref('accounts_raw') }}
