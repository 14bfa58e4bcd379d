import { describe, expect, it } from 'vitest';
import { readIncremental } from '../../../src/core/engine/incremental.ts';
import type { ModelNode } from '../../../src/core/project/node.ts';
import { takeIn } from '../../../src/core/remote/incremental-statements.ts';
import { beside, fillSeed, replaceRelation } from '../../../src/core/remote/statements.ts';

const orders = { schema: 'dev', name: 'orders' };
const column = (name: string, type = 'integer') => ({ name, type });

describe('a relation is swapped in', () => {
  it('without a former one it is only renamed', () => {
    expect(replaceRelation(orders, 'table', ['make it'], undefined)).toEqual([
      'drop table if exists "dev"."orders__dbt_tmp" cascade',
      'make it',
      'alter table "dev"."orders__dbt_tmp" rename to "orders"',
    ]);
  });

  it('a view that becomes a table goes as a view', () => {
    const statements = replaceRelation(orders, 'table', ['make it'], 'view');
    expect(statements).toContain('alter view "dev"."orders" rename to "orders__dbt_backup"');
    expect(statements.at(-1)).toBe('drop view if exists "dev"."orders__dbt_backup" cascade');
  });

  it('long names are cut so that the ending stays', () => {
    const { name } = beside({ schema: 'dev', name: 'x'.repeat(63) }, '__dbt_backup');
    expect(name).toHaveLength(63);
    expect(name.endsWith('__dbt_backup')).toBe(true);
  });
});

describe('a seed is filled', () => {
  const table = { columns: [column('id'), column('Name', 'text')], rows: [['1', "'O''Hara'"]] };
  it('a table that stands is emptied, so that views over it stay', () => {
    expect(fillSeed(orders, table, 'table', false)[0]).toBe('truncate table "dev"."orders"');
  });
  it('with --full-refresh it is made anew', () => {
    expect(fillSeed(orders, table, 'table', true).slice(0, 2)).toEqual([
      'drop table if exists "dev"."orders" cascade',
      'create table "dev"."orders" ("id" integer, "Name" text)',
    ]);
  });
  it('rows go in batches', () => {
    const many = { ...table, rows: Array.from({ length: 1001 }, () => ['1', 'null']) };
    expect(fillSeed(orders, many, undefined, false).filter((one) => one.startsWith('insert'))).toHaveLength(3);
  });
});

describe('an increment is taken in', () => {
  const plan = (config: Readonly<Record<string, unknown>>) => {
    const read = readIncremental({ name: 'orders', config } as unknown as ModelNode, 'postgres');
    if (typeof read === 'string') throw new Error(read);
    return read;
  };
  const columns = { before: [column('id'), column('total')], rows: [column('id'), column('total')] };

  it('with a unique key rows are deleted and inserted, as dbt does on PostgreSQL', () => {
    expect(takeIn(orders, '"rows"', plan({ unique_key: ['id'] }), columns)).toEqual([
      'delete from "dev"."orders" as DBT_INTERNAL_DEST using "rows" as DBT_INTERNAL_SOURCE where DBT_INTERNAL_SOURCE.id = DBT_INTERNAL_DEST.id',
      'insert into "dev"."orders" ("id", "total") (select "id", "total" from "rows")',
    ]);
  });

  it('a merge leaves out what is excluded', () => {
    const [merge] = takeIn(
      orders,
      '"rows"',
      plan({ unique_key: 'id', incremental_strategy: 'merge', merge_exclude_columns: ['id'] }),
      columns,
    ) as readonly string[];
    expect(merge).toContain('when matched then update set "total" = DBT_INTERNAL_SOURCE."total" when not matched');
  });

  it('new columns are added where the project asks for it, and left out where not', () => {
    const wider = { before: columns.before, rows: [...columns.rows, column('note', 'text')] };
    expect(takeIn(orders, '"rows"', plan({ on_schema_change: 'append_new_columns' }), wider)).toContain(
      'alter table "dev"."orders" add column "note" text',
    );
    expect(takeIn(orders, '"rows"', plan({}), wider)).toEqual([
      'insert into "dev"."orders" ("id", "total") (select "id", "total" from "rows")',
    ]);
    expect(takeIn(orders, '"rows"', plan({ on_schema_change: 'fail' }), wider)).toMatch(/columns have changed \(new: 'note'; gone: none\)/);
  });
});
