import { describe, expect, it } from 'vitest';
import type { Fix } from '../../../src/core/editor/fix.ts';
import { findFixes } from '../../../src/core/editor/fixes.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { LineMap } from '../../../src/core/text/span.ts';
import { openShop, placeInShop, shopFiles } from '../../support/marked-project.ts';

const model = 'models/extra.sql';

/** The fixes at a `‸` in a file that replaces one of the shop's. */
function fixesAt(path: string, marked: string, changes: Readonly<Record<string, string>> = {}) {
  const text = marked.replace('‸', '');
  const files = { ...shopFiles, ...changes, [path]: text };
  const snapshot = openShop(files);
  const position = new LineMap(text).position(marked.indexOf('‸'));
  return { files, snapshot, fixes: findFixes(snapshot, path, position, position) };
}

/** The files after a fix. */
function apply(files: Readonly<Record<string, string>>, fix: Fix | undefined): Record<string, string> {
  if (fix === undefined) throw new Error('there is no such fix');
  const after: Record<string, string> = { ...files };
  const changes = [...fix.changes].sort(
    (a, b) => b.location.start.line - a.location.start.line || b.location.start.column - a.location.start.column,
  );
  for (const { location, text } of changes) {
    const before = after[location.path] ?? '';
    const lines = new LineMap(files[location.path] ?? '');
    after[location.path] = before.slice(0, lines.offset(location.start)) + text + before.slice(lines.offset(location.end));
  }
  for (const { path, text } of fix.created) after[path] = text;
  for (const path of fix.deleted) delete after[path];
  return after;
}

it('a tag written as {{-- … --}} is said to be no comment, and becomes one', () => {
  const text = 'select 1 as one {{-- what\n it is --}} from x';
  const { fixes, snapshot } = fixesAt('models/slip.sql', text.replace('what', 'wh‸at'));
  const own = snapshot.problems.filter(({ path }) => path === 'models/slip.sql');
  expect(own.map(({ message, start }) => `${start.line}:${start.column} ${message}`)).toEqual([
    "1:17 '{{-- … --}}' is an expression, not a comment: write {# … #}.",
  ]);
  const fix = find(fixes, 'Write it as a comment: {# … #}');
  expect(apply({ 'models/slip.sql': text }, fix)['models/slip.sql']).toBe('select 1 as one {# what\n it is #} from x');
});

it('a number with two signs is no comment', () => {
  const { snapshot } = fixesAt('models/slip.sql', 'select {{--1}} as one‸');
  expect(snapshot.problems.filter(({ path }) => path === 'models/slip.sql')).toEqual([]);
});

function find(fixes: readonly Fix[], title: string): Fix | undefined {
  return fixes.find((fix) => fix.title === title);
}

function columns(snapshot: Snapshot, name: string): readonly string[] {
  return (snapshot.columns.get(`model.shop.${name}` as never) ?? []).map((column) => `${column.name} ${column.type}`);
}

describe('a name that is not found', () => {
  it.each([
    ['a column', "select p.nam‸ from {{ ref('people') }} p", "Change to 'name'", "select p.name from {{ ref('people') }} p"],
    ['a model', "select 1 as x from {{ ref('peo‸pel') }}", "Change to 'people'", "select 1 as x from {{ ref('people') }}"],
    [
      'a table of a source',
      "select 1 as x from {{ source('raw', 'or‸dres') }}",
      "Change to 'orders'",
      "select 1 as x from {{ source('raw', 'orders') }}",
    ],
    [
      'a source',
      "select 1 as x from {{ source('rew‸', 'orders') }}",
      "Change to 'raw'",
      "select 1 as x from {{ source('raw', 'orders') }}",
    ],
    ['a macro', "select {{ to_am‸out('a') }} as x", "Change to 'to_amount'", "select {{ to_amount('a') }} as x"],
  ])('%s is changed to the nearest, and the problem is gone', (_, marked, title, expected) => {
    const { files, fixes, snapshot } = fixesAt(model, marked);
    const fix = find(fixes, title);
    const after = apply(files, fix);
    expect(after[model]).toBe(expected);
    expect(fix?.isPreferred).toBe(true);
    const errors = (one: Snapshot) => one.problems.filter((problem) => problem.path === model && problem.severity === 'error').length;
    expect(errors(snapshot)).toBeGreaterThan(0);
    expect(errors(openShop(after))).toBe(0);
  });

  it('two relations have is qualified with either', () => {
    const marked = "select cust‸omer_id from {{ ref('stg_orders') }} o join {{ ref('customers') }} c on o.customer_id = c.customer_id";
    const { files, fixes } = fixesAt(model, marked);
    expect(fixes.filter((fix) => fix.mends?.code === 'column-ambiguous').map((fix) => fix.title)).toEqual([
      'Qualify: o.customer_id',
      'Qualify: c.customer_id',
    ]);
    expect(openShop(apply(files, find(fixes, 'Qualify: c.customer_id'))).problems.some((problem) => problem.path === model)).toBe(false);
  });

  it('is a table that is written by hand: it becomes a ref, and the graph has its edge', () => {
    const { files, fixes } = fixesAt(model, 'select amount from main.stg_ord‸ers');
    const after = apply(files, find(fixes, "Write {{ ref('stg_orders') }}"));
    expect(after[model]).toBe("select amount from {{ ref('stg_orders') }}");
    expect(openShop(after).graph.parents('model.shop.extra' as never)).toEqual(['model.shop.stg_orders']);
  });
});

