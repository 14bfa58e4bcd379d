import { expect, it } from 'vitest';
import { readCsvTable } from '../../../src/core/engine/seed-rows.ts';

function misfits(csv: string, declared: Readonly<Record<string, string>>): readonly string[] {
  const table = readCsvTable(new TextEncoder().encode(csv), new Map(Object.entries(declared)), 'postgres');
  // What does not fit is found while the rows are read.
  for (const _ of table.rows());
  return table.misfits();
}

it.each([
  ['text under a number', 'a\n1\nx\ny\n', { a: 'integer' }, ["'a' is declared integer, and 2 values are not: 'x'"]],
  [
    'a day that its month does not have',
    'a\n2024-02-29\n2023-02-29\n',
    { a: 'date' },
    ["'a' is declared date, and a value is not: '2023-02-29'"],
  ],
  ['a word under a boolean', 'a\nyes\nmaybe\n', { a: 'boolean' }, ["'a' is declared boolean, and a value is not: 'maybe'"]],
  [
    'what warehouses read as the type',
    'a,b,c,d\n007,1e3,2024-01-31 10:00,t\n,,,\n',
    { a: 'int', b: 'numeric', c: 'timestamp', d: 'bool' },
    [],
  ],
  ['text under a text', 'a\n1\nx\n', { a: 'varchar' }, []],
  ['a column that declares nothing', 'a\n1\nx\n', {}, []],
])('values that do not fit the declared type of a seed are told: %s', (_, csv, declared, told) => {
  expect(misfits(csv, declared as Readonly<Record<string, string>>)).toEqual(told);
});
