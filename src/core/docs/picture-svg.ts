import { cardMeasures } from '../layout/card-size.ts';
import type { Layer } from '../layout/layer.ts';
import { layers } from '../layout/layer.ts';
import { colorsOnDark, colorsOnLight } from '../layout/layer-colors.ts';
import type { Card, CrowsFoot, Link, Picture } from '../layout/picture.ts';
import { toFitting, toTextWidth } from '../layout/text-width.ts';

const margin = 24;

/** The picture as an SVG document that stands alone and follows the reader's light or dark preference. */
export function toSvg(picture: Picture): string {
  const width = Math.ceil(picture.right - picture.left + 2 * margin);
  const height = Math.ceil(picture.bottom - picture.top + 2 * margin);
  const box = `${Math.floor(picture.left - margin)} ${Math.floor(picture.top - margin)} ${width} ${height}`;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${box}" role="img" aria-label="${escapeXml(picture.title)}">`,
    `<title>${escapeXml(picture.title)}</title>`,
    `<style>${toStyle()}</style>`,
    `<rect class="ground" x="${Math.floor(picture.left - margin)}" y="${Math.floor(picture.top - margin)}" width="${width}" height="${height}"/>`,
  ];
  for (const frame of picture.frames)
    parts.push(
      `<rect class="frame ${frame.layer}" x="${frame.x}" y="${frame.y}" width="${frame.width}" height="${frame.height}" rx="8"/>`,
      `<text class="name" x="${frame.x + 14}" y="${frame.y + 22}">${escapeXml(frame.name)}</text>`,
    );
  for (const heading of picture.headings)
    parts.push(`<text class="heading ${heading.layer}" x="${heading.x}" y="${heading.y + 12}">${escapeXml(heading.name)}</text>`);
  for (const link of picture.links) parts.push(...toLinkParts(link));
  for (const card of picture.cards) parts.push(toCardPart(card));
  parts.push('</svg>');
  return `${parts.join('\n')}\n`;
}

function toStyle(): string {
  const colours = (scheme: Readonly<Record<Layer, string>>): string => layers.map((layer) => `.${layer}{--c:${scheme[layer]}}`).join('');
  return [
    'text{font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;fill:var(--t)}',
    `.name{font-size:${cardMeasures.nameSize}px;font-weight:600}.detail{font-size:${cardMeasures.detailSize}px;fill:var(--q)}`,
    `.row{font-size:${cardMeasures.rowSize}px}.type{font-size:${cardMeasures.typeSize}px;fill:var(--q);text-anchor:end}.key{font-weight:600}`,
    '.heading{font-size:12px;font-weight:600;fill:var(--c)}.frame{fill:var(--c);fill-opacity:.06;stroke:var(--c)}',
    '.card{fill:var(--k);stroke:var(--l)}.focus .card{stroke:var(--c);stroke-width:2}.lit .card{stroke:var(--a)}.stripe{fill:var(--c)}',
    '.link{fill:none;stroke:var(--e)}.lit-link{fill:none;stroke:var(--a)}.head{fill:var(--e)}.lit-head{fill:var(--a)}.use{stroke-dasharray:2 4}.candidate{stroke-dasharray:6 4}',
    '.foot{fill:none;stroke:var(--q);stroke-width:1.4}.zero{fill:var(--g);stroke:var(--q);stroke-width:1.4}.dim{opacity:.4}.ground{fill:var(--g)}',
    `:root{--g:#ffffff;--t:#24292f;--q:#5c6370;--k:#f8f9fb;--l:#d0d4da;--e:#a9b0ba;--a:#0067c0}${colours(colorsOnLight)}`,
    `@media (prefers-color-scheme:dark){:root{--g:#1f1f1f;--t:#d4d4d4;--q:#9d9d9d;--k:#282828;--l:#454545;--e:#6b7280;--a:#3794ff}${colours(colorsOnDark)}}`,
    '@media print{.ground{fill:none}}',
  ].join('');
}

/** The route as path data: curves between columns, straight inside them. */
export function toPath(route: readonly number[]): string {
  const parts = [`M${n(route[0]!)} ${n(route[1]!)}`];
  for (let i = 2; i < route.length; i += 2) {
    const [x0, y0, x1, y1] = [route[i - 2]!, route[i - 1]!, route[i]!, route[i + 1]!];
    if ((i / 2) % 2 === 0 || y0 === y1) parts.push(`L${n(x1)} ${n(y1)}`);
    else {
      const bulge = Math.abs(x1 - x0) < 2 ? 28 + Math.min(70, Math.abs(y1 - y0) * 0.18) : undefined;
      const [a, b] = bulge === undefined ? [(x0 + x1) / 2, (x0 + x1) / 2] : [x0 + bulge, x1 + bulge];
      parts.push(`C${n(a)} ${n(y0)} ${n(b)} ${n(y1)} ${n(x1)} ${n(y1)}`);
    }
  }
  return parts.join('');
}

