/** Why we believe something: a sentence, the place it was read from, or the counts it was measured by. */
export interface Because {
  readonly kind: 'test' | 'constraint' | 'dictionary' | 'name' | 'measured' | 'unmeasured';
  readonly text: string;
  readonly path?: string;
  readonly line?: number;
}

export interface EntityColumn {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly notNull: boolean;
}

export interface Key {
  readonly columns: readonly string[];
  readonly kind: 'primary' | 'unique';
  readonly because: readonly Because[];
  /** True when values were counted and contradict the key. */
  readonly broken?: boolean;
}

export interface Entity {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly path: string;
  readonly description: string;
  readonly folders: readonly string[];
  readonly columns: readonly EntityColumn[];
  readonly keys: readonly Key[];
}

export interface End {
  readonly entity: string;
  readonly columns: readonly string[];
}

export type Cardinality = 'many-to-one' | 'one-to-one' | 'one-to-many' | 'many-to-many';

/** What counting over the values of a relationship showed. */
export interface Measured {
  /** Share of the rows with a value that find a partner, 0 to 1. */
  readonly match: number;
  /** Rows with a value that find none. */
  readonly orphans: number;
  /** Rows of the many side for each key of the one side that has any, on average. */
  readonly fanout: number;
}

export interface Relationship {
  readonly from: End;
  readonly to: End;
  readonly cardinality: Cardinality;
  /** Whether a row of the many side may have no partner. */
  readonly optional: boolean;
  /** `declared` by the project, `confirmed` by counting values, or only a `candidate` that names suggest. */
  readonly status: 'declared' | 'confirmed' | 'candidate';
  readonly measured?: Measured;
  readonly because: readonly Because[];
  /** Of a candidate: what the same names suggest as well, tried in order where the values speak against this one. */
  readonly otherwise?: readonly Relationship[];
}

export interface Erd {
  readonly entities: readonly Entity[];
  readonly relationships: readonly Relationship[];
}

/** What is read from a project to find its entities; relations named by foreign keys are resolved already. */
export interface ErdSource {
  readonly entities: readonly Omit<Entity, 'keys'>[];
  readonly facts: readonly ErdFact[];
}

/** Something the project itself says about keys and relations. */
export type ErdFact =
  | { readonly kind: 'primary-key' | 'unique' | 'not-null'; readonly of: End; readonly because: Because }
  | { readonly kind: 'reference'; readonly from: End; readonly to: End; readonly because: Because };

/** The same columns whatever their case and order. */
export function toEndKey(end: End): string {
  return `${end.entity}\n${[...end.columns]
    .map((column) => column.toLowerCase())
    .sort()
    .join('\n')}`;
}
