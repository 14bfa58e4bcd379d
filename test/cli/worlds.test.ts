import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const files: Readonly<Record<string, string>> = {
  'dbt_project.yml': 'name: shop\nprofile: shop\n',
  'profiles.yml': 'shop:\n  target: dev\n  outputs:\n    dev: {type: postgres, schema: dev, dbname: d}\n',
  'models/sources.yml': `
sources:
  - name: raw
    tables:
      - name: customers
        columns: [{name: id, data_tests: [unique, not_null]}]
      - name: orders
`,
  'models/schema.yml': `
models:
  - name: stg_orders
    columns:
      - {name: order_id, data_tests: [unique, not_null]}
      - {name: status, data_tests: [{accepted_values: {arguments: {values: [placed, shipped, returned]}}}]}
      - {name: customer_id, data_tests: [{relationships: {arguments: {to: ref('stg_customers'), field: customer_id}}}]}
  - name: recent_big_orders
    columns: [{name: order_id, data_tests: [not_null]}]
`,
  'models/stg_customers.sql':
    "select id as customer_id, lower(email) as email, is_vip from {{ source('raw', 'customers') }} where deleted_at is null",
  'models/stg_orders.sql':
    "select id as order_id, customer as customer_id, state as status, cast(amount_cents as numeric) / 100 as amount, cast(placed_on as date) as placed_on from {{ source('raw', 'orders') }}",
  'models/recent_big_orders.sql': `select o.order_id, c.email,
    case when o.status = 'returned' then 'lost' when o.amount > 50 then 'large' else 'small' end as size
  from {{ ref('stg_orders') }} o join {{ ref('stg_customers') }} c on c.customer_id = o.customer_id
  where o.placed_on > current_date - 30 and o.status in ('placed', 'returned')`,
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'world-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
});

function headwater(...args: string[]) {
  const { stdout, status, stderr } = spawnSync('node', [join(root, 'dist/cli.js'), ...args, '--project', folder, '--json'], {
    encoding: 'utf8',
  });
  return { status, stderr, answer: stdout === '' ? undefined : JSON.parse(stdout) };
}

describe('headwater synthesize', () => {
  it('gives every model rows, passes every test and reaches every branch', () => {
    const { answer } = headwater('synthesize', '--out', 'small');
    expect(answer.reached).toEqual({ models: { all: 3, withRows: 3 }, tests: { all: 7, passed: 7 }, branches: { all: 2, reached: 2 } });
    expect(answer.tables.map((table: { node: string; rows: number }) => [table.node, table.rows])).toEqual([
      ['source.shop.raw.customers', 100],
      ['source.shop.raw.orders', 100],
    ]);
    const constraints = answer.tables.flatMap((table: { constraints: object[] }) => table.constraints);
    expect(constraints).toContainEqual(expect.objectContaining({ columns: ['state'], kind: 'accepted-values', met: true }));
    expect(constraints.every((one: { met: boolean }) => one.met)).toBe(true);
    expect(readFileSync(join(folder, '.headwater/.gitignore'), 'utf8')).toBe('*\n');
  });

  it('writes the same bytes for the same seed, and others for another', () => {
    const read = (world: string) =>
      readdirSync(join(folder, '.headwater/worlds', world)).map((name) =>
        readFileSync(join(folder, '.headwater/worlds', world, name), 'utf8').replace(/^name: .*$/m, ''),
      );
    headwater('synthesize', '--out', 'again');
    headwater('synthesize', '--out', 'other', '--seed', '7');
    expect(read('again')).toEqual(read('small'));
    expect(read('other')).not.toEqual(read('small'));
  });
});

describe('--world', () => {
  it('previews over its rows and says so', () => {
    const { answer } = headwater('preview', '--select', 'recent_big_orders', '--world', 'small');
    expect(answer.rowCount).toBeGreaterThan(0);
    expect(answer.world).toBe('small');
    expect(answer.notes.join('\n')).toContain("the world 'small'");
  });

  it('tests over its rows; without it there is nothing to test', () => {
    expect(headwater('test', '--world', 'small').answer.summary).toMatchObject({ pass: 7, total: 7 });
    expect(headwater('test').answer.summary).toMatchObject({ pass: 0, 'no-data': 7 });
  });

  it('names a world that is not there', () => {
    const { status, stderr } = headwater('preview', '--select', 'stg_orders', '--world', 'nowhere');
    expect(status).toBe(2);
    expect(stderr).toContain("There is no world 'nowhere'");
  });
});