function toLinkParts(link: Link): string[] {
  const lit = link.emphasis === 'lit';
  const kind = link.kind === 'use' || link.kind === 'candidate' ? ` ${link.kind}` : '';
  const opacity = link.emphasis === 'dim' ? ' dim' : '';
  const title = link.detail === '' ? '' : `<title>${escapeXml(link.detail)}</title>`;
  const parts = [
    `<path class="${lit ? 'lit-link' : 'link'}${kind}${opacity}" stroke-width="${n(link.weight * 1.2)}"${link.weight > 1.6 ? ' opacity=".55"' : ''} d="${toPath(link.route)}">${title}</path>`,
  ];
  const { route } = link;
  const x = route.at(-2)!;
  const y = route.at(-1)!;
  const arrival = x - route.at(-4)! >= 2 ? 1 : -1;
  if (link.feet) {
    const start = Math.sign(route[2]! - route[0]!) || 1;
    parts.push(toFootPart(route[0]!, route[1]!, start, link.feet.from), toFootPart(x, y, -arrival, link.feet.to));
  } else {
    const size = 4.5 + Math.min(3, link.weight * 0.5);
    const back = n(x - arrival * size * 1.3);
    parts.push(
      `<path class="${lit ? 'lit-head' : 'head'}${opacity}" d="M${n(x)} ${n(y)}L${back} ${n(y - size * 0.75)}L${back} ${n(y + size * 0.75)}z"/>`,
    );
  }
  return parts;
}

function toFootPart(x: number, y: number, way: number, foot: CrowsFoot): string {
  const many = foot === 'many' || foot === 'zero-or-many';
  const at = (distance: number): string => n(x + way * distance);
  const fork = many ? `M${n(x)} ${n(y - 6)}L${at(12)} ${n(y)}L${n(x)} ${n(y + 6)}` : `M${at(6)} ${n(y - 5)}L${at(6)} ${n(y + 5)}`;
  const far = many ? 15 : 10;
  if (foot === 'one' || foot === 'many') return `<path class="foot" d="${fork}M${at(far)} ${n(y - 5)}L${at(far)} ${n(y + 5)}"/>`;
  return `<path class="foot" d="${fork}"/><circle class="zero" cx="${at(many ? 16 : 13.5)}" cy="${n(y)}" r="3.5"/>`;
}

function toCardPart(card: Card): string {
  const m = cardMeasures;
  const header = card.rows.length > 0 ? m.header : card.height;
  const middle = card.y + header / 2;
  const left = card.x + 14;
  const room = card.width - 14 - m.padding;
  const parts = [
    `<g class="${card.layer} ${card.emphasis}">`,
    card.description === '' ? '' : `<title>${escapeXml(card.description)}</title>`,
    `<rect class="card" x="${n(card.x)}" y="${n(card.y)}" width="${n(card.width)}" height="${n(card.height)}" rx="6"${card.kind === 'more' || card.materialized === 'ephemeral' ? ' stroke-dasharray="4 3"' : ''}/>`,
    `<rect class="stripe" x="${n(card.x)}" y="${n(card.y + 3)}" width="4" height="${n(card.height - 6)}" rx="2"/>`,
    `<text class="name" x="${n(left)}" y="${n(card.detail === '' ? middle + 4 : middle - 3)}">${escapeXml(toFitting(card.name, room, m.nameSize, true))}</text>`,
  ];
  if (card.detail !== '')
    parts.push(`<text class="detail" x="${n(left)}" y="${n(middle + 12)}">${escapeXml(toFitting(card.detail, room, m.detailSize))}</text>`);
  for (const row of card.rows) {
    const typeWidth = row.type === '' ? 0 : toTextWidth(row.type, m.typeSize) + 10;
    const mark = row.key === undefined ? '' : row.key === 'primary' ? 'PK' : row.key === 'foreign' ? 'FK' : 'U';
    const y = n(card.y + row.y + 4);
    if (mark !== '') parts.push(`<text class="detail" x="${n(card.x + 10)}" y="${y}">${mark}</text>`);
    parts.push(
      `<text class="row${row.key === 'primary' || row.lit ? ' key' : ''}" x="${n(card.x + 30)}" y="${y}">${escapeXml(toFitting(row.name, card.width - 30 - m.padding - typeWidth, m.rowSize))}</text>`,
    );
    if (row.type !== '') parts.push(`<text class="type" x="${n(card.x + card.width - m.padding)}" y="${y}">${escapeXml(row.type)}</text>`);
  }
  if (card.moreRows > 0)
    parts.push(
      `<text class="detail" x="${n(card.x + 30)}" y="${n(card.y + m.header + (card.rows.length + 0.5) * m.row + 4)}">${card.moreRows} more ${card.moreRows === 1 ? 'column' : 'columns'}</text>`,
    );
  parts.push('</g>');
  return parts.filter((part) => part !== '').join('');
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Text as it may stand in XML and in its attributes. */
export function escapeXml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, (sign) => (/[\t\n\r]/.test(sign) ? sign : sign < ' ' || sign === '\u007f' ? '' : '\ufffd'));
}
