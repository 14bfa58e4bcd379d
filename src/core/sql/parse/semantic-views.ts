import type { DerivedRelation, Expression, SelectItem } from '../ir.ts';
import { readAlias, readTableAlias } from './aliases.ts';
import { select, toQuery } from './building.ts';
import type { Cursor } from './cursor.ts';
import { readTableName } from './table-names.ts';

const lists = ['metrics', 'dimensions', 'facts', 'variables'];

/** Snowflake's `semantic_view(view metrics m dimensions d, expression as name where …)`, as the query that it stands for. */
export function readSemanticView(cursor: Cursor): DerivedRelation {
  const start = cursor.at;
  cursor.at++;
  const { view, items, where } = cursor.inBrackets(() => {
    const from = cursor.at;
    const parts = readTableName(cursor);
    const relation = { kind: 'table', parts, modifiers: [], span: cursor.since(from) } as const;
    const found: SelectItem[] = [];
    while (lists.some((word) => cursor.take(word))) {
      do found.push(readItem(cursor));
      while (cursor.take(','));
    }
    const condition = cursor.take('where') ? cursor.grammar.expression(cursor) : undefined;
    return { view: relation, items: found, where: condition };
  });
  const body = { ...select(items, [view]), ...(where === undefined ? {} : { where }) };
  const alias = readTableAlias(cursor);
  return {
    kind: 'derived',
    query: toQuery(body),
    lateral: false,
    behind: view.parts,
    ...(alias === undefined ? {} : { alias }),
    span: cursor.since(start),
  };
}

function readItem(cursor: Cursor): SelectItem {
  const start = cursor.at;
  const read = cursor.grammar.expression(cursor);
  if (read.kind === 'all-columns') return { kind: 'star', qualifier: [], except: [], replace: [], rename: [], span: read.span };
  // `orders.total` names a metric of the logical table `orders` in the view: a column of the view all the same.
  const expression: Expression = read.kind === 'column' ? { ...read, parts: read.parts.slice(-1) } : read;
  const alias = lists.includes(cursor.peek().lower) ? undefined : readAlias(cursor);
  return { kind: 'item', expression, ...(alias === undefined ? {} : { alias }), span: cursor.since(start) };
}
