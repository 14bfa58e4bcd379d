/** What SQLite hands to a function of ours and takes from it; numbers come back as REAL. */
export type Raw = string | number | Uint8Array | null;

/** A function that translated SQL calls as `hw_<name>`. */
export interface RuntimeFunction {
  readonly run: (...args: Raw[]) => Raw | boolean;
  /** False where NULL arguments are seen by the function; otherwise any NULL gives NULL. */
  readonly strict: boolean;
}

export type RuntimeFunctions = Readonly<Record<string, RuntimeFunction>>;

// biome-ignore lint/suspicious/noExplicitAny: SQL hands over untyped values; the emitter has coerced them to what each function declares
type Loose = (...args: any[]) => Raw | boolean | undefined;

/** Functions for which any NULL argument gives NULL. */
export function strict(functions: Readonly<Record<string, Loose>>): RuntimeFunctions {
  return wrap(functions, true);
}

/** Functions that see NULLs themselves. */
export function lenient(functions: Readonly<Record<string, Loose>>): RuntimeFunctions {
  return wrap(functions, false);
}

function wrap(functions: Readonly<Record<string, Loose>>, isStrict: boolean): RuntimeFunctions {
  return Object.fromEntries(
    Object.entries(functions).map(([name, run]) => [name, { run: (...args: Raw[]) => run(...args) ?? null, strict: isStrict }]),
  );
}

/** A value that does not fit; its message reaches the user as the statement's error. */
export class ValueError extends Error {}

export function fail(message: string): never {
  throw new ValueError(message);
}
