import type { Graph } from '../project/graph.ts';
import type { ProjectNode } from '../project/node.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { Expression } from '../sql/ir.ts';
import { parseSql } from '../sql/parse.ts';
import type { NodeId } from '../text/ids.ts';
import type { Impact, ReachedColumn } from './questions.ts';

/** Something that reads a column without being a relation: a test, a measure, a metric, an exposure. */
export interface Consumer {
  readonly id: NodeId;
  /** The column it reads; absent where it reads the relation as a whole. */
  readonly column?: string;
  readonly node: NodeId;
  /** `measure revenue`, `dimension ordered_at`, `test unique`, `depends on`. */
  readonly as: string;
}

/** What reads the columns of every node besides other relations. */
export function findConsumers(
  nodes: ReadonlyMap<NodeId, ProjectNode>,
  graph: Graph,
  dialect: Dialect,
): ReadonlyMap<NodeId, readonly Consumer[]> {
  const found = new Map<NodeId, Consumer[]>();
  const add = (consumer: Consumer): void => {
    const list = found.get(consumer.node);
    if (list === undefined) found.set(consumer.node, [consumer]);
    else list.push(consumer);
  };
  for (const node of nodes.values()) {
    if (!node.enabled) continue;
    if (node.kind === 'test' && node.generic?.column !== undefined && node.attached !== undefined)
      add({ id: node.id, node: node.attached, column: node.generic.column, as: `test ${node.generic.macro}` });
    else if (node.kind === 'semantic_model')
      for (const consumer of semanticColumns(node.id, node.definition, graph, dialect)) add(consumer);
    else if (node.kind === 'exposure' || node.kind === 'metric' || node.kind === 'saved_query')
      for (const parent of graph.parents(node.id)) add({ id: node.id, node: parent, as: 'depends on' });
  }
  return found;
}

/** The columns that the entities, dimensions and measures of a semantic model read. */
function semanticColumns(id: NodeId, definition: Readonly<Record<string, unknown>>, graph: Graph, dialect: Dialect): Consumer[] {
  const [model] = graph.parents(id);
  if (model === undefined) return [];
  const found: Consumer[] = [];
  for (const part of ['entities', 'dimensions', 'measures'] as const) {
    const list = definition[part];
    if (!Array.isArray(list)) continue;
    for (const entry of list) {
      if (typeof entry !== 'object' || entry === null) continue;
      const { name, expr } = entry as { name?: unknown; expr?: unknown };
      if (typeof name !== 'string') continue;
      const text = expr === undefined || expr === null ? name : String(expr);
      const as = `${part === 'entities' ? 'entity' : part.slice(0, -1)} ${name}`;
      for (const column of columnsOf(text, dialect)) found.push({ id, node: model, column, as });
    }
  }
  return found;
}

/** The columns that an expression names. */
export function columnsOf(expression: string, dialect: Dialect): string[] {
  const body = parseSql(`select ${expression}`, dialect).statements[0]?.query?.body;
  const names = new Set<string>();
  if (body?.kind === 'select') for (const item of body.items) if (item.kind === 'item') collect(item.expression, names);
  return [...names];
}

function collect(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) for (const entry of value) collect(entry, names);
  else if (typeof value === 'object' && value !== null) {
    const node = value as Partial<Expression>;
    if (node.kind === 'column') {
      const last = node.parts?.[node.parts.length - 1];
      if (last !== undefined) names.add(last.text);
    } else for (const entry of Object.values(value)) collect(entry, names);
  }
}

/** The tests, measures, metrics and exposures that a change of a column reaches, through whatever columns and rows it reaches first. */
export function consumersOf(
  start: { readonly node: NodeId; readonly column: string },
  impact: Impact,
  consumers: ReadonlyMap<NodeId, readonly Consumer[]>,
): Consumer[] {
  const columns: readonly (typeof start | ReachedColumn)[] = [start, ...impact.columns];
  const reached = new Set(columns.map(({ node, column }) => `${node}\u0000${column.toLowerCase()}`));
  const nodes = new Set([...columns.map(({ node }) => node), ...impact.uses.map((use) => use.to)]);
  const direct = [...nodes]
    .flatMap((node) => consumers.get(node) ?? [])
    .filter(({ node, column }) => column === undefined || reached.has(`${node}\u0000${column.toLowerCase()}`));
  // A metric depends on the semantic model that it measures with, an exposure perhaps on the metric.
  const found = new Map(direct.map((consumer) => [`${consumer.id}\u0000${consumer.node}\u0000${consumer.as}`, consumer]));
  const pending = direct.map((consumer) => consumer.id);
  for (let id = pending.pop(); id !== undefined; id = pending.pop())
    for (const consumer of consumers.get(id) ?? []) {
      const key = `${consumer.id}\u0000${consumer.node}\u0000${consumer.as}`;
      if (found.has(key)) continue;
      found.set(key, consumer);
      pending.push(consumer.id);
    }
  return [...found.values()];
}
