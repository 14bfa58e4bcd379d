import type { Value } from '../jinja/values.ts';

/** Thrown by `return(…)`: ends the nearest macro with a value. */
export class ReturnSignal {
  constructor(readonly value: Value) {}
}

/** Thrown where a template asks a query that nobody answered. */
export class NeedsData {
  constructor(readonly sql: string) {}
}
