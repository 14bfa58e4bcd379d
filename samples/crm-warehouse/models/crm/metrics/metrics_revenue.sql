-- Revenue, order value and fulfillment by month, category and product.
select
    orders.order_year_month,
    products.category,
    products.product_name,
    count(*) as order_count,
    sum(orders.quantity) as units,
    sum(orders.net_revenue) as total_revenue,
    sum(orders.gross_profit) as gross_profit,
    round(avg(orders.order_value), 2) as average_order_value,
    {{ share('count(case when orders.is_fulfilled then 1 end)', 'count(*)') }} as fulfillment_rate,
    {{ share("count(case when orders.fulfillment_status = 'On Time' then 1 end)", 'count(orders.delivered_at)') }} as on_time_rate
from {{ ref('fact_orders') }} as orders
inner join {{ ref('dim_products') }} as products on orders.product_id = products.product_id
group by orders.order_year_month, products.category, products.product_name
