select
    churn_event_id,
    account_id,
    churn_date,
    {{ clean('reason_code') }} as reason_code,
    cast(refund_amount_usd as numeric) as refund_amount_usd,
    preceding_upgrade_flag as follows_upgrade,
    preceding_downgrade_flag as follows_downgrade,
    is_reactivation as came_back,
    feedback_text
from {{ source('crm', 'churn_events') }}
