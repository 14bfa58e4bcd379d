import { byteKinds } from './byte-kinds.ts';
import type { Random } from './mutate.ts';
import { textKinds } from './text-kinds.ts';

/** Something of a project that anybody may write, and what is done with it. */
export interface Kind {
  /** The inputs that others are made from. */
  seeds(): readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  mutate(input: Uint8Array, other: Uint8Array, random: Random): Uint8Array;
  /**
   * Does with an input what the product does. Refusals and problems are answers; whatever is thrown is a finding. The answer says in a word or
   * two what was met, so that inputs which meet something new are kept to make others from.
   */
  run(input: Uint8Array): string | Promise<string>;
}

/** Every fuzzer by its name. */
export const kinds: Readonly<Record<string, Kind>> = { ...textKinds, ...byteKinds };
