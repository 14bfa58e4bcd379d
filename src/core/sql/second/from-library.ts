import type { Cte, Expression, Grouping, Query, QueryBody, Relation, SelectItem, SortKey } from '../ir.ts';
import { toCall, toKnown } from './expressions-of-library.ts';
import { type Foreign, isForeign, listOf, type Reading, textOf, toName } from './foreign.ts';

/** The query of a tree that the library gave; undefined for whatever else it is. */
export function toQuery(tree: unknown, reading: Reading): Query | undefined {
  const [first, ...others] = listOf(isForeign(tree) && 'ast' in tree ? tree.ast : tree).filter(isForeign);
  if (first === undefined || others.length > 0 || first.type !== 'select') return undefined;
  const { span } = reading;
  const ctes = listOf(first.with)
    .filter(isForeign)
    .map((cte) => toCte(cte, reading));
  const body = toBody(first, reading);
  if (body === undefined || ctes.some((cte) => cte === undefined)) return undefined;
  const limit = isForeign(first.limit) ? listOf(first.limit.value)[0] : undefined;
  const count = limit === undefined ? undefined : reading.toExpression(limit, reading);
  return {
    kind: 'query',
    ctes: ctes.filter((cte) => cte !== undefined),
    recursive: listOf(first.with).some((cte) => isForeign(cte) && cte.recursive === true),
    body,
    orderBy: listOf(first.orderby).flatMap((key) => toSortKey(key, reading)),
    ...(count === undefined ? {} : { limit: count }),
    span,
  };
}

function toCte(cte: Foreign, reading: Reading): Cte | undefined {
  const name = textOf(cte.name);
  const query = toQuery(cte.stmt, reading);
  if (name === undefined || query === undefined) return undefined;
  const columns = listOf(cte.columns).map((column) => textOf(isForeign(column) && 'column' in column ? column.column : column) ?? '');
  return { name: toName(name, reading), columns: columns.map((column) => toName(column, reading)), query, span: reading.span };
}

/** One SELECT, and those that UNION and the like join to it. */
function toBody(first: Foreign, reading: Reading): QueryBody | undefined {
  const { span } = reading;
  const left = toSelect(first, reading);
  if (left === undefined || first._next === undefined || first._next === null) return left;
  const operator = /^(union|intersect|except|minus)(\s+all)?/i.exec(String(first.set_op ?? ''));
  const right = toQuery(first._next, reading);
  if (operator === null || right === undefined) return undefined;
  const word = (operator[1] ?? '').toLowerCase();
  const query: Query = { kind: 'query', ctes: [], recursive: false, body: left, orderBy: [], span };
  return {
    kind: 'set',
    operator: word === 'minus' ? 'except' : (word as 'union' | 'intersect' | 'except'),
    all: operator[2] !== undefined,
    byName: false,
    left: query,
    right,
    span,
  };
}

function toSelect(select: Foreign, reading: Reading): QueryBody | undefined {
  const items = select.columns === '*' ? [starItem(undefined, reading)] : listOf(select.columns).map((item) => toItem(item, reading));
  const from = toRelations(select.from, reading);
  if (from === undefined || items.length === 0 || items.some((item) => item === undefined)) return undefined;
  const clause = (name: 'where' | 'having' | 'qualify') => {
    const expression = select[name] === null || select[name] === undefined ? undefined : reading.toExpression(select[name], reading);
    return expression === undefined ? {} : { [name]: expression };
  };
  const grouped = isForeign(select.groupby) && 'columns' in select.groupby ? select.groupby.columns : select.groupby;
  const distinct = isForeign(select.distinct) ? select.distinct.type : select.distinct;
  return {
    kind: 'select',
    distinct: distinct !== null && distinct !== undefined && distinct !== '',
    items: items.filter((item) => item !== undefined),
    from,
    ...clause('where'),
    groupBy: listOf(grouped).flatMap((key): Grouping[] => {
      const expression = reading.toExpression(key, reading);
      return expression === undefined ? [] : [{ kind: 'expression', expression }];
    }),
    groupByAll: false,
    ...clause('having'),
    ...clause('qualify'),
    windows: [],
    span: reading.span,
  };
}

function starItem(table: string | undefined, reading: Reading): SelectItem {
  const qualifier = table === undefined ? [] : [toName(table, reading)];
  return { kind: 'star', qualifier, except: [], replace: [], rename: [], span: reading.span };
}

