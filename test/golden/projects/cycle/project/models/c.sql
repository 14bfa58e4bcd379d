select * from {{ ref('b') }} -- {{ ref('outside') }}
