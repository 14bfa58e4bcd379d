{% set stages = ['Qualified', 'PoC', 'Won', 'Lost'] %}

select
    date_trunc('month', deals.created_at) as created_month,
    accounts.segment,
    count(*) as deals_created,
    {%- for stage in stages %}
    sum(case when deals.stage = '{{ stage }}' then 1 else 0 end) as {{ stage | lower }}_deals,
    {%- endfor %}
    {{ safe_divide("sum(case when deals.stage = 'Won' then 1 else 0 end)", 'count(*)') }} as conversion_rate
from {{ ref('deals') }} as deals
inner join {{ ref('accounts') }} as accounts on deals.account_id = accounts.account_id
group by 1, 2
