import type { ProjectNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type {
  CallExpression,
  ColumnExpression,
  Cte,
  ExpressionItem,
  JoinRelation,
  LiteralExpression,
  Name,
  Query,
  Relation,
  Select,
  StarItem,
  TableRelation,
} from '../sql/ir.ts';
import type { ColumnSet, ResolvedColumn } from '../sql/resolve/columns.ts';
import type { Reference, Scope } from '../sql/resolve/context.ts';
import type { Span } from '../text/span.ts';
import type { SqlPlace, SqlReading } from './reading.ts';
import { findNodeOfTable } from './reading.ts';
import type { TreePart } from './tree-path.ts';
import { partsAt } from './tree-path.ts';

/** What a name in rendered SQL stands for; spans are of the rendered text. */
export type SqlMeaning =
  | {
      readonly kind: 'column';
      readonly name: string;
      readonly columns: readonly ResolvedColumn[];
      readonly span: Span;
      /** Why it is not exact. */
      readonly reason?: string;
      readonly role: 'read' | 'made' | 'position';
    }
  | {
      readonly kind: 'field';
      readonly name: string;
      /** The column whose value holds it, and the columns that it may be. */
      readonly of: string;
      readonly columns: readonly ResolvedColumn[];
      readonly expression: ColumnExpression;
      readonly span: Span;
    }
  | { readonly kind: 'unresolved'; readonly name: string; readonly span: Span; readonly reason: string }
  | { readonly kind: 'relation'; readonly node: ProjectNode; readonly span: Span; readonly alias?: string }
  | { readonly kind: 'cte'; readonly cte: Cte; readonly columns: ColumnSet | undefined; readonly span: Span; readonly alias?: string }
  | { readonly kind: 'derived'; readonly name: string; readonly columns: ColumnSet | undefined; readonly span: Span }
  | { readonly kind: 'function'; readonly call: CallExpression; readonly span: Span }
  | { readonly kind: 'star'; readonly item: StarItem; readonly columns: readonly ResolvedColumn[]; readonly span: Span };

/** What stands at a place of rendered SQL. */
export function findSqlMeaning(snapshot: Snapshot, { reading, offset }: SqlPlace): SqlMeaning | undefined {
  const path = partsAt(reading.query, offset);
  const innermost = path[path.length - 1];
  if (innermost === undefined) return undefined;
  if (isName(innermost)) return fromName(snapshot, reading, path.slice(0, -1), innermost);
  switch (innermost.kind) {
    case 'column':
      return fromColumn(snapshot, reading, path, innermost as ColumnExpression, undefined);
    case 'call':
      return fromCall(innermost as CallExpression, offset);
    case 'star':
      return fromStar(reading, path, innermost as StarItem);
    case 'literal':
      return fromLiteral(reading, path, innermost as LiteralExpression);
    default:
      return undefined;
  }
}

function isName(part: TreePart): part is Name {
  return part.kind === undefined && 'text' in part && 'quoted' in part;
}

function fromName(snapshot: Snapshot, reading: SqlReading, path: readonly TreePart[], name: Name): SqlMeaning | undefined {
  const owner = path[path.length - 1];
  if (owner === undefined) return undefined;
  if (owner.kind === 'column') return fromColumn(snapshot, reading, path, owner as ColumnExpression, name);
  if (owner.kind === 'item') return fromItem(reading, path, owner as ExpressionItem, name);
  if (owner.kind === 'star') {
    const star = owner as StarItem;
    return star.qualifier.includes(name)
      ? fromQualifier(snapshot, reading, scopeOf(reading, path), name)
      : fromStarName(reading, path, name);
  }
  if (owner.kind === 'table') return fromTable(snapshot, reading, path, owner as TableRelation, name);
  if (owner.kind === 'join') return fromUsing(reading, path, owner as JoinRelation, name);
  if (owner.kind === 'derived' || owner.kind === 'function' || owner.kind === 'pivot' || owner.kind === 'unpivot')
    return fromAlias(reading, path, owner as Exclude<Relation, JoinRelation>, name);
  if (isCte(owner)) {
    const columns = reading.resolution.ctes.get(owner);
    if (owner.name === name) return { kind: 'cte', cte: owner, columns, span: name.span };
    const column = columns?.columns[owner.columns.indexOf(name)];
    return column === undefined ? undefined : { kind: 'column', name: name.text, columns: [column], span: name.span, role: 'made' };
  }
  return undefined;
}

function isCte(part: TreePart): part is Cte {
  return part.kind === undefined && 'query' in part && 'name' in part;
}

function selectOf(path: readonly TreePart[]): Select | undefined {
  return path.findLast((part) => part.kind === 'select') as Select | undefined;
}

function scopeOf(reading: SqlReading, path: readonly TreePart[]): Scope | undefined {
  const select = selectOf(path);
  return select === undefined ? undefined : reading.resolution.scopes.get(select);
}

/** The columns of the query whose SELECT a place stands in. */
function resultOf(reading: SqlReading, path: readonly TreePart[]): ColumnSet | undefined {
  const at = path.findLastIndex((part) => part.kind === 'select');
  const query = path.slice(0, at).findLast((part) => part.kind === 'query') as Query | undefined;
  return query === undefined || query.body !== path[at] ? undefined : reading.resolution.results.get(query);
}

function fromColumn(
  snapshot: Snapshot,
  reading: SqlReading,
  path: readonly TreePart[],
  expression: ColumnExpression,
  name: Name | undefined,
): SqlMeaning | undefined {
  const reference: Reference | undefined = reading.resolution.references.get(expression);
  const last = expression.parts[expression.parts.length - 1];
  if (reference === undefined || last === undefined) return undefined;
  const columnAt = expression.parts.length - 1 - reference.path.length;
  const at = name === undefined ? columnAt : expression.parts.indexOf(name);
  const meant = expression.parts[columnAt] ?? last;
  if (at < columnAt && name !== undefined) return fromQualifier(snapshot, reading, scopeOf(reading, path), name);
  if (reference.kind === 'unresolved' || reference.columns.length === 0)
    return { kind: 'unresolved', name: last.text, span: last.span, reason: reference.reason ?? 'nothing in scope has this name' };
  if (reference.kind === 'parameter') return undefined;
  if (reference.kind === 'row') return fromQualifier(snapshot, reading, scopeOf(reading, path), meant);
  const field = at > columnAt ? expression.parts[at] : undefined;
  if (field !== undefined)
    return { kind: 'field', name: field.text, of: meant.text, columns: reference.columns, expression, span: field.span };
  const { reason } = reference;
  return {
    kind: 'column',
    name: meant.text,
    columns: reference.columns,
    span: meant.span,
    role: 'read',
    ...(reason === undefined ? {} : { reason }),
  };
}

function fromItem(reading: SqlReading, path: readonly TreePart[], item: ExpressionItem, name: Name): SqlMeaning | undefined {
  const column = resultOf(reading, path)?.columns.find((candidate) => candidate.span === item.span);
  return column === undefined ? undefined : { kind: 'column', name: name.text, columns: [column], span: name.span, role: 'made' };
}

function fromStarName(reading: SqlReading, path: readonly TreePart[], name: Name): SqlMeaning | undefined {
  for (const source of scopeOf(reading, path)?.sources ?? []) {
    const column = source.columns.columns.find((candidate) => candidate.name.toLowerCase() === name.text.toLowerCase());
    if (column !== undefined) return { kind: 'column', name: name.text, columns: [column], span: name.span, role: 'read' };
  }
  return undefined;
}

function fromTable(
  snapshot: Snapshot,
  reading: SqlReading,
  path: readonly TreePart[],
  table: TableRelation,
  name: Name,
): SqlMeaning | undefined {
  const alias = table.alias?.name;
  const more = name === alias ? { alias: name.text } : {};
  const [first] = table.parts;
  const cte = table.parts.length === 1 && first !== undefined ? findCte(reading, path, first) : undefined;
  if (cte !== undefined) return { kind: 'cte', cte, columns: reading.resolution.ctes.get(cte), span: name.span, ...more };
  const node = findNodeOfTable(
    snapshot,
    table.parts.map((part) => part.text),
  );
  return node === undefined ? undefined : { kind: 'relation', node, span: name.span, ...more };
}

/** The CTE that a name means: the nearest one in sight, and never the one that is being defined. */
function findCte(reading: SqlReading, path: readonly TreePart[], name: Name): Cte | undefined {
  const { fold } = reading.resolution.set;
  const wanted = fold(name.text, name.quoted);
  for (const part of [...path].reverse()) {
    if (part.kind !== 'query') continue;
    const { ctes } = part as Query;
    const within = ctes.findIndex((cte) => path.includes(cte as TreePart));
    const visible = within === -1 ? ctes : ctes.slice(0, ctes[within]?.recursive === true ? within + 1 : within);
    const found = visible.findLast((cte) => fold(cte.name.text, cte.name.quoted) === wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What the alias or name before a dot stands for. */
function fromQualifier(snapshot: Snapshot, reading: SqlReading, scope: Scope | undefined, name: Name): SqlMeaning | undefined {
  const { fold } = reading.resolution.set;
  const wanted = fold(name.text, name.quoted);
  for (let at = scope; at !== undefined; at = at.parent) {
    const source = at.sources.find((candidate) => candidate.folded === wanted);
    if (source === undefined) continue;
    for (const [cte, columns] of reading.resolution.ctes)
      if (columns === source.columns) return { kind: 'cte', cte, columns, span: name.span, alias: name.text };
    const table = source.columns.columns.find((column) => column.table?.columns === source.columns)?.table;
    const node = table === undefined ? undefined : findNodeOfTable(snapshot, table.parts);
    if (node !== undefined) return { kind: 'relation', node, span: name.span, alias: name.text };
    return { kind: 'derived', name: name.text, columns: source.columns, span: name.span };
  }
  return undefined;
}

function fromAlias(
  reading: SqlReading,
  path: readonly TreePart[],
  owner: Exclude<Relation, JoinRelation>,
  name: Name,
): SqlMeaning | undefined {
  if (owner.alias?.name !== name) return undefined;
  const { fold } = reading.resolution.set;
  const source = scopeOf(reading, path)?.sources.find((candidate) => candidate.folded === fold(name.text, name.quoted));
  return { kind: 'derived', name: name.text, columns: source?.columns, span: name.span };
}

function fromUsing(reading: SqlReading, path: readonly TreePart[], join: JoinRelation, name: Name): SqlMeaning | undefined {
  if (!join.using.includes(name)) return undefined;
  const { fold } = reading.resolution.set;
  const merged = scopeOf(reading, path)?.merged.get(fold(name.text, name.quoted));
  return merged === undefined ? undefined : { kind: 'column', name: name.text, columns: [merged], span: name.span, role: 'read' };
}

function fromCall(call: CallExpression, offset: number): SqlMeaning | undefined {
  const span = { start: call.span.start, end: call.span.start + call.name.length };
  return offset <= span.end ? { kind: 'function', call, span } : undefined;
}

function fromStar(reading: SqlReading, path: readonly TreePart[], item: StarItem): SqlMeaning | undefined {
  const columns = resultOf(reading, path)?.columns.filter((column) => column.span === item.span);
  return columns === undefined ? undefined : { kind: 'star', item, columns, span: item.span };
}

/** `group by 1` means a column of the result. */
function fromLiteral(reading: SqlReading, path: readonly TreePart[], literal: LiteralExpression): SqlMeaning | undefined {
  if (literal.type !== 'number') return undefined;
  const column = findOrdinal(reading, path, literal);
  if (column === undefined) return undefined;
  return { kind: 'column', name: column.name, columns: [column], span: literal.span, role: 'position' };
}

function findOrdinal(reading: SqlReading, path: readonly TreePart[], literal: LiteralExpression): ResolvedColumn | undefined {
  const query = path.findLast((part) => part.kind === 'query') as Query | undefined;
  if (query === undefined) return undefined;
  const inGroup =
    query.body.kind === 'select' &&
    query.body.groupBy.some((grouping) =>
      grouping.kind === 'expression' ? grouping.expression === literal : grouping.sets.some((set) => set.includes(literal)),
    );
  if (!inGroup && !query.orderBy.some((key) => key.expression === literal)) return undefined;
  return reading.resolution.results.get(query)?.columns[Number(literal.value) - 1];
}
