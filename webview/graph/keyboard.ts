import type { Card, GraphView } from '../../src/core/layout/picture.ts';
import type { Diagram } from '../canvas/diagram.ts';
import { showKeys } from '../canvas/keys.ts';
import { findNext, toStart } from '../canvas/travel.ts';
import type { History } from './history.ts';
import { goBack, goForward } from './history.ts';
import { graphKeys } from './keys.ts';

/** What the keys of the graph can do. */
export interface KeyActions {
  view(): GraphView | undefined;
  go(change: Partial<GraphView>): void;
  open(card: Card, column: string): void;
  enter(card: Card): void;
  toggle(id: string): void;
  grow(card: Card, side: 'up' | 'down'): void;
  trace(node: string, column: string): void;
  clearColumn(): void;
  only(node: string, side: 'up' | 'down'): void;
  actions(card: Card): readonly { readonly key?: string; run(): void }[];
  cardMenu(card: Card, at: { readonly x: number; readonly y: number }): void;
  toggleSide(): void;
  travelHistory(move: (history: History) => History): void;
  find(): void;
}

/** The graph by keyboard: travel along links, and a key for each thing a card can do. */
export class GraphKeyboard {
  constructor(
    readonly diagram: Diagram,
    readonly does: KeyActions,
  ) {}

  /** Does what a key stands for. */
  press(event: KeyboardEvent): void {
    const picture = this.diagram.picture;
    if (picture === undefined) return;
    const { card: at, row } = this.diagram.selection;
    const card = picture.cards[at];
    if (event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight'))
      this.does.travelHistory(event.key === 'ArrowLeft' ? goBack : goForward);
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key.startsWith('Arrow')) this.#travel(event.key, card, at, row);
    else if (!this.#onPicture(event) && !(card !== undefined && this.#onCard(event, card, at, row))) return;
    event.preventDefault();
  }

  #travel(key: string, card: Card | undefined, at: number, row: number): void {
    const picture = this.diagram.picture!;
    if (card === undefined) {
      if (picture.cards.length > 0) this.diagram.select(toStart(picture), -1, true);
      return;
    }
    const down = key === 'ArrowDown';
    if ((down || key === 'ArrowUp') && card.rows.length > 0 && (row >= 0 || down) && row + (down ? 1 : -1) < card.rows.length) {
      this.diagram.select(at, row + (down ? 1 : -1), true);
      return;
    }
    const next = findNext(picture, at, key === 'ArrowLeft' ? 'left' : key === 'ArrowRight' ? 'right' : down ? 'down' : 'up');
    if (next !== undefined) this.diagram.select(next, -1, true);
    else if (key === 'ArrowLeft' && card.hiddenUp > 0) this.does.grow(card, 'up');
    else if (key === 'ArrowRight' && card.hiddenDown > 0) this.does.grow(card, 'down');
  }

  #onPicture(event: KeyboardEvent): boolean {
    switch (event.key) {
      case '/':
        this.does.find();
        return true;
      case '?':
        showKeys('Keys of the lineage graph', graphKeys);
        return true;
      case '+':
      case '=':
        this.diagram.zoom(1.25);
        return true;
      case '-':
        this.diagram.zoom(0.8);
        return true;
      case '0':
        this.diagram.fit(true);
        return true;
      case 'w':
        this.does.go({ scope: { kind: 'project', opened: [] } });
        return true;
      case 'i':
        this.does.toggleSide();
        return true;
      case 'Home':
        if (this.diagram.picture && this.diagram.picture.cards.length > 0) this.diagram.select(toStart(this.diagram.picture), -1, true);
        return true;
      case 'Escape':
        if (this.does.view()?.column !== undefined) this.does.clearColumn();
        else this.diagram.select(-1, -1, true);
        return true;
      default:
        return false;
    }
  }

  #onCard(event: KeyboardEvent, card: Card, at: number, row: number): boolean {
    const column = card.rows[row]?.name;
    switch (event.key) {
      case 'Enter':
        if (column !== undefined) this.does.open(card, column);
        else this.does.enter(card);
        return true;
      case ' ':
        if (column !== undefined) this.does.trace(card.id, column);
        else if (card.canExpand) this.does.toggle(card.id);
        return true;
      case 'm':
      case 'ContextMenu':
        this.does.cardMenu(card, this.diagram.toScreen(at));
        return true;
      case 'u':
      case 'd':
        if (card.kind !== 'group' && card.kind !== 'more') this.does.only(card.id, event.key === 'u' ? 'up' : 'down');
        return true;
      case 'c':
        if (card.kind === 'model' || card.kind === 'snapshot') this.does.go({ scope: { kind: 'ctes', node: card.id } });
        return true;
      default: {
        const action = this.does.actions(card).find((found) => found.key === event.key);
        action?.run();
        return action !== undefined;
      }
    }
  }
}
