select
    id as product_id,
    sku,
    name as product_name,
    {{ label('category') }} as category,
    unit_price,
    unit_cost,
    unit_price - unit_cost as unit_margin,
    {{ share('unit_price - unit_cost', 'unit_price') }} as margin_rate,
    stock_quantity,
    reorder_level,
    is_active,
    created_at
from {{ source('crm', 'products') }}
