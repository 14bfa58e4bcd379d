create table payments (
  id integer primary key,
  order_id integer references orders (id),
  amount numeric(10, 2) -- in euros
);
comment on column payments.order_id is 'The order that is paid';
