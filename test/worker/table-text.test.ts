import { expect, test } from 'vitest';
import { toTableText } from '../../src/worker/table-text.ts';

const columns = [
  { name: 'id', type: 'integer' },
  { name: 'note', type: 'text' },
];
const rows = [
  [1, 'plain'],
  [2, null],
  [3, ''],
  [4, 'a "quoted", two\nlines'],
] as const;

test('CSV tells NULL and the empty string apart and quotes what it must', () => {
  expect(toTableText('csv', columns, rows, true)).toBe('id,note\n1,plain\n2,\n3,""\n4,"a ""quoted"", two\nlines"\n');
});

test('a single cell is copied as it is', () => {
  expect(toTableText('tsv', [columns[1]!], [['plain']], false)).toBe('plain');
});

test('Markdown aligns numbers and keeps a row on its line', () => {
  expect(toTableText('markdown', columns, rows.slice(2), true)).toBe(
    '| id | note |\n| --: | --- |\n| 3 |  |\n| 4 | a "quoted", two<br>lines |\n',
  );
});

test('JSON keeps two columns of the same name', () => {
  expect(JSON.parse(toTableText('json', [columns[0]!, columns[0]!], [[1, 2]], true))).toEqual([{ id: 1, id_2: 2 }]);
});
