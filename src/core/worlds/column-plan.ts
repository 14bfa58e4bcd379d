import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { type ColumnId, type Demands, keyOfColumn, type Origin, type ValueKind, type Wish } from './demand.ts';
import { kindOfType } from './demands-of-text.ts';
import type { Override } from './repair.ts';

/** A value that is read out of a document, and what it is cast to. */
export interface JsonPath {
  readonly steps: readonly string[];
  readonly type: ValueKind | undefined;
}

/** How the values of one column are made. */
export interface ColumnPlan {
  readonly name: string;
  readonly kind: ValueKind;
  /** Values that conditions name; when `isClosed`, no others are allowed. */
  readonly values: readonly string[];
  readonly isClosed: boolean;
  readonly isUnique: boolean;
  readonly isNotNull: boolean;
  readonly mayBeNull: boolean;
  readonly low?: number;
  readonly high?: number;
  readonly format?: string;
  readonly parts?: { readonly separator: string; readonly count: number };
  readonly paths: readonly JsonPath[];
  /** Whether paths are read of the column itself, and not of a text that is parsed. */
  readonly isDocument: boolean;
  /** The columns that are compared with this one share their values. */
  readonly pool?: string;
  readonly because: readonly Origin[];
}

/** How the rows of one relation are made. */
export interface TablePlan {
  readonly node: NodeId;
  readonly columns: readonly ColumnPlan[];
  readonly scenarios: readonly ReadonlyMap<string, string | null>[];
  readonly keys: readonly (readonly string[])[];
  /** Whether every row meets some conditions, and not every second. */
  readonly isStrict: boolean;
}

/** Decides for every column of the relations without rows what its values are. */
export function planTables(
  snapshot: Snapshot,
  ids: readonly NodeId[],
  demands: Demands,
  overrides: ReadonlyMap<string, Override> = new Map(),
): readonly TablePlan[] {
  const wishes = new Map<string, Wish[]>();
  for (const wish of demands.wishes) {
    const key = keyOfColumn(wish.at);
    const list = wishes.get(key);
    if (list === undefined) wishes.set(key, [wish]);
    else if (list.length < 400) list.push(wish);
  }
  const pools = poolsOf(demands);
  const singles = new Set(
    demands.keys.filter((key) => key.columns.length === 1).map((key) => keyOfColumn({ node: key.node, column: key.columns[0] ?? '' })),
  );
  return ids.map((node) => {
    const names = (snapshot.columns.get(node) ?? []).map((column) => column.name);
    const types = new Map((snapshot.columns.get(node) ?? []).map((column) => [column.name.toLowerCase(), column.type]));
    const columns = names.map((name) => {
      const at = { node, column: name.toLowerCase() };
      const key = keyOfColumn(at);
      return planColumn(name, at, wishes.get(key) ?? [], {
        pool: pools.get(key),
        isKey: singles.has(key),
        type: types.get(at.column) ?? '',
        override: overrides.get(key),
      });
    });
    const known = new Set(columns.map((column) => column.name.toLowerCase()));
    return {
      node,
      columns,
      scenarios: demands.scenarios
        .filter((one) => one.node === node && one.values.size > 0)
        .map((one) => new Map([...one.values].filter(([column]) => known.has(column))))
        .slice(0, 40),
      keys: demands.keys.filter((key) => key.node === node).map((key) => key.columns),
      isStrict: overrides.get(keyOfColumn({ node, column: '*' }))?.isStrict === true,
    };
  });
}

function planColumn(
  name: string,
  at: ColumnId,
  wishes: readonly Wish[],
  {
    pool,
    isKey,
    type,
    override,
  }: { readonly pool: string | undefined; readonly isKey: boolean; readonly type: string; readonly override: Override | undefined },
): ColumnPlan {
  const values = new Set<string>();
  const only = new Set<string>();
  let isNotNull = override?.isNotNull === true;
  let mayBeNull = false;
  let isUnique = isKey || override?.isUnique === true;
  let low: number | undefined;
  let high: number | undefined;
  let format = override?.format;
  let parts: ColumnPlan['parts'];
  const paths: JsonPath[] = [];
  for (const { what } of wishes) {
    if (what.kind === 'value' && what.value !== '') values.add(what.value);
    else if (what.kind === 'only') for (const value of what.values) only.add(value);
    else if (what.kind === 'unique') isUnique = true;
    else if (what.kind === 'not-null') isNotNull = true;
    else if (what.kind === 'null') mayBeNull = true;
    else if (what.kind === 'range') [low, high] = [what.low ?? low, what.high ?? high];
    else if (what.kind === 'format') format = override?.format ?? what.format;
    else if (what.kind === 'parts') parts = { separator: what.separator, count: what.count };
    else if (what.kind === 'path') paths.push({ steps: what.path, type: override?.paths?.[what.path.join('.')] ?? what.type });
  }
  const kind = override?.kind ?? kindOf(at.column, wishes, type, [...(only.size > 0 ? only : values)]);
  return {
    name,
    kind,
    values: only.size > 0 ? [...only] : [...values].slice(0, 40),
    isClosed: only.size > 0,
    isUnique,
    isNotNull: isNotNull || isUnique,
    mayBeNull,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    ...(format === undefined ? {} : { format }),
    ...(parts === undefined ? {} : { parts }),
    paths,
    isDocument: wishes.some(({ what }) => what.kind === 'is' && what.type === 'json' && what.weight === 6),
    ...(pool === undefined ||
    override?.format !== undefined ||
    (override?.kind !== undefined && override.kind !== 'integer' && override.kind !== 'number')
      ? {}
      : { pool }),
    because: distinct(wishes.map((wish) => wish.because)).slice(0, 6),
  };
}

