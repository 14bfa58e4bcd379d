/** One step of a proof: a sentence, and where it can be checked. */
export interface Proof {
  readonly text: string;
  readonly path?: string;
  readonly line?: number;
}

/**
 * A set of columns that tells the rows of a relation apart. `nulls` says what is known of rows with NULL in one of them: there may be `many`
 * that are alike, as SQL's UNIQUE allows; at most `one`, as of a group; or `none` at all.
 */
export interface RowKey {
  /** Lower case. */
  readonly columns: readonly string[];
  readonly nulls: 'many' | 'one' | 'none';
  /** Whether a declaration, which the data may contradict, is a part of the proof. */
  readonly isDeclared: boolean;
  readonly because: readonly Proof[];
}

/** Where some columns are the same in two rows, others are too. */
export interface Dependency {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly isDeclared: boolean;
  readonly because: readonly Proof[];
}

/** What is known of the rows of a relation. */
export interface RelationFacts {
  /** In order, lower case; undefined where a relation may have columns that nobody can name. */
  readonly columns: readonly string[] | undefined;
  readonly keys: readonly RowKey[];
  readonly dependencies: readonly Dependency[];
  /** The only values that a column of literals has. */
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
  /** Columns in which no NULL stands. */
  readonly notNull: ReadonlySet<string>;
  /** Columns that a condition on the way has spoken of. */
  readonly restricted: ReadonlySet<string>;
  /** Columns that are averages or ratios of groups, with the expression that makes them. */
  readonly averages: ReadonlyMap<string, string>;
}

/** A relation of which nothing is known. */
export const unknownFacts: RelationFacts = {
  columns: undefined,
  keys: [],
  dependencies: [],
  values: new Map(),
  notNull: new Set(),
  restricted: new Set(),
  averages: new Map(),
};

/** How many keys of one relation are followed: beyond it they are combinations that nobody reads. */
export const keyLimit = 8;

/** What a closure was reached by. */
export interface Closure {
  readonly columns: ReadonlySet<string>;
  readonly used: readonly Dependency[];
}

/** Every column that some columns decide. Work is bounded: each dependency is used once. */
export function closureOf(start: Iterable<string>, dependencies: readonly Dependency[]): Closure {
  const columns = new Set(start);
  const used: Dependency[] = [];
  const waiting = new Map<string, { missing: number; readonly dependency: Dependency }[]>();
  const open: Dependency[] = [];
  for (const dependency of dependencies) {
    const missing = new Set(dependency.from.filter((column) => !columns.has(column)));
    if (missing.size === 0) {
      open.push(dependency);
      continue;
    }
    const entry = { missing: missing.size, dependency };
    for (const column of missing) {
      const list = waiting.get(column);
      if (list === undefined) waiting.set(column, [entry]);
      else list.push(entry);
    }
  }
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    let isUseful = false;
    for (const column of next.to) {
      if (columns.has(column)) continue;
      columns.add(column);
      isUseful = true;
      for (const entry of waiting.get(column) ?? []) if (--entry.missing === 0) open.push(entry.dependency);
    }
    if (isUseful) used.push(next);
  }
  return { columns, used };
}

/** A key with every column left out that the others decide. */
export function minimize(key: RowKey, dependencies: readonly Dependency[]): RowKey {
  let columns = [...new Set(key.columns)];
  const used = new Set<Dependency>();
  for (const column of [...columns].reverse()) {
    const others = columns.filter((one) => one !== column);
    const closure = closureOf(others, dependencies);
    if (!closure.columns.has(column)) continue;
    columns = others;
    for (const one of closure.used) used.add(one);
  }
  if (columns.length === key.columns.length) return key;
  return {
    columns,
    nulls: key.nulls,
    isDeclared: key.isDeclared || [...used].some((one) => one.isDeclared),
    because: distinctProofs([...key.because, ...[...used].flatMap((one) => one.because)]),
  };
}

/** Keys that say something of their own: none that holds another, those proved from the SQL first. */
export function distinctKeys(keys: readonly RowKey[]): readonly RowKey[] {
  const ordered = [...keys].sort(
    (a, b) => a.columns.length - b.columns.length || Number(a.isDeclared) - Number(b.isDeclared) || rank[a.nulls] - rank[b.nulls],
  );
  const kept: RowKey[] = [];
  for (const key of ordered) {
    const isSaid = kept.some(
      (one) =>
        one.columns.every((column) => key.columns.includes(column)) &&
        rank[one.nulls] <= rank[key.nulls] &&
        !(one.isDeclared && !key.isDeclared),
    );
    if (!isSaid) kept.push(key);
    if (kept.length === keyLimit) break;
  }
  return kept;
}

const rank = { none: 0, one: 1, many: 2 } as const;

/** The weaker of what is known of NULL in several keys. */
export function weakerNulls(keys: readonly Pick<RowKey, 'nulls'>[]): RowKey['nulls'] {
  return keys.reduce<RowKey['nulls']>((worst, { nulls }) => (rank[nulls] > rank[worst] ? nulls : worst), 'none');
}

/** Each sentence once. */
export function distinctProofs(proofs: readonly Proof[]): readonly Proof[] {
  const seen = new Set<string>();
  return proofs.filter(({ text, path, line }) => {
    const key = `${text}\u0000${path ?? ''}\u0000${line ?? ''}`;
    return !seen.has(key) && seen.add(key);
  });
}
