select * from {{ ref('orders.v2') }}
