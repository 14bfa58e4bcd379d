import type { CellSearch, FoundCell } from '../../src/protocol.ts';
import { iconButton } from '../ui/controls.ts';
import { element } from '../ui/element.ts';
import type { CellAt } from './selection.ts';

/** What is searched: cells can be gone to. */
interface Searched {
  readonly root: HTMLElement;
  readonly current: CellAt;
  goTo(at: CellAt): void;
}

const typingDelay = 150;

/** Looks for a text in every row of a view, also those that are not in the page: Enter goes on, Shift+Enter back, Escape to the cell found. */
export class SearchBar {
  readonly root: HTMLElement;
  readonly #field: HTMLInputElement;
  readonly #said = element('span', { class: 'said', role: 'status' });
  #timer = 0;
  #asked = 0;

  constructor(
    private readonly find: (search: CellSearch) => Promise<FoundCell | undefined>,
    private readonly searched: () => Searched | undefined,
  ) {
    this.#field = element('input', {
      class: 'field',
      type: 'text',
      placeholder: 'Search in all rows',
      'aria-label': 'Search in all rows',
      spellcheck: 'false',
      on: {
        input: () => {
          clearTimeout(this.#timer);
          this.#timer = window.setTimeout(() => void this.#go(false, true), typingDelay);
        },
        keydown: (event) => this.#press(event),
      },
    }) as HTMLInputElement;
    this.root = element(
      'div',
      { class: 'search', role: 'search', hidden: true },
      this.#field,
      this.#said,
      iconButton('sortAscending', 'Previous (Shift+Enter)', () => void this.#go(true)),
      iconButton('sortDescending', 'Next (Enter)', () => void this.#go(false)),
      iconButton('close', 'Close (Escape)', () => this.close()),
    );
  }

  open(): void {
    this.root.hidden = false;
    this.#field.focus();
    this.#field.select();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.root.hidden = true;
    this.searched()?.root.focus();
  }

  #press(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.close();
    else if (event.key === 'Enter') void this.#go(event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  async #go(backwards: boolean, inclusive = false): Promise<void> {
    clearTimeout(this.#timer);
    const grid = this.searched();
    const text = this.#field.value;
    const asked = ++this.#asked;
    if (grid === undefined || text === '') {
      this.#say('', false);
      return;
    }
    const found = await this.find({ text, from: grid.current, backwards, inclusive });
    if (asked !== this.#asked) return;
    if (found === undefined) {
      this.#say('nowhere', true);
      return;
    }
    grid.goTo({ row: found.row, column: found.column });
    this.#say(`row ${found.at.toLocaleString()} of ${found.rows.toLocaleString()}`, false);
  }

  #say(text: string, isMissing: boolean): void {
    this.#said.textContent = text;
    this.root.classList.toggle('missing', isMissing);
  }
}
