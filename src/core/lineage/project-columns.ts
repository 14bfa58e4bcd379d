import type { CsvType } from '../project/csv-columns.ts';
import type { DdlTable } from '../project/ddl.ts';
import { type FileColumn, type FileColumns, typeTextOf } from '../project/file-columns.ts';
import type { Graph } from '../project/graph.ts';
import { isRelation, type ProjectNode } from '../project/node.ts';
import type { Column } from '../snapshot.ts';
import type { Dialect } from '../sql/dialect.ts';
import { integerIn } from '../sql/number-types.ts';
import { plainTypes, showType } from '../sql/types.ts';
import type { NodeId } from '../text/ids.ts';
import type { DeclaredLineageColumn, NodeLineage, ProjectLineage } from './project.ts';

/** What files with rows tell of a relation. */
export interface DataShapes {
  rows(path: string, delimiter?: string): FileColumns | undefined;
  table(path: string, name: string): DdlTable | undefined;
}

/** The columns that data files tell of: headers and values of CSV files, the schemas of Parquet and SQLite files. */
export function toDataColumns(nodes: Iterable<ProjectNode>, data: DataShapes, dialect: Dialect): ReadonlyMap<NodeId, readonly Column[]> {
  const found = new Map<NodeId, readonly Column[]>();
  const all = [...nodes];
  const seeds = new Map(all.flatMap((node) => (node.kind === 'seed' && node.enabled ? [[node.path, node] as const] : [])));
  for (const node of all) {
    if (!node.enabled) continue;
    const rows = toRowColumns(node, data, dialect, seeds);
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

function toRowColumns(
  node: ProjectNode,
  data: DataShapes,
  dialect: Dialect,
  seeds: ReadonlyMap<string, ProjectNode>,
): readonly DeclaredLineageColumn[] | undefined {
  if (node.kind === 'seed') {
    const shape = data.rows(node.path, node.delimiter);
    const types = (
      typeof node.config.column_types === 'object' && node.config.column_types !== null ? node.config.column_types : {}
    ) as Record<string, unknown>;
    return shape?.columns.map((column) => {
      const written = types[column.name] ?? types[column.name.toLowerCase()];
      return { name: column.name, type: typeof written === 'string' ? written : toText(column, dialect) };
    });
  }
  if (node.kind !== 'source' || node.data === undefined) return undefined;
  const seed = node.data.table === undefined ? seeds.get(node.data.path) : undefined;
  if (seed !== undefined) return toRowColumns(seed, data, dialect, seeds);
  if (node.data.table === undefined)
    return data.rows(node.data.path)?.columns.map((column) => ({ name: column.name, type: toText(column, dialect) }));
  return data.table(node.data.path, node.data.table)?.columns.map((column) => ({
    name: column.name,
    ...(column.type === undefined ? {} : { type: column.type }),
  }));
}

function toText(column: FileColumn, dialect: Dialect): string {
  return typeTextOf(column, dialect) ?? toTypeText(column.csv ?? 'text', dialect);
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
  // dbt makes such a column 32 bits wide, which decides what its sums and quotients are.
  const isNarrow = type === 'integer' && (dialect === 'postgres' || dialect === 'redshift');
  return showType(isNarrow ? integerIn(dialect) : kindOfCsv[type], dialect);
}

type Relation = Extract<ProjectNode, { kind: 'model' | 'seed' | 'snapshot' | 'source' }>;

interface Remembered {
  readonly known: NodeLineage;
  readonly node: ProjectNode;
  readonly children: readonly NodeId[];
  readonly columns: readonly Column[];
}

/** Makes the columns of relations for one Snapshot after the other; those of unchanged nodes are the same arrays again. */
export class ColumnMemo {
  readonly #made = new Map<NodeId, Remembered>();

  columnsOf(nodes: ReadonlyMap<NodeId, ProjectNode>, lineage: ProjectLineage, graph: Graph): ReadonlyMap<NodeId, readonly Column[]> {
    return new NodeColumns(nodes, lineage, (node, known) => {
      const children = graph.children(node.id);
      const before = this.#made.get(node.id);
      if (before?.known === known && before.node === node && areSame(before.children, children)) return before.columns;
      const columns = toNodeColumns(node, known, testsOf(node.id, nodes, graph));
      this.#made.set(node.id, { known, node, children, columns });
      return columns;
    });
  }
}

function areSame(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a === b || (a.length === b.length && a.every((id, index) => id === b[index]));
}

/** The columns of every relation, with what is documented and tested of each, made when somebody asks for them. */
class NodeColumns implements ReadonlyMap<NodeId, readonly Column[]> {
  readonly #found = new Map<NodeId, readonly Column[]>();
  #size: number | undefined;

  constructor(
    private readonly nodes: ReadonlyMap<NodeId, ProjectNode>,
    private readonly lineage: ProjectLineage,
    private readonly make: (node: Relation, known: NodeLineage) => readonly Column[],
  ) {}

  get size(): number {
    if (this.#size === undefined) {
      this.#size = 0;
      for (const _ of this.keys()) this.#size++;
    }
    return this.#size;
  }

  has(id: NodeId): boolean {
    return this.#relation(id) !== undefined;
  }

  get(id: NodeId): readonly Column[] | undefined {
    const found = this.#found.get(id);
    if (found !== undefined) return found;
    const node = this.#relation(id);
    const known = this.lineage.nodes.get(id);
    if (node === undefined || known === undefined) return undefined;
    const columns = this.make(node, known);
    this.#found.set(id, columns);
    return columns;
  }

  *keys(): MapIterator<NodeId> {
    for (const id of this.lineage.nodes.keys()) if (this.#relation(id) !== undefined) yield id;
  }

  *values(): MapIterator<readonly Column[]> {
    for (const id of this.keys()) yield this.get(id) ?? [];
  }

  *entries(): MapIterator<[NodeId, readonly Column[]]> {
    for (const id of this.keys()) yield [id, this.get(id) ?? []];
  }

  [Symbol.iterator](): MapIterator<[NodeId, readonly Column[]]> {
    return this.entries();
  }

  forEach(take: (columns: readonly Column[], id: NodeId, map: ReadonlyMap<NodeId, readonly Column[]>) => void): void {
    for (const [id, columns] of this) take(columns, id, this);
  }

  #relation(id: NodeId): Relation | undefined {
    const node = this.nodes.get(id);
    return node !== undefined && isRelation(node) && this.lineage.nodes.has(id) ? node : undefined;
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

function toNodeColumns(node: Relation, known: NodeLineage, tests: ReadonlyMap<string, readonly NodeId[]>): readonly Column[] {
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
