import type { ColumnExpression, Name, Query, Select, TableRelation } from '../sql/ir.ts';

/** A table that a query reads, and the columns that are certainly its own. */
export interface TableRead {
  readonly parts: readonly Name[];
  /** Columns named with the table's alias, or without any where it is the only table in reach. */
  readonly columns: ReadonlySet<string>;
}

/** The tables that a query reads, WITH clauses excluded; every mention is one read. */
export function findReads(query: Query): readonly TableRead[] {
  const reads: TableRead[] = [];
  walk(query, new Set(), [], reads);
  return reads;
}

interface Scope {
  readonly aliases: ReadonlyMap<string, Set<string> | undefined>;
  /** The names that the SELECT list gives, where they can be meant: a table need not have a column of that name. */
  readonly given?: ReadonlySet<string>;
}

function walk(value: unknown, ctes: ReadonlySet<string>, scopes: readonly Scope[], reads: TableRead[]): void {
  if (Array.isArray(value)) {
    for (const each of value) walk(each, ctes, scopes, reads);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as { readonly kind?: unknown };
  if (node.kind === 'query') {
    const query = value as Query;
    let inner = ctes;
    for (const cte of query.ctes) {
      const named = new Set([...inner, cte.name.text.toLowerCase()]);
      walk(cte.query, query.recursive ? named : inner, scopes, reads);
      inner = named;
    }
    walk(query.body, inner, scopes, reads);
    for (const part of [query.orderBy, query.limit, query.offset]) walk(part, inner, scopes, reads);
    return;
  }
  if (node.kind === 'select') {
    const aliases = new Map<string, Set<string> | undefined>();
    const { kind: _, from, groupBy, having, qualify, ...rest } = value as Select;
    collectTables(from, ctes, aliases, reads);
    const inner = [...scopes, { aliases }];
    // What is selected comes before what is joined on, as one would list a table's columns.
    walk(rest, ctes, inner, reads);
    walk([groupBy, having, qualify], ctes, [...scopes, { aliases, given: givenNames(value as Select) }], reads);
    walk(from, ctes, inner, reads);
    return;
  }
  if (node.kind === 'column') note(value as ColumnExpression, scopes);
  for (const [key, part] of Object.entries(value)) if (key !== 'span') walk(part, ctes, scopes, reads);
}

/** Notes the tables of one FROM clause; derived tables are left to the walk. */
function collectTables(value: unknown, ctes: ReadonlySet<string>, aliases: Map<string, Set<string> | undefined>, reads: TableRead[]): void {
  if (Array.isArray(value)) {
    for (const each of value) collectTables(each, ctes, aliases, reads);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as { readonly kind?: string; readonly alias?: { readonly name: Name } };
  if (node.kind === 'query') return;
  if (node.kind === 'table') {
    const table = value as TableRelation;
    const last = table.parts.at(-1)?.text.toLowerCase() ?? '';
    const name = table.alias?.name.text.toLowerCase() ?? last.split('.').at(-1) ?? last;
    const first = table.parts[0]?.text.toLowerCase() ?? '';
    // `from t, t.items` spreads an array of the table before it.
    const isOwn = (table.parts.length === 1 && ctes.has(first)) || (table.parts.length > 1 && aliases.has(first));
    const columns = new Set<string>();
    if (!isOwn) reads.push({ parts: table.parts, columns });
    aliases.set(name, isOwn ? undefined : columns);
    return;
  }
  if (node.alias?.name !== undefined && node.kind !== 'item') aliases.set(node.alias.name.text.toLowerCase(), undefined);
  if (node.kind === 'derived' || node.kind === 'subquery') return;
  for (const [key, part] of Object.entries(value)) if (key !== 'span' && key !== 'on') collectTables(part, ctes, aliases, reads);
}

/** The aliases of a SELECT list that are no columns of its tables by the same name. */
function givenNames({ items }: Select): ReadonlySet<string> {
  const names = items.flatMap((item) => {
    if (item.kind !== 'item' || item.alias === undefined) return [];
    const name = item.alias.text.toLowerCase();
    return item.expression.kind === 'column' && item.expression.parts.at(-1)?.text.toLowerCase() === name ? [] : [name];
  });
  return new Set(names);
}

function note(column: ColumnExpression, scopes: readonly Scope[]): void {
  const [first, second] = column.parts;
  if (first === undefined) return;
  if (second === undefined) {
    const inner = scopes.at(-1);
    if (inner?.given?.has(first.text.toLowerCase())) return;
    const only = inner?.aliases.size === 1 && scopes.length === 1 ? [...inner.aliases.values()][0] : undefined;
    only?.add(first.text);
    return;
  }
  for (const { aliases } of scopes.toReversed())
    if (aliases.has(first.text.toLowerCase())) {
      aliases.get(first.text.toLowerCase())?.add(second.text);
      return;
    }
}