describe('CTEs', () => {
  const first = 'with unu‸sed as (\n  select 1 as x\n),\n\n-- what is kept\nkept as (\n  select 2 as y\n)\n\nselect y from kept\n';
  const last = 'with kept as (\n  select 2 as y\n),\n\n-- of no use\nunu‸sed as (\n  select 1 as x\n)\n\nselect y from kept\n';
  it.each([
    ['the first', first, '-- what is kept\nkept as (\n  select 2 as y\n)\n\nselect y from kept\n'],
    ['the last', last, 'with kept as (\n  select 2 as y\n)\n\nselect y from kept\n'],
    ['the only one', 'with unu‸sed as (select 1 as x)\nselect 2 as y\n', 'select 2 as y\n'],
  ])('that nothing reads go: %s', (_, marked, expected) => {
    const { files, fixes } = fixesAt(model, marked);
    const after = apply(files, find(fixes, "Remove the CTE 'unused'"));
    expect(after[model]?.replace(/^with /, '')).toBe(expected.replace(/^with /, ''));
    expect(openShop(after).problems.filter((problem) => problem.path === model)).toEqual([]);
  });

  it('become models with the CTEs that they read; those that nothing else reads go along', () => {
    const marked = `with orders as (
  select * from {{ ref('stg_orders') }}
),
sums as (
  select customer_id, sum(amount) as total
  from orders
  group by 1
),
big‸_sums as (
  select * from sums where total > 10
)
select customer_id, total from big_sums
`;
    const { files, fixes, snapshot } = fixesAt(model, marked);
    const after = apply(files, find(fixes, "Extract the CTE 'big_sums' to a model"));
    expect(after['models/big_sums.sql']).toBe(`with orders as (
  select * from {{ ref('stg_orders') }}
),

sums as (
  select customer_id, sum(amount) as total
  from orders
  group by 1
)

select * from sums where total > 10
`);
    expect(after[model]).toBe("with big_sums as (\n  select * from {{ ref('big_sums') }}\n)\nselect customer_id, total from big_sums\n");
    const then = openShop(after);
    expect(columns(then, 'extra')).toEqual(columns(snapshot, 'extra'));
    expect(columns(then, 'big_sums').map((column) => column.split(' ')[0])).toEqual(['customer_id', 'total']);
    expect(then.problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  });

  it('keep a CTE that something else reads too', () => {
    const marked = 'with a as (select 1 as x), b‸ as (select x from a) select a.x, b.x as y from a join b on true';
    const { files, fixes } = fixesAt(model, marked);
    const after = apply(files, find(fixes, "Extract the CTE 'b' to a model"));
    expect(after[model]).toContain('a as (select 1 as x)');
    expect(openShop(after).problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  });

  it.each([
    [
      'names that the file sets',
      '{% set limit = 10 %}\nwith a‸ as (select 1 as x limit {{ limit }}) select x from a',
      "It uses 'limit', which the file sets.",
    ],
    ['CTEs that read themselves', 'with recursive a‸ as (select 1 as x union all select x + 1 from a) select x from a', 'It reads itself.'],
    ['CTEs that name their columns', 'with a‸(x) as (select 1) select x from a', 'It names its columns before its query.'],
  ])('stay where they are with a reason: %s', (_, marked, reason) => {
    const { fixes } = fixesAt(model, marked);
    expect(find(fixes, "Extract the CTE 'a' to a model")?.disabled).toBe(reason);
  });

  it('that are a ref alone are no model of their own', () => {
    expect(
      fixesAt(model, "with a‸ as (select * from {{ ref('people') }}) select name from a").fixes.filter((fix) => fix.kind === 'extract'),
    ).toEqual([]);
  });
});

describe('inlining a model', () => {
  const small = { 'models/small.sql': "{{ config(materialized='view') }}\n\nselect person_id, name as label\nfrom {{ ref('people') }}\n" };

  it('makes a CTE of it and deletes it when nothing else reads it', () => {
    const { files, fixes, snapshot } = fixesAt(model, "select s.label from {{ ref('sma‸ll') }} s\n", small);
    const after = apply(files, find(fixes, "Inline the model 'small' and delete it, because nothing else reads it"));
    expect(after[model]).toBe(
      "with small as (\n  select person_id, name as label\n  from {{ ref('people') }}\n)\n\nselect s.label from small s\n",
    );
    expect(after['models/small.sql']).toBeUndefined();
    expect(columns(openShop(after), 'extra')).toEqual(columns(snapshot, 'extra'));
  });

  it('takes another name where a CTE has its own', () => {
    const { files, fixes, snapshot } = fixesAt(
      model,
      "with small as (\n  select * from {{ ref('sma‸ll') }}\n)\nselect small.label from small\n",
      small,
    );
    const after = apply(files, find(fixes, "Inline the model 'small' here, and keep it"));
    expect(after[model]).toContain('with small_inlined as (');
    expect(after[model]).toContain('select * from small_inlined as small');
    expect(columns(openShop(after), 'extra')).toEqual(columns(snapshot, 'extra'));
    expect(openShop(after).problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  });

  it('keeps one that a properties file describes', () => {
    const { fixes } = fixesAt('models/customers.sql', (shopFiles['models/customers.sql'] ?? '').replace('stg_orders', 'stg_‸orders'));
    expect(fixes.filter((fix) => fix.kind === 'inline').map((fix) => [fix.title, fix.deleted])).toEqual([
      ["Inline the model 'stg_orders'", []],
    ]);
  });

  it('says why where it cannot', () => {
    const files = { 'models/small.sql': "{{ config(materialized='incremental') }}\nselect 1 as x" };
    const { fixes } = fixesAt(model, "select x from {{ ref('sma‸ll') }}", files);
    expect(find(fixes, "Inline the model 'small'")?.disabled).toBe('small is incremental: its rows come from earlier runs too.');
  });
});

describe('a star', () => {
  it('is written out', () => {
    const { files, fixes, snapshot } = fixesAt(model, "select\n  ‸*\nfrom {{ ref('people') }}\n");
    const after = apply(files, find(fixes, 'Write out the 2 columns of this star'));
    expect(after[model]).toBe("select\n  person_id,\n  name\nfrom {{ ref('people') }}\n");
    expect(columns(openShop(after), 'extra')).toEqual(columns(snapshot, 'extra'));
  });

  it('of unknown columns says why not', () => {
    expect(fixesAt(model, 'select ‸* from somewhere').fixes.map((fix) => fix.disabled)).toContain('Nothing tells all of the columns.');
  });
});

describe('properties files', () => {
  const yml = 'models/schema.yml';

  function at(path: string, mark: string, changes: Readonly<Record<string, string>> = {}) {
    const { snapshot, position } = placeInShop(path, mark, changes);
    return { files: { ...shopFiles, ...changes }, snapshot, fixes: findFixes(snapshot, path, position, position) };
  }

  it('take the columns that they leave out, with what they inherit, and nothing else changes', () => {
    const { files, fixes } = at(yml, '- name: cus‸tomers');
    const after = apply(files, find(fixes, "Add the column 'name' to schema.yml"));
    expect(after[yml]).toBe(`${shopFiles[yml]}      - name: name\n`);
    expect(
      openShop(after).problems.some((problem) => problem.code === 'column-undocumented' && problem.message.startsWith('customers')),
    ).toBe(false);
  });

  it('are made where there is none', () => {
    const { files, fixes } = fixesAt(model, "‸select order_id, amount from {{ ref('stg_orders') }}");
    const after = apply(files, find(fixes, 'Add 2 columns to extra.yml'));
    expect(after['models/extra.yml']).toBe(
      "version: 2\n\nmodels:\n  - name: extra\n    columns:\n      - name: order_id\n        description: The order's number.\n      - name: amount\n        description: \"{{ doc('amount_text') }}\"\n",
    );
    expect(openShop(after).nodes.get('model.shop.extra' as never)?.columns).toHaveLength(2);
  });

  it('take the description of the column that is copied', () => {
    const { files, fixes } = at(yml, '- name: order‸_id');
    const after = apply(files, find(fixes, 'Take the description of raw.orders.id'));
    expect(after[yml]).toBe(
      (shopFiles[yml] ?? '').replace('- name: order_id\n', "- name: order_id\n        description: The order's number.\n"),
    );
  });

  it('lose a column that does not exist, or call it by the name it has', () => {
    const text = (shopFiles[yml] ?? '').replace('- name: total\n', '- name: totl\n        description: All of it.\n      - name: name\n');
    const { files, fixes } = at(yml, '- name: to‸tl', { [yml]: text });
    expect(apply(files, find(fixes, "Remove 'totl' from the properties"))[yml]).toBe(
      text.replace('      - name: totl\n        description: All of it.\n', ''),
    );
    expect(apply(files, find(fixes, "Change to 'total'"))[yml]).toBe(text.replace('totl', 'total'));
  });

  it('lose the list with its only column', () => {
    const text = 'version: 2\nmodels:\n  - name: extra\n    columns:\n      - name: gone\n    description: Kept.\n';
    const { files, fixes } = at('models/extra.yml', 'name: go‸ne', { 'models/extra.yml': text, [model]: 'select 1 as x' });
    expect(apply(files, find(fixes, "Remove 'gone' from the properties"))['models/extra.yml']).toBe(
      'version: 2\nmodels:\n  - name: extra\n    description: Kept.\n',
    );
  });

  it.each([
    [
      'from SQL',
      'models/customers.sql',
      '0) as to‸tal',
      "Add the test 'not_null' to total",
      '      - name: total\n',
      '      - name: total\n        data_tests:\n          - not_null\n',
    ],
    [
      'from YAML',
      yml,
      '- name: to‸tal',
      "Add the test 'unique' to total",
      '      - name: total\n',
      '      - name: total\n        data_tests:\n          - unique\n',
    ],
    [
      'of a source',
      yml,
      '- name: ce‸nts',
      "Add the test 'not_null' to cents",
      '          - name: cents\n            data_type: integer\n',
      '          - name: cents\n            data_type: integer\n            data_tests:\n              - not_null\n',
    ],
  ])('take a test %s', (_, path, mark, title, before, written) => {
    const { files, fixes } = at(path, mark);
    const after = apply(files, find(fixes, title));
    expect(after[yml]).toBe((shopFiles[yml] ?? '').replace(before, written));
    expect([...openShop(after).nodes.keys()].filter((id) => id.startsWith('test.'))).toHaveLength(
      [...openShop().nodes.keys()].filter((id) => id.startsWith('test.')).length + 1,
    );
  });

  it('offer the tests that a column has not, a parent whose key is tested, and values that have all been seen', () => {
    const changes = {
      'seeds/kinds.csv': 'kind,order_id\na,1\nb,1\na,2\n',
      'models/extra.sql': "select kind, order_id from {{ ref('kinds') }}",
    };
    const { fixes } = at(model, 'ki‸nd, order', changes);
    expect(fixes.map((fix) => fix.title)).toContain("Add the test 'accepted_values' (a, b) to kind");
    const key = at(model, 'order‸_id from', changes).fixes.map((fix) => fix.title);
    expect(key).toContain("Add the test 'relationships' to ref('stg_orders') to order_id");
    const tested = at(yml, '- name: order‸_id', changes).fixes.map((fix) => fix.title);
    expect(tested.filter((title) => /'(unique|not_null)'/.test(title))).toEqual([]);
  });
});

describe('packages', () => {
  it('are never touched', () => {
    const files = {
      'dbt_packages/other/dbt_project.yml': 'name: other\nversion: "1.0"\n',
      'dbt_packages/other/models/theirs.sql': "select nam from {{ ref('people') }}",
    };
    const snapshot = openShop(files);
    const start = { line: 1, column: 9 };
    expect(snapshot.nodes.has('model.other.theirs' as never)).toBe(true);
    expect(findFixes(snapshot, 'dbt_packages/other/models/theirs.sql', start, start)).toEqual([]);
  });
});
