import type { Scope } from '../../src/core/layout/picture.ts';

type Focus = Extract<
  Scope,
  {
    kind: 'focus';
  }
>;
/** Steps that stand for all of them. */
export declare const shownAtOnce = 99;
/** How many steps a focused view goes up or down, with a button for one more and one less. */
export declare function buildStepper(scope: Focus, side: 'up' | 'down', go: (scope: Focus) => void): HTMLElement;
