import type { Span } from '../../text/span.ts';
import type { Expression } from '../ir.ts';
import type { SqlType } from '../types.ts';
import { commonType, plainTypes } from '../types.ts';

/** How a value gets from one column into another. */
export type EdgeKind = 'copied' | 'renamed' | 'cast' | 'computed' | 'aggregated' | 'windowed';
export type UseKind = 'filter' | 'join' | 'group' | 'order' | 'partition';
export type Confidence = 'exact' | 'assumed' | 'opaque';

/** One column that another is made from, one step below it. */
export interface Input {
  readonly column: ResolvedColumn;
  readonly kind: EdgeKind;
  /** Where the column is read. */
  readonly span: Span;
  readonly confidence: Confidence;
  /** Why it is not exact. */
  readonly reason?: string;
  /** The name, where it is read from this relation or from others, and no schema tells from which. */
  readonly oneOf?: string;
}

/** A column of some relation in a query: of a table, a CTE, a subquery, or of the result. */
export interface ResolvedColumn {
  readonly name: string;
  readonly quoted: boolean;
  type: SqlType;
  /** Undefined where it is not known whether NULL may stand here. */
  nullable: boolean | undefined;
  readonly inputs: readonly Input[];
  /** What computes it, and where that stands. */
  readonly expression?: Expression;
  readonly span?: Span;
  /** The table it belongs to, for the columns of tables. */
  readonly table?: TableUse;
  /** Every column that cannot be named because no schema tells them. */
  readonly isStar?: boolean;
  /** Only that other queries seem to read it tells of it: a name that is given right here is meant rather than this. */
  readonly isGuess?: boolean;
  /** The name of the CTE or alias that it belongs to. */
  relation?: string;
  origins?: ReadonlyMap<ResolvedColumn, Origin>;
}

/** How a column of a table reaches a column of the result. */
export interface Origin {
  readonly kind: EdgeKind;
  readonly confidence: Confidence;
  readonly reason?: string;
  readonly oneOf?: string;
}

/** One table that a query reads, however often. */
export interface TableUse {
  /** As written, with the qualifiers that the query gives. */
  readonly name: string;
  readonly parts: readonly string[];
  /** Whether a schema told all of its columns. */
  readonly isKnown: boolean;
  readonly spans: Span[];
  readonly columns: ColumnSet;
}

/** The columns of a relation in order; where they are not all known, others can be guessed by name. */
export class ColumnSet {
  #index: Map<string, ResolvedColumn> | undefined;
  readonly #guessed = new Map<string, ResolvedColumn | undefined>();

  constructor(
    readonly columns: readonly ResolvedColumn[],
    readonly fold: (name: string, quoted: boolean) => string,
    /** What a name that is not among the columns is made from; undefined when the columns are all there are. */
    readonly guesser?: (name: string, quoted: boolean) => ResolvedColumn | undefined,
  ) {}

  get isOpen(): boolean {
    return this.guesser !== undefined;
  }

