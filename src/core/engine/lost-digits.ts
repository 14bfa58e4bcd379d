import type { ValueType } from '../translate/value-type.ts';
import type { Cell } from './engine.ts';

interface Column {
  readonly name: string;
  readonly type: ValueType;
}

/** Engines keep decimals as doubles, which hold every decimal of so many digits. */
const exactDigits = 15;

/** How many columns a note names. */
const namedColumns = 3;

/** The least magnitude at which a column's decimals may need more digits than a double holds; undefined for other types. */
function firstInexact(type: ValueType): number | undefined {
  if (type.kind !== 'decimal') return undefined;
  // Whole numbers are exact a little further than other decimals.
  return type.scale === 0 ? Number.MAX_SAFE_INTEGER : 10 ** (exactDigits - Math.min(type.scale ?? 0, exactDigits));
}

/** The columns whose greatest magnitudes decide whether digits were lost. */
export function decimalColumns<Kind extends Column>(columns: readonly Kind[]): readonly Kind[] {
  return columns.filter(({ type }) => type.kind === 'decimal');
}

/** A note where rows, as they are stored, hold decimals that are too long to be exact; integers that came whole are exact at any length. */
export function lostDigits(columns: readonly Column[], rows: readonly (readonly Cell[])[]): readonly string[] {
  const long = columns.filter(({ type }, i) => {
    const limit = firstInexact(type);
    if (limit === undefined) return false;
    return rows.some((row) => {
      const value = row[i];
      return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) >= limit;
    });
  });
  if (long.length === 0) return [];
  const names = long.slice(0, namedColumns).map(({ name }) => `'${name}'`);
  const more = long.length > namedColumns ? ` and ${long.length - namedColumns} more` : '';
  const verb = long.length === 1 ? 'has' : 'have';
  return [
    `Decimals are exact to ${exactDigits} digits in a preview: ${names.join(', ')}${more} ${verb} longer values, whose last digits may be wrong.`,
  ];
}
