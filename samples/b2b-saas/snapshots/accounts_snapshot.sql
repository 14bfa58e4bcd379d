{% snapshot accounts_snapshot %}

{{
    config(
        unique_key='account_id',
        strategy='timestamp',
        updated_at='updated_at'
    )
}}

-- Salesforce forgets who owned an account before; this remembers.
select
    account_id,
    account_name,
    industry,
    employee_count,
    account_owner,
    updated_at
from {{ ref('stg_salesforce__accounts') }}

{% endsnapshot %}
