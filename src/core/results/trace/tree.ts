import type { Expression, Name, Query, Relation, Select, SelectItem } from '../../sql/ir.ts';
import type { Span } from '../../text/span.ts';

const nowhere: Span = { start: 0, end: 0 };

/** Names of columns that we add begin so; no dialect lets a project write them unquoted. */
export const ours = 'hw/';

/** The column with which every table gives the number of its rows. */
export const rowColumn = `${ours}row`;

export function toName(text: string): Name {
  return { text, quoted: true, span: nowhere };
}

export function columnOf(...parts: readonly string[]): Expression {
  return { kind: 'column', parts: parts.map(toName), span: nowhere };
}

export function itemOf(expression: Expression, alias: string): SelectItem {
  return { kind: 'item', expression, alias: toName(alias), span: nowhere };
}

export function numberOf(value: number): Expression {
  return { kind: 'literal', type: 'number', value: String(value), span: nowhere };
}

export const nullValue: Expression = { kind: 'literal', type: 'null', value: 'null', span: nowhere };

export function tableOf(name: string): Relation {
  return { kind: 'table', parts: [toName(name)], alias: { name: toName(name), columns: [] }, modifiers: [], span: nowhere };
}

export const star: SelectItem = { kind: 'star', qualifier: [], except: [], replace: [], rename: [], span: nowhere };

/** A query of one SELECT, with nothing around it. */
export function queryOf(select: Pick<Select, 'items' | 'from'> & Partial<Select>): Query {
  const body: Select = {
    kind: 'select',
    distinct: false,
    groupBy: [],
    groupByAll: false,
    windows: [],
    span: nowhere,
    ...select,
  };
  return { kind: 'query', ctes: [], recursive: false, orderBy: [], span: body.span, body };
}

/** Every part of a tree that is of one kind, those of subqueries among them. */
export function* findKind<Kind extends Expression['kind']>(
  value: unknown,
  kind: Kind,
  into: (node: { readonly kind?: unknown }) => boolean = () => true,
): Generator<Extract<Expression, { kind: Kind }>> {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) yield* findKind(item, kind, into);
    return;
  }
  const node = value as { readonly kind?: unknown };
  if (node.kind === kind) yield node as Extract<Expression, { kind: Kind }>;
  if (!into(node)) return;
  for (const [key, item] of Object.entries(value)) if (key !== 'span') yield* findKind(item, kind, into);
}

/** The same tree with its expressions replaced from the outside in; what is replaced is not looked into. */
export function replaceIn<Value>(value: Value, replace: (expression: Expression) => Expression | undefined): Value {
  const visit = (item: unknown): unknown => {
    if (typeof item !== 'object' || item === null) return item;
    if (Array.isArray(item)) return item.map(visit);
    const node = item as { readonly kind?: unknown };
    const other = typeof node.kind === 'string' ? replace(node as Expression) : undefined;
    if (other !== undefined) return other;
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, key === 'span' ? inner : visit(inner)]));
  };
  return visit(value) as Value;
}
