select * from {{ ref('good') }} where id < 0
