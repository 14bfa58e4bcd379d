select
    users.user_id,
    users.email,
    users.user_name,
    users.role,
    identity.account_id,
    identity.matched_by,
    contacts.contact_id,
    contacts.job_title,
    users.created_at
from {{ ref('stg_segment__users') }} as users
left join {{ ref('int_account_identity') }} as identity
    on users.user_id = identity.source_id and identity.identity_type = 'segment_user'
left join {{ ref('stg_salesforce__contacts') }} as contacts on users.email = contacts.email
