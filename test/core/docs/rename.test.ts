import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { findHighlights } from '../../../src/core/docs/highlights.ts';
import { findReferences } from '../../../src/core/docs/references.ts';
import type { RenamePlan } from '../../../src/core/docs/rename.ts';
import { planRename } from '../../../src/core/docs/rename.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { LineMap } from '../../../src/core/text/span.ts';
import { openShop, placeInShop, shopFiles } from '../../support/marked-project.ts';

function plan(path: string, find: string, name: string, changes: Readonly<Record<string, string>> = {}) {
  const { snapshot, position } = placeInShop(path, find, changes);
  return { snapshot, made: planRename(snapshot, path, position, name) };
}

/** The files after the edits of a plan. */
function apply(snapshot: Snapshot, { edits, files }: RenamePlan): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const path of snapshot.sources.paths) {
    const text = snapshot.sources.find(path)?.text;
    if (text === undefined) continue;
    const lines = new LineMap(text);
    const own = edits
      .filter(({ location }) => location.path === path)
      .map(({ location, text: to }) => ({ start: lines.offset(location.start), end: lines.offset(location.end), to }));
    let made = text;
    for (const { start, end, to } of own.sort((a, b) => b.start - a.start)) made = made.slice(0, start) + to + made.slice(end);
    texts[files.find((file) => file.from === path)?.to ?? path] = made;
  }
  return texts;
}

function changed(before: Readonly<Record<string, string | undefined>>, after: Readonly<Record<string, string>>): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [path, text] of Object.entries(after)) {
    const old = (before[path] ?? '').split('\n');
    const lines = text.split('\n').filter((line, at) => line !== old[at]);
    if (lines.length > 0) found[path] = lines.map((line) => line.trim());
  }
  return found;
}

const canonical = `with source as (
  select * from {{ ref('raw_orders') }}
),
renamed as (
  select id as order_key, customer_id, cents / 100 as part from source
)
select order_key, customer_id from renamed where part > 1
`;

