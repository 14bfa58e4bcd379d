with ranked as (select *, row_number() over (order by orders desc) as place from customer_orders)
select id, name from ranked where place <= 10
