import type { GraphView } from '../../src/core/layout/picture.ts';

/** The views that were seen, with the present one in between. */
export interface History {
  readonly back: readonly GraphView[];
  readonly now: GraphView | undefined;
  readonly forward: readonly GraphView[];
}

export const noHistory: History = { back: [], now: undefined, forward: [] };

const mostBack = 60;

/** The history after going to a view; what could have been gone forward to is forgotten. */
export function visit(history: History, view: GraphView): History {
  if (JSON.stringify(history.now) === JSON.stringify(view)) return history;
  const back = history.now === undefined ? history.back : [...history.back, history.now].slice(-mostBack);
  return { back, now: view, forward: [] };
}

/** The history one view earlier, or the same at its beginning. */
export function goBack(history: History): History {
  const before = history.back.at(-1);
  if (before === undefined) return history;
  return {
    back: history.back.slice(0, -1),
    now: before,
    forward: history.now === undefined ? history.forward : [history.now, ...history.forward],
  };
}

/** The history one view later, or the same at its end. */
export function goForward(history: History): History {
  const [next, ...rest] = history.forward;
  if (next === undefined) return history;
  return { back: history.now === undefined ? history.back : [...history.back, history.now], now: next, forward: rest };
}
