select 1 as id, 'a' as state, 2 as amount
