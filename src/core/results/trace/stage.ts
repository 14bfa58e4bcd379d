import type { Expression, Name, Select } from '../../sql/ir.ts';
import type { NodeId } from '../../text/ids.ts';
import type { Span } from '../../text/span.ts';
import type { KnownTable } from '../../translate/table.ts';

/** A relation of the project that a query reads. */
export interface NodeSource {
  readonly kind: 'node';
  readonly id: NodeId;
  readonly table: KnownTable;
}

/** A relation in FROM whose rows are numbered. */
export interface Input {
  /** How its columns are qualified. */
  readonly name: Name;
  readonly source: Stage | NodeSource;
  /** The names of its columns, and those that they have in the source, by position. */
  readonly columns: readonly string[];
  readonly sourceColumns: readonly string[];
  /** `optional` where a row may be without a partner on this side. */
  readonly role: 'needed' | 'optional';
  /** What joins it to those before. */
  readonly on?: Expression;
  readonly span: Span;
}

interface StageBase {
  /** Later stages read earlier ones. */
  readonly order: number;
  /** The CTE; empty for the query itself and for subqueries. */
  readonly name: string;
  /** What it gives, as a table of the engine. */
  readonly table: KnownTable;
  readonly span: Span;
}

/** One SELECT with the tables that it reads, each with its rows numbered. */
export interface SelectStage extends StageBase {
  readonly kind: 'select';
  /** FROM names the inputs; aliases of items are written out elsewhere. */
  readonly select: Select;
  readonly inputs: readonly Input[];
  /** The numbers of the rows that a row is made from lie in columns `hw/i0`, `hw/i1`, … of this table; none where rows are grouped. */
  readonly rows: KnownTable | undefined;
  /** What rows are grouped by, in columns `hw/g0`, …; undefined where they are not. */
  readonly keys: readonly Expression[] | undefined;
  readonly hasSets: boolean;
  /** The tables that names in it stand for. */
  readonly tables: ReadonlyMap<string, KnownTable>;
  /** What CTEs are called here, for subqueries in expressions. */
  readonly environment: Environment;
}

/** A set operation over stages. */
export interface SetStage extends StageBase {
  readonly kind: 'set';
  readonly branches: readonly Stage[];
  /** Whether columns `hw/branch` and `hw/row` say where a row is from; else rows are found by their values. */
  readonly isMarked: boolean;
  readonly isExcept: boolean;
}

/** A query whose rows are not followed further. */
export interface OpaqueStage extends StageBase {
  readonly kind: 'opaque';
  readonly because: string;
  /** The relations that it reads. */
  readonly reads: ReadonlySet<NodeId>;
}

export type Stage = SelectStage | SetStage | OpaqueStage;

/** CTEs by their names in lower case, made when they are first read. */
export type Environment = ReadonlyMap<string, () => Promise<Stage>>;