/** The kind that most of what is said of a column speaks for, its name included. */
function kindOf(column: string, wishes: readonly Wish[], type: string, values: readonly string[]): ValueKind {
  const votes = new Map<ValueKind, number>();
  const vote = (kind: ValueKind | undefined, weight: number): void => {
    if (kind !== undefined) votes.set(kind, (votes.get(kind) ?? 0) + weight);
  };
  for (const { what } of wishes) {
    if (what.kind === 'is') vote(what.type, what.weight);
    if (what.kind === 'format') vote('text', 30);
    if (what.kind === 'parts') vote('text', 8);
    if (what.kind === 'path') vote('json', 12);
  }
  vote(type === '' ? undefined : kindOfType(type), 8);
  vote(kindOfName(column), 4);
  const texts = values.filter((value) => !/^-?\d+(\.\d+)?$/.test(value) && !/^(true|false)$/i.test(value));
  if (texts.length > 0) vote('text', 12);
  let best: ValueKind = 'text';
  let most = 0;
  for (const [kind, weight] of votes)
    if (weight > most) {
      best = kind;
      most = weight;
    }
  // A whole number that is also divided is still one.
  if (best === 'number' && /(^|_)(id|count|qty|quantity|number|year|month|day)$/.test(column)) return 'integer';
  return best;
}

/** What a column's name says of its values. */
export function kindOfName(column: string): ValueKind | undefined {
  if (
    /^(is|has|was|can|should|did)_|_(flag|deleted|enabled|active)$|^(_fivetran_deleted|active|deleted|enabled|archived|is_deleted)$/.test(
      column,
    )
  )
    return 'boolean';
  if (
    /(_at|_ts|_timestamp|_datetime|_time|_synced|_on_utc)$|^(timestamp|created|updated|modified|ts|received_at|sent_at|systemmodstamp)$/.test(
      column,
    )
  )
    return 'timestamp';
  if (/(_date|_day|_dt|date)$|^(date|day|month_start|week_start)/.test(column)) return 'date';
  if (
    /(amount|price|cost|revenue|total|balance|rate|score|percent|pct|ratio|fee|discount|tax|mrr|arr|salary|lat|latitude|lon|lng|longitude)$/.test(
      column,
    )
  )
    return 'number';
  if (
    /(count|quantity|qty|age|year|duration|minutes|seconds|hours|days|size|position|rank|order|index|seats|views|clicks|number)$/.test(
      column,
    )
  )
    return 'integer';
  if (/^id$|_id$/.test(column)) return 'integer';
  return undefined;
}

/** Columns that are compared with each other, however far apart, are of one pool. */
function poolsOf({ pairs }: Demands): ReadonlyMap<string, string> {
  const parent = new Map<string, string>();
  const find = (key: string): string => {
    let at = key;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up;
    return at;
  };
  for (const [a, b] of pairs) {
    const [left, right] = [find(keyOfColumn(a)), find(keyOfColumn(b))];
    parent.set(left, parent.get(left) ?? left);
    parent.set(right, left);
    for (const id of [a, b]) if (!parent.has(keyOfColumn(id))) parent.set(keyOfColumn(id), left);
  }
  return new Map([...parent.keys()].map((key) => [key, find(key)]));
}

function distinct(origins: readonly Origin[]): readonly Origin[] {
  const seen = new Set<string>();
  return origins.filter(({ text, path, line }) => {
    const key = `${text} ${path} ${line}`;
    return !seen.has(key) && seen.add(key);
  });
}
