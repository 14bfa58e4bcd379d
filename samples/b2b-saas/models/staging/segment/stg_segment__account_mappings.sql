select
    user_id,
    group_id as salesforce_account_id,
    {{ segment_time('mapped_at') }} as mapped_at
from {{ source('segment', 'account_mappings') }}