/** A column of the list; undefined where a star leaves out or replaces columns, which the dialects write in ways of their own. */
function toItem(item: unknown, reading: Reading): SelectItem | undefined {
  if (!isForeign(item) || (item.type !== undefined && item.type !== 'expr')) return undefined;
  const { expr } = item;
  if (isForeign(expr) && expr.type === 'column_ref' && textOf(expr.column) === '*') {
    if (expr.suffix !== null && expr.suffix !== undefined) return undefined;
    return starItem(textOf(expr.table), reading);
  }
  const expression = reading.toExpression(expr, reading);
  if (expression === undefined) return undefined;
  const alias = textOf(item.as);
  return { kind: 'item', expression, ...(alias === undefined ? {} : { alias: toName(alias, reading) }), span: reading.span };
}

/** FROM: relations side by side, of which each may say how it is joined to those before; undefined where one is of an unknown kind. */
function toRelations(from: unknown, reading: Reading): Relation[] | undefined {
  const relations: Relation[] = [];
  for (const entry of listOf(from).filter(isForeign)) {
    if (entry.type === 'dual') continue;
    const relation = toRelation(entry, reading);
    if (relation === undefined) return undefined;
    const left = entry.join === undefined || entry.join === null ? undefined : relations.pop();
    if (left === undefined) relations.push(relation);
    else relations.push(toJoin(String(entry.join), left, relation, entry, reading));
  }
  return relations;
}

function toRelation(entry: Foreign, reading: Reading): Relation | undefined {
  const { span } = reading;
  const as = textOf(entry.as);
  const alias = as === undefined ? {} : { alias: { name: toName(as, reading), columns: [] } };
  const table = textOf(entry.table);
  if (table !== undefined) {
    const qualifiers = [entry.server, entry.catalog ?? entry.db, entry.catalog === undefined ? undefined : entry.schema];
    const parts = [...qualifiers.flatMap((part) => textOf(part) ?? []), ...table.split(entry.db === null ? '.' : '\u0000')];
    return { kind: 'table', parts: parts.map((part) => toName(part, reading)), modifiers: [], span, ...alias };
  }
  const query = toQuery(entry.expr, reading);
  return query === undefined
    ? undefined
    : { kind: 'derived', query, lateral: entry.prefix !== null && entry.prefix !== undefined, span, ...alias };
}

function toJoin(written: string, left: Relation, right: Relation, entry: Foreign, reading: Reading): Relation {
  const words = written.toLowerCase();
  const type = (['left', 'right', 'full', 'cross'] as const).find((word) => words.includes(word)) ?? 'inner';
  const on = isForeign(entry.on) ? reading.toExpression(entry.on, reading) : undefined;
  return {
    kind: 'join',
    type,
    natural: words.includes('natural'),
    left,
    right,
    ...(on === undefined ? {} : { on }),
    using: listOf(entry.using).flatMap((name) => {
      const text = textOf(isForeign(name) && 'column' in name ? name.column : name);
      return text === undefined ? [] : [toName(text, reading)];
    }),
    span: reading.span,
  };
}

/** A key of ORDER BY. */
function toSortKey(key: unknown, reading: Reading): SortKey[] {
  const expression = isForeign(key) ? reading.toExpression(key.expr, reading) : undefined;
  return expression === undefined ? [] : [{ expression, descending: isForeign(key) && String(key.type).toUpperCase() === 'DESC' }];
}

/** An expression of the library's tree; whatever is not known by its kind stands as a call of that name over the expressions inside. */
export function toExpression(node: unknown, reading: Reading): Expression | undefined {
  if (!isForeign(node)) return undefined;
  if ('ast' in node) {
    const query = toQuery(node, reading);
    return query === undefined ? undefined : { kind: 'subquery', form: 'scalar', query, span: reading.span };
  }
  if (node.type === 'expr' && node.expr !== undefined) return toExpression(node.expr, reading);
  return toKnown(node, reading) ?? toCall(String(node.type ?? 'unknown'), partsOf(node, reading), reading);
}

/** The expressions that lie inside a node, each as large as it is known. */
function partsOf(node: Foreign, reading: Reading): Expression[] {
  return Object.values(node).flatMap((value) =>
    listOf(value).flatMap((part) => {
      if (!isForeign(part)) return [];
      if (typeof part.type === 'string' || 'ast' in part) return toExpression(part, reading) ?? [];
      return partsOf(part, reading);
    }),
  );
}
