import { toBadgeWords, toLastWords } from '../../src/core/layout/badge.ts';
import { layerNames } from '../../src/core/layout/layer.ts';
import type { Card, Picture } from '../../src/core/layout/picture.ts';
import { element } from '../ui/element.ts';

/** Cards that the tree holds at once; beyond them it holds those around the selected card. */
const mostItems = 400;

/**
 * The picture as a tree for assistive technology: an item per card in reading order, named like what is drawn, with the columns of open
 * cards below. It holds the keyboard's focus for the canvas; the item in question is its active descendant.
 */
export class PictureTree {
  readonly node: HTMLElement;
  #items = new Map<number, HTMLElement>();
  #picture: Picture | undefined;
  #degrees: Degrees = { relation: false, ins: new Uint32Array(), outs: new Uint32Array() };

  constructor(label: string) {
    this.node = element('div', { class: 'hw-tree', role: 'tree', tabindex: '0', 'aria-label': label });
  }

  show(picture: Picture): void {
    this.#picture = picture;
    this.#degrees = countDegrees(picture);
    this.#items.clear();
    const order = picture.cards
      .map((_, i) => i)
      .sort((a, b) => picture.cards[a]!.x - picture.cards[b]!.x || picture.cards[a]!.y - picture.cards[b]!.y);
    this.node.replaceChildren(...order.slice(0, mostItems).map((i) => this.#add(i)));
    if (picture.cards.length === 0) this.node.setAttribute('role', 'group');
    else this.node.setAttribute('role', 'tree');
  }

  /** Names the card, or the row of it, that the keyboard is on. */
  point(card: number, row: number): void {
    const picture = this.#picture;
    if (picture === undefined || picture.cards[card] === undefined) {
      this.node.removeAttribute('aria-activedescendant');
      return;
    }
    let item = this.#items.get(card);
    if (item === undefined) {
      item = this.#add(card);
      this.node.append(item);
    }
    for (const other of this.node.querySelectorAll('[aria-selected="true"]')) other.setAttribute('aria-selected', 'false');
    const rowItem = row >= 0 ? item.querySelectorAll('[role=treeitem]')[row] : undefined;
    const target = rowItem ?? item;
    target.setAttribute('aria-selected', 'true');
    this.node.setAttribute('aria-activedescendant', target.id);
  }

  #add(i: number): HTMLElement {
    const picture = this.#picture!;
    const card = picture.cards[i]!;
    const rows = card.rows.map((row, k) =>
      element(
        'div',
        { role: 'treeitem', id: `hw-card-${i}-${k}`, 'aria-level': 2, 'aria-selected': 'false' },
        [row.name, row.type, row.key === undefined ? '' : `${row.key} key`, row.lit ? 'in the lit lineage' : '', row.description]
          .filter(Boolean)
          .join(', '),
      ),
    );
    const item = element(
      'div',
      {
        role: 'treeitem',
        id: `hw-card-${i}`,
        'aria-level': 1,
        'aria-selected': 'false',
        'aria-label': toSpoken(card, i, this.#degrees),
        'aria-expanded': card.canExpand ? String(card.expanded) : undefined,
      },
      rows.length > 0 && element('div', { role: 'group' }, ...rows),
    );
    this.#items.set(i, item);
    return item;
  }
}

/** The links that end and begin at every card, without those between columns. */
interface Degrees {
  /** Whether the links are those of entities. */
  readonly relation: boolean;
  readonly ins: Uint32Array;
  readonly outs: Uint32Array;
}

function countDegrees({ cards, links }: Picture): Degrees {
  const ins = new Uint32Array(cards.length);
  const outs = new Uint32Array(cards.length);
  let relation = false;
  for (const link of links) {
    if (link.feet !== undefined) relation = true;
    if (link.kind === 'data' || link.kind === 'use') continue;
    ins[link.to]!++;
    outs[link.from]!++;
  }
  return { relation, ins, outs };
}

/** A card in words. */
function toSpoken(card: Card, index: number, degrees: Degrees): string {
  const ins = card.hiddenUp + degrees.ins[index]!;
  const outs = card.hiddenDown + degrees.outs[index]!;
  const { relation } = degrees;
  const plural = (count: number, one: string, many: string): string => (count === 0 ? '' : `${count} ${count === 1 ? one : many}`);
  return [
    card.name,
    card.detail,
    card.kind === 'more' || card.kind === 'group' ? '' : layerNames[card.layer],
    relation ? plural(ins + outs, 'relation', 'relations') : plural(ins, 'parent', 'parents'),
    relation ? '' : plural(outs, 'child', 'children'),
    toBadgeWords(card.tests),
    toLastWords(card.kind, card.last),
    card.emphasis === 'lit' ? 'in the lit lineage' : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}
