/** Work that can be left off between two steps. */
export type Steps<Value> = Generator<undefined, Value>;

/** Works to the end. */
export function finish<Value>(steps: Steps<Value>): Value {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

/** An answer that is worked out in steps while there is time, and to its end when somebody needs it; everybody gets the same. */
export class Gradually<Value> {
  #steps: Steps<Value> | undefined;
  #known: { readonly value: Value } | undefined;

  /** Calls `onStep` before each step, so that long work can be told from work that hangs. */
  constructor(
    private readonly start: () => Steps<Value>,
    private readonly onStep?: () => void,
  ) {}

  /** Whether it is worked out to its end. */
  get isKnown(): boolean {
    return this.#known !== undefined;
  }

  get(): Value {
    while (this.#known === undefined) this.advance();
    return this.#known.value;
  }

  /** Takes one step; false where nothing is left to do. */
  advance(): boolean {
    if (this.#known !== undefined) return false;
    this.onStep?.();
    this.#steps ??= this.start();
    const steps = this.#steps;
    // What fails is begun anew by whoever asks next.
    this.#steps = undefined;
    const step = steps.next();
    if (step.done === true) this.#known = { value: step.value };
    else this.#steps = steps;
    return true;
  }
}
