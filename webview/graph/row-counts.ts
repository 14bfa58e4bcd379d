import type { Card, Picture } from '../../src/core/layout/picture.ts';

/** The rows of a model's CTEs by name, in lower case; its own query is under its own name. */
export type RowCounts = ReadonlyMap<string, number>;

/** The picture of a model's inside with the number of rows on every part that was counted. */
export function withRowCounts(picture: Picture, counts: RowCounts): Picture {
  const cards = picture.cards.map((card): Card => {
    if (card.kind !== 'cte' && card.kind !== 'query') return card;
    const rows = counts.get(card.name.toLowerCase()) ?? (card.kind === 'query' ? counts.get('') : undefined);
    return rows === undefined ? card : { ...card, detail: toDetail(rows, card.detail) };
  });
  return { ...picture, cards };
}

/** The count, and the line of the SQL where one is known. */
function toDetail(rows: number, detail: string): string {
  const line = /line \d+$/.exec(detail)?.[0];
  const counted = `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`;
  return line === undefined ? counted : `${counted} · ${line}`;
}
