import { isKey } from './build.ts';
import { findOwnKey } from './candidates.ts';
import type { Because, Cardinality, End, Entity, Erd, Key, Relationship } from './erd.ts';

/** Counts over the values of one entity's columns. */
export interface KeyCounts {
  readonly rows: number;
  /** Rows in which some of the columns is null. */
  readonly nulls: number;
  readonly distinct: number;
}

/** Counts over the values of a relation. */
export interface RelationCounts {
  /** Rows of the referring side with a value, and those among them that find a partner. */
  readonly rows: number;
  readonly matched: number;
  /** Distinct values of the referring side that find a partner. */
  readonly keys: number;
}

/** The part of an AbortSignal that the core asks: it throws once the question is no longer wanted. */
export interface Cancelled {
  throwIfAborted(): void;
}

/** Where values can be counted; undefined when the values of an entity are not at hand. */
export interface Measure {
  countKey(end: End, signal?: Cancelled): Promise<KeyCounts | undefined>;
  countRelation(from: End, to: End, signal?: Cancelled): Promise<RelationCounts | undefined>;
  /** Why the values of an end cannot be counted, in words that follow "not counted:"; undefined where they can be. */
  whyNot?(end: End): Promise<string | undefined>;
}

/** Share of matching rows above which a relation that names suggest counts as confirmed. */
const confirmedMatch = 0.95;

/** A handful of rows is unique by chance: what nothing declares is believed from this many on. */
const fewRows = 10;

/** The same diagram with its keys and relations held against the values: keys may break, candidates are confirmed or dropped. */
export async function measureErd(erd: Erd, measure: Measure, signal?: Cancelled): Promise<Erd> {
  const entities: Entity[] = [];
  for (const entity of erd.entities) {
    const keys: Key[] = [];
    for (const key of entity.keys) {
      signal?.throwIfAborted();
      const counts = await measure.countKey({ entity: entity.id, columns: key.columns }, signal);
      keys.push(
        counts === undefined || counts.rows === 0 ? await toUncountedKey(entity.id, key, counts, measure) : toMeasuredKey(key, counts),
      );
    }
    const found = keys.length === 0 ? await measureOwnKey(entity, measure, signal) : undefined;
    entities.push({ ...entity, keys: found === undefined ? keys : [found] });
  }
  const byId = new Map(entities.map((entity) => [entity.id, entity]));
  const relationships: Relationship[] = [];
  for (const relation of erd.relationships) {
    const { otherwise = [], ...first } = relation;
    for (const tried of [first, ...otherwise]) {
      signal?.throwIfAborted();
      const measured = await measureRelationship(byId, tried, measure, signal);
      if (measured === undefined) continue;
      relationships.push(measured);
      break;
    }
  }
  return { entities, relationships };
}

async function toUncountedKey(entity: string, key: Key, counts: KeyCounts | undefined, measure: Measure): Promise<Key> {
  const why = counts === undefined ? await measure.whyNot?.({ entity, columns: key.columns }) : 'the preview gives no rows';
  return why === undefined ? key : { ...key, because: [...key.because, { kind: 'unmeasured', text: `not counted: ${why}` }] };
}

/** The key that an entity's own name suggests, where its rows bear it out. */
async function measureOwnKey(entity: Entity, measure: Measure, signal: Cancelled | undefined): Promise<Key | undefined> {
  const column = findOwnKey(entity);
  if (column === undefined) return undefined;
  const counts = await measure.countKey({ entity: entity.id, columns: [column] }, signal);
  if (counts === undefined || counts.rows < fewRows || counts.nulls > 0 || counts.distinct < counts.rows) return undefined;
  const because: Because = { kind: 'name', text: `${column} is named like the key of ${entity.name}`, path: entity.path };
  return toMeasuredKey({ columns: [column], kind: 'primary', because: [because] }, counts);
}

