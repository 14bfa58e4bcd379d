{{ config(indexes=[{'columns': ['account_id'], 'unique': True}, {'columns': ['account_category']}]) }}

select
    account_id,
    account_name,
    account_type,
    industry,
    annual_revenue,
    employee_count,
    website,
    phone,
    billing_city,
    billing_country,
    account_owner,
    created_at,
    updated_at,
    case account_type
        when 'Customer' then 'Active'
        when 'Former Customer' then 'Lapsed'
        when 'Partner' then 'Partner'
        else 'Pipeline'
    end as account_category,
    case
        when annual_revenue is null then 'Unknown'
        when annual_revenue >= 100000000 then 'Enterprise'
        when annual_revenue >= 10000000 then 'Mid-Market'
        else 'Small Business'
    end as revenue_segment
from {{ ref('stg_crm_accounts') }}
