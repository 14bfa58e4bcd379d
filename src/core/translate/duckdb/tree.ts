import type { Storage } from './portable.ts';

/** Portable SQL as a tree: what the emitters write, and no more. */
export type Expression =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'column'; readonly parts: readonly string[] }
  | { readonly kind: 'star'; readonly qualifier?: string }
  | Call
  | {
      readonly kind: 'case';
      readonly operand?: Expression;
      readonly branches: readonly { readonly when: Expression; readonly result: Expression }[];
      readonly otherwise?: Expression;
    }
  | { readonly kind: 'cast'; readonly operand: Expression; readonly type: string }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'between';
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly negated: boolean;
    }
  | {
      readonly kind: 'in';
      readonly operand: Expression;
      readonly values: readonly Expression[] | Query;
      readonly negated: boolean;
    }
  | { readonly kind: 'exists'; readonly query: Query }
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'row'; readonly items: readonly Expression[] }
  | { readonly kind: 'marked'; readonly storage: Storage; readonly exact: boolean; readonly operand: Expression };

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly distinct: boolean;
  readonly args: readonly Expression[];
  readonly orderBy: readonly SortKey[];
  readonly filter?: Expression;
  readonly over?: Window;
}

export interface SortKey {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nulls?: 'first' | 'last';
}

export interface Window {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortKey[];
  readonly frame?: Frame;
}

export interface Frame {
  readonly unit: string;
  readonly bounds: readonly { readonly value?: Expression; readonly kind: string }[];
  readonly between: boolean;
  readonly exclude?: string;
}

export interface Query {
  readonly recursive: boolean;
  readonly ctes: readonly {
    readonly name: string;
    readonly columns: readonly string[];
    readonly materialized: boolean;
    readonly query: Query;
  }[];
  readonly body: Body;
  readonly orderBy: readonly SortKey[];
  readonly limit?: Expression;
  readonly offset?: Expression;
}

export type Body =
  | {
      readonly kind: 'select';
      readonly distinct: boolean;
      readonly items: readonly { readonly expression: Expression; readonly alias?: string }[];
      readonly from?: Relation;
      readonly where?: Expression;
      readonly groupBy: readonly Expression[];
      readonly having?: Expression;
      readonly qualify?: Expression;
    }
  | { readonly kind: 'set'; readonly operator: string; readonly left: Body; readonly right: Body }
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[] }
  | { readonly kind: 'nested'; readonly query: Query };

export type Relation =
  | { readonly kind: 'table'; readonly name: string; readonly alias?: string }
  | { readonly kind: 'each'; readonly value: Expression; readonly alias: string }
  | { readonly kind: 'query'; readonly query: Query; readonly alias?: string }
  | { readonly kind: 'join'; readonly left: Relation; readonly right: Relation; readonly word: string; readonly on?: Expression };
