import { describe, expect, test } from 'vitest';
import { edgesOf, problemsOf, readShop } from '../../support/project.ts';

const models = { 'models/parent.sql': 'select 1 as id', 'models/child.sql': 'select 1 as id, 1 as parent_id' };
const onColumn = (to: string) => ({
  ...models,
  'models/s.yml': `sources: [{name: raw, tables: [{name: t}]}]
models:
  - name: child
    columns:
      - name: parent_id
        constraints:
          - {type: foreign_key, to: "${to}", to_columns: [id]}
`,
});
const onModel = (constraint: string) => ({
  ...models,
  'models/s.yml': `models:\n  - name: child\n    constraints:\n      - ${constraint}\n`,
});

describe('a foreign key is built after what it refers to', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['of a column to a model', onColumn("ref('parent')"), ['model.shop.parent -ref-> model.shop.child']],
    ['of a column to a source', onColumn("source('raw', 't')"), ['source.shop.raw.t -source-> model.shop.child']],
    ['of a column to the model itself', onColumn("ref('child')"), []],
    [
      'of several columns, to a model of a named package',
      onModel(`{type: foreign_key, columns: [parent_id], to: "ref('shop', 'parent')", to_columns: [id]}`),
      ['model.shop.parent -ref-> model.shop.child'],
    ],
    [
      'of an expression, which names a table and no node',
      onModel("{type: foreign_key, columns: [parent_id], expression: 'other (id)'}"),
      [],
    ],
    ['but a check of the same model is no edge', onModel(`{type: check, expression: "parent_id > 0"}`), []],
  ])('%s', (_, files, edges) => expect(edgesOf(readShop(files))).toEqual(edges));

  test('what a model reads anyway is one edge', () => {
    const files = { ...onColumn("ref('parent')"), 'models/child.sql': "select id as parent_id from {{ ref('parent') }}" };
    expect(edgesOf(readShop(files))).toEqual(['model.shop.parent -ref-> model.shop.child']);
  });

  test('a model that there is not is told once, where the key is written', () => {
    expect(problemsOf(readShop(onColumn("ref('nobody')"))).filter((problem) => problem.startsWith('ref'))).toEqual([
      'ref-unknown models/s.yml:5:1',
    ]);
  });
});
