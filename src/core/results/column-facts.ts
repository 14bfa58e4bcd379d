import type { LineageEdge } from '../lineage/project.ts';
import { type ColumnRef, LineageQuestions } from '../lineage/questions.ts';
import type { Provenance } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import { testsOf } from '../project/tests-of.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';

/** Where something is declared, as a sentence names it: `accounts in models/schema.yml:12`. */
export interface Declared {
  readonly where: string;
}

/** What the project declares of the values of a column. */
export interface ColumnFacts {
  readonly notNull?: Declared;
  readonly unique?: Declared;
  readonly accepted?: Declared & { readonly values: readonly string[] };
}

/** How many columns up and down are looked at for accepted values. */
const mostColumns = 200;

/**
 * What tests and constraints declare of the columns of a relation, by their names in lower case. Accepted values count as well where they are
 * declared of a column that this one copies, or that copies this one.
 */
export function columnFacts(snapshot: Snapshot, id: NodeId, columns: readonly string[]): ReadonlyMap<string, ColumnFacts> {
  const own = ownFacts(snapshot, id);
  const around = new Set([...snapshot.graph.ancestors(id), ...snapshot.graph.descendants(id)]);
  const accepting = new Map(
    [...around].map((node) => [node, acceptedOf(snapshot, node)] as const).filter(([, accepted]) => accepted.size > 0),
  );
  if (accepting.size === 0) return own;
  const questions = new LineageQuestions(snapshot.lineage);
  for (const column of columns.map((one) => one.toLowerCase())) {
    if (own.get(column)?.accepted !== undefined) continue;
    const accepted = acceptedElsewhere(snapshot, questions, accepting, { node: id, column });
    if (accepted !== undefined) own.set(column, { ...own.get(column), accepted });
  }
  return own;
}

function acceptedOf(snapshot: Snapshot, id: NodeId): ReadonlyMap<string, ColumnFacts> {
  return new Map([...ownFacts(snapshot, id)].filter(([, facts]) => facts.accepted !== undefined));
}

function ownFacts(snapshot: Snapshot, id: NodeId): Map<string, ColumnFacts> {
  const facts = new Map<string, ColumnFacts>();
  const add = (column: string, fact: ColumnFacts): void =>
    void facts.set(column.toLowerCase(), { ...facts.get(column.toLowerCase()), ...fact });
  for (const test of testsOf(id, snapshot.nodes, snapshot.graph)) {
    if (test.kind !== 'test' || test.generic?.column === undefined || test.config.where !== undefined) continue;
    const where = placeOf(snapshot, id, test.generic.column, test.patch ?? { path: test.path, line: 0 });
    const { macro, column, arguments: given } = test.generic;
    if (macro === 'not_null') add(column, { notNull: { where } });
    else if (macro === 'unique') add(column, { unique: { where } });
    else if (macro === 'accepted_values' && Array.isArray(given.values))
      add(column, { accepted: { where, values: given.values.map(String) } });
  }
  const node = snapshot.nodes.get(id);
  if (node === undefined || !isRelation(node)) return facts;
  for (const { kind, columns, from } of [...node.constraints, ...node.columns.flatMap((column) => column.constraints)]) {
    const where = `${from.path}:${from.line}`;
    if (kind === 'not_null' || kind === 'primary_key') for (const column of columns) add(column, { notNull: { where } });
    if ((kind === 'unique' || kind === 'primary_key') && columns[0] !== undefined && columns.length === 1)
      add(columns[0], { unique: { where } });
  }
  return facts;
}

function placeOf(snapshot: Snapshot, id: NodeId, column: string, otherwise: { readonly path: string; readonly line: number }): string {
  const node = snapshot.nodes.get(id);
  const from: Provenance | undefined = node?.columns.find((one) => one.name.toLowerCase() === column.toLowerCase())?.from;
  const { path, line } = from ?? otherwise;
  return line > 0 ? `${path}:${line}` : path;
}

/** Accepted values of the nearest column that holds the same values: copied or renamed on the way, not computed. */
function acceptedElsewhere(
  snapshot: Snapshot,
  questions: LineageQuestions,
  accepting: ReadonlyMap<NodeId, ReadonlyMap<string, ColumnFacts>>,
  start: ColumnRef,
): ColumnFacts['accepted'] {
  const seen = new Set([`${start.node} ${start.column}`]);
  const queue: ColumnRef[] = [start];
  for (let at = 0; at < queue.length && at < mostColumns; at++) {
    const one = queue[at];
    if (one === undefined) break;
    const found = at === 0 ? undefined : accepting.get(one.node)?.get(one.column)?.accepted;
    if (found !== undefined)
      return { ...found, where: `${snapshot.nodes.get(one.node)?.name ?? one.node}.${one.column} in ${found.where}` };
    const up = questions
      .inputs(one)
      .filter(isSame)
      .map((edge) => ({ node: edge.from, column: edge.fromColumn.toLowerCase() }));
    const down = questions
      .outputs(one)
      .filter(isSame)
      .map((edge) => ({ node: edge.to, column: edge.toColumn.toLowerCase() }));
    for (const other of [...up, ...down]) {
      if (seen.has(`${other.node} ${other.column}`)) continue;
      seen.add(`${other.node} ${other.column}`);
      queue.push(other);
    }
  }
  return undefined;
}

function isSame({ kind }: LineageEdge): boolean {
  return kind === 'copied' || kind === 'renamed';
}
