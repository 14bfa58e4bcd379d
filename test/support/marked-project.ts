import { Analyzer } from '../../src/core/analyze.ts';
import { templateEngine } from '../../src/core/dbt/template-engine.ts';
import { Sources } from '../../src/core/project/sources.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { Position } from '../../src/core/text/span.ts';
import { LineMap } from '../../src/core/text/span.ts';

/** A project whose files carry marks: `‸` is where the cursor stands. */
export interface MarkedProject {
  readonly snapshot: Snapshot;
  readonly path: string;
  readonly position: Position;
  readonly offset: number;
  readonly text: string;
}

export const shopFiles: Readonly<Record<string, string>> = {
  'dbt_project.yml': 'name: shop\nversion: "1.0"\nprofile: shop\nvars:\n  cents: 100\n',
  'profiles.yml': 'shop:\n  target: dev\n  outputs:\n    dev: {type: postgres, schema: main, dbname: shop}\n',
  'macros/money.sql':
    "{# Cents as an amount. #}\n{% macro to_amount(column, scale=2) %}cast({{ column }} as numeric(10, {{ scale }})) / {{ var('cents') }}{% endmacro %}\n",
  'models/docs.md': '{% docs amount_text %}\nWhat was paid, in euros.\n{% enddocs %}\n',
  'models/schema.yml': `version: 2
sources:
  - name: raw
    tables:
      - name: orders
        description: Orders as the shop wrote them.
        columns:
          - name: id
            description: The order's number.
            data_type: bigint
          - name: customer_id
            data_type: bigint
          - name: cents
            data_type: integer
models:
  - name: stg_orders
    description: One row per order.
    columns:
      - name: order_id
        data_tests: [unique, not_null]
      - name: amount
        description: "{{ doc('amount_text') }}"
  - name: customers
    columns:
      - name: customer_id
        data_tests:
          - relationships: {to: ref('people'), field: person_id}
      - name: total
`,
  'models/stg_orders.sql':
    "select\n  id as order_id,\n  customer_id,\n  {{ to_amount('cents') }} as amount\nfrom {{ source('raw', 'orders') }}\n",
  'models/customers.sql': `with orders as (
  select * from {{ ref('stg_orders') }}
),
sums as (
  select o.customer_id, sum(o.amount) as total, count(*) as orders
  from orders o
  group by 1
)
select p.person_id as customer_id, p.name, coalesce(sums.total, 0) as total
from {{ ref('people') }} p
left join sums on sums.customer_id = p.person_id
`,
  'seeds/people.csv': 'person_id,name\n1,Ada\n2,Grace\n3,\n',
};

/** The shop with some files replaced; one of them may hold the cursor. */
export function openShop(changes: Readonly<Record<string, string>> = {}): Snapshot {
  return analyze({ ...shopFiles, ...changes });
}

/** Places the cursor in a file of the shop: `find` is a piece of it with `‸` where the cursor stands. */
export function placeInShop(path: string, find: string, changes: Readonly<Record<string, string>> = {}): MarkedProject {
  const files = { ...shopFiles, ...changes };
  const text = files[path] ?? '';
  const at = text.indexOf(find.replace('‸', ''));
  if (at === -1 || !find.includes('‸')) throw new Error(`'${find}' is not in ${path}`);
  const offset = at + find.indexOf('‸');
  return { snapshot: analyze(files), path, text, offset, position: new LineMap(text).position(offset) };
}

/** The shop with a file whose text carries the cursor itself. */
export function openAtCursor(path: string, marked: string, changes: Readonly<Record<string, string>> = {}): MarkedProject {
  const offset = marked.indexOf('‸');
  const text = marked.replace('‸', '');
  return {
    snapshot: analyze({ ...shopFiles, ...changes, [path]: text }),
    path,
    text,
    offset,
    position: new LineMap(text).position(offset),
  };
}

function analyze(files: Readonly<Record<string, string>>): Snapshot {
  const settings = { vars: {}, env: {}, runStartedAt: '2026-01-01T00:00:00Z', invocationId: 'test' };
  return new Analyzer(templateEngine).analyze(Sources.of(files), settings);
}
