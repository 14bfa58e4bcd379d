{{ config(indexes=[{'columns': ['contact_id'], 'unique': True}, {'columns': ['account_id']}]) }}

select
    contacts.contact_id,
    contacts.account_id,
    accounts.account_name,
    contacts.first_name,
    contacts.last_name,
    contacts.full_name,
    contacts.email,
    contacts.phone,
    contacts.job_title,
    contacts.is_primary,
    contacts.created_at,
    contacts.updated_at,
    case
        when contacts.job_title is null then 'Unknown'
        when lower(contacts.job_title) like 'chief%' then 'C-Level'
        when lower(contacts.job_title) like 'vp%' then 'VP'
        when lower(contacts.job_title) like 'director%' or lower(contacts.job_title) like 'head of%' then 'Director'
        when lower(contacts.job_title) like '%manager%' or lower(contacts.job_title) like '%lead%' then 'Manager'
        else 'Individual Contributor'
    end as seniority_level
from {{ ref('stg_crm_contacts') }} as contacts
left join {{ ref('stg_crm_accounts') }} as accounts on contacts.account_id = accounts.account_id
