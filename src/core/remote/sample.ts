import type { Cell, EngineColumn } from '../engine/engine.ts';
import type { SourceNode } from '../project/node.ts';
import type { NodeId } from '../text/ids.ts';
import { toLiteral } from './literals.ts';
import type { RemoteSession } from './remote-session.ts';
import { findSampleJoins, type SampleJoin } from './sample-joins.ts';
import { findMasks, keyOf, masked } from './sample-masks.ts';
import { quote, written } from './statements.ts';

/** How much is taken, and what is hidden. */
export interface SampleOptions {
  /** Rows of a table that hangs on no other; the others give all rows of those, up to so many times as much. */
  readonly rows: number;
  /** Columns whose names it meets are masked. */
  readonly mask?: RegExp;
  /** Goes into every hash, so that nobody finds a value by hashing guesses. */
  readonly salt: string;
}

/** A source's rows as they were taken. */
export interface SampledTable {
  readonly node: SourceNode;
  readonly columns: readonly EngineColumn[];
  readonly rows: readonly (readonly Cell[])[];
  readonly because: readonly { readonly text: string }[];
}

/** Keys in one condition. */
const keysAtOnce = 2000;
/** Rows of a child, as a multiple of those asked for of a parent. */
const mostChildren = 50;
/** How often missing parents are looked for: each round is one more step up. */
const mostRounds = 8;

interface Taken {
  readonly columns: readonly EngineColumn[];
  readonly rows: (readonly Cell[])[];
  readonly because: string[];
}

/** Takes rows of sources so that joins still find partners: parents first, children by their parents' keys, then the parents that are still missing. */
export async function takeSample(
  session: RemoteSession,
  sources: readonly SourceNode[],
  options: SampleOptions,
): Promise<readonly SampledTable[]> {
  const standing = sources.filter((node) => session.standing.has(node));
  const joins = findSampleJoins(session.snapshot, session.standing, standing);
  const taken = new Map<NodeId, Taken>();
  for (const node of parentsFirst(standing, joins)) taken.set(node.id, await takeTable(session, node, joins, taken, options.rows));
  for (let round = 0; round < mostRounds; round++) if (!(await addParents(session, joins, taken))) break;
  const columnsOf = (node: SourceNode): readonly string[] => taken.get(node.id)?.columns.map(({ name }) => name) ?? [];
  const masks = findMasks(standing, joins, options.mask, columnsOf);
  return sources.map((node): SampledTable => {
    const table = taken.get(node.id);
    if (table === undefined) return { node, columns: [], rows: [], because: [{ text: 'It does not stand on the target.' }] };
    const own = table.columns.map(({ name }) => masks.get(keyOf(node.id, name)));
    const hidden = table.columns.filter((_, i) => own[i] !== undefined).map(({ name }) => name);
    return {
      node,
      columns: table.columns.map((column, i) =>
        own[i] === 'hash' && !/int|numeric|uuid/i.test(column.type) ? { ...column, type: 'text' } : column,
      ),
      rows: hidden.length === 0 ? table.rows : table.rows.map((row) => row.map((cell, i) => masked(cell, own[i], options.salt))),
      because: [...table.because, ...(hidden.length === 0 ? [] : [`Masked: ${hidden.join(', ')}.`])].map((text) => ({ text })),
    };
  });
}

async function takeTable(
  session: RemoteSession,
  node: SourceNode,
  joins: readonly SampleJoin[],
  taken: ReadonlyMap<NodeId, Taken>,
  rows: number,
): Promise<Taken> {
  const name = written({ schema: node.schema, name: node.identifier });
  const columns = session.standing.find(node)?.columns ?? [];
  // The same rows each time, and no stretch of them: by a hash of the first column.
  const [first] = columns;
  const order = first === undefined ? '' : ` order by md5(cast(${quote(first.name)} as varchar)), 1`;
  for (const join of joins.filter(({ child, parent }) => child === node.id && taken.has(parent))) {
    const keys = valuesOf(taken.get(join.parent), join.parentColumn).slice(0, keysAtOnce);
    if (keys.length === 0) continue;
    const condition = `cast(${quote(join.childColumn)} as varchar) in (${keys.map(toLiteral).join(', ')})`;
    const most = rows * mostChildren;
    const found = await session.warehouse.query(`select * from ${name} where ${condition}${order} limit ${most}`, {
      rows: most,
      counted: 0,
    });
    if (found.rows.length === 0) continue;
    const cut = found.rows.length === most ? `, cut at ${most}` : '';
    const parent = session.snapshot.nodes.get(join.parent)?.name ?? join.parent;
    const because = [`${found.rows.length} rows of the sampled '${parent}', by ${join.childColumn} (${join.because})${cut}.`];
    return { columns: found.columns, rows: [...found.rows], because };
  }
  const found = await session.warehouse.query(`select * from ${name}${order} limit ${rows}`, { rows, counted: 0 });
  return { columns: found.columns, rows: [...found.rows], because: [`${found.rows.length} rows, spread over the table by a hash.`] };
}

/** Adds the parents that children name and that are not there; false once none is missing. */
async function addParents(session: RemoteSession, joins: readonly SampleJoin[], taken: ReadonlyMap<NodeId, Taken>): Promise<boolean> {
  let hasAdded = false;
  for (const { child, childColumn, parent, parentColumn } of joins) {
    const [below, above] = [taken.get(child), taken.get(parent)];
    const node = session.snapshot.nodes.get(parent);
    if (below === undefined || above === undefined || node?.kind !== 'source') continue;
    const known = new Set(valuesOf(above, parentColumn));
    const missing = valuesOf(below, childColumn).filter((value) => !known.has(value));
    let count = 0;
    for (let at = 0; at < missing.length; at += keysAtOnce) {
      const keys = missing
        .slice(at, at + keysAtOnce)
        .map(toLiteral)
        .join(', ');
      const sql = `select * from ${written({ schema: node.schema, name: node.identifier })} where cast(${quote(parentColumn)} as varchar) in (${keys})`;
      const found = await session.warehouse.query(sql, { rows: keysAtOnce * 2, counted: 0 });
      above.rows.push(...found.rows);
      count += found.rows.length;
    }
    if (count === 0) continue;
    hasAdded = true;
    above.because.push(`${count} rows more, which '${session.snapshot.nodes.get(child)?.name}' names by ${childColumn}.`);
  }
  return hasAdded;
}

/** The different values of a column, as text. */
function valuesOf(table: Taken | undefined, column: string): readonly string[] {
  const at = table?.columns.findIndex(({ name }) => name.toLowerCase() === column.toLowerCase()) ?? -1;
  if (table === undefined || at < 0) return [];
  return [...new Set(table.rows.flatMap((row) => (row[at] === null || row[at] === undefined ? [] : [String(row[at])])))];
}

/** Sources before those that name them; what hangs in a circle comes as it is listed. */
function parentsFirst(sources: readonly SourceNode[], joins: readonly SampleJoin[]): readonly SourceNode[] {
  const order: SourceNode[] = [];
  const visit = (node: SourceNode, open: ReadonlySet<NodeId>): void => {
    if (order.includes(node) || open.has(node.id)) return;
    const around = new Set([...open, node.id]);
    for (const { child, parent } of joins) {
      const above = child === node.id ? sources.find(({ id }) => id === parent) : undefined;
      if (above !== undefined) visit(above, around);
    }
    order.push(node);
  };
  for (const node of sources) visit(node, new Set());
  return order;
}
