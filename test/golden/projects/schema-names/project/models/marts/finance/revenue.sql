{{ config(tags=['daily']) }}select id from {{ ref('orders') }}
