{{ config(indexes=[{'columns': ['product_id'], 'unique': True}, {'columns': ['category']}]) }}

select
    product_id,
    sku,
    product_name,
    category,
    unit_price,
    unit_cost,
    unit_margin as profit_per_unit,
    margin_rate,
    stock_quantity,
    reorder_level,
    stock_quantity * unit_margin as profit_in_stock,
    is_active,
    created_at,
    case
        when stock_quantity is null then 'Not Stocked'
        when stock_quantity = 0 then 'Out of Stock'
        when stock_quantity <= reorder_level then 'Low Stock'
        else 'In Stock'
    end as inventory_status,
    case
        when unit_price >= 1000 then 'Premium'
        when unit_price >= 200 then 'Standard'
        else 'Budget'
    end as price_tier
from {{ ref('stg_crm_products') }}
