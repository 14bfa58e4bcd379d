import type { KeptProject } from './kept-project.ts';

export { exitCodes } from './exit-codes.ts';

export interface OptionSpec {
  readonly name: string;
  /** Shown in the help: the value's name, or undefined for a switch. */
  readonly value?: string;
  readonly summary: string;
  /** Whether it takes every value up to the next option, and may be given again: `--select a b`. */
  readonly takesMany?: true;
  /** Another name of it, such as dbt's `-s`. */
  readonly short?: string;
}

/** What a command was called with. */
export interface Invocation {
  readonly positional: readonly string[];
  /** The last value of an option, or undefined when it was not given. */
  option(name: string): string | undefined;
  flag(name: string): boolean;
  readonly stdin: NodeJS.ReadableStream;
  /** Writes to standard output, which carries nothing but results. */
  print(text: string): void;
  /** Writes a line for people to standard error; silent under `--quiet`. */
  say(text: string): void;
  /** The project that earlier questions of the same process left open. */
  readonly kept?: KeptProject;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  readonly options: readonly OptionSpec[];
  /** What may stand beside its options, as the usage names it; absent where nothing may. */
  readonly names?: string;
  run(invocation: Invocation): Promise<number>;
}

/** The user asked for something that does not exist; the message names the nearest that does. Ends with exit code 2. */
export class UsageError extends Error {}
