/** The data that the cases read: a few tables of a shop of subscriptions, with the mistakes that real data has. */
export const shopFiles: Readonly<Record<string, string>> = {
  'seeds/accounts.csv':
    'account_id,name,segment,parent_id,opened\n1,Acme,smb,,2024-01-01\n2,Bolt,smb,1,2024-01-02\n3,Core,ent,1,2024-01-03\n4,Dune,ent,,2024-02-01\n',
  'seeds/users.csv':
    'user_id,account_id,role,is_active\n10,1,admin,true\n11,1,admin,true\n12,1,viewer,false\n13,2,admin,true\n14,3,viewer,true\n15,3,viewer,true\n',
  'seeds/deals.csv':
    'deal_id,account_id,amount,stage,owner_id\n100,1,10.5,won,10\n101,1,20.0,lost,11\n102,2,30.0,won,13\n103,3,40.0,won,\n',
  'seeds/tickets.csv': 'ticket_id,account_id,priority,minutes\n200,1,high,30\n201,1,low,45\n202,2,high,10\n203,3,low,5\n204,3,low,65\n',
  'seeds/invoices.csv':
    'invoice_id,deal_id,total_cents,paid_on\n300,100,1050,2024-02-01\n301,101,999,2024-02-03\n302,102,3001,\n303,102,500,2024-03-01\n',
  'seeds/balances.csv': 'account_id,day,balance\n1,2024-01-31,100\n1,2024-02-29,120\n2,2024-01-31,50\n2,2024-02-29,60\n',
  'seeds/account_history.csv':
    'account_id,plan,valid_from,valid_to,is_current\n1,free,2024-01-01,2024-02-01,false\n1,pro,2024-02-01,,true\n2,pro,2024-01-02,,true\n3,free,2024-01-03,2024-03-01,false\n3,pro,2024-03-01,,true\n',
  'seeds/sales.csv': 'shop,product,amount\nnorth,tea,5\nnorth,tea,5\nnorth,cake,7\n',
  'seeds/online_sales.csv': 'shop,product,amount\nweb,tea,5\nweb,tea,5\n',
  'seeds/old_orders.csv': 'order_id,amount\n1,10\n2,20\n3,30\n',
  'seeds/new_orders.csv': 'order_id,amount\n3,30\n4,40\n',
  'seeds/regions.csv': 'segment,region,weight\nsmb,north,0.4\nsmb,south,0.6\nent,north,1.0\n',
  'seeds/properties.yml': `
seeds:
  - name: accounts
    columns: [{name: account_id, data_tests: [unique, not_null]}]
  - name: users
    columns: [{name: user_id, data_tests: [unique, not_null]}]
  - name: deals
    columns: [{name: deal_id, data_tests: [unique, not_null]}, {name: account_id, data_tests: [not_null]}]
  - name: tickets
    columns: [{name: ticket_id, data_tests: [unique, not_null]}]
  - name: invoices
    columns: [{name: invoice_id, data_tests: [unique, not_null]}]
  - name: old_orders
    columns: [{name: order_id, data_tests: [unique, not_null]}]
  - name: new_orders
    columns: [{name: order_id, data_tests: [unique, not_null]}]
`,
};

