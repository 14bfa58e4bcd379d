select * from {{ ref('b') }}, {{ this }}
