select customer_id as id, count(*) as orders from {{ source('raw', 'orders') }} group by 1