/** A query that makes one mistake. */
export const guilty: readonly (readonly [rule: string, sql: string, factor?: number])[] = [
  [
    'fan-out',
    'select a.segment, sum(d.amount) as s from {{ ref("accounts") }} a join {{ ref("deals") }} d using (account_id) join {{ ref("users") }} u using (account_id) group by 1',
    2.005,
  ],
  ['fan-out', 'select sum(d.amount) as s from {{ ref("deals") }} d join {{ ref("users") }} u on u.account_id = d.account_id', 2.005],
  [
    'fan-out',
    'select d.stage, count(d.deal_id) as n from {{ ref("deals") }} d left join {{ ref("users") }} u on u.account_id = d.account_id group by d.stage',
  ],
  [
    'fan-out',
    'select u.role, sum(d.amount) as s from {{ ref("deals") }} d join {{ ref("users") }} u on u.account_id = d.account_id group by u.role',
  ],
  ['fan-out', 'select avg(d.amount) as s from {{ ref("deals") }} d join {{ ref("users") }} u on u.account_id = d.account_id'],
  ['fan-out', 'select sum(d.amount) as s from {{ ref("users") }} u join {{ ref("deals") }} d on u.account_id = d.account_id'],
  [
    'fan-out',
    'with won as (select * from {{ ref("deals") }} where stage = \'won\') select sum(won.amount) as s from won join {{ ref("tickets") }} t on t.account_id = won.account_id',
  ],
  ['fan-out', 'select sum(d.amount) as s from {{ ref("deals") }} d, {{ ref("users") }} u where u.account_id = d.account_id'],
  [
    'fan-out',
    'select sum(case when d.stage = \'won\' then d.amount end) as s from {{ ref("deals") }} d join {{ ref("tickets") }} t on t.account_id = d.account_id',
  ],
  [
    'fan-out',
    'select a.segment, sum(b.balance) as s from {{ ref("accounts") }} a join {{ ref("balances") }} b on a.account_id = b.account_id and b.day = \'2024-01-31\' join {{ ref("users") }} u on u.account_id = a.account_id group by a.segment',
  ],
  [
    'fan-out',
    'select r.region, count(a.account_id) as n, sum(d.amount) as s from {{ ref("accounts") }} a join {{ ref("deals") }} d on d.account_id = a.account_id join {{ ref("invoices") }} i on i.deal_id = d.deal_id join {{ ref("regions") }} r on r.segment = a.segment group by r.region',
  ],
  [
    'fan-out',
    'select sum(d.amount) filter (where d.stage = \'won\') as s from {{ ref("deals") }} d join {{ ref("users") }} u on u.account_id = d.account_id',
  ],
  [
    'fan-out',
    'select * from (select d.stage, sum(d.amount) as s from {{ ref("deals") }} d join {{ ref("users") }} u on u.account_id = d.account_id group by 1) x where s > 1',
  ],
  [
    'fan-out',
    'select a.account_id, sum(d.amount) as s from {{ ref("accounts") }} a left join {{ ref("deals") }} d on d.account_id = a.account_id left join {{ ref("tickets") }} t on t.account_id = a.account_id group by a.account_id',
  ],
  [
    'fan-out',
    'with u as (select account_id, count(*) as users from {{ ref("users") }} group by 1) select sum(d.amount) as s, sum(u.users) as n from {{ ref("deals") }} d join u on u.account_id = d.account_id',
    1.5,
  ],
  [
    'chasm-trap',
    'select a.account_id, sum(d.amount) as s, count(t.ticket_id) as n from {{ ref("accounts") }} a left join {{ ref("deals") }} d on d.account_id = a.account_id left join {{ ref("tickets") }} t on t.account_id = a.account_id group by a.account_id',
  ],
  [
    'chasm-trap',
    'select a.segment, sum(d.amount) as s, sum(t.minutes) as m from {{ ref("accounts") }} a join {{ ref("deals") }} d using (account_id) join {{ ref("tickets") }} t using (account_id) group by a.segment',
  ],
  [
    'chasm-trap',
    'with t as (select account_id, minutes from {{ ref("tickets") }}), d as (select account_id, amount from {{ ref("deals") }}) select sum(t.minutes) as m, sum(d.amount) as s from {{ ref("accounts") }} a join t on t.account_id = a.account_id join d on d.account_id = a.account_id',
  ],
  ['scd-join', 'select d.deal_id, h.plan from {{ ref("deals") }} d join {{ ref("account_history") }} h on h.account_id = d.account_id'],
  [
    'scd-join',
    'select h.plan, sum(d.amount) as s from {{ ref("deals") }} d left join {{ ref("account_history") }} h on h.account_id = d.account_id group by 1',
  ],
  [
    'scd-join',
    'with h as (select account_id, plan, valid_from, valid_to from {{ ref("account_history") }}) select a.name, h.plan from {{ ref("accounts") }} a left join h on h.account_id = a.account_id',
  ],
  ['semi-additive-sum', 'select account_id, sum(balance) as s from {{ ref("balances") }} group by 1'],
  ['semi-additive-sum', 'select sum(balance) as s from {{ ref("balances") }}'],
  [
    'semi-additive-sum',
    'select a.segment, sum(b.balance) as s from {{ ref("balances") }} b join {{ ref("accounts") }} a on a.account_id = b.account_id group by a.segment',
  ],
  ['semi-additive-sum', 'select date_trunc(\'year\', cast(day as date)) as y, sum(balance) as s from {{ ref("balances") }} group by 1'],
  [
    'average-of-averages',
    'with per_account as (select account_id, avg(amount) as avg_amount from {{ ref("deals") }} group by 1) select avg(avg_amount) as a from per_account',
  ],
  [
    'average-of-averages',
    'select segment, avg(x) as a from (select a.segment, d.account_id, avg(d.amount) as x from {{ ref("deals") }} d join {{ ref("accounts") }} a on a.account_id = d.account_id group by 1, 2) q group by 1',
  ],
  [
    'average-of-averages',
    'with r as (select account_id, round(avg(minutes), 2) as m from {{ ref("tickets") }} group by account_id), s as (select account_id, m from r) select avg(m) as a from s',
  ],
  [
    'average-of-averages',
    'with r as (select account_id, 1.0 * sum(amount) / count(deal_id) as per_deal from {{ ref("deals") }} group by account_id) select avg(per_deal) as a from r',
  ],
  [
    'outer-join-filtered',
    'select a.name from {{ ref("accounts") }} a left join {{ ref("deals") }} d on d.account_id = a.account_id where d.stage = \'won\'',
  ],
  [
    'outer-join-filtered',
    'select a.name from {{ ref("accounts") }} a left join {{ ref("deals") }} d on d.account_id = a.account_id where a.segment = \'smb\' and d.amount > 5',
  ],
  [
    'outer-join-filtered',
    'select a.name from {{ ref("accounts") }} a left join {{ ref("deals") }} d on d.account_id = a.account_id where lower(d.stage) in (\'won\', \'lost\')',
  ],
  [
    'outer-join-filtered',
    'select a.name from {{ ref("deals") }} d right join {{ ref("accounts") }} a on d.account_id = a.account_id where d.amount between 1 and 100',
  ],
  [
    'outer-join-filtered',
    'with x as (select a.name, t.priority from {{ ref("accounts") }} a left join {{ ref("tickets") }} t on t.account_id = a.account_id where t.priority <> \'low\') select * from x',
  ],
  [
    'outer-join-filtered',
    'select a.name from {{ ref("accounts") }} a left join {{ ref("deals") }} d on d.account_id = a.account_id where d.stage like \'w%\'',
  ],
  [
    'outer-join-count',
    'select a.account_id, count(*) as n from {{ ref("accounts") }} a left join {{ ref("deals") }} d on d.account_id = a.account_id group by a.account_id',
  ],
  [
    'outer-join-count',
    'select a.segment, count(1) as n from {{ ref("accounts") }} a left join {{ ref("users") }} u on u.account_id = a.account_id group by 1',
  ],
  [
    'outer-join-count',
    'select a.name, sum(1) as n from {{ ref("accounts") }} a left join {{ ref("tickets") }} t using (account_id) group by a.name',
  ],
  [
    'outer-join-count',
    'with d as (select deal_id, account_id from {{ ref("deals") }}) select a.account_id, a.name, count(*) as deals from {{ ref("accounts") }} as a left outer join d on a.account_id = d.account_id group by 1, 2',
  ],
  ['not-in-null', 'select * from {{ ref("accounts") }} where account_id not in (select parent_id from {{ ref("accounts") }})'],
  ['not-in-null', 'select * from {{ ref("users") }} where user_id not in (select owner_id from {{ ref("deals") }} where stage = \'won\')'],
  ['not-in-null', 'select * from {{ ref("users") }} where not (user_id in (select owner_id from {{ ref("deals") }}))'],
  ['not-in-null', 'select * from {{ ref("deals") }} where stage not in (\'won\', null)'],
  [
    'not-in-null',
    'with owners as (select owner_id from {{ ref("deals") }}) select u.user_id from {{ ref("users") }} u where u.user_id not in (select owner_id from owners)',
  ],
  [
    'union-rows',
    'with s as (select shop, product, amount from {{ ref("sales") }} union select shop, product, amount from {{ ref("online_sales") }}) select sum(amount) as t from s',
  ],
  ['union-rows', 'select product, amount from {{ ref("sales") }} union select product, amount from {{ ref("online_sales") }}'],
  [
    'union-rows',
    'with o as (select order_id, amount from {{ ref("old_orders") }} union all select order_id, amount from {{ ref("new_orders") }}) select sum(amount) as t from o',
  ],
  ['union-rows', 'select order_id, amount from {{ ref("old_orders") }} union all select order_id, amount from {{ ref("new_orders") }}'],
  ['integer-division', 'select total_cents / 100 as euros from {{ ref("invoices") }}'],
  ['integer-division', 'select count(case when stage = \'won\' then 1 end) / count(*) as rate from {{ ref("deals") }}'],
  ['integer-division', 'select priority, sum(minutes) / count(*) as per_ticket from {{ ref("tickets") }} group by 1'],
  ['integer-division', 'select 100 * (count(distinct account_id) / count(*)) as p from {{ ref("deals") }}'],
  ['integer-division', 'select round(minutes / 60, 2) as hours from {{ ref("tickets") }}'],
];

