-- The extract has no closing date, so a cycle runs from the first deal an account opened to the first one that it won.
with deals_in_order as (

    select
        account_id,
        created_at,
        created_date,
        is_won,
        row_number() over (partition by account_id order by created_at, deal_id) as attempt
    from {{ ref('deals') }}

),

first_won as (

    select
        account_id,
        min(attempt) as attempts_to_win,
        min(created_date) as won_date
    from deals_in_order
    where is_won
    group by account_id

)

select
    accounts.account_id,
    accounts.industry,
    accounts.segment,
    opened.created_date as first_deal_date,
    first_won.won_date as first_won_date,
    first_won.attempts_to_win,
    first_won.won_date - opened.created_date as cycle_days,
    first_won.account_id is not null as is_converted,
    first_won.attempts_to_win = 1 as is_won_at_first_attempt
from deals_in_order as opened
inner join {{ ref('accounts') }} as accounts on opened.account_id = accounts.account_id
left join first_won on opened.account_id = first_won.account_id
where opened.attempt = 1
