import type { Cell } from '../engine/engine.ts';
import type { PreviewSession } from '../engine/preview.ts';
import { knownKeys } from '../keys/grain-answer.ts';
import { grainOf } from '../keys/project-grain.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';

/** How the rows of a relation differ between two states. */
export interface RowDifference {
  readonly id: NodeId;
  /** The columns by which rows were found again; all of them where no key is known. */
  readonly key: readonly string[];
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly same: number;
  readonly columns: readonly { readonly name: string; readonly changed: number }[];
  readonly examples: readonly RowExample[];
}

/** A row that is only in one state, or that is another now. */
export interface RowExample {
  readonly change: 'added' | 'removed' | 'changed';
  readonly before?: Readonly<Record<string, Cell>>;
  readonly after?: Readonly<Record<string, Cell>>;
}

/** Why rows could not be compared. */
export interface UncomparedRows {
  readonly id: NodeId;
  readonly problem: string;
}

const mostRows = 200_000;
const mostExamples = 5;
/** Doubles that were added up in another order differ in their last digits. */
const tolerance = 1e-9;

interface Table {
  readonly names: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Compares the rows that a relation has in two states, by its key. */
export async function compareRows(
  id: NodeId,
  before: PreviewSession,
  now: PreviewSession,
  snapshot: Snapshot,
): Promise<RowDifference | UncomparedRows> {
  const [old, made] = [await read(before, id), await read(now, id)];
  if (typeof old === 'string') return { id, problem: `Before: ${old}` };
  if (typeof made === 'string') return { id, problem: made };
  return compareTables(
    id,
    old,
    made,
    knownKeys(grainOf(snapshot), id).map((key) => key.columns),
  );
}

async function read(session: PreviewSession, id: NodeId): Promise<Table | string> {
  const answer = await session.preview({ kind: 'node', node: id });
  if (answer.kind === 'failed') return answer.problems[0]?.message ?? 'It cannot be previewed.';
  const { result } = answer;
  try {
    if (result.rowCount > mostRows) return `It has more than ${mostRows.toLocaleString('en')} rows, which are not compared.`;
    return { names: result.columns.map(({ name }) => name.toLowerCase()), rows: await result.page(0, mostRows) };
  } finally {
    await result.drop();
  }
}

/** Compares two tables by the first of some keys that tells the rows of both apart. */
export function compareTables(id: NodeId, before: Table, after: Table, keys: readonly (readonly string[])[]): RowDifference {
  const shared = after.names.filter((name) => before.names.includes(name));
  const key = keys.find(
    (one) => one.length > 0 && one.every((name) => shared.includes(name)) && isUnique(before, one) && isUnique(after, one),
  );
  const by = key ?? shared;
  const [places, others] = [placesOf(before, shared), placesOf(after, shared)];
  const [oldKey, newKey] = [placesOf(before, by), placesOf(after, by)];
  const old = new Map<string, (readonly Cell[])[]>();
  for (const row of before.rows) push(old, keyOf(row, oldKey), row);
  let [added, changed, same] = [0, 0, 0];
  const counts = new Map<string, number>();
  const examples: RowExample[] = [];
  const show = (change: RowExample['change'], left: readonly Cell[] | undefined, right: readonly Cell[] | undefined): void => {
    if (examples.filter((one) => one.change === change).length >= mostExamples) return;
    examples.push({
      change,
      ...(left === undefined ? {} : { before: toRecord(before.names, left) }),
      ...(right === undefined ? {} : { after: toRecord(after.names, right) }),
    });
  };
  for (const row of after.rows) {
    const match = old.get(keyOf(row, newKey))?.pop();
    if (match === undefined) {
      added++;
      show('added', undefined, row);
      continue;
    }
    const differing = shared.filter((_, at) => !isSame(match[places[at] ?? 0] ?? null, row[others[at] ?? 0] ?? null));
    if (differing.length === 0) same++;
    else {
      changed++;
      for (const name of differing) counts.set(name, (counts.get(name) ?? 0) + 1);
      show('changed', match, row);
    }
  }
  let removed = 0;
  for (const rows of old.values())
    for (const row of rows) {
      removed++;
      show('removed', row, undefined);
    }
  const columns = shared.flatMap((name) => (counts.has(name) ? [{ name, changed: counts.get(name) ?? 0 }] : []));
  return { id, key: [...by], added, removed, changed, same, columns, examples };
}

function push(map: Map<string, (readonly Cell[])[]>, key: string, row: readonly Cell[]): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [row]);
  else list.push(row);
}

function placesOf({ names }: Table, wanted: readonly string[]): readonly number[] {
  return wanted.map((name) => names.indexOf(name));
}

function isUnique(table: Table, key: readonly string[]): boolean {
  const places = placesOf(table, key);
  return new Set(table.rows.map((row) => keyOf(row, places))).size === table.rows.length;
}

function keyOf(row: readonly Cell[], places: readonly number[]): string {
  return JSON.stringify(places.map((at) => toComparable(row[at] ?? null)));
}

/** A value by which rows are found: doubles to the digits that are told apart. */
function toComparable(value: Cell): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && !Number.isInteger(value)) return Number(value.toPrecision(9));
  if (typeof value === 'number') return String(value);
  return value instanceof Uint8Array ? [...value] : value;
}

function isSame(a: Cell, b: Cell): boolean {
  if (a === b) return true;
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
  return a !== null && b !== null && String(toComparable(a)) === String(toComparable(b));
}

function toRecord(names: readonly string[], row: readonly Cell[]): Readonly<Record<string, Cell>> {
  return Object.fromEntries(names.map((name, at) => [name, row[at] ?? null]));
}
