import { lenient, type RuntimeFunctions } from './function.ts';

let state = 0;

/** Begins the sequence of RANDOM anew, as engines do before each statement that calls it. */
export function restartRandom(): void {
  state = 0;
}

export const randomFunctions: RuntimeFunctions = lenient({
  /** The next number of a fixed sequence from 0 to before 1 (mulberry32). */
  random: () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  },
});
