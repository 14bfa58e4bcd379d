import type { SelectionTotals } from '../../src/protocol.ts';

/** What a selection comes to, in one line; counts alone where it holds fewer than two numbers. */
export function showTotals({ filled, numbers, sum, min, max }: SelectionTotals): string {
  const count = `Count ${filled.toLocaleString()}`;
  if (numbers < 2) return count;
  // Sums of doubles carry digits that nobody entered.
  const show = (value: number): string => Number(value.toPrecision(14)).toLocaleString(undefined, { maximumFractionDigits: 6 });
  return `Sum ${show(sum)}   Mean ${show(sum / numbers)}   Min ${show(min)}   Max ${show(max)}   ${count}`;
}
