import type { Expression, Name, Query, Relation, Select, SelectItem } from '../sql/ir.ts';
import type { Span } from '../text/span.ts';
import type { KnownTable, TableColumn } from '../translate/table.ts';
import { quote } from './work.ts';

/** Tables that stand in the place of names while one statement runs. */
export type Tables = readonly (readonly [parts: readonly string[], table: KnownTable])[];

/** The parts of a table's name; BigQuery's backticks may hold several. */
export function toParts(names: readonly Name[]): readonly string[] {
  return names.flatMap(({ text }) => text.split('.')).filter((part) => part !== '');
}

/** Whether the last parts of a name are those of another, case ignored. */
export function isEnd(parts: readonly string[], end: readonly string[]): boolean {
  return end.every((part, i) => same(part, parts[parts.length - end.length + i] ?? ''));
}

/** Whether two names are equal, case ignored. */
export const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The columns of a table under an alias, as engines take them. */
export const listOf = (columns: readonly TableColumn[], alias: string): string =>
  columns.map((column) => `${alias}.${quote(column.name)}`).join(', ');

/** The name that a relation's columns go by. */
export function aliasOf(relation: Relation): Name | undefined {
  if (relation.kind === 'join') return undefined;
  return relation.alias?.name ?? (relation.kind === 'table' ? relation.parts.at(-1) : undefined);
}

/** The number of a row of a relation, under a name. */
export function rowOf(relation: Relation, name = 'hw_row'): SelectItem {
  const { span } = relation;
  const alias = aliasOf(relation);
  const parts = [...(alias === undefined ? [] : [alias]), { text: 'hw_row', quoted: false, span }];
  return aliased({ kind: 'column', parts, span }, name);
}

/** An expression under a name of ours. */
export function aliased(expression: Expression, name: string): SelectItem {
  const { span } = expression;
  return { kind: 'item', expression, alias: { text: name, quoted: false, span }, span };
}

/** The condition that always holds. */
export const yes = (span: Span): Expression => ({ kind: 'literal', type: 'boolean', value: 'true', span });
/** A number as it is written. */
export const number = (value: number, span: Span): Expression => ({ kind: 'literal', type: 'number', value: String(value), span });

/** A query of items over one relation. */
export function selectOf(items: readonly SelectItem[], from: Relation, where: Expression | undefined, span: Span): Query {
  const body: Select = {
    kind: 'select',
    distinct: false,
    items,
    from: [from],
    ...(where === undefined ? {} : { where }),
    groupBy: [],
    groupByAll: false,
    windows: [],
    span,
  };
  return { kind: 'query', ctes: [], recursive: false, body, orderBy: [], span };
}

/** Every row and column of a relation. */
export function starFrom(relation: Relation, ctes: Query['ctes']): Query {
  const star: SelectItem = { kind: 'star', qualifier: [], except: [], replace: [], rename: [], span: relation.span };
  return { ...selectOf([star], relation, undefined, relation.span), ctes };
}
