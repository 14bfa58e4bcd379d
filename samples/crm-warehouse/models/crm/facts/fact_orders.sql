{{
    config(
        indexes=[
            {'columns': ['order_id'], 'unique': True},
            {'columns': ['account_id']},
            {'columns': ['product_id']},
            {'columns': ['order_date']}
        ]
    )
}}

select
    orders.order_id,
    orders.order_number,
    orders.account_id,
    orders.contact_id,
    orders.product_id,
    orders.quantity,
    orders.unit_price,
    orders.discount_percent,
    orders.status,
    round(orders.quantity * orders.unit_price, 2) as gross_amount,
    round(orders.quantity * orders.unit_price * orders.discount_percent / 100.0, 2) as discount_amount,
    round(orders.quantity * orders.unit_price * (100 - orders.discount_percent) / 100.0, 2) as order_value,
    case
        when orders.is_reversed then 0
        else round(orders.quantity * orders.unit_price * (100 - orders.discount_percent) / 100.0, 2)
    end as net_revenue,
    case
        when orders.is_reversed then 0
        else round(
            orders.quantity * orders.unit_price * (100 - orders.discount_percent) / 100.0
            - orders.quantity * products.unit_cost,
            2
        )
    end as gross_profit,
    orders.is_fulfilled,
    orders.is_reversed,
    orders.ordered_at,
    orders.shipped_at,
    orders.delivered_at,
    orders.hours_to_ship,
    orders.hours_to_deliver,
    case
        when orders.is_reversed then 'Reversed'
        when orders.delivered_at is not null and orders.delivered_at <= orders.promised_at then 'On Time'
        when orders.delivered_at is not null then 'Late'
        when orders.shipped_at is not null then 'In Transit'
        else 'Open'
    end as fulfillment_status,
    cast(orders.ordered_at as date) as order_date,
    cast(extract(year from orders.ordered_at) as integer) as order_year,
    cast(extract(quarter from orders.ordered_at) as integer) as order_quarter,
    cast(extract(month from orders.ordered_at) as integer) as order_month,
    to_char(orders.ordered_at, 'YYYY-MM') as order_year_month
from {{ ref('stg_crm_orders') }} as orders
inner join {{ ref('stg_crm_products') }} as products on orders.product_id = products.product_id
