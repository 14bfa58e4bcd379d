import type { CsvShape, CsvType } from '../project/csv-columns.ts';
import type { DdlTable } from '../project/ddl.ts';
import type { Graph } from '../project/graph.ts';
import { isRelation, type ProjectNode } from '../project/node.ts';
import type { Column } from '../snapshot.ts';
import type { Dialect } from '../sql/dialect.ts';
import { plainTypes, showType } from '../sql/types.ts';
import type { NodeId } from '../text/ids.ts';
import type { DeclaredLineageColumn, NodeLineage, ProjectLineage } from './project.ts';

/** What files with rows tell of a relation. */
export interface DataShapes {
  csv(path: string, delimiter?: string): CsvShape | undefined;
  table(path: string, name: string): DdlTable | undefined;
}

/** The columns that data files tell of: headers and values of CSV files, the schema of SQLite files. */
export function toDataColumns(nodes: Iterable<ProjectNode>, data: DataShapes, dialect: Dialect): ReadonlyMap<NodeId, readonly Column[]> {
  const found = new Map<NodeId, readonly Column[]>();
  for (const node of nodes) {
    if (!node.enabled) continue;
    const rows = toRowColumns(node, data, dialect);
    if (rows === undefined) continue;
    const written = new Map(node.columns.map((column) => [column.name.toLowerCase(), column.type]));
    const origin = declaredOrigin(node);
    found.set(
      node.id,
      rows.map((column) => ({
        name: column.name,
        type: written.get(column.name.toLowerCase()) ?? column.type ?? '',
        ...(column.nullable === undefined ? {} : { nullable: column.nullable }),
        description: '',
        origin,
        tests: [],
      })),
    );
  }
  return found;
}

function toRowColumns(node: ProjectNode, data: DataShapes, dialect: Dialect): readonly DeclaredLineageColumn[] | undefined {
  if (node.kind === 'seed') {
    const shape = data.csv(node.path, node.delimiter);
    const types = (
      typeof node.config.column_types === 'object' && node.config.column_types !== null ? node.config.column_types : {}
    ) as Record<string, unknown>;
    return shape?.columns.map((column) => {
      const written = types[column.name] ?? types[column.name.toLowerCase()];
      return { name: column.name, type: typeof written === 'string' ? written : toTypeText(column.type, dialect) };
    });
  }
  if (node.kind !== 'source' || node.data === undefined) return undefined;
  if (node.data.table === undefined)
    return data.csv(node.data.path)?.columns.map((column) => ({ name: column.name, type: toTypeText(column.type, dialect) }));
  return data.table(node.data.path, node.data.table)?.columns.map((column) => ({
    name: column.name,
    ...(column.type === undefined ? {} : { type: column.type }),
  }));
}

const kindOfCsv = {
  boolean: plainTypes.boolean,
  integer: plainTypes.integer,
  bigint: plainTypes.integer,
  decimal: plainTypes.decimal,
  double: plainTypes.float,
  date: plainTypes.date,
  timestamp: plainTypes.datetime,
  text: plainTypes.string,
} as const satisfies Record<CsvType, unknown>;

/** How a project's dialect writes the type that a CSV file's values have. */
export function toTypeText(type: CsvType, dialect: Dialect): string {
  return showType(kindOfCsv[type], dialect);
}

interface Remembered {
  readonly known: NodeLineage;
  readonly node: ProjectNode;
  readonly graph: Graph;
  readonly columns: readonly Column[];
}

/** The columns of every relation, with what is documented and tested of each; those of unchanged nodes are the same arrays again. */
export class ColumnMemo {
  #before = new Map<NodeId, Remembered>();

  columnsOf(nodes: ReadonlyMap<NodeId, ProjectNode>, lineage: ProjectLineage, graph: Graph): ReadonlyMap<NodeId, readonly Column[]> {
    const now = new Map<NodeId, Remembered>();
    const columns = new Map<NodeId, readonly Column[]>();
    for (const [id, known] of lineage.nodes) {
      const node = nodes.get(id);
      if (node === undefined || !isRelation(node)) continue;
      const before = this.#before.get(id);
      const remembered =
        before?.known === known && before.node === node && before.graph === graph
          ? before
          : { known, node, graph, columns: toNodeColumns(node, known, testsOf(id, nodes, graph)) };
      now.set(id, remembered);
      columns.set(id, remembered.columns);
    }
    this.#before = now;
    return columns;
  }
}

function testsOf(id: NodeId, nodes: ReadonlyMap<NodeId, ProjectNode>, graph: Graph): ReadonlyMap<string, readonly NodeId[]> {
  const tests = new Map<string, NodeId[]>();
  for (const child of graph.children(id)) {
    const test = nodes.get(child);
    if (test?.kind !== 'test' || test.attached !== id) continue;
    const column = test.generic?.arguments.column_name;
    if (typeof column !== 'string') continue;
    const key = column.replace(/^["`[]|["`\]]$/g, '').toLowerCase();
    tests.set(key, [...(tests.get(key) ?? []), child]);
  }
  return tests;
}

function toNodeColumns(
  node: Extract<ProjectNode, { kind: 'model' | 'seed' | 'snapshot' | 'source' }>,
  known: NodeLineage,
  tests: ReadonlyMap<string, readonly NodeId[]>,
): readonly Column[] {
  const declared = new Map(node.columns.map((column) => [column.name.toLowerCase(), column]));
  return known.columns.map((column): Column => {
    const key = column.name.toLowerCase();
    const said = declared.get(key);
    const type = column.typeText === 'unknown' ? (said?.type ?? '') : column.typeText;
    return {
      name: column.name,
      type,
      ...(column.nullable === undefined ? {} : { nullable: column.nullable }),
      description: said?.description ?? '',
      ...(said?.descriptionFrom === undefined ? {} : { descriptionFrom: said.descriptionFrom }),
      origin: column.origin === 'declared' ? declaredOrigin(node) : column.origin,
      tests: tests.get(key) ?? [],
    };
  });
}

function declaredOrigin(node: ProjectNode): Column['origin'] {
  if (node.kind === 'seed') return 'csv';
  if (node.kind === 'source' && node.data !== undefined)
    return node.data.table === undefined ? 'csv' : /\.(sql|ddl)$/i.test(node.data.path) ? 'ddl' : 'sqlite';
  if (node.kind === 'snapshot') return 'snapshot';
  return node.kind === 'model' && node.contract ? 'contract' : 'properties';
}
