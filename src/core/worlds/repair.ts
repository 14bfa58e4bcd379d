import type { CheckResult } from '../checks/result.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { keyOfColumn, type ValueKind } from './demand.ts';
import type { MadeTable } from './make-rows.ts';

/** What was learnt of a column by running the project over its rows. */
export interface Override {
  readonly kind?: ValueKind;
  /** Set where a text is compared with it, whatever a cast elsewhere wants. */
  readonly isSettled?: true;
  /** What texts of moments are written in. */
  readonly format?: string;
  readonly isNotNull?: true;
  readonly isUnique?: true;
  /** Of a whole table, under the column `*`: every row meets the conditions, since others refer to it. */
  readonly isStrict?: true;
  /** The kinds of what is read out of a document, by path. */
  readonly paths?: Readonly<Record<string, ValueKind>>;
}

/** A model that could not be built over a world, with what the engine said. */
export interface Failure {
  readonly id: NodeId;
  readonly message: string;
}

const kinds: Readonly<Record<string, ValueKind>> = {
  json: 'json',
  number: 'number',
  integer: 'integer',
  date: 'date',
  timestamp: 'timestamp',
  time: 'time',
  boolean: 'boolean',
};

/** What to make otherwise next time: values that a cast refused, and columns that a test wants to be full or unique. */
export function repairsFor(
  snapshot: Snapshot,
  tables: readonly MadeTable[],
  failures: readonly Failure[],
  tests: readonly CheckResult[],
): ReadonlyMap<string, Override> {
  const found = new Map<string, Override>();
  const add = (node: NodeId, column: string, override: Override): void => {
    const key = keyOfColumn({ node, column });
    found.set(key, { ...found.get(key), ...override });
  };
  for (const { id, message } of failures) {
    const unread = /'([^']*)' does not match the format '([^']*)'/.exec(message);
    if (unread !== null) {
      const [, value = '', format = ''] = unread;
      const above = new Set(snapshot.graph.ancestors(id));
      for (const { plan, rows } of tables)
        for (const [index, column] of plan.columns.entries())
          if (above.has(plan.node) && rows.some((row) => row[index] === value))
            add(plan.node, column.name.toLowerCase(), { kind: 'text', format });
    }
    const match = /'([^']*)' is not (?:an? )?(?:valid )?(JSON|number|integer|date|timestamp|time|boolean)/i.exec(message);
    if (match === null) continue;
    const [, value = '', wanted = ''] = match;
    const kind = kinds[wanted.toLowerCase()];
    const above = new Set([id, ...snapshot.graph.ancestors(id)]);
    for (const { plan, rows } of tables) {
      if (!above.has(plan.node)) continue;
      for (const [index, column] of plan.columns.entries()) {
        const name = column.name.toLowerCase();
        // A whole document is no value of another kind, whatever reads it.
        if (kind === undefined || /^[[{]/.test(value)) continue;
        // A literal of the SQL that a number is compared with: the column is a text.
        const isCompared = (column.kind === 'integer' || column.kind === 'number') && column.values.includes(value);
        if (isCompared) add(plan.node, name, { kind: 'text', isSettled: true });
        const [date, time] = value.split(' ');
        if (kind === 'timestamp' && time !== undefined && column.kind === 'text') {
          // A date and a time that are put together are two columns.
          if (rows.some((row) => row[index] === time)) add(plan.node, name, { kind: 'time' });
          else if (rows.some((row) => row[index] === date)) add(plan.node, name, { kind: 'date' });
        }
        if (column.kind !== kind && rows.some((row) => row[index] === value)) add(plan.node, name, { kind });
        else if (column.kind === 'json')
          for (const { steps, type } of column.paths)
            if (type !== kind && rows.some((row) => readsAs(row[index] ?? null, steps, value)))
              add(plan.node, name, {
                paths: { ...found.get(keyOfColumn({ node: plan.node, column: name }))?.paths, [steps.join('.')]: kind },
              });
      }
    }
  }
  const wanted = new Set(tables.map(({ plan }) => plan.node));
  for (const test of tests) {
    const node = snapshot.nodes.get(test.id);
    if (node?.kind !== 'test' || test.status !== 'fail') continue;
    const macro = node.generic?.macro.split('.').at(-1);
    const column = node.generic?.column;
    const field = node.generic?.arguments.field;
    if (macro === 'relationships' && typeof field === 'string')
      for (const parent of snapshot.graph.parents(test.id))
        if (parent !== node.attached) for (const at of sourcesOf(snapshot, parent, field, wanted)) add(at.node, '*', { isStrict: true });
    if (node.attached === undefined || column === undefined || (macro !== 'not_null' && macro !== 'unique')) continue;
    for (const at of sourcesOf(snapshot, node.attached, column, wanted))
      add(at.node, at.column, macro === 'not_null' ? { isNotNull: true } : { isUnique: true });
  }
  return found;
}

/** Whether a document has a value at a path. */
function readsAs(text: string | null, steps: readonly string[], value: string): boolean {
  if (text?.includes(value) !== true) return false;
  let at: unknown;
  try {
    at = JSON.parse(text);
  } catch {
    return false;
  }
  for (const step of steps) at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[step] : undefined;
  return String(at) === value;
}

/** The columns without rows that anything of a column is made from. */
function sourcesOf(
  snapshot: Snapshot,
  node: NodeId,
  column: string,
  wanted: ReadonlySet<NodeId>,
): readonly { readonly node: NodeId; readonly column: string }[] {
  const found: { node: NodeId; column: string }[] = [];
  const seen = new Set<string>();
  const open = [{ node, column: column.replace(/^["`[]|["`\]]$/g, '').toLowerCase() }];
  for (let at = open.pop(); at !== undefined && seen.size < 400; at = open.pop()) {
    const key = keyOfColumn(at);
    if (seen.has(key)) continue;
    seen.add(key);
    if (wanted.has(at.node)) found.push(at);
    for (const edge of snapshot.lineage.nodes.get(at.node)?.edges ?? [])
      if (edge.toColumn.toLowerCase() === at.column) open.push({ node: edge.from, column: edge.fromColumn.toLowerCase() });
  }
  return found;
}