describe('renaming a column', () => {
  it('may start at the alias that names it in a CTE whose star hands it on', () => {
    const files = {
      'models/stg_keys.sql': canonical.replace('select order_key, customer_id from renamed where part > 1', 'select * from renamed'),
      'models/keys.sql': "select k.order_key from {{ ref('stg_keys') }} k",
    };
    const { snapshot, made } = plan('models/stg_keys.sql', 'as order_k‸ey', 'order_number', files);
    expect(made.problem).toBeUndefined();
    expect(changed({ ...shopFiles, ...files }, apply(snapshot, made))).toEqual({
      'models/stg_keys.sql': ['select id as order_number, customer_id, cents / 100 as part from source'],
      'models/keys.sql': ["select k.order_number from {{ ref('stg_keys') }} k"],
    });
  });

  it('is refused where the CTE has a column of that name already', () => {
    const { made } = plan('models/stg_keys.sql', 'as pa‸rt', 'order_key', { 'models/stg_keys.sql': canonical });
    expect(made.problem).toBe('There is a column order_key beside it already.');
  });

  it('stays in the model where the column of a CTE does not leave it', () => {
    const files = { 'models/stg_keys.sql': canonical };
    for (const at of ['as pa‸rt', 'where pa‸rt']) {
      const { snapshot, made } = plan('models/stg_keys.sql', at, 'euros', files);
      expect(made.problem).toBeUndefined();
      expect(changed({ ...shopFiles, ...files }, apply(snapshot, made))).toEqual({
        'models/stg_keys.sql': [
          'select id as order_key, customer_id, cents / 100 as euros from source',
          'select order_key, customer_id from renamed where euros > 1',
        ],
      });
    }
  });

  it('follows it through macros, CTEs and properties files, and stops where another name is given', () => {
    const { snapshot, made } = plan('models/stg_orders.sql', 'as amou‸nt', 'paid');
    expect(changed(shopFiles, apply(snapshot, made))).toEqual({
      'models/stg_orders.sql': ["{{ to_amount('cents') }} as paid"],
      'models/customers.sql': ['select o.customer_id, sum(o.paid) as total, count(*) as orders'],
      'models/schema.yml': ['- name: paid'],
    });
  });

  it('may start where it is read', () => {
    const { snapshot, made } = plan('models/customers.sql', 'o.amou‸nt', 'paid');
    expect(Object.keys(changed(shopFiles, apply(snapshot, made))).sort()).toEqual([
      'models/customers.sql',
      'models/schema.yml',
      'models/stg_orders.sql',
    ]);
  });

  it('gives a column that was copied an alias, and leaves its source alone', () => {
    const { snapshot, made } = plan('models/stg_orders.sql', '  custo‸mer_id', 'buyer_id');
    const after = apply(snapshot, made);
    expect(changed(shopFiles, after)).toEqual({
      'models/stg_orders.sql': ['customer_id as buyer_id,'],
      'models/customers.sql': [
        'select o.buyer_id, sum(o.amount) as total, count(*) as orders',
        'left join sums on sums.buyer_id = p.person_id',
      ],
    });
  });

  it('and back restores every byte', () => {
    for (const [path, find, name] of [
      ['models/stg_orders.sql', 'as amou‸nt', 'paid'],
      ['models/stg_orders.sql', '  custo‸mer_id', 'buyer_id'],
      ['models/customers.sql', '0) as to‸tal', 'grand_total'],
    ] as const) {
      const first = plan(path, find, name);
      const after = apply(first.snapshot, first.made);
      const snapshot = openShop(after);
      const text = after[path] ?? '';
      const at = text.lastIndexOf(name) + 1;
      const old = find.replace('‸', '').trim().split(' ').pop() ?? '';
      const back = planRename(snapshot, path, new LineMap(text).position(at), old);
      expect(apply(snapshot, back)).toEqual(shopFiles);
    }
  });

  it('is refused for what the project does not name', () => {
    expect(plan('models/customers.sql', 'sums.customer_id = p.per‸son_id', 'title').made.problem).toBe(
      'people is a seed: its columns have their names from outside the project.',
    );
    expect(plan('models/stg_orders.sql', 'as amou‸nt', 'order_id').made.problem).toBe('There is a column stg_orders.order_id already.');
    expect(plan('models/stg_orders.sql', 'as amou‸nt', 'two words').made.problem).toContain('is not a name that needs no quotes');
  });

  describe('in the rows of unit tests', () => {
    const unitTest = (rows: string) => ({
      'models/unit.yml': `unit_tests:
  - name: adds_up
    model: customers
    given:
      - input: ref('stg_orders')
        format: csv
        rows: |
          order_id,amount
          1,2
      - input: ref('people')
${rows}
    expect:
      rows:
        - {customer_id: 1, total: 2}
`,
    });

    it('follows the header of CSV on the side that has the column', () => {
      const changes = unitTest('        rows: [{person_id: 1, name: amount}]');
      const { snapshot, made } = plan('models/stg_orders.sql', 'as amou‸nt', 'paid', changes);
      expect(changed({ ...shopFiles, ...changes }, apply(snapshot, made))['models/unit.yml']).toEqual(['order_id,paid']);
    });

    it('is refused where they are SQL', () => {
      const changes = unitTest('        rows: []\n      - input: this\n        format: sql\n        rows: select 1 as total');
      expect(plan('models/customers.sql', '0) as to‸tal', 'sum', changes).made.problem).toBe(
        "In SQL the unit test adds_up gives rows of customers, where 'total' is not changed.",
      );
    });
  });

  it('is refused where USING needs the old name on both sides', () => {
    const changes = {
      'models/extra.sql': "select 1 as x from {{ ref('stg_orders') }} join {{ source('raw', 'orders') }} using (customer_id)\n",
    };
    expect(plan('models/stg_orders.sql', '  custo‸mer_id', 'buyer_id', changes).made.problem).toContain('joins USING (customer_id)');
  });
});