  find(folded: string): ResolvedColumn | undefined {
    if (this.#index === undefined) {
      this.#index = new Map();
      for (const column of this.columns) {
        if (column.isStar) continue;
        const key = this.fold(column.name, column.quoted);
        if (!this.#index.has(key)) this.#index.set(key, column);
      }
    }
    return this.#index.get(folded) ?? this.#guessed.get(folded);
  }

  /** The column of that name, made up if the relation may have it. */
  findOrGuess(name: string, quoted: boolean): ResolvedColumn | undefined {
    const folded = this.fold(name, quoted);
    const found = this.find(folded);
    if (found !== undefined || this.guesser === undefined) return found;
    if (this.#guessed.has(folded)) return undefined;
    const guess = this.guesser(name, quoted);
    this.#guessed.set(folded, guess);
    return guess;
  }

  /** Adds a column that the relation ought not to have, because a query names it. */
  addMissing(column: ResolvedColumn): void {
    this.#guessed.set(this.fold(column.name, column.quoted), column);
  }

  /** The columns that queries asked for by name. */
  *guessed(): Iterable<ResolvedColumn> {
    for (const column of this.#guessed.values()) if (column !== undefined) yield column;
  }
}

const rank: Readonly<Record<EdgeKind, number>> = { copied: 0, renamed: 1, cast: 2, computed: 3, aggregated: 4, windowed: 5 };
const doubt: Readonly<Record<Confidence, number>> = { exact: 0, assumed: 1, opaque: 2 };

/** The stronger of two ways: a copy of a sum is a sum. */
export function strongerKind(a: EdgeKind, b: EdgeKind): EdgeKind {
  return rank[a] >= rank[b] ? a : b;
}

function strongerOrigin(a: Origin, b: Origin): Origin {
  const kind = strongerKind(a.kind, b.kind);
  const less = doubt[a.confidence] >= doubt[b.confidence] ? a : b;
  const oneOf = a.oneOf ?? b.oneOf;
  return {
    kind,
    confidence: less.confidence,
    ...(less.reason === undefined ? {} : { reason: less.reason }),
    ...(oneOf === undefined ? {} : { oneOf }),
  };
}

/** The columns of tables that a column is made from, through everything between. */
export function originsOf(column: ResolvedColumn): ReadonlyMap<ResolvedColumn, Origin> {
  return collect(column, new Set()).origins;
}

const copied: Origin = { kind: 'copied', confidence: 'exact' };

function collect(column: ResolvedColumn, open: Set<ResolvedColumn>): { origins: ReadonlyMap<ResolvedColumn, Origin>; partial: boolean } {
  if (column.origins !== undefined) return { origins: column.origins, partial: false };
  if (column.table !== undefined) {
    column.origins = new Map([[column, copied]]);
    return { origins: column.origins, partial: false };
  }
  const [only] = column.inputs;
  open.add(column);
  let partial = false;
  let origins: ReadonlyMap<ResolvedColumn, Origin>;
  if (only !== undefined && column.inputs.length === 1 && only.kind === 'copied' && only.confidence === 'exact' && !open.has(only.column)) {
    const below = collect(only.column, open);
    origins = below.origins;
    partial = below.partial;
  } else {
    const merged = new Map<ResolvedColumn, Origin>();
    for (const input of column.inputs) {
      // A recursive CTE reads itself: what it has from its own rows comes in by the other inputs.
      if (open.has(input.column)) {
        partial = true;
        continue;
      }
      const below = collect(input.column, open);
      partial ||= below.partial;
      for (const [base, origin] of below.origins) {
        const through = strongerOrigin(origin, input);
        const known = merged.get(base);
        merged.set(base, known === undefined ? through : strongerOrigin(known, through));
      }
    }
    origins = merged;
  }
  open.delete(column);
  if (!partial || open.size === 0) column.origins = origins;
  return { origins, partial: partial && open.size > 0 };
}

/** Collects what an expression reads; a column that is read twice counts once, in the stronger way. */
export class Inputs {
  readonly #found = new Map<ResolvedColumn, Input>();

  add(input: Input): void {
    const known = this.#found.get(input.column);
    if (known === undefined) this.#found.set(input.column, input);
    else if (rank[input.kind] > rank[known.kind]) this.#found.set(input.column, { ...input, span: known.span });
  }

  get list(): Input[] {
    return [...this.#found.values()];
  }

  get size(): number {
    return this.#found.size;
  }
}

/** A column that has its values from one or several others: the rows of a union, the two sides of USING. */
export function mergeColumns(
  name: string,
  quoted: boolean,
  from: readonly ResolvedColumn[],
  span: Span,
  more: Partial<Input> = {},
): ResolvedColumn {
  let type = from[0]?.type ?? plainTypes.unknown;
  let nullable: boolean | undefined = false;
  for (const column of from) {
    type = commonType(type, column.type);
    nullable = nullable || column.nullable ? true : nullable === undefined || column.nullable === undefined ? undefined : false;
  }
  const inputs = from.map((column): Input => ({ column, kind: 'copied', span, confidence: 'exact', ...more }));
  return { name, quoted, type, nullable, inputs, span };
}
