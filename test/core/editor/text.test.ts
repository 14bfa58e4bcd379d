import { describe, expect, it } from 'vitest';
import { findInlayTexts } from '../../../src/core/editor/inlay-hints.ts';
import { findLenses } from '../../../src/core/editor/lenses.ts';
import { findSemanticTokens } from '../../../src/core/editor/semantic-tokens.ts';
import { openShop, shopFiles } from '../../support/marked-project.ts';

const model = 'models/extra.sql';

function tokens(sql: string): string[] {
  const found = findSemanticTokens(openShop({ [model]: sql }), model);
  const rows = sql.split('\n');
  return found.map(({ start, length, kind, isDeclaration }) => {
    const word = (rows[start.line - 1] ?? '').slice(start.column - 1, start.column - 1 + length);
    return `${word} ${kind}${isDeclaration ? '!' : ''}`;
  });
}

describe('the kinds of names', () => {
  it('are told apart in SQL', () => {
    expect(tokens('with a as (select 1 as x)\nselect b.x, max(x) as y, count(*) from a as b join raw.t on b.x = t.z')).toEqual([
      'a cte!',
      'x column!',
      'b alias',
      'x column',
      'max function',
      'x column',
      'y column!',
      'count function',
      'a cte',
      'b alias!',
      'raw table',
      't table',
      'b alias',
      'x column',
      't alias',
      'z column',
    ]);
  });

  it('are told apart in Jinja', () => {
    expect(tokens("{% if var('cents', 'no') == 100 %}\nselect {{ to_amount('c') }} as x from {{ ref('people') }}\n{% endif %}")).toEqual([
      'if keyword',
      'var macro',
      'cents var',
      'to_amount macro',
      'x column!',
      'ref macro',
      'people relation',
      'endif keyword',
    ]);
  });

  it('mark where a macro is defined', () => {
    const path = 'macros/money.sql';
    const found = findSemanticTokens(openShop(), path).filter((token) => token.kind === 'macro');
    expect(found.map((token) => [token.start, token.isDeclaration])).toEqual([
      [{ line: 2, column: 10 }, true],
      [{ line: 2, column: 91 }, false],
    ]);
  });

  it('never overlap, also where a loop renders the same text several times', () => {
    const sql = "select {% for c in ['a', 'b'] %} max(cents) as {{ c }}, {% endfor %} 1 as z from {{ source('raw', 'orders') }}";
    const found = tokens(sql);
    expect(found.filter((token) => token === 'cents column')).toHaveLength(1);
    expect(found).toContain('orders relation');
  });
});

function hints(sql: string) {
  return findInlayTexts(openShop({ [model]: sql }), model).map(({ text, at, edit }) => [
    text,
    at.column,
    ...(edit === undefined ? [] : [edit.text]),
  ]);
}

describe('hints in the text', () => {
  it.each([
    [
      'a star says how many columns it is, and can be written out',
      "select * from {{ ref('people') }}",
      [['2 columns', 9, 'person_id, name']],
    ],
    [
      'each star of a join is qualified where it has to be',
      "select o.*, c.* from {{ ref('stg_orders') }} o join {{ ref('customers') }} c on true",
      [
        ['3 columns', 11, 'o.order_id, o.customer_id, o.amount'],
        ['3 columns', 16, 'c.customer_id, c.name, c.total'],
      ],
    ],
    [
      'a bare star names the relation only where two have the column',
      "select * from {{ ref('stg_orders') }} o join {{ ref('customers') }} c on true",
      [['6 columns', 9, 'order_id, o.customer_id, amount, c.customer_id, name, total']],
    ],
    [
      'USING leaves one column',
      "select * from {{ ref('stg_orders') }} join {{ ref('customers') }} using (customer_id)",
      [['5 columns', 9]],
    ],
    ['a star of unknown columns says nothing', 'select * from somewhere', []],
    [
      'positions are named',
      "select name, person_id as id from {{ ref('people') }} group by 1, 2 order by 2",
      [
        ['name', 65],
        ['id', 68],
        ['id', 79],
      ],
    ],
    ['LIMIT is no position', "select name from {{ ref('people') }} limit 1", []],
  ])('%s', (_, sql, expected) => {
    const found = hints(sql);
    expect(found.map((one, at) => one.slice(0, expected[at]?.length))).toEqual(expected);
  });

  it('an expanded star gives the same columns', () => {
    const sql = "select * from {{ ref('stg_orders') }} o join {{ ref('customers') }} c using (customer_id)";
    const before = openShop({ [model]: sql });
    const text = findInlayTexts(before, model)[0]?.edit?.text ?? '';
    const after = openShop({ [model]: sql.replace('*', text) });
    const names = (snapshot: typeof before) =>
      snapshot.columns.get('model.shop.extra' as never)?.map((column) => `${column.name} ${column.type}`);
    expect(names(after)).toEqual(names(before));
    expect(names(after)).toHaveLength(5);
  });
});

describe('lenses', () => {
  it('stand above a model and each of its CTEs, never two in one line', () => {
    expect(findLenses(openShop(), 'models/customers.sql')).toEqual([
      { kind: 'model', node: 'model.shop.customers', at: { line: 1, column: 1 }, parents: 2, children: 0, tests: 1, ctes: 2 },
      {
        kind: 'cte',
        node: 'model.shop.customers',
        at: { line: 2, column: 3 },
        name: 'orders',
        reads: ['stg_orders'],
        columns: 3,
        isOpen: false,
        grain: { columns: ['order_id'], because: 'One row per order_id (proved from declared keys)\norder_id: unique test' },
      },
      {
        kind: 'cte',
        node: 'model.shop.customers',
        at: { line: 4, column: 1 },
        name: 'sums',
        reads: ['orders'],
        columns: 3,
        isOpen: false,
        grain: { columns: ['customer_id'], because: 'One row per customer_id (proved)\nGROUP BY gives one row for each group' },
      },
    ]);
  });

  it('stand above no macro', () => {
    expect(findLenses(openShop(), 'macros/money.sql')).toEqual([]);
    expect(Object.keys(shopFiles)).toContain('macros/money.sql');
  });
});
