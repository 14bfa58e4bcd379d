import type { Name, TableAlias } from '../sql/ir.ts';
import { renamed, unique } from './columns.ts';
import type { From } from './from.ts';
import { quoteName } from './sql-text.ts';
import type { TableColumn } from './table.ts';

/** A query in brackets whose columns get names that occur once. */
export function derived(from: From, sql: string, columns: readonly TableColumn[], alias: TableAlias | undefined): string {
  const name = from.cx.fresh('r');
  const own = unique(columns);
  const isPlain = own.every((column, i) => column.name === columns[i]?.name);
  push(from, name, renamed(columns, alias?.columns ?? []), alias?.name, own);
  if (isPlain) return `(${sql}) as ${name}`;
  return `(with ${name}_(${own.map((column) => quoteName(column.name)).join(',')}) as (${sql}) select * from ${name}_) as ${name}`;
}

/** Adds a relation to the scope, under an alias or under names. */
export function push(
  from: From,
  name: string,
  columns: readonly TableColumn[],
  alias: Name | undefined,
  physical: readonly TableColumn[],
  names?: readonly string[],
  primaryKey?: readonly string[],
): void {
  from.scope.relations.push({
    names: names ?? (alias === undefined ? [] : [alias.text.toLowerCase()]),
    columns: columns.map((column, i) => ({
      name: column.name,
      type: column.type,
      sql: from.cx.placed(`${name}.${quoteName(physical[i]?.name ?? column.name)}`, physical[i]?.type ?? column.type),
    })),
    ...(primaryKey === undefined ? {} : { primaryKey: primaryKey.map((column) => column.toLowerCase()) }),
  });
}
