import type { Picture } from '../../src/core/layout/picture.ts';
import type { Hit } from '../canvas/hit.ts';

/** What hovering tells about a place of the picture; empty where there is nothing. */
export function toTip(picture: Picture | undefined, hit: Hit | undefined): string {
  if (hit === undefined || picture === undefined) return '';
  if (hit.kind === 'link') return picture.links[hit.link]?.detail ?? '';
  if (!('card' in hit)) return '';
  const card = picture.cards[hit.card];
  if (card === undefined) return '';
  if (hit.kind === 'handle')
    return `Show ${hit.side === 'up' ? card.hiddenUp : card.hiddenDown} hidden ${hit.side === 'up' ? 'parents' : 'children'}`;
  if (hit.kind === 'row') {
    const row = card.rows[hit.row];
    return row === undefined ? '' : [`${row.name} ${row.type}`.trim(), row.description].filter((part) => part !== '').join('\n');
  }
  return [card.name, card.description, card.path].filter((part) => part !== '').join('\n');
}
