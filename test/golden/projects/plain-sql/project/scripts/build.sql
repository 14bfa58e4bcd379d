create temporary table recent as
select * from orders where ordered_at > '2024-01-01';

create table customer_orders as
select c.id, c.name, count(*) as orders
from customers c join recent r on r.customer_id = c.id
group by 1, 2;

insert into customer_orders
select id, name, 0 from customers;
