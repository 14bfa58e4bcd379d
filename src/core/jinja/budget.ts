/** Thrown when a template uses more than it is allowed; the message says which limit it met. */
export class BudgetError extends Error {}

export interface BudgetLimits {
  /** Statements run, loop turns and calls. */
  readonly steps: number;
  /** Macros within macros. */
  readonly depth: number;
  /** Characters written, intermediate text included. */
  readonly characters: number;
  /** Values looked into, to print or to compare them. */
  readonly visits: number;
  /** Bytes, roughly, of all texts and lists that were made on the way. */
  readonly bytes: number;
}

/** Enough for every project seen, and used up by an endless template in well under a second. */
export const defaultLimits: BudgetLimits = {
  steps: 1_500_000,
  depth: 200,
  characters: 50_000_000,
  visits: 1_000_000,
  bytes: 256_000_000,
};

/** The largest text or list that one operation may make, such as `'x' * n`. */
export const largestValue = 5_000_000;

/** Counts what one rendering uses; shared by the template and every macro it calls. */
export class Budget {
  #steps: number;
  #characters: number;
  #visits: number;
  #bytes: number;
  #depth = 0;

  constructor(readonly limits: BudgetLimits = defaultLimits) {
    this.#steps = limits.steps;
    this.#characters = limits.characters;
    this.#visits = limits.visits;
    this.#bytes = limits.bytes;
  }

  step(count = 1): void {
    this.#steps -= count;
    if (this.#steps < 0) throw new BudgetError(`The template ran more than ${this.limits.steps} steps and was stopped: does it ever end?`);
  }

  write(characters: number): void {
    this.#characters -= characters;
    if (this.#characters < 0) throw new BudgetError(`The template wrote more than ${this.limits.characters} characters and was stopped.`);
  }

  visit(items: number): void {
    this.#visits -= items;
    if (this.#visits < 0)
      throw new BudgetError(
        `The template looked into more than ${this.limits.visits} values and was stopped: lists in lists share their items.`,
      );
  }

  make(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes < 0)
      throw new BudgetError(
        `The template made more than ${Math.round(this.limits.bytes / 1_000_000)} MB of texts and lists and was stopped.`,
      );
  }

  enter(): void {
    if (++this.#depth > this.limits.depth)
      throw new BudgetError(`Macros call each other more than ${this.limits.depth} levels deep: a macro calls itself without an end.`);
  }

  leave(): void {
    this.#depth--;
  }
}

/** Refuses to make a text or list of that size. */
export function checkSize(size: number): void {
  if (size > largestValue) throw new BudgetError(`One operation would make a value of ${size} items; at most ${largestValue} are allowed.`);
}
