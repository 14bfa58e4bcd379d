import { describe, expect, test } from 'vitest';
import { readMarkdownDictionary } from '../../../src/core/project/markdown-dictionary.ts';

/** A document's tables as lines: name, file, description, then columns with line, type, text and keys. */
function outline(text: string): readonly string[] {
  return readMarkdownDictionary(text, 'README.md').flatMap((table) => [
    [table.name, table.file, table.description].filter(Boolean).join(' | '),
    ...table.columns.map((column) => {
      const keys = column.constraints.map(({ kind, to, toColumns }) => `${kind}${to ? `→${to}` : ''}${toColumns ? `.${toColumns}` : ''}`);
      return `  ${[`${column.from.line} ${column.name}`, column.type, column.description, ...keys].filter(Boolean).join(' | ')}`;
    }),
  ]);
}

const rows = '| Column | Type | Description |\n|---|:--|--|\n| `id` | INT | Key |\n';

describe('where a table of columns belongs', () => {
  test.each([
    ['a heading with a file in backticks', '### `accounts_raw.csv`', 'accounts_raw | accounts_raw.csv'],
    ['a bold line', '**`saas_sites.csv`**', 'saas_sites | saas_sites.csv'],
    ['a bold name', '**orders**', 'orders'],
    ['a heading of one word', '## orders', 'orders'],
    ['a heading that says table', '## Table: `orders`', 'orders'],
    ['a numbered heading', '## 2.1 orders', 'orders'],
    ['a heading with an explanation', '## orders (one row each)', 'orders'],
    ['a qualified name', '## `shop.orders`', 'shop.orders'],
    ['a name in backticks alone', '`orders`', 'orders'],
  ])('%s', (_, heading, expected) => {
    expect(outline(`${heading}\n\n${rows}`)[0]).toBe(expected);
  });

  test.each([['## Overview'], ['## Data dictionary'], ['## What we found']])('%s names no table', (heading) => {
    expect(outline(`${heading}\n\n${rows}`)).toEqual([]);
  });

  test('the text between the heading and the columns describes the table', () => {
    expect(outline(`# orders\n**Sales** - all [of](x) them.\nOne row each.\n\n${rows}`)[0]).toBe(
      'orders | Sales - all of them. One row each.',
    );
  });

  test('a heading of the same depth that names nothing ends the table before it', () => {
    expect(outline(`## orders\n## Other things\n${rows}`)).toEqual([]);
    expect(outline(`## orders\n### The columns it has\n${rows}`)[0]).toBe('orders');
  });

  test('tables inside code fences and comments are not read', () => {
    expect(outline(`## orders\n\`\`\`\n${rows}\`\`\`\n<!--\n${rows}-->`)).toEqual([]);
  });
});

test('lists of tables describe them', () => {
  expect(outline('| File | Description |\n|--|--|\n| `a.csv` | The a |\n| b | The b |')).toEqual(['a | a.csv | The a', 'b | The b']);
  expect(outline('- **stg_orders**: Orders, cleaned\n- **Note**: nothing')).toEqual(['stg_orders | Orders, cleaned']);
});

test('one list for several tables', () => {
  expect(outline('| Table | Column | Description |\n|--|--|--|\n| a | x | one |\n| | y | two |\n| b | x | three |')).toEqual([
    'a',
    '  3 x | one',
    '  4 y | two',
    'b',
    '  5 x | three',
  ]);
});

test('cells may hold bars, be few, and have no outer bars', () => {
  expect(outline('## t\nName | Description\n--|--\n`a` | x \\| y `p|q`\nb |\n')).toEqual(['t', '  4 a | x | y p|q', '  5 b']);
});

describe('keys that a description speaks of', () => {
  test.each([
    ['account_id', 'Unique company identifier (Primary Key)', ['primary_key']],
    ['deal_id', 'PK', ['primary_key']],
    ['account_id', 'Links to accounts table (Foreign Key)', ['foreign_key→accounts']],
    ['account_id', 'Foreign Key', ['foreign_key→account']],
    ['account_id', 'FK to accounts', ['foreign_key→accounts']],
    ['account_id', 'FK → accounts.id', ['foreign_key→accounts.id']],
    ['account_id', 'Foreign key referencing `accounts.account_id`', ['foreign_key→accounts.account_id']],
    ['customer_id', 'Customer ID linked to this site', ['foreign_key→customer']],
    ['owner', 'References users(id)', ['foreign_key→users.id']],
    ['event_id', 'Unique event identifier', ['unique']],
    ['visits', 'Number of unique users', []],
    ['email', 'Email address, not null', ['not_null']],
    ['amount', 'Deal value in dollars', []],
    ['plan', 'The plan that the account has', []],
  ])('%s: %s', (column, description, keys) => {
    const [table] = readMarkdownDictionary(`## t\n| Column | Description |\n|--|--|\n| ${column} | ${description} |\n`, 'a.md');
    expect(table?.constraints.map(({ kind, to, toColumns }) => `${kind}${to ? `→${to}` : ''}${toColumns ? `.${toColumns}` : ''}`)).toEqual(
      keys,
    );
  });
});

test('every column tells where it was written', () => {
  const [table] = readMarkdownDictionary(`# t\n\n${rows}`, 'docs/dictionary.md');
  expect(table?.from).toEqual({ path: 'docs/dictionary.md', line: 1, kind: 'markdown' });
  expect(table?.columns[0]?.descriptionFrom).toEqual({ path: 'docs/dictionary.md', line: 5, kind: 'markdown' });
});
