import { expect, test } from 'vitest';
import type { Dialect } from '../../src/core/sql/dialect.ts';
import type { ExportFormat } from '../../src/protocol.ts';
import { toTableText } from '../../src/worker/table-text.ts';

const ends = { isFirst: true, isLast: true };
const as = (format: ExportFormat, guardFormulas = false) => ({ format, guardFormulas, ends });

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
  expect(toTableText(as('csv'), columns, rows, true)).toBe('id,note\n1,plain\n2,\n3,""\n4,"a ""quoted"", two\nlines"\n');
});

test('a single cell is copied as it is', () => {
  expect(toTableText(as('tsv'), [columns[1]!], [['plain']], false)).toBe('plain');
});

test('Markdown aligns numbers and keeps a row on its line', () => {
  expect(toTableText(as('markdown'), columns, rows.slice(2), true)).toBe(
    '| id | note |\n| --: | --- |\n| 3 |  |\n| 4 | a "quoted", two<br>lines |\n',
  );
});

test('JSON keeps two columns of the same name', () => {
  expect(JSON.parse(toTableText(as('json'), [columns[0]!, columns[0]!], [[1, 2]], true))).toEqual([{ id: 1, id_2: 2 }]);
});

test('what a spreadsheet would run as a formula is text where that is asked for, and a number stays one', () => {
  const given = [['=1+1'], ['-5.00'], ['-x'], ['@sum'], ['+1e3'], ['plain']] as const;
  expect(toTableText(as('csv', true), [{ name: '=name', type: 'text' }], given, true)).toBe(
    "'=name\n'=1+1\n-5.00\n'-x\n'@sum\n+1e3\nplain\n",
  );
  expect(toTableText(as('tsv'), [columns[1]!], given, false)).toBe('=1+1\n-5.00\n-x\n@sum\n+1e3\nplain\n');
});

test.each(['csv', 'tsv', 'markdown', 'json', 'jsonl', 'sql'] as const)('%s in pieces is the same text as in one', (format) => {
  const pieces = [rows.slice(0, 2), rows.slice(2, 3), rows.slice(3)].map((part, at) =>
    toTableText({ ...as(format), ends: { isFirst: at === 0, isLast: at === 2 } }, columns, part, true, 'postgres'),
  );
  expect(pieces.join('')).toBe(toTableText(as(format), columns, rows, true, 'postgres'));
});

test.each<[Dialect, string]>([
  [
    'postgres',
    "select *\nfrom (\n  values\n    (1, 'O''Neil \\ Co', date '2024-01-31'),\n    (2, null, null)\n) as t (id, \"Full name\", day)\n",
  ],
  [
    'snowflake',
    "select *\nfrom (\n  values\n    (1, 'O''Neil \\\\ Co', date '2024-01-31'),\n    (2, null, null)\n) as t (id, \"Full name\", day)\n",
  ],
  ['bigquery', "select 1 as id, 'O\\'Neil \\\\ Co' as `Full name`, date '2024-01-31' as day\nunion all\nselect 2, null, null\n"],
])('rows are SQL that %s reads', (dialect, expected) => {
  const typed = [
    { name: 'id', type: 'bigint' },
    { name: 'Full name', type: 'text' },
    { name: 'day', type: 'date' },
  ];
  const given = [
    ['1', "O'Neil \\ Co", '2024-01-31'],
    [2, null, null],
  ];
  expect(toTableText(as('sql'), typed, given, true, dialect)).toBe(expected);
});