/** Queries that look alike and are right. */
export const innocent: readonly string[] = [
  'select a.segment, sum(d.amount) as s from {{ ref("accounts") }} a join {{ ref("deals") }} d using (account_id) group by 1',
  'select count(distinct d.deal_id) as n from {{ ref("deals") }} d join {{ ref("users") }} u on u.account_id = d.account_id',
  'select max(d.amount) as m, min(d.amount) as n from {{ ref("deals") }} d join {{ ref("users") }} u on u.account_id = d.account_id',
  'with u as (select account_id, count(*) as users from {{ ref("users") }} group by 1) select u.users, sum(d.amount) as s from {{ ref("deals") }} d join u on u.account_id = d.account_id group by 1',
  'select sum(i.total_cents) as s from {{ ref("deals") }} d join {{ ref("invoices") }} i on i.deal_id = d.deal_id',
  'select a.segment, sum(i.total_cents) as s from {{ ref("invoices") }} i join {{ ref("deals") }} d on d.deal_id = i.deal_id join {{ ref("accounts") }} a on a.account_id = d.account_id group by 1',
  'select u.user_id, sum(d.amount) as s from {{ ref("deals") }} d join {{ ref("users") }} u on u.account_id = d.account_id group by u.user_id',
  'select sum(d.amount) as s from {{ ref("deals") }} d where exists (select 1 from {{ ref("users") }} u where u.account_id = d.account_id)',
  'select sum(d.amount) as s from {{ ref("deals") }} d where d.account_id in (select account_id from {{ ref("users") }})',
  'select sum(d.amount) as s from {{ ref("deals") }} d join (select distinct account_id from {{ ref("users") }}) u on u.account_id = d.account_id',
  'with u as (select *, row_number() over (partition by account_id order by user_id) as rn from {{ ref("users") }}) select sum(d.amount) as s from {{ ref("deals") }} d join u on u.account_id = d.account_id and u.rn = 1',
  'with u as (select * from (select *, row_number() over (partition by account_id order by user_id) as rn from {{ ref("users") }}) x where rn = 1) select sum(d.amount) as s from {{ ref("deals") }} d join u on u.account_id = d.account_id',
  'select sum(d.amount * r.weight) as s from {{ ref("deals") }} d join {{ ref("accounts") }} a on a.account_id = d.account_id join {{ ref("regions") }} r on r.segment = a.segment',
  'with t as (select account_id, sum(minutes) as m from {{ ref("tickets") }} group by 1), d as (select account_id, sum(amount) as s from {{ ref("deals") }} group by 1) select sum(t.m) as m, sum(d.s) as s from {{ ref("accounts") }} a left join t on t.account_id = a.account_id left join d on d.account_id = a.account_id',
  'select sum(d.amount) as s from {{ ref("deals") }} d left join {{ ref("users") }} u on u.user_id = d.owner_id',
  'select d.deal_id, d.amount, count(u.user_id) as users from {{ ref("deals") }} d left join {{ ref("users") }} u on u.account_id = d.account_id group by 1, 2',
  'select sum(t.total) as s from (select deal_id, sum(total_cents) as total from {{ ref("invoices") }} group by 1) t join {{ ref("deals") }} d on d.deal_id = t.deal_id',
  'select sum(d.amount) as s, (select count(*) from {{ ref("users") }}) as users from {{ ref("deals") }} d',
  'select sum(d.amount) as s from {{ ref("deals") }} d cross join (select count(*) as n from {{ ref("users") }}) u',
  'select d.deal_id, h.plan from {{ ref("deals") }} d join {{ ref("account_history") }} h on h.account_id = d.account_id and h.is_current',
  'select d.deal_id, h.plan from {{ ref("deals") }} d join {{ ref("account_history") }} h on h.account_id = d.account_id where h.valid_to is null',
  'select a.name, h.plan from {{ ref("accounts") }} a join {{ ref("account_history") }} h on h.account_id = a.account_id and a.opened >= h.valid_from and (a.opened < h.valid_to or h.valid_to is null)',
  'with h as (select * from {{ ref("account_history") }} where is_current) select d.deal_id, h.plan from {{ ref("deals") }} d join h on h.account_id = d.account_id',
  'with h as (select *, row_number() over (partition by account_id order by valid_from desc) as rn from {{ ref("account_history") }}) select d.deal_id, h.plan from {{ ref("deals") }} d join h on h.account_id = d.account_id and h.rn = 1',
  'select h.account_id, h.plan, h.valid_from, a.name from {{ ref("account_history") }} h join {{ ref("accounts") }} a on a.account_id = h.account_id',
  'select day, sum(balance) as s from {{ ref("balances") }} group by 1',
  'select a.segment, b.day, sum(b.balance) as s from {{ ref("balances") }} b join {{ ref("accounts") }} a on a.account_id = b.account_id group by 1, 2',
  'select sum(balance) as s from {{ ref("balances") }} where day = \'2024-02-29\'',
  'select sum(balance) as s from {{ ref("balances") }} where day = (select max(day) from {{ ref("balances") }})',
  'select account_id, avg(balance) as s, max(balance) as m from {{ ref("balances") }} group by 1',
  'with latest as (select *, row_number() over (partition by account_id order by day desc) as rn from {{ ref("balances") }}) select sum(balance) as s from latest where rn = 1',
  'select 1.0 * sum(balance) / count(distinct day) as s from {{ ref("balances") }}',
  'with per_account as (select account_id, sum(amount) as total from {{ ref("deals") }} group by 1) select avg(total) as a from per_account',
  'with per_account as (select account_id, avg(amount) as avg_amount, count(*) as n from {{ ref("deals") }} group by 1) select sum(avg_amount * n) / sum(n) as a from per_account',
  'with per_account as (select account_id, avg(amount) as avg_amount from {{ ref("deals") }} group by 1) select account_id, avg(avg_amount) as a from per_account group by 1',
  'with per_account as (select account_id, avg(amount) as avg_amount from {{ ref("deals") }} group by 1) select max(avg_amount) as a from per_account',
  'select a.name from {{ ref("accounts") }} a left join {{ ref("deals") }} d on d.account_id = a.account_id where d.deal_id is null',
  'select a.name from {{ ref("accounts") }} a left join {{ ref("deals") }} d on d.account_id = a.account_id and d.stage = \'won\'',
  'select a.name from {{ ref("accounts") }} a left join {{ ref("deals") }} d on d.account_id = a.account_id where d.stage = \'won\' or d.deal_id is null',
  'select a.name from {{ ref("accounts") }} a left join {{ ref("deals") }} d on d.account_id = a.account_id where coalesce(d.stage, \'none\') <> \'lost\'',
  'select a.name from {{ ref("accounts") }} a left join {{ ref("deals") }} d on d.account_id = a.account_id where a.segment = \'smb\'',
  'select a.name from {{ ref("accounts") }} a inner join {{ ref("deals") }} d on d.account_id = a.account_id where d.stage = \'won\'',
  'select a.name from {{ ref("accounts") }} a left join {{ ref("deals") }} d on d.account_id = a.account_id where d.stage is distinct from \'lost\'',
  'select a.account_id, count(d.deal_id) as n from {{ ref("accounts") }} a left join {{ ref("deals") }} d on d.account_id = a.account_id group by a.account_id',
  'select d.stage, count(*) as n from {{ ref("deals") }} d left join {{ ref("accounts") }} a on a.account_id = d.account_id group by d.stage',
  'select a.account_id, count(*) as n from {{ ref("accounts") }} a join {{ ref("deals") }} d on d.account_id = a.account_id group by a.account_id',
  'select d.stage, count(*) as n from {{ ref("accounts") }} a left join {{ ref("deals") }} d on d.account_id = a.account_id group by d.stage',
  'select count(*) as n from {{ ref("deals") }} d left join {{ ref("users") }} u on u.user_id = d.owner_id',
  'select * from {{ ref("accounts") }} where account_id not in (select parent_id from {{ ref("accounts") }} where parent_id is not null)',
  'select * from {{ ref("accounts") }} where account_id not in (select account_id from {{ ref("deals") }})',
  'select * from {{ ref("users") }} where user_id not in (select coalesce(owner_id, -1) from {{ ref("deals") }})',
  'select * from {{ ref("users") }} u where not exists (select 1 from {{ ref("deals") }} d where d.owner_id = u.user_id)',
  "select * from {{ ref(\"deals\") }} where stage not in ('won', 'lost')",
  'with owners as (select distinct owner_id from {{ ref("deals") }} where owner_id is not null) select user_id from {{ ref("users") }} where user_id not in (select owner_id from owners)',
  'select shop, product, amount from {{ ref("sales") }} union all select shop, product, amount from {{ ref("online_sales") }}',
  'select product from {{ ref("sales") }} union select product from {{ ref("online_sales") }}',
  'select account_id from {{ ref("deals") }} union select account_id from {{ ref("tickets") }}',
  'with o as (select order_id, amount from {{ ref("old_orders") }} union select order_id, amount from {{ ref("new_orders") }}) select sum(amount) as t from o',
  'with o as (select \'old\' as tag, order_id, amount from {{ ref("old_orders") }} union all select \'new\' as tag, order_id, amount from {{ ref("new_orders") }}) select tag, sum(amount) as t from o group by 1',
  'with o as (select order_id, amount from {{ ref("old_orders") }} union all select order_id, amount from {{ ref("new_orders") }}), d as (select *, row_number() over (partition by order_id order by amount) as rn from o) select sum(amount) as t from d where rn = 1',
  'select total_cents / 100.0 as euros from {{ ref("invoices") }}',
  'select cast(total_cents as numeric) / 100 as euros from {{ ref("invoices") }}',
  'select 1.0 * count(case when stage = \'won\' then 1 end) / count(*) as rate from {{ ref("deals") }}',
  'select minutes / 10 * 10 as bucket from {{ ref("tickets") }}',
  'select sum(amount) / count(*) as per_deal from {{ ref("deals") }}',
  'select floor(minutes / 60) as hours from {{ ref("tickets") }}',
  'select (extract(month from paid_on) + 2) / 3 as quarter from {{ ref("invoices") }}',
];
