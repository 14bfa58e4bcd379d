import { describe, expect, it } from 'vitest';
import { findDefinitions } from '../../../src/core/docs/definition.ts';
import { hoverAt } from '../../../src/core/docs/hover.ts';
import { placeInShop } from '../../support/marked-project.ts';

function hover(path: string, find: string): string {
  const { snapshot, position } = placeInShop(path, find);
  return hoverAt(snapshot, path, position)?.markdown ?? '';
}

const sql = 'models/customers.sql';
const yml = 'models/schema.yml';

describe('a hover', () => {
  it.each([
    ['a column read from a CTE through a star names the model that has it', sql, 'o.am‸ount', '**amount** · `numeric` · CTE `orders`'],
    ['and inherits its description', sql, 'o.am‸ount', 'What was paid, in euros. — *inherited from `stg_orders.amount`*'],
    ['a column of a seed shows its values', sql, 'p.na‸me', '`Ada` `Grace` · 33 % null · 100 % distinct · 3 rows'],
    ['a column that is made shows what is made of', sql, 'as to‸tal,', '= `sum(o.amount)`'],
    [
      'the chain shows the expression at each hop',
      sql,
      'as to‸tal,',
      '[stg_orders.amount](headwater:models/stg_orders.sql#L4) = `cast(cents as numeric(10, 2)) / 100`',
    ],
    [
      'an output column is that of the model',
      sql,
      '0) as to‸tal',
      '**total** · `numeric` · model [customers](headwater:models/customers.sql)',
    ],
    ['its test stands in the first line', sql, 'as custo‸mer_id,', '→ people.person_id'],
    ['a position in GROUP BY is a column', sql, 'group by ‸1', '**customer_id** · `bigint` · CTE `sums`'],
    ['an alias says what it stands for', sql, 'from orders ‸o', '`o` stands for **orders** · CTE · reads `stg_orders` · read once'],
    ['a qualifier does too', sql, '‸p.name', '`p` stands for **people** · seed'],
    ['a CTE has columns', sql, '‸sums as', '**3 columns**'],
    ['it says what one row of it stands for', sql, '‸sums as', '**One row per customer_id** (proved)\n\n- '],
    ['a ref does too, by the test that declares it', sql, "ref('stg_‸orders')", '**One row per order_id** (declared)'],
    ['a function tells what a preview does', sql, 'coal‸esce', '**coalesce** · scalar function of postgres'],
    ['a star tells its columns', sql, '‸* from', '`*` stands for **3 columns**'],
    ['a ref is its model', sql, "ref('stg_‸orders')", '**stg_orders** · view model'],
    ['a source is its table', 'models/stg_orders.sql', "'raw', 'or‸ders'", '**raw.orders** · source'],
    [
      'a macro shows its signature',
      'models/stg_orders.sql',
      'to_am‸ount(',
      '`to_amount(column, scale=2)` · macro · [money.sql](headwater:macros/money.sql#L2)',
    ],
    ['and the comment above it', 'models/stg_orders.sql', 'to_am‸ount(', 'Cents as an amount.'],
    [
      'a var shows its value and where it is set',
      'macros/money.sql',
      "var('ce‸nts')",
      '**cents** = `100` · var · set in [dbt_project.yml](headwater:dbt_project.yml#L5)',
    ],
    [
      'an expression shows what it renders to',
      'models/stg_orders.sql',
      '{‸{ to_amount',
      "`{{ to_amount('cents') }}` renders to `cast(cents as numeric(10, 2)) / 100`",
    ],
    ['a column in a properties file is that of the model', yml, '- name: to‸tal', '**total** · `numeric` · model [customers]'],
    ['a generic test in a properties file is its macro', yml, 'not_nu‸ll', 'generic test'],
    ['a field of a relationship is a column of the other side', yml, 'field: person‸_id', '**person_id** · `integer` · seed [people]'],
    ['a docs block in a properties file is its text', yml, "doc('amount‸_text')", '**amount_text** · docs block'],
    ['a docs block where it is written as well', 'models/docs.md', 'docs amount‸_text', 'What was paid, in euros.'],
  ])('%s', (_, path, find, expected) => {
    expect(hover(path, find)).toContain(expected);
  });

  it('says nothing about words that mean nothing', () => {
    expect(hover(sql, 'left jo‸in')).toBe('');
    expect(hover(yml, 'vers‸ion')).toBe('');
  });
});

describe('a definition', () => {
  it.each([
    ['of a column is where it is computed', sql, 'o.am‸ount', ['models/stg_orders.sql:4:3']],
    ['of a column of a seed is its file', sql, 'p.na‸me', ['seeds/people.csv:1:1']],
    ['of a column of a CTE is the item that makes it', sql, 'sums.to‸tal', ['models/customers.sql:5:25']],
    ['of a CTE is its name', sql, 'join su‸ms', ['models/customers.sql:4:1']],
    ['of a ref is the model', sql, "'stg_‸orders'", ['models/stg_orders.sql:1:1']],
    ['of a macro is its block', 'models/stg_orders.sql', 'to_am‸ount(', ['macros/money.sql:2:1']],
    ['of a var is where it is set', 'macros/money.sql', "var('ce‸nts')", ['dbt_project.yml:5:3']],
    ['of a column in a properties file is its SQL', yml, '- name: to‸tal', ['models/customers.sql:9:44']],
    ['of a docs block is its file', yml, "doc('amount‸_text')", ['models/docs.md:1:1']],
  ])('%s', (_, path, find, expected) => {
    const { snapshot, position } = placeInShop(path, find);
    expect(findDefinitions(snapshot, path, position).map((at) => `${at.path}:${at.start.line}:${at.start.column}`)).toEqual(expected);
  });
});
