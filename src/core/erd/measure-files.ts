import { readCsv } from '../project/csv.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { End } from './erd.ts';
import type { Measure } from './measure.ts';

/** Files beyond this size are not counted without being asked to: reading them takes seconds. */
const mostBytes = 40_000_000;

/**
 * Counts over the rows that lie beside a project: seeds, and sources whose rows were found in a CSV file. Values are compared as
 * written; an empty field is null. Models have no values here: they are measured where they can be run.
 */
export function measureFiles(snapshot: Snapshot): Measure {
  const tables = new Map<string, ReadonlyMap<string, readonly (string | null)[]> | undefined>();

  const read = (entity: string): ReadonlyMap<string, readonly (string | null)[]> | undefined => {
    if (!tables.has(entity)) tables.set(entity, readTable(snapshot, entity));
    return tables.get(entity);
  };
  /** One text per row that has a value in each column, and how many rows there are. */
  const toKeys = (end: End): { readonly keys: readonly string[]; readonly rows: number } | undefined => {
    const table = read(end.entity);
    const columns = end.columns.map((column) => table?.get(column.toLowerCase()));
    if (columns.length === 0) return undefined;
    const present = columns.filter((column) => column !== undefined);
    if (present.length < columns.length) return undefined;
    const rows = present[0]?.length ?? 0;
    const keys: string[] = [];
    for (let row = 0; row < rows; row++) {
      const values = present.map((column) => column[row] ?? null);
      if (!values.includes(null)) keys.push(values.join('\u0000'));
    }
    return { keys, rows };
  };
  return {
    async countKey(end) {
      const found = toKeys(end);
      return found && { rows: found.rows, nulls: found.rows - found.keys.length, distinct: new Set(found.keys).size };
    },
    async countRelation(from, to) {
      const [a, b] = [toKeys(from), toKeys(to)];
      if (a === undefined || b === undefined) return undefined;
      const there = new Set(b.keys);
      const matched = a.keys.filter((key) => there.has(key));
      return { rows: a.keys.length, matched: matched.length, keys: new Set(matched).size };
    },
  };
}

function readTable(snapshot: Snapshot, entity: string): ReadonlyMap<string, readonly (string | null)[]> | undefined {
  const node = [...snapshot.nodes.values()].find((at) => at.id === entity);
  if (node === undefined || !isRelation(node)) return undefined;
  const path = node.kind === 'seed' ? node.path : node.kind === 'source' && node.data?.table === undefined ? node.data?.path : undefined;
  const file = path === undefined ? undefined : snapshot.sources.find(path);
  if (file === undefined || file.size > mostBytes || !file.path.toLowerCase().endsWith('.csv')) return undefined;
  const csv = readCsv(file.bytes, { path: file.path, ...(node.kind === 'seed' ? { delimiter: node.delimiter } : {}) });
  const columns = csv.header.map((): (string | null)[] => []);
  for (const row of csv.rows()) columns.forEach((column, i) => void column.push(row[i] ?? null));
  return new Map(csv.header.map((name, i) => [name.toLowerCase(), columns[i] ?? []]));
}
