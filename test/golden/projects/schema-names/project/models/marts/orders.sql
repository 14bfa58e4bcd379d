select id from {{ ref('stg_orders') }} join {{ ref('rates') }} using (id)
