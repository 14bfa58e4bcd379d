import type { ColumnFilter } from '../../src/protocol.ts';

/** What can be typed into the filter of a column. */
export const filterHint = 'text, =x, !=x, >x, <x, null, not null';

const operators = [
  ['!=', 'not equals'],
  ['<>', 'not equals'],
  ['=', 'equals'],
  ['>', 'greater'],
  ['<', 'less'],
] as const;

/** The filter that a text means, or undefined where it is empty. */
export function parseFilter(column: number, text: string): ColumnFilter | undefined {
  const wanted = text.trim();
  if (wanted === '') return undefined;
  if (/^null$/i.test(wanted)) return { column, operator: 'null', value: '' };
  if (/^not null$/i.test(wanted)) return { column, operator: 'not null', value: '' };
  for (const [sign, operator] of operators)
    if (wanted.startsWith(sign)) {
      const value = wanted.slice(sign.length).trim();
      return value === '' ? undefined : { column, operator, value };
    }
  return { column, operator: 'contains', value: wanted };
}
