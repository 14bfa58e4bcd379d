import type { ModelNode, ProjectNode, SeedNode, SnapshotNode, SourceNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import { toHash } from '../text/hash.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { LineMap } from '../text/span.ts';
import type { KnownTable } from '../translate/table.ts';
import { toValueType } from '../translate/value-type.ts';
import { prepareSql } from './run-sql.ts';

type Relation = ModelNode | SeedNode | SnapshotNode | SourceNode;

/** One relation of a plan: rows of a file, a query over those before it, or nothing but its columns. */
export interface PlannedRelation {
  /** What it is called in the engine; equal for equal content, so that what was built before is kept. */
  readonly table: KnownTable;
  readonly name: string;
  readonly made:
    | { readonly from: 'csv'; readonly path: string; readonly delimiter?: string }
    | { readonly from: 'sqlite'; readonly path: string; readonly table: string }
    | { readonly from: 'query'; readonly sql: string }
    | { readonly from: 'nothing' };
}

/** What an engine has to do for a preview: plain data that crosses to its worker. */
export interface Plan {
  readonly relations: readonly PlannedRelation[];
  /** The relation whose rows were asked for; absent where something keeps it from being built. */
  readonly result?: PlannedRelation;
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

/** The relations above a node in the order in which they are built, each translated; it stops at the first that cannot be. */
export function planPreview(snapshot: Snapshot, id: NodeId, now: string): Plan {
  const planned = new Map<NodeId, PlannedRelation>();
  const tables = new Map<string, KnownTable>();
  const notes = new Set<string>();
  const problems: Problem[] = [];
  const order = orderAbove(snapshot, id);
  for (const node of order) {
    const relation = planRelation(snapshot, node, tables, now, notes, problems);
    if (relation === undefined) return { relations: [...planned.values()], notes: [...notes], problems };
    planned.set(node.id, relation);
    for (const name of namesOf(node)) tables.set(name.toLowerCase(), relation.table);
  }
  const result = planned.get(id);
  return { relations: [...planned.values()], ...(result === undefined ? {} : { result }), notes: [...notes], problems };
}

/** The relations upstream of a node and itself, parents first; a cycle is entered once. */
function orderAbove(snapshot: Snapshot, id: NodeId): readonly Relation[] {
  const seen = new Set<NodeId>();
  const order: Relation[] = [];
  // A stack of its own: chains of models are longer than calls may nest.
  const stack: { readonly id: NodeId; readonly done: boolean }[] = [{ id, done: false }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const node: ProjectNode | undefined = snapshot.nodes.get(top.id);
    if (node === undefined || !isRelation(node)) continue;
    if (top.done) {
      order.push(node);
      continue;
    }
    if (seen.has(top.id)) continue;
    seen.add(top.id);
    stack.push({ id: top.id, done: true });
    for (const parent of snapshot.graph.parents(top.id)) if (!seen.has(parent)) stack.push({ id: parent, done: false });
  }
  return order;
}

function namesOf(node: Relation): readonly string[] {
  const parts = [node.database, node.schema, node.identifier].filter((part) => part !== '');
  const names = parts.map((_, from) => parts.slice(from).join('.'));
  return node.materialized === 'ephemeral' ? [...names, `__dbt__cte__${node.name}`] : names;
}

function planRelation(
  snapshot: Snapshot,
  node: Relation,
  tables: ReadonlyMap<string, KnownTable>,
  now: string,
  notes: Set<string>,
  problems: Problem[],
): PlannedRelation | undefined {
  if (node.kind === 'seed' || node.kind === 'source') return planData(snapshot, node, notes);
  const { dialect } = snapshot.project;
  const text = snapshot.texts.get(node.id);
  if (node.kind === 'model' && node.language === 'python') {
    problems.push(toProblem('sql-opaque', `${node.name} is a Python model: previews run SQL only.`, node.path, 'error'));
    return undefined;
  }
  if (text === undefined) {
    problems.push(toProblem('model-empty', `${node.name} has no SQL.`, node.path, 'error'));
    return undefined;
  }
  if (text.rendering.status !== 'rendered') {
    const why = text.rendering.status === 'needs-data' ? 'its template asks the database for data' : 'its template has an error';
    problems.push(...text.rendering.problems, toProblem('jinja-error', `${node.name} cannot be previewed: ${why}.`, node.path));
    return undefined;
  }
  if (node.materialized === 'incremental') notes.add(`${node.name} is incremental: it is built in full.`);
  if (node.kind === 'snapshot') notes.add(`${node.name} is a snapshot: its query is shown without history.`);
  const prepared = prepareSql(text.rendering.sql, dialect, tables, now);
  if (prepared.kind === 'refused') {
    const span = text.rendering.map.locateSpan(prepared.span);
    const file = snapshot.sources.find(node.path)?.text ?? '';
    const at = new LineMap(file).location(node.path, { start: span.start + text.offset, end: span.end + text.offset });
    problems.push(toProblem('sql-opaque', prepared.message, at, 'error'));
    return undefined;
  }
  for (const note of prepared.notes) notes.add(note);
  return {
    name: node.name,
    table: { physical: `hw:${node.id}:${toHash(new TextEncoder().encode(prepared.sql))}`, columns: prepared.columns },
    made: { from: 'query', sql: prepared.sql },
  };
}

/** The seed that stands for a source by its name: the same, `<source>_<table>`, or with `raw` before or behind. */
function findStandIn(snapshot: Snapshot, source: SourceNode): SeedNode | undefined {
  const { identifier, name, sourceName } = source;
  const wanted = [identifier, name, `${sourceName}_${name}`, `raw_${name}`, `${name}_raw`].map((text) => text.toLowerCase());
  const seeds = [...snapshot.nodes.values()].filter((node): node is SeedNode => node.kind === 'seed' && node.enabled);
  for (const candidate of wanted) {
    const seed = seeds.find((one) => one.name.toLowerCase() === candidate);
    if (seed !== undefined) return seed;
  }
  return undefined;
}

function planData(snapshot: Snapshot, node: SeedNode | SourceNode, notes: Set<string>): PlannedRelation {
  const standIn = node.kind === 'source' && node.data === undefined ? findStandIn(snapshot, node) : undefined;
  if (standIn !== undefined && node.kind === 'source') {
    notes.add(`${node.sourceName}.${node.name} is read from ${standIn.path}, the seed that is named like it.`);
    return planData(snapshot, standIn, notes);
  }
  const columns = (snapshot.columns.get(node.id) ?? []).map((column) => ({
    name: column.name,
    type: toValueType(column.type, snapshot.project.dialect),
  }));
  const data = node.kind === 'seed' ? { path: node.path } : node.data;
  const file = data === undefined ? undefined : snapshot.sources.find(data.path);
  const types = columns.map(({ name, type }) => `${name} ${type.kind}`).join(',');
  const physical = `hw:${node.id}:${file?.hash ?? 'empty'}:${toHash(new TextEncoder().encode(types))}`;
  const base = { name: node.name, table: { physical, columns } };
  if (data === undefined || file === undefined) {
    const label = node.kind === 'source' ? `${node.sourceName}.${node.name}` : node.name;
    notes.add(`${label} has no data here: it is read as an empty table. A seed named ${node.name}.csv would fill it.`);
    return { ...base, made: { from: 'nothing' } };
  }
  if ('table' in data && data.table !== undefined) return { ...base, made: { from: 'sqlite', path: data.path, table: data.table } };
  const delimiter = node.kind === 'seed' && node.delimiter !== '' ? { delimiter: node.delimiter } : {};
  return { ...base, made: { from: 'csv', path: data.path, ...delimiter } };
}
