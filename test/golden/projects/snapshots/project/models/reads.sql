select id, name from {{ ref('customers_history') }} where dbt_valid_to is null
