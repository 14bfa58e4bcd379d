import { runBuild } from '../../../src/core/checks/build.ts';
import type { CheckResult } from '../../../src/core/checks/result.ts';
import type { CheckSurroundings } from '../../../src/core/checks/run-tests.ts';
import { PreviewSession } from '../../../src/core/engine/preview.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { openSqlite } from '../../support/open-sqlite.ts';
import { readShop } from '../../support/project.ts';

/** A small shop in which every kind of test passes; each test breaks one thing of it. */
export const shop: Readonly<Record<string, string>> = {
  'dbt_project.yml': 'name: shop\nversion: "1.0"\nprofile: shop\nvars: {vip_from: 100}\n',
  'profiles.yml': 'shop:\n  target: dev\n  outputs:\n    dev: {type: postgres, schema: main, dbname: shop}\n',
  'seeds/raw_customers.csv': 'id,name,country\n1,Ada,PT\n2,Bob,DE\n3,Cleo,PT\n',
  'seeds/raw_orders.csv':
    'id,customer_id,status,amount,ordered_at\n10,1,paid,50,2024-01-01\n11,1,paid,70,2024-01-02\n12,2,open,20,2024-01-03\n13,3,paid,30,2024-01-04\n',
  'models/customers.sql': 'select id as customer_id, name, country from {{ ref("raw_customers") }}',
  'models/orders.sql':
    'select id as order_id, customer_id, status, amount, cast(ordered_at as date) as ordered_at from {{ ref("raw_orders") }}',
  'models/customer_totals.sql':
    "select c.customer_id, coalesce(sum(o.amount), 0) as total, coalesce(sum(o.amount), 0) >= {{ var('vip_from') }} as is_vip from {{ ref('customers') }} as c left join {{ ref('orders') }} as o on o.customer_id = c.customer_id group by 1",
  'macros/tests.sql':
    '{% test positive(model, column_name, at_least=0) %}{{ config(fail_calc="coalesce(sum(bad), 0)") }}select {{ column_name }}, 1 as bad from {{ model }} where {{ column_name }} < {{ at_least }}{% endtest %}',
  'tests/totals_match.sql':
    "select 1 from (select sum(total) as t from {{ ref('customer_totals') }}) a, (select sum(amount) as t from {{ ref('orders') }}) b where a.t <> b.t",
  'models/schema.yml': `version: 2
models:
  - name: customers
    columns:
      - name: customer_id
        data_tests: [unique, not_null]
      - name: country
        data_tests:
          - accepted_values:
              arguments: {values: [PT, DE]}
  - name: orders
    columns:
      - name: order_id
        data_tests: [unique]
      - name: customer_id
        data_tests:
          - relationships: {to: ref('customers'), field: customer_id}
      - name: amount
        data_tests:
          - positive: {at_least: 1}
          - not_null: {config: {where: "status = 'paid'"}}
  - name: customer_totals
    config: {contract: {enforced: true}}
    columns:
      - {name: customer_id, data_type: integer, constraints: [{type: primary_key}]}
      - {name: total, data_type: integer, constraints: [{type: check, expression: total >= 0}]}
      - {name: is_vip, data_type: boolean}
unit_tests:
  - name: vips_buy_a_lot
    model: customer_totals
    overrides: {vars: {vip_from: 10}}
    given:
      - input: ref('customers')
        rows: [{customer_id: 1}, {customer_id: 2}]
      - input: ref('orders')
        format: csv
        rows: |
          customer_id,amount
          1,9
          1,1
    expect:
      rows:
        - {customer_id: 2, total: 0, is_vip: false}
        - {customer_id: 1, total: 10, is_vip: true}
`,
};

export interface Shop {
  readonly snapshot: Snapshot;
  readonly around: CheckSurroundings;
}

/** The shop with some files replaced, ready to be built. */
export async function openShop(changed: Readonly<Record<string, string>> = {}): Promise<Shop> {
  const snapshot = readShop({ ...shop, ...changed });
  const engine = await openSqlite();
  let now = 0;
  return { snapshot, around: { session: new PreviewSession(engine, snapshot, '2024-06-15 12:00:00'), snapshot, clock: () => now++ } };
}

/** Builds all of the shop. */
export async function buildShop(changed: Readonly<Record<string, string>> = {}): Promise<readonly CheckResult[]> {
  const { snapshot, around } = await openShop(changed);
  return runBuild(around, [...snapshot.nodes.keys()]);
}

/** What did not pass, as `name status`, with what it is about. */
export function notPassed(results: readonly CheckResult[]): readonly string[] {
  return results.filter((result) => result.status !== 'pass').map((result) => `${result.name} ${result.status}`);
}
