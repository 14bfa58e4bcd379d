import { isKey } from './build.ts';
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
}

/** Share of matching rows above which a relation that names suggest counts as confirmed. */
const confirmedMatch = 0.95;

/** The same diagram with its keys and relations held against the values: keys may break, candidates are confirmed or dropped. */
export async function measureErd(erd: Erd, measure: Measure, signal?: Cancelled): Promise<Erd> {
  const entities: Entity[] = [];
  for (const entity of erd.entities) {
    const keys: Key[] = [];
    for (const key of entity.keys) {
      signal?.throwIfAborted();
      const counts = await measure.countKey({ entity: entity.id, columns: key.columns }, signal);
      keys.push(counts === undefined || counts.rows === 0 ? key : toMeasuredKey(key, counts));
    }
    entities.push({ ...entity, keys });
  }
  const byId = new Map(entities.map((entity) => [entity.id, entity]));
  const relationships: Relationship[] = [];
  for (const relation of erd.relationships) {
    signal?.throwIfAborted();
    const measured = await measureRelationship(byId, relation, measure, signal);
    if (measured !== undefined) relationships.push(measured);
  }
  return { entities, relationships };
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
  if (counts === undefined || fromCounts === undefined || toCounts === undefined || counts.rows === 0) return relation;
  const match = counts.matched / counts.rows;
  const unique = toCounts.distinct === toCounts.rows - toCounts.nulls;
  if (relation.status === 'candidate' && (match < confirmedMatch || !unique)) return undefined;
  const fromUnique =
    isKey(entities.get(relation.from.entity), relation.from.columns) || fromCounts.distinct === fromCounts.rows - fromCounts.nulls;
  // A handful of rows is unique by chance: without a declared key, one-to-one is believed from ten rows on.
  const one = isKey(entities.get(relation.from.entity), relation.from.columns) || (fromUnique && counts.rows >= 10);
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

/** Counts by SQL that every engine understands: `run` answers the first row, `tableOf` the name an entity's rows stand under. */
export function measureBySql(
  run: (sql: string, signal?: Cancelled) => Promise<readonly unknown[]>,
  tableOf: (entity: string) => string | undefined,
): Measure {
  const quote = (name: string): string => `"${name.replace(/"/g, '""')}"`;
  const present = (columns: readonly string[], alias = ''): string =>
    columns.map((column) => `${alias}${quote(column)} is not null`).join(' and ');
  return {
    async countKey(end, signal) {
      const table = tableOf(end.entity);
      if (table === undefined) return undefined;
      const columns = end.columns.map(quote).join(', ');
      const row = await run(
        `select (select count(*) from ${table}), (select count(*) from ${table} where not (${present(end.columns)})), ` +
          `(select count(*) from (select distinct ${columns} from ${table} where ${present(end.columns)}) as d)`,
        signal,
      );
      return { rows: Number(row[0]), nulls: Number(row[1]), distinct: Number(row[2]) };
    },
    async countRelation(from, to, signal) {
      const [a, b] = [tableOf(from.entity), tableOf(to.entity)];
      if (a === undefined || b === undefined) return undefined;
      const match = from.columns.map((column, i) => `b.${quote(to.columns[i] ?? column)} = a.${quote(column)}`).join(' and ');
      const found = `exists (select 1 from ${b} as b where ${match})`;
      const columns = from.columns.map((column) => `a.${quote(column)}`).join(', ');
      const row = await run(
        `select (select count(*) from ${a} as a where ${present(from.columns, 'a.')}), ` +
          `(select count(*) from ${a} as a where ${present(from.columns, 'a.')} and ${found}), ` +
          `(select count(*) from (select distinct ${columns} from ${a} as a where ${present(from.columns, 'a.')} and ${found}) as d)`,
        signal,
      );
      return { rows: Number(row[0]), matched: Number(row[1]), keys: Number(row[2]) };
    },
  };
}