describe('renaming', () => {
  it('a model changes its file, every ref and its properties', () => {
    const { snapshot, made } = plan('models/customers.sql', "ref('stg_or‸ders')", 'base_orders');
    expect(made.files).toEqual([{ from: 'models/stg_orders.sql', to: 'models/base_orders.sql' }]);
    const after = changed(shopFiles, apply(snapshot, made));
    expect(after['models/customers.sql']).toEqual(["select * from {{ ref('base_orders') }}"]);
    expect(after['models/schema.yml']).toEqual(['- name: base_orders']);
  });

  it('a CTE changes what reads it, and not what only has its name', () => {
    const { snapshot, made } = plan('models/customers.sql', 'join su‸ms', 'totals');
    expect(changed(shopFiles, apply(snapshot, made))).toEqual({
      'models/customers.sql': [
        'totals as (',
        'select p.person_id as customer_id, p.name, coalesce(totals.total, 0) as total',
        'left join totals on totals.customer_id = p.person_id',
      ],
    });
    const other = plan('models/customers.sql', '‸orders as (', 'bought');
    expect(changed(shopFiles, apply(other.snapshot, other.made))['models/customers.sql']).toEqual(['with bought as (', 'from bought o']);
  });

  it.each([
    ['from orders ‸o', 'bought'],
    ['select ‸o.customer_id', 'bought'],
  ])('an alias changes it and what stands before its dots, and nothing else: %s', (find, name) => {
    const { snapshot, made } = plan('models/customers.sql', find, name);
    expect(changed(shopFiles, apply(snapshot, made))).toEqual({
      'models/customers.sql': ['select bought.customer_id, sum(bought.amount) as total, count(*) as orders', 'from orders bought'],
    });
  });

  it('an alias of a subquery or a ref stays within its SELECT', () => {
    const path = 'models/extra.sql';
    const sql =
      "select p.name, (select max(p.x) from (select 1 as x) p) as y from {{ ref('people') }} p where exists (select 1 as z where p.name = 'Ada')\n";
    const outer = plan(path, '}} ‸p where', 'person', { [path]: sql });
    expect(apply(outer.snapshot, outer.made)[path]).toBe(
      "select person.name, (select max(p.x) from (select 1 as x) p) as y from {{ ref('people') }} person where exists (select 1 as z where person.name = 'Ada')\n",
    );
    const inner = plan(path, 'max(‸p.x', 'one', { [path]: sql });
    expect(apply(inner.snapshot, inner.made)[path]).toContain('(select max(one.x) from (select 1 as x) one)');
    expect(plan('models/customers.sql', "ref('people') }} ‸p", 'sums').made.problem).toBe(
      'Another relation of this SELECT goes by sums already.',
    );
  });

  it('a macro, a var and a docs block changes them wherever they are called', () => {
    const macro = plan('models/stg_orders.sql', '{{ to_am‸ount', 'as_money');
    expect(Object.keys(changed(shopFiles, apply(macro.snapshot, macro.made)))).toEqual(['macros/money.sql', 'models/stg_orders.sql']);
    const variable = plan('macros/money.sql', "var('ce‸nts')", 'cents_per_euro');
    expect(changed(shopFiles, apply(variable.snapshot, variable.made))['dbt_project.yml']).toEqual(['cents_per_euro: 100']);
    const docs = plan('models/schema.yml', "doc('amount‸_text')", 'paid_text');
    expect(Object.keys(changed(shopFiles, apply(docs.snapshot, docs.made)))).toEqual(['models/docs.md', 'models/schema.yml']);
  });
});

describe('references', () => {
  it('of a column are every place that names it', () => {
    const { snapshot, path, position } = placeInShop('models/stg_orders.sql', 'as amou‸nt');
    expect(findReferences(snapshot, path, position).map((at) => `${at.path}:${at.start.line}`)).toEqual([
      'models/customers.sql:5',
      'models/schema.yml:21',
      'models/stg_orders.sql:4',
    ]);
  });
});

describe('highlights', () => {
  it.each([
    ['a column of a CTE and what reads it', 'models/customers.sql', 'sums.to‸tal', ['5:42-47', '9:58-63']],
    ['an alias', 'models/customers.sql', 'from orders ‸o', ['5:10-11', '5:29-30', '6:15-16']],
    ['a CTE', 'models/customers.sql', 'join su‸ms', ['4:1-5', '9:53-57', '11:11-15', '11:19-23']],
  ])('show %s', (_, file, find, expected) => {
    const { snapshot, path, position } = placeInShop(file, find);
    const found = findHighlights(snapshot, path, position).map((at) => `${at.start.line}:${at.start.column}-${at.end.column}`);
    expect(found.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))).toEqual(expected);
  });
});

describe('the samples', () => {
  const root = join(__dirname, '../../../samples');
  const settings = { vars: {}, env: {}, runStartedAt: '2026-01-01T00:00:00Z', invocationId: 'test' };
  const open = (files: Readonly<Record<string, string>>) => new Analyzer(templateEngine).analyze(Sources.of(files), settings);
  it.each(['lightdash-saas', 'crm-warehouse', 'ravenstack'])(
    '%s gets every byte back when a column was renamed and renamed back',
    (name) => {
      const files: Record<string, string> = {};
      for (const path of readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }))
        if (/\.(sql|ya?ml|md)$/.test(path)) files[path.replaceAll('\\', '/')] = readFileSync(join(root, name, path), 'utf8');
      const before = open(files);
      const problems = before.problems.length;
      let renamed = 0;
      for (const [id, columns] of before.columns) {
        const node = before.nodes.get(id);
        if (node?.kind !== 'model' || node.package !== before.project.name || renamed >= 6) continue;
        const [column] = columns;
        const text = files[node.path] ?? '';
        const at = new RegExp(`\\bas ${column?.name}\\b`).exec(text);
        if (column === undefined || at === null) continue;
        const there = planRename(before, node.path, new LineMap(text).position(at.index + 4), 'renamed_here');
        if (there.edits.length < 2) continue;
        const after = apply(before, there);
        const snapshot = open(after);
        expect(snapshot.problems.length, `${id}.${column.name}`).toBe(problems);
        const made = after[node.path] ?? '';
        const back = planRename(snapshot, node.path, new LineMap(made).position(made.indexOf('renamed_here') + 1), column.name);
        expect(changed(files, apply(snapshot, back)), `${id}.${column.name}`).toEqual({});
        renamed++;
      }
      expect(renamed).toBeGreaterThan(0);
    },
  );
});
