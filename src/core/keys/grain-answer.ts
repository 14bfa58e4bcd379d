import type { Measure } from '../erd/measure.ts';
import { isRelation } from '../project/node.ts';
import type { NodeId } from '../text/ids.ts';
import type { ProjectGrain } from './project-grain.ts';
import { distinctKeys, type Proof, type RowKey } from './row-key.ts';

/** The columns that tell the rows of a relation or CTE apart, with how that is known. */
export interface Grain {
  readonly node: NodeId;
  readonly cte?: string;
  /** The keys to believe: proved ones, declared ones that no count contradicts, and those that were found by counting. */
  readonly keys: readonly (readonly string[])[];
  readonly proved: readonly (readonly string[])[];
  readonly measured?: { readonly keys: readonly (readonly string[])[]; readonly rows: number };
  readonly declared: readonly (readonly string[])[];
  /** Keys that the rows contradict. */
  readonly broken?: readonly (readonly string[])[];
  readonly because: readonly Proof[];
}

/** The keys of a relation that are proved or declared, the ones that say most first, without a look at its rows. */
export function knownKeys(grain: ProjectGrain, id: NodeId): readonly RowKey[] {
  const node = grain.snapshot.nodes.get(id);
  if (node === undefined || !isRelation(node)) return [];
  return distinctKeys([...grain.provedOf(id), ...(grain.declarations.keys.get(id) ?? [])]);
}

/** The grain of a relation, and of every CTE of its text. */
export async function grainsOf(grain: ProjectGrain, id: NodeId, measure?: Measure): Promise<readonly Grain[]> {
  const node = grain.snapshot.nodes.get(id);
  if (node === undefined || !(isRelation(node) || node.kind === 'analysis')) return [];
  const declared = grain.declarations.keys.get(id) ?? [];
  const text = node.kind === 'seed' || node.kind === 'source' ? undefined : grain.read(id);
  const proved = isRelation(node) ? grain.provedOf(id) : (text?.text.facts.keys ?? []);
  const known = distinctKeys([...proved, ...declared]);
  const columns = (grain.snapshot.columns.get(id) ?? []).map((column) => column.name);
  const counted = measure === undefined || !isRelation(node) ? undefined : await count(id, known, columns, measure);
  const isBroken = (key: RowKey): boolean => counted?.broken.some((one) => isSame(one, key.columns)) === true;
  const own: Grain = {
    node: id,
    keys: unique([...known.filter((key) => !isBroken(key)).map(({ columns: key }) => key), ...(counted?.found ?? [])]),
    proved: proved.map((key) => key.columns),
    ...(counted === undefined ? {} : { measured: { keys: counted.keys, rows: counted.rows } }),
    declared: declared.map((key) => key.columns),
    ...(counted === undefined || counted.broken.length === 0 ? {} : { broken: counted.broken }),
    because: [...known.flatMap(because), ...(counted?.because ?? [])],
  };
  const ctes = [...(text?.text.ctes ?? [])].map(
    ([cte, { keys }]): Grain => ({
      node: id,
      cte: cte.name.text,
      keys: keys.map((key) => key.columns),
      proved: keys.map((key) => key.columns),
      declared: [],
      because: keys.flatMap(because),
    }),
  );
  return [own, ...ctes];
}

/** Why a key is one: what it rests on, step by step, under its own columns. */
function because(key: RowKey): readonly Proof[] {
  const name = key.columns.length === 0 ? 'one row' : key.columns.join(', ');
  return key.because.map((proof) => (proof.text.startsWith(`${name}:`) ? proof : { ...proof, text: `${name}: ${proof.text}` }));
}

interface Counted {
  readonly rows: number;
  readonly keys: readonly (readonly string[])[];
  readonly found: readonly (readonly string[])[];
  readonly broken: readonly (readonly string[])[];
  readonly because: readonly Proof[];
}

/** A handful of rows is told apart by nearly every column: keys that nothing declares are looked for from this many on. */
const fewRows = 10;
/** How many columns are tried alone. */
const columnsTried = 60;

async function count(entity: string, known: readonly RowKey[], columns: readonly string[], measure: Measure): Promise<Counted | undefined> {
  const keys: (readonly string[])[] = [];
  const broken: (readonly string[])[] = [];
  const found: (readonly string[])[] = [];
  const because: Proof[] = [];
  let rows: number | undefined;
  for (const key of known) {
    if (key.columns.length === 0) continue;
    const counts = await measure.countKey({ entity, columns: key.columns });
    if (counts === undefined) continue;
    rows = counts.rows;
    const isKept = counts.distinct === counts.rows - counts.nulls;
    (isKept ? keys : broken).push(key.columns);
    const nulls = counts.nulls === 0 ? '' : `, ${counts.nulls} with NULL`;
    because.push({
      text: `${key.columns.join(', ')}: ${counts.distinct} distinct values in ${counts.rows} rows${nulls}${isKept ? '' : ': not a key'}`,
    });
  }
  if (keys.length > 0) return { rows: rows ?? 0, keys, found, broken, because };
  for (const column of columns.slice(0, columnsTried)) {
    const counts = await measure.countKey({ entity, columns: [column] });
    if (counts === undefined) continue;
    rows = counts.rows;
    if (counts.rows < fewRows) break;
    if (counts.nulls > 0 || counts.distinct < counts.rows || !/(^|_)(id|key|code|uuid|sk|pk|number|no|hash)$/i.test(column)) continue;
    found.push([column.toLowerCase()]);
    because.push({ text: `${column.toLowerCase()}: ${counts.distinct} distinct values in ${counts.rows} rows` });
  }
  return rows === undefined ? undefined : { rows, keys: [...keys, ...found], found, broken, because };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((column) => b.includes(column));
}

function unique(keys: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const seen = new Set<string>();
  return keys.filter((key) => {
    const text = [...key].sort().join('\n');
    return !seen.has(text) && seen.add(text);
  });
}
