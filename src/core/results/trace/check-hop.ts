import type { Inspected } from '../../engine/preview.ts';
import { tablesIn } from '../../engine/relation-names.ts';
import { toCell } from '../../engine/run-sql.ts';
import { quote, Stopped } from '../../engine/work.ts';
import type { NodeId } from '../../text/ids.ts';
import type { KnownTable } from '../../translate/table.ts';
import type { Wanted } from './flow.ts';
import { mostRows, RowSets } from './row-sets.ts';
import { keyOf } from './tables.ts';

/** Whether the rows that were found make the value again, and whether each of them is needed for it. */
export interface Verdict {
  readonly isEnough: boolean;
  /** The relations of which a row could be left out without a change. */
  readonly idle: ReadonlySet<NodeId>;
  /** Why it is not exact, or how it was checked. */
  readonly because: string;
}

/** So many rows are left out one by one. */
const mostLeftOut = 24;

/** Runs the model over nothing but the rows that were found, and again without each of them. */
export async function checkHop(
  inside: Inspected,
  whole: KnownTable,
  wanted: Wanted,
  inputs: ReadonlyMap<NodeId, Wanted>,
  kept: ReadonlySet<NodeId>,
  prefix: string,
): Promise<Verdict> {
  const { builder, query, place, work } = inside;
  const { engine } = builder;
  const sets = new RowSets(engine, `${prefix}:k`);
  const keeps = new Map<NodeId, string>();
  const name = `${prefix}:again`;
  try {
    const tables = new Map<string, KnownTable>();
    for (const parts of tablesIn(query)) {
      const id = builder.names.find(parts, work.reader);
      const table = id === undefined ? undefined : builder.table(parts, work);
      if (id === undefined || table === undefined || kept.has(id)) continue;
      const rows = inputs.get(id)?.rows ?? new Set<number>();
      const keep = keeps.get(id) ?? (await sets.table(rows));
      keeps.set(id, keep);
      const list = table.columns.map((column) => quote(column.name)).join(', ');
      tables.set(keyOf(parts), {
        ...table,
        physical: `(select ${list} from ${quote(table.physical)} where rowid in (select id from ${keep}))`,
      });
    }
    const again = async (): Promise<Map<string, number> | undefined> => {
      try {
        const made = await builder.create(name, query, place, { ...work, own: (parts) => tables.get(keyOf(parts)) });
        return await countRows(inside, made, wanted.columns);
      } catch (error) {
        if (error instanceof Stopped) return undefined;
        throw error;
      }
    };
    const expected = await countRows(inside, whole, wanted.columns, await sets.table(wanted.rows));
    const got = await again();
    if (got === undefined || !holds(got, expected))
      return {
        isEnough: false,
        idle: new Set(),
        because: 'These rows alone do not give the value again: others count as well, in a way that is not followed.',
      };
    const idle = new Map<NodeId, number>();
    const tried = leftOut(inputs, kept);
    for (const { id, row } of tried) {
      const keep = keeps.get(id);
      if (keep === undefined) continue;
      await engine.execute(`delete from ${keep} where id = ${row}`);
      const without = await again();
      await engine.execute(`insert into ${keep} values (${row})`);
      if (without !== undefined && holds(without, expected)) idle.set(id, (idle.get(id) ?? 0) + 1);
    }
    return { isEnough: true, idle: new Set(idle.keys()), because: toSentence(builder.snapshot.nodes, inputs, tried.length, idle) };
  } finally {
    await sets.drop();
    await engine.execute(`drop table if exists ${quote(name)}`);
  }
}

/** A row by its number in the engine's table. */
export interface InputRow {
  readonly id: NodeId;
  readonly row: number;
}

/** Rows to leave out: all of them where they are few, else some of each relation, evenly apart. */
export function leftOut(inputs: ReadonlyMap<NodeId, Wanted>, kept: ReadonlySet<NodeId>, limit = mostLeftOut): readonly InputRow[] {
  const most = Math.min(limit, mostLeftOut);
  const all = [...inputs].filter(([id]) => !kept.has(id));
  const total = all.reduce((sum, [, { rows }]) => sum + rows.size, 0);
  return all.flatMap(([id, { rows }]) => {
    const count = total <= most ? rows.size : Math.min(rows.size, Math.max(2, Math.floor((most * rows.size) / total)));
    const list = [...rows];
    return Array.from({ length: count }, (_, i) => ({ id, row: list[Math.floor((i * list.length) / count)] as number }));
  });
}

function toSentence(
  nodes: ReadonlyMap<NodeId, { readonly name: string }>,
  inputs: ReadonlyMap<NodeId, Wanted>,
  tried: number,
  idle: ReadonlyMap<NodeId, number>,
): string {
  if (idle.size > 0) {
    const parts = [...idle].map(([id, count]) => `${count === 1 ? 'a row' : `any one of ${count} rows`} of ${nodes.get(id)?.name ?? id}`);
    return `These rows alone give the value again, but ${parts.join(', and ')} could be left out without changing it.`;
  }
  const total = [...inputs.values()].reduce((sum, { rows }) => sum + rows.size, 0);
  if (total === 0) return 'No row of another relation is needed for the value.';
  return `Checked: these rows alone give the value again, and it changes when ${tried < total ? `any of the ${tried} of them that were tried` : total === 1 ? 'it' : 'any of them'} is left out.`;
}

/** How often each combination of values occurs. */
export async function countRows(
  { builder }: Inspected,
  table: KnownTable,
  columns: ReadonlySet<string>,
  ids?: string,
): Promise<Map<string, number>> {
  const own = table.columns.filter((column) => columns.has(column.name.toLowerCase()));
  const list = own.map((column) => quote(column.name)).join(', ') || '1';
  const where = ids === undefined ? '' : ` where rowid in (select id from ${ids})`;
  const { rows } = await builder.engine.query(`select ${list} from ${quote(table.physical)}${where}`, { offset: 0, limit: mostRows });
  const counts = new Map<string, number>();
  for (const row of rows) {
    const values = own.map(({ type }, i) => {
      const value = toCell(row[i] ?? null, type);
      return typeof value === 'number' ? Number(value.toPrecision(12)) : String(value);
    });
    const key = JSON.stringify(values);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Whether all that is expected is among what was got. */
export function holds(got: ReadonlyMap<string, number>, expected: ReadonlyMap<string, number>): boolean {
  return [...expected].every(([key, count]) => (got.get(key) ?? 0) >= count);
}
