import type { Row } from './picture.ts';
import type { GraphColumn } from './project-graph.ts';
import { toTextWidth } from './text-width.ts';

/** The measures of a card, shared by the layout, the canvas and the exports. */
export const cardMeasures = {
  header: 44,
  row: 20,
  foot: 6,
  nameSize: 12.5,
  detailSize: 10.5,
  rowSize: 11.5,
  typeSize: 10,
  /** Where text begins: after the layer's stripe and the icon. */
  textLeft: 32,
  padding: 12,
  /** Room at the right of the header for the sign that opens the card. */
  chevron: 24,
  minWidth: 156,
  maxWidth: 320,
  mostRows: 40,
} as const;

/** The size of the headings over the overview's columns. */
export const headingSize = 14;

/** The size of a card from its texts: computed from font metrics, never measured on a screen. */
export function toCardSize(
  name: string,
  detail: string,
  badge: string,
  columns: readonly GraphColumn[] | undefined,
  moreRows: number,
): { readonly width: number; readonly height: number } {
  const m = cardMeasures;
  let width = m.textLeft + toTextWidth(name, m.nameSize, true) + m.chevron;
  const badgeWidth = badge === '' ? 0 : toTextWidth(badge, m.detailSize) + 22;
  width = Math.max(width, m.textLeft + toTextWidth(detail, m.detailSize) + badgeWidth + m.chevron);
  if (columns === undefined) return { width: clampWidth(width), height: m.header };
  for (const column of columns)
    width = Math.max(width, 30 + toTextWidth(column.name, m.rowSize) + 16 + toTextWidth(toShortType(column.type), m.typeSize) + m.padding);
  return { width: clampWidth(width), height: m.header + (columns.length + (moreRows > 0 ? 1 : 0)) * m.row + m.foot };
}

function clampWidth(width: number): number {
  return Math.ceil(Math.max(cardMeasures.minWidth, Math.min(cardMeasures.maxWidth, width)));
}

/** A type as a card has room for it: `varchar(256)` stays, the inside of a struct does not. */
export function toShortType(type: string): string {
  const short = type.toLowerCase().replace(/\s+/g, ' ');
  return short.length <= 18 ? short : `${short.replace(/[(<].*$/s, '').slice(0, 16)}…`;
}

/** The rows of an expanded card. */
export function toRows(columns: readonly GraphColumn[], isLit: (column: string) => boolean): readonly Row[] {
  return columns.map((column, i) => ({
    name: column.name,
    type: toShortType(column.type),
    description: column.description ?? '',
    ...(column.key ? { key: column.key } : {}),
    y: cardMeasures.header + (i + 0.5) * cardMeasures.row,
    lit: isLit(column.name),
  }));
}
