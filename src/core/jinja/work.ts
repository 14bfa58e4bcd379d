import type { Budget } from './budget.ts';

/** The budget of the rendering that runs: what walks values (printing, comparing, JSON) knows of no rendering. */
let running: Budget | undefined;

/** Runs something on a budget that everything it calls is counted against. */
export function onBudget<Answer>(budget: Budget, run: () => Answer): Answer {
  const before = running;
  running = budget;
  try {
    return run();
  } finally {
    running = before;
  }
}

/** Counts a value that was looked into; lists that share their items are small to hold and endless to print. */
export function visit(items = 1): void {
  running?.visit(items);
}

/** Counts what an operation, a filter or a call made, and gives it back. */
export function made<Made>(budget: Budget, value: Made): Made {
  if (typeof value === 'string') {
    if (value.length > 200) budget.make(value.length);
  } else if (Array.isArray(value)) {
    if (value.length > 20) budget.make(8 * value.length);
  } else if (typeof value === 'bigint') budget.make(64);
  return value;
}
