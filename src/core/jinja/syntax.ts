import type { Value } from './values.ts';

/** The arguments of a call, a filter or a test. */
export interface Arguments {
  readonly positional: readonly Expression[];
  readonly keywords: readonly (readonly [string, Expression])[];
  readonly star?: Expression | undefined;
  readonly doubleStar?: Expression | undefined;
}

export interface Signature {
  readonly parameters: readonly string[];
  /** Of the last parameters. */
  readonly defaults: readonly Expression[];
}

/** An expression; `start` and `end` are offsets into the template's text. */
export type Expression = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'constant'; readonly value: Value }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'item'; readonly of: Expression; readonly key: Expression }
  | { readonly kind: 'slice'; readonly parts: readonly [Expression | undefined, Expression | undefined, Expression | undefined] }
  | ({ readonly kind: 'call'; readonly callee: Expression } & Arguments)
  | ({ readonly kind: 'filter' | 'test'; readonly of: Expression; readonly name: string } & Arguments)
  | { readonly kind: 'list' | 'tuple'; readonly items: readonly Expression[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'conditional'; readonly test: Expression; readonly then: Expression; readonly otherwise: Expression | undefined }
  | { readonly kind: 'or' | 'and'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not' | 'negation' | 'affirmation'; readonly of: Expression }
  | { readonly kind: 'comparison'; readonly first: Expression; readonly rest: readonly (readonly [string, Expression])[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'concatenation'; readonly parts: readonly Expression[] }
  /** What a filter block or a filtered `set` hands to its first filter. */
  | { readonly kind: 'input' }
);

/** What can stand left of `=` or after `for`. */
export type Assignee =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'namespace'; readonly name: string; readonly attribute: string }
  | { readonly kind: 'tuple'; readonly items: readonly Assignee[] };

export type MacroKind = 'macro' | 'test' | 'materialization' | 'snapshot' | 'docs';

export type Statement = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'data'; readonly text: string }
  | { readonly kind: 'output'; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly branches: readonly (readonly [Expression, readonly Statement[]])[];
      readonly otherwise: readonly Statement[] | undefined;
    }
  | {
      readonly kind: 'for';
      readonly target: Assignee;
      readonly over: Expression;
      readonly test: Expression | undefined;
      readonly recursive: boolean;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly kind: 'set'; readonly target: Assignee; readonly value: Expression }
  | { readonly kind: 'set-block'; readonly target: Assignee; readonly filter: Expression | undefined; readonly body: readonly Statement[] }
  | { readonly kind: 'do'; readonly value: Expression }
  | ({ readonly kind: 'macro'; readonly macroKind: MacroKind; readonly name: string; readonly body: readonly Statement[] } & Signature)
  | ({ readonly kind: 'call-block'; readonly call: Expression & { kind: 'call' }; readonly body: readonly Statement[] } & Signature)
  | { readonly kind: 'filter-block'; readonly filter: Expression; readonly body: readonly Statement[] }
  | { readonly kind: 'with'; readonly assignments: readonly (readonly [Assignee, Expression])[]; readonly body: readonly Statement[] }
  | { readonly kind: 'scope'; readonly body: readonly Statement[] }
  | { readonly kind: 'break' | 'continue' }
  | { readonly kind: 'loaderless'; readonly tag: string }
);
