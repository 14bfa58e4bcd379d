select * from {{ ref('tools_gone', 'somewhere') }} join {{ ref('nowhere') }} using (id)
