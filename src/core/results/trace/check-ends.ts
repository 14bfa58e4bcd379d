import type { Inspected } from '../../engine/preview.ts';
import { tablesIn } from '../../engine/relation-names.ts';
import { quote, Stopped } from '../../engine/work.ts';
import type { NodeId } from '../../text/ids.ts';
import type { KnownTable } from '../../translate/table.ts';
import { countRows, holds, leftOut } from './check-hop.ts';
import type { Wanted } from './flow.ts';
import { RowSets } from './row-sets.ts';
import { keyOf } from './tables.ts';

/** A model that a value comes through, and what of its inputs was followed. */
export interface Passage {
  readonly id: NodeId;
  readonly inside: Inspected;
  readonly inputs: ReadonlySet<NodeId>;
  /** Relations that are read as they stand. */
  readonly whole: ReadonlySet<NodeId>;
}

/** What running all models of the way together has shown of the rows at its ends. */
export interface EndVerdict {
  readonly isEnough: boolean;
  /** How many rows of an end were left out one by one, and how many of these without a change. */
  readonly tried: ReadonlyMap<NodeId, number>;
  readonly idle: ReadonlyMap<NodeId, number>;
}

/** So many tables may be made for it. */
const mostTables = 150;

/** Runs every model on the way of a value, from its ends to the value, over the rows of the ends alone, and again without each of them. */
export async function checkEnds(
  passages: readonly Passage[],
  ends: ReadonlyMap<NodeId, Wanted>,
  wanted: Wanted,
  prefix: string,
): Promise<EndVerdict | undefined> {
  const last = passages.at(-1);
  if (last === undefined || passages.length * 2 > mostTables) return undefined;
  // A snapshot is more than what its query gives.
  if (passages.some(({ id }) => last.inside.builder.snapshot.nodes.get(id)?.kind === 'snapshot')) return undefined;
  const { engine, snapshot } = last.inside.builder;
  const sets = new RowSets(engine, `${prefix}:k`);
  const keeps = new Map<NodeId, string>();
  const made = new Map<NodeId, KnownTable>();
  const nameOf = (id: NodeId): string => `${prefix}:${id}`;
  const run = async ({ id, inside, inputs, whole }: Passage): Promise<void> => {
    const { builder, query, place, work } = inside;
    const tables = new Map<string, KnownTable>();
    for (const parts of tablesIn(query)) {
      const input = builder.names.find(parts, work.reader);
      const table = input === undefined ? undefined : builder.table(parts, work);
      if (input === undefined || table === undefined || whole.has(input)) continue;
      const own = made.get(input);
      const list = table.columns.map((column) => quote(column.name)).join(', ');
      const keep = keeps.get(input);
      const where = keep === undefined || !inputs.has(input) ? '1 = 0' : `rowid in (select id from ${keep})`;
      tables.set(keyOf(parts), own ?? { ...table, physical: `(select ${list} from ${quote(table.physical)} where ${where})` });
    }
    const again = await builder.create(nameOf(id), query, place, { ...work, own: (parts) => tables.get(keyOf(parts)) });
    made.set(id, again);
  };
  const stillThere = async (which: readonly Passage[]): Promise<boolean> => {
    try {
      for (const passage of which) await run(passage);
      const table = made.get(last.id);
      return table !== undefined && holds(await countRows(last.inside, table, wanted.columns), expected);
    } catch (error) {
      if (error instanceof Stopped) return false;
      throw error;
    }
  };
  let expected: ReadonlyMap<string, number> = new Map();
  try {
    for (const [id, { rows }] of ends) keeps.set(id, await sets.table(rows));
    expected = await countRows(last.inside, last.inside.table, wanted.columns, await sets.table(wanted.rows));
    const [tried, idle] = [new Map<NodeId, number>(), new Map<NodeId, number>()];
    if (!(await stillThere(passages))) return { isEnough: false, tried, idle };
    for (const { id, row } of leftOut(ends, new Set(), Math.floor(mostTables / passages.length) - 1)) {
      const keep = keeps.get(id) ?? '';
      const after = passages.filter((passage) => snapshot.graph.ancestors(passage.id).has(id));
      await engine.execute(`delete from ${keep} where id = ${row}`);
      if (await stillThere(after)) idle.set(id, (idle.get(id) ?? 0) + 1);
      await engine.execute(`insert into ${keep} values (${row})`);
      for (const passage of after) await run(passage);
      tried.set(id, (tried.get(id) ?? 0) + 1);
    }
    return { isEnough: true, tried, idle };
  } finally {
    await sets.drop();
    for (const { id } of passages) await engine.execute(`drop table if exists ${quote(nameOf(id))}`);
  }
}
