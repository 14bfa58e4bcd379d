select * from {{ source('raw', 'oders') }} union all select * from {{ source('off', 'gone') }}
