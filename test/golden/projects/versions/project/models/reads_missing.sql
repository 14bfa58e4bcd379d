select * from {{ ref('orders', version=9) }}
