import type { NodeId } from '../text/ids.ts';

/** What a column's values are, as far as the project says. */
export type ValueKind = 'integer' | 'number' | 'boolean' | 'date' | 'timestamp' | 'time' | 'epoch' | 'json' | 'text';

/** Where something was said of a column. */
export interface Origin {
  readonly text: string;
  readonly path?: string;
  readonly line?: number;
}

/** A column of a relation that has no rows. */
export interface ColumnId {
  readonly node: NodeId;
  /** Lower case. */
  readonly column: string;
}

/** What one filter, test or expression wants of a column. */
export interface Wish {
  readonly at: ColumnId;
  readonly what:
    | { readonly kind: 'is'; readonly type: ValueKind; readonly weight: number }
    /** A value that a condition compares with. */
    | { readonly kind: 'value'; readonly value: string }
    | { readonly kind: 'only'; readonly values: readonly string[] }
    | { readonly kind: 'null' | 'not-null' | 'unique' }
    | { readonly kind: 'range'; readonly low?: number; readonly high?: number }
    /** A text of parts with something between them. */
    | { readonly kind: 'parts'; readonly separator: string; readonly count: number }
    | { readonly kind: 'format'; readonly format: string }
    | { readonly kind: 'path'; readonly path: readonly string[]; readonly type?: ValueKind };
  readonly because: Origin;
}

/** What all conditions of one SELECT want of one row of a relation at once. */
export interface Scenario {
  readonly node: NodeId;
  readonly values: ReadonlyMap<string, string | null>;
  readonly because: Origin;
}

/** Everything that a project wants of the relations that have no rows. */
export interface Demands {
  readonly wishes: readonly Wish[];
  /** Columns that are compared with each other, so that they must share values. */
  readonly pairs: readonly (readonly [ColumnId, ColumnId])[];
  readonly scenarios: readonly Scenario[];
  /** Columns that together tell the rows of a relation apart. */
  readonly keys: readonly { readonly node: NodeId; readonly columns: readonly string[]; readonly because: Origin }[];
}

/** Tells columns apart. */
export function keyOfColumn({ node, column }: ColumnId): string {
  return `${node}\u0000${column}`;
}
