import type { Card } from '../../src/core/layout/picture.ts';

/** What the keys of the diagram do. */
export const erdKeys: readonly (readonly [key: string, what: string])[] = [
  ['← →', 'along the relations'],
  ['↑ ↓', 'within the column, and through the columns of a table'],
  ['Enter', 'opens the file, or the column in it'],
  ['f', 'only this table and what it is related to'],
  ['a', 'all tables'],
  ['g', 'the table in the lineage graph'],
  ['p', 'preview'],
  ['r', 'the relations of the table, and what speaks for each'],
  ['m', 'the menu of the table'],
  ['/', 'finds a table or column'],
  ['+ − 0', 'zooms in, zooms out, shows everything'],
  ['Esc', 'clears the selection'],
];

/** What came and went, in words; empty where all is as it was. */
export function toChange(before: readonly Card[], now: readonly Card[]): string {
  const minus = (a: readonly Card[], b: readonly Card[]): number => {
    const known = new Set(b.map(({ id }) => id));
    return a.filter(({ id }) => !known.has(id)).length;
  };
  const words = (count: number, what: string): readonly string[] =>
    count === 0 ? [] : [`${count} ${count === 1 ? 'table' : 'tables'} ${what}`];
  const said = [...words(minus(now, before), 'added'), ...words(minus(before, now), 'removed')];
  return said.length === 0 ? '' : `${said.join(', ')}.`;
}

/** Whether a text is in the name of a table or of one of its columns. */
export function matches(card: Card, text: string): boolean {
  return card.name.toLowerCase().includes(text) || card.rows.some((row) => row.name.toLowerCase().includes(text));
}

/** How a picture is asked for, and what is said of tables that came or went. */
export interface Asking {
  readonly measured?: boolean;
  readonly stays?: boolean;
  readonly because?: string;
}
