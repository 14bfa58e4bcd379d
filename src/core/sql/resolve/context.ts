import type { Span } from '../../text/span.ts';
import type { Dialect } from '../dialect.ts';
import type { DialectTraits } from '../dialect-traits.ts';
import { foldName } from '../dialect-traits.ts';
import type { ColumnExpression, Cte, Expression, Name, Query, Select, Window } from '../ir.ts';
import type { SqlType } from '../types.ts';
import type { ColumnSet, Confidence, ResolvedColumn, TableUse, UseKind } from './columns.ts';

/** What is known of the tables that a query may read. */
export interface Catalog {
  /** A table by its parts from the outermost qualifier; undefined when nothing is known of it. */
  find(parts: readonly Name[]): CatalogTable | undefined;
}

export interface CatalogTable {
  readonly columns: readonly {
    readonly name: string;
    readonly quoted?: boolean;
    readonly type?: SqlType;
    readonly nullable?: boolean;
    /** Only that others seem to read it tells of it. */
    readonly isGuess?: boolean;
  }[];
  /** False when the table may have more columns than these. */
  readonly isComplete: boolean;
}

/** A value's type, and whether it may be NULL: undefined where that is not known. */
export interface TypeInfo {
  readonly type: SqlType;
  readonly nullable: boolean | undefined;
}

/** What a column reference means. */
export interface Reference {
  /** `column` of a relation in FROM, `alias` of an item of the SELECT list, `row` for a relation as a value, `parameter` of a lambda. */
  readonly kind: 'column' | 'alias' | 'row' | 'parameter' | 'unresolved';
  readonly columns: readonly ResolvedColumn[];
  /** The alias or name of the relation in FROM, as written there. */
  readonly source?: string;
  /** The parts behind the column, which read fields of a struct. */
  readonly path: readonly Name[];
  readonly confidence: Confidence;
  readonly reason?: string;
  /** The name, where it may belong to any of the columns' relations. */
  readonly oneOf?: string;
}

/** A column that decides which rows there are, or in which order or group, without being among the values. */
export interface Use {
  readonly column: ResolvedColumn;
  readonly kind: UseKind;
  readonly span: Span;
  readonly confidence: Confidence;
}

/** A relation in FROM. */
export interface Source {
  /** As written; its alias or the last part of its name. */
  readonly name: string;
  readonly folded: string;
  /** All parts of a table's name, folded, so that `schema.table.column` finds it. */
  readonly parts: readonly string[];
  readonly columns: ColumnSet;
  /** Whether an outer join may fill its columns with NULL. */
  isOptional: boolean;
  /** Whether the names of USING stand for its columns of that name. */
  readonly hidden: Set<string>;
  /** The right side of a semi join: read by conditions, but not by stars. */
  isHidden: boolean;
  /** What an array of unknown type holds, one to a row: the fields of structs among it are columns. */
  element?: ResolvedColumn;
  /** Whether its columns are read only where it is named: others in sight show them to everyone else. */
  isOnlyNamed?: boolean;
}

/** Where names of columns are looked up. */
export interface Scope {
  readonly sources: Source[];
  /** The columns of USING and of natural joins, under one name for both sides. */
  readonly merged: Map<string, ResolvedColumn>;
  /** The aliases of the SELECT list that were read so far. */
  readonly aliases: Map<string, ResolvedColumn>;
  /** The same, where the dialect does not show them to the items behind them. */
  readonly aliasesToTheLeft: Map<string, ResolvedColumn>;
  readonly parameters: ReadonlySet<string>;
  readonly parent: Scope | undefined;
  readonly ctes: CteScope | undefined;
  /** The windows that WINDOW names. */
  readonly windows: Map<string, Window>;
}

/** The CTEs that can be seen from a place: each sees those before it. */
export interface CteScope {
  readonly folded: string;
  readonly cte: Cte;
  readonly parent: CteScope | undefined;
  readonly scope: Scope | undefined;
  columns: ColumnSet | undefined;
  /** While a recursive CTE is read, it stands for itself by these columns. */
  self?: ColumnSet;
  isBeingRead: boolean;
}

/** Everything that the resolution of one text shares. */
export class Context {
  readonly types = new Map<Expression, TypeInfo>();
  readonly references = new Map<ColumnExpression, Reference>();
  readonly uses: Use[] = [];
  readonly tables = new Map<string, TableUse>();
  /** Where the names of each SELECT are looked up, its aliases among them. */
  readonly scopes = new Map<Select, Scope>();
  /** The columns of every query, also of those that nothing reads. */
  readonly results = new Map<Query, ColumnSet>();
  /** The columns of every CTE, under the names that it gives them. */
  readonly cteColumns = new Map<Cte, ColumnSet>();
  readonly problems: { readonly message: string; readonly span: Span }[] = [];
  /** What `COLUMNS(…)` stands for at present. */
  spread: ResolvedColumn | undefined;

  constructor(
    readonly catalog: Catalog,
    readonly dialect: Dialect,
    readonly traits: DialectTraits,
    readonly text: string,
    /** Wired in `resolve.ts`, because queries hold expressions and expressions hold queries. */
    readonly resolveQuery: (context: Context, query: Query, ctes: CteScope | undefined, parent: Scope | undefined) => ColumnSet,
  ) {}

  readonly fold = (text: string, quoted: boolean): string => foldName(text, quoted, this.traits);

  foldName(name: Name): string {
    return foldName(name.text, name.quoted, this.traits);
  }
}

/** A scope without relations, as that of a SELECT before its FROM is read. */
export function emptyScope(parent: Scope | undefined, ctes: CteScope | undefined, parameters: ReadonlySet<string> = new Set()): Scope {
  return { sources: [], merged: new Map(), aliases: new Map(), aliasesToTheLeft: new Map(), parameters, parent, ctes, windows: new Map() };
}
