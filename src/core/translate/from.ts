import type { Context } from './context.ts';
import type { CteScope } from './cte-scope.ts';
import type { Scope } from './scope.ts';

/** What the parts of one FROM share. */
export interface From {
  readonly cx: Context;
  readonly scope: Scope;
  readonly ctes: CteScope;
  readonly conditions: string[];
}