async function measureRelationship(
  entities: ReadonlyMap<string, Entity>,
  relation: Relationship,
  measure: Measure,
  signal: Cancelled | undefined,
): Promise<Relationship | undefined> {
  const counts = await measure.countRelation(relation.from, relation.to, signal);
  const fromCounts = await measure.countKey(relation.from, signal);
  const toCounts = await measure.countKey(relation.to, signal);
  if (counts === undefined || fromCounts === undefined || toCounts === undefined) {
    const why = (await measure.whyNot?.(relation.from)) ?? (await measure.whyNot?.(relation.to));
    return why === undefined
      ? relation
      : { ...relation, because: [...relation.because, { kind: 'unmeasured', text: `not counted: ${why}` }] };
  }
  if (counts.rows === 0 || toCounts.rows === 0) {
    const text = `not counted: the preview gives ${counts.rows === 0 ? 'no row with a value' : 'no rows to refer to'}`;
    return { ...relation, because: [...relation.because, { kind: 'unmeasured', text }] };
  }
  const match = counts.matched / counts.rows;
  const unique = toCounts.distinct === toCounts.rows - toCounts.nulls;
  if (relation.status === 'candidate' && (match < confirmedMatch || !unique)) return undefined;
  const fromUnique =
    isKey(entities.get(relation.from.entity), relation.from.columns) || fromCounts.distinct === fromCounts.rows - fromCounts.nulls;
  const one = isKey(entities.get(relation.from.entity), relation.from.columns) || (fromUnique && counts.rows >= fewRows);
  const cardinality: Cardinality = one ? (unique ? 'one-to-one' : 'one-to-many') : unique ? 'many-to-one' : 'many-to-many';
  const orphans = counts.rows - counts.matched;
  const fanout = counts.keys === 0 ? 0 : Math.round((counts.matched / counts.keys) * 100) / 100;
  const because: Because = {
    kind: 'measured',
    text: `${counts.matched} of ${counts.rows} rows find their partner (${toPercent(match)}), ${orphans} ${orphans === 1 ? 'orphan' : 'orphans'}, ${fanout} rows per key; the target is ${unique ? 'unique' : 'not unique'}`,
  };
  return {
    ...relation,
    cardinality,
    optional: fromCounts.nulls > 0 || orphans > 0,
    status: relation.status === 'candidate' ? 'confirmed' : relation.status,
    measured: { match: Math.round(match * 10000) / 10000, orphans, fanout },
    because: [...relation.because, because],
  };
}

function toMeasuredKey(key: Key, counts: KeyCounts): Key {
  const doubled = counts.rows - counts.nulls - counts.distinct;
  const broken = doubled > 0 || (key.kind === 'primary' && counts.nulls > 0);
  const text = `${counts.distinct} distinct values in ${counts.rows} rows, ${counts.nulls} null${broken ? ': not a key' : ''}`;
  return { ...key, because: [...key.because, { kind: 'measured', text }], ...(broken ? { broken } : {}) };
}

function toPercent(share: number): string {
  // 99.96 % is not all of them.
  return share === 1 ? '100 %' : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

/** A relation whose rows can be counted. */
export interface MeasuredTable {
  /** Its name as SQL writes it. */
  readonly name: string;
  readonly columns: readonly string[];
}

/**
 * Counts by SQL that every engine understands: `run` answers the first row, `tableOf` where an entity's rows stand, or in a sentence why
 * they cannot be counted.
 */
export function measureBySql(
  run: (sql: string, signal?: Cancelled) => Promise<readonly unknown[]>,
  tableOf: (entity: string) => Promise<MeasuredTable | string> | MeasuredTable | string,
): Measure {
  const quote = (name: string): string => `"${name.replace(/"/g, '""')}"`;
  const present = (columns: readonly string[], alias = ''): string =>
    columns.map((column) => `${alias}${quote(column)} is not null`).join(' and ');
  /** A column that the table does not have is never asked for: SQLite would take its name for a text. */
  const find = async (end: End): Promise<MeasuredTable | string> => {
    const table = await tableOf(end.entity);
    if (typeof table === 'string') return table;
    const gone = end.columns.find((column) => !table.columns.some((name) => name.toLowerCase() === column.toLowerCase()));
    return gone === undefined ? table : `its rows have no column '${gone}'`;
  };
  return {
    async countKey(end, signal) {
      const table = await find(end);
      if (typeof table === 'string') return undefined;
      const columns = end.columns.map(quote).join(', ');
      const row = await run(
        `select (select count(*) from ${table.name}), (select count(*) from ${table.name} where not (${present(end.columns)})), ` +
          `(select count(*) from (select distinct ${columns} from ${table.name} where ${present(end.columns)}) as d)`,
        signal,
      );
      return { rows: Number(row[0]), nulls: Number(row[1]), distinct: Number(row[2]) };
    },
    async countRelation(from, to, signal) {
      const [a, b] = [await find(from), await find(to)];
      if (typeof a === 'string' || typeof b === 'string') return undefined;
      const values = from.columns.map((column) => `a.${quote(column)}`).join(', ');
      const targets = from.columns.map((column, i) => quote(to.columns[i] ?? column)).join(', ');
      // Not a correlated subquery, which engines without an index answer by looking through the target for every row.
      const found = `${from.columns.length === 1 ? values : `(${values})`} in (select ${targets} from ${b.name})`;
      const row = await run(
        `select (select count(*) from ${a.name} as a where ${present(from.columns, 'a.')}), ` +
          `(select count(*) from ${a.name} as a where ${present(from.columns, 'a.')} and ${found}), ` +
          `(select count(*) from (select distinct ${values} from ${a.name} as a where ${present(from.columns, 'a.')} and ${found}) as d)`,
        signal,
      );
      return { rows: Number(row[0]), matched: Number(row[1]), keys: Number(row[2]) };
    },
    async whyNot(end) {
      const table = await find(end);
      return typeof table === 'string' ? table : undefined;
    },
  };
}
