import { keyOf } from '../project/relation-names.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { ResolvedColumn } from '../sql/resolve/columns.ts';
import { originsOf, strongerKind } from '../sql/resolve/columns.ts';
import type { CatalogTable } from '../sql/resolve/context.ts';
import { parseType, plainTypes, showType } from '../sql/types.ts';
import type { NodeId } from '../text/ids.ts';
import type { LostOrigin } from './lost-origins.ts';
import type {
  DeclaredLineageColumn,
  LineageColumn,
  LineageEdge,
  LineageInput,
  LineageNode,
  LineageUse,
  NodeLineage,
  Resolved,
} from './project.ts';

/** The node with the columns that others read from it and that nothing else tells of. */
export function withUsed(resolved: Resolved, asked: ReadonlyMap<string, ResolvedColumn>, input: LineageInput): NodeLineage {
  const { lineage } = resolved;
  const known = new Set(lineage.columns.map((column) => column.name.toLowerCase()));
  const columns = [...lineage.columns];
  const edges = [...lineage.edges];
  const lost = [...lineage.lost];
  for (const [folded, column] of asked) {
    if (known.has(folded)) continue;
    columns.push({
      name: column.name,
      type: column.type,
      typeText: showType(column.type, input.dialect),
      nullable: column.nullable,
      origin: 'use',
    });
    const found = edgesOf(resolved.node, column.name, column, input, 'assumed: the column is only known because others read it');
    edges.push(...found.edges);
    lost.push(...found.lost);
    // What is no text of the project's, such as a source, is where lineage ends.
    const isMade = resolved.node.sql.length > 0 || resolved.node.because !== undefined;
    if (isMade && found.edges.length + found.lost.length === 0)
      lost.push({ toColumn: column.name, reason: resolved.node.because?.[0] ?? 'only that others read it tells of the column' });
  }
  return { ...lineage, columns, edges, lost };
}

/** The node that a name means in the text of another. */
export function nodeOf(parts: readonly string[], reader: LineageNode, input: LineageInput): NodeId | undefined {
  return reader.names?.get(keyOf(parts)) ?? input.findNode(parts, reader.id);
}

/** What goes into one column of a node: columns of other nodes, and what is none of the project's. */
export function edgesOf(
  node: LineageNode,
  toColumn: string,
  column: ResolvedColumn,
  input: LineageInput,
  assumed?: string,
): { readonly edges: readonly LineageEdge[]; readonly lost: readonly LostOrigin[] } {
  const edges: LineageEdge[] = [];
  const lost: LostOrigin[] = [];
  for (const [base, origin] of originsOf(column)) {
    if (base.table === undefined) continue;
    const from = nodeOf(base.table.parts, node, input);
    if (from === undefined) {
      const table = base.table.name;
      lost.push({ toColumn, table, fromColumn: base.name, reason: `'${table}' is not a relation of the project` });
      continue;
    }
    const renamed = origin.kind === 'copied' && base.name.toLowerCase() !== toColumn.toLowerCase();
    const confidence = assumed !== undefined && origin.confidence === 'exact' ? 'assumed' : origin.confidence;
    const reason = origin.reason ?? assumed;
    edges.push({
      from,
      fromColumn: base.name,
      to: node.id,
      toColumn,
      kind: renamed ? strongerKind('renamed', origin.kind) : origin.kind,
      confidence,
      ...(reason === undefined ? {} : { reason }),
    });
  }
  return { edges, lost };
}

/** A declared column as queries that read it see it. */
export function toCatalogColumn(column: DeclaredLineageColumn, dialect: Dialect) {
  return {
    name: column.name,
    ...(column.type === undefined || column.type === '' ? {} : { type: parseType(column.type, dialect) }),
    ...(column.nullable === undefined ? {} : { nullable: column.nullable }),
    ...(column.isGuess ? { isGuess: true } : {}),
  };
}

/** A declared column as a column of the node. */
export function toDeclared(column: DeclaredLineageColumn, dialect: Dialect): LineageColumn {
  const type = column.type === undefined || column.type === '' ? plainTypes.unknown : parseType(column.type, dialect);
  return { name: column.name, type, typeText: showType(type, dialect), nullable: column.nullable, origin: 'declared' };
}

/** The columns that dbt adds to a snapshot. */
export function addSnapshotColumns(node: LineageNode, columns: LineageColumn[], edges: LineageEdge[], dialect: Dialect): void {
  const updated = node.snapshot?.updatedAt?.toLowerCase();
  const source = columns.find((column) => column.name.toLowerCase() === updated);
  const time = source?.type ?? plainTypes.datetime;
  for (const [name, type, nullable] of [
    ['dbt_scd_id', plainTypes.string, false],
    ['dbt_updated_at', time, false],
    ['dbt_valid_from', time, false],
    ['dbt_valid_to', time, true],
  ] as const) {
    const from = name === 'dbt_scd_id' ? [] : edges.filter((edge) => edge.toColumn === source?.name);
    const made = { name, type, typeText: showType(type, dialect), nullable, origin: 'sql' } as const;
    columns.push(from.length > 0 ? made : { ...made, expression: snapshotExpressions[name] });
    for (const edge of from) edges.push({ ...edge, toColumn: name, kind: strongerKind(edge.kind, 'computed') });
  }
}

/** How dbt makes the columns of a snapshot that no column of its query goes into. */
const snapshotExpressions = {
  dbt_scd_id: 'dbt: a hash of the unique key and the time of the change',
  dbt_updated_at: 'dbt: the time of the snapshot',
  dbt_valid_from: 'dbt: the time of the snapshot that saw the row first',
  dbt_valid_to: 'dbt: the time of the snapshot that saw the row changed',
} as const;

/** Each use once, however often the text says it. */
export function distinctUses(uses: readonly LineageUse[]): LineageUse[] {
  const found = new Map<string, LineageUse>();
  for (const use of uses) {
    const key = `${use.from}\u0000${use.fromColumn}\u0000${use.kind}`;
    if (!found.has(key)) found.set(key, use);
  }
  return [...found.values()];
}

/** Equal for tables whose columns are the same to those that read them. */
export function signature(table: CatalogTable | undefined): string {
  if (table === undefined) return '';
  const cached = signatures.get(table);
  if (cached !== undefined) return cached;
  const made = `${table.isComplete}${table.columns.map(({ name, type, nullable, isGuess }) => `${name}:${type?.text ?? type?.kind}:${nullable ?? ''}${isGuess ? '?' : ''}`).join()}`;
  signatures.set(table, made);
  return made;
}

const signatures = new WeakMap<CatalogTable, string>();
