select {{ common.cents('amount') }} as amount, {{ acme_tools.twice(3) }} as six from {{ ref('acme_tools', 'calendar') }}
