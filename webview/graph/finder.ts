import type { FilterAnswer } from '../../src/protocol.ts';
import { element, replaceChildren } from '../ui/element.ts';
import { icon } from '../ui/icon.ts';

interface Choice {
  readonly label: string;
  readonly detail: string;
  run(): void;
}

/** The box that finds a node by name or shows what a selector selects, with completions and a live count. */
export class Finder {
  readonly node: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #count: HTMLOutputElement;
  #choices: readonly Choice[] = [];
  #at = 0;
  #asked = 0;
  /** What was found of the nodes that the picture shows, and which of them Enter went to last. */
  #hits: readonly string[] = [];
  #hit = -1;
  #select: (() => void) | undefined;

  constructor(
    readonly options: {
      ask(text: string): Promise<FilterAnswer>;
      nameOf(id: string): string;
      isShown(id: string): boolean;
      /** Brings a node of the picture into the middle. */
      point(id: string): void;
      select(selector: string): void;
      go(id: string): void;
      leave(): void;
    },
  ) {
    this.#list = element('ul', { class: 'hw-found', role: 'listbox', id: 'hw-found', 'aria-label': 'Found', hidden: true });
    this.#count = element('output', { 'aria-live': 'polite' });
    this.#input = element('input', {
      type: 'text',
      role: 'combobox',
      'aria-label': 'Find a node or type a selector',
      'aria-expanded': 'false',
      'aria-controls': 'hw-found',
      'aria-autocomplete': 'list',
      placeholder: 'Find, or select like +orders',
      spellcheck: 'false',
      autocomplete: 'off',
    });
    this.#input.addEventListener('input', () => void this.#update());
    this.#input.addEventListener('focus', () => void this.#update());
    this.#input.addEventListener('blur', () => setTimeout(() => this.#close(), 150));
    this.#input.addEventListener('keydown', (event) => this.#key(event));
    this.node = element('div', { class: 'hw-find', role: 'search' }, icon('search'), this.#input, this.#count, this.#list);
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  setText(text: string): void {
    this.#input.value = text;
    if (text === '') this.#count.textContent = '';
  }

  async #update(): Promise<void> {
    const text = this.#input.value.trim();
    const round = ++this.#asked;
    if (text === '') {
      this.#count.textContent = '';
      this.#close();
      return;
    }
    const answer = await this.options.ask(text);
    if (round !== this.#asked || document.activeElement !== this.#input) return;
    this.#count.textContent = answer.problem === undefined ? String(answer.count) : '0';
    this.#count.title = answer.problem ?? `${answer.count} nodes`;
    const choices: Choice[] = [];
    const { isShown, nameOf, go } = this.options;
    this.#hits = answer.nodes.filter(isShown);
    this.#hit = -1;
    const others = answer.nodes.filter((id) => !isShown(id));
    for (const id of this.#hits.slice(0, 20)) choices.push({ label: nameOf(id), detail: id.split('.')[0] ?? '', run: () => go(id) });
    if (answer.count > 0) {
      const label = answer.count === 1 ? 'Show only this node' : `Show only these ${answer.count.toLocaleString('en')} nodes`;
      choices.push({ label, detail: 'Shift+Enter', run: () => this.options.select(text) });
    }
    for (const id of others.slice(0, 20))
      choices.push({ label: nameOf(id), detail: `${id.split('.')[0] ?? ''}, not shown`, run: () => go(id) });
    this.#select = answer.count > 0 ? () => this.options.select(text) : undefined;
    for (const { text: completion, detail } of answer.completions.slice(0, 12))
      choices.push({
        label: completion,
        detail,
        run: () => {
          this.#input.value = completion;
          this.#input.focus();
          void this.#update();
        },
      });
    this.#choices = choices;
    // Nothing is chosen until an arrow says so: Enter walks through what the picture shows.
    this.#at = -1;
    this.#show(answer.problem);
  }

  #show(problem: string | undefined): void {
    const options = this.#choices.map((choice, i) =>
      element(
        'li',
        {
          role: 'option',
          id: `hw-found-${i}`,
          'aria-selected': String(i === this.#at),
          on: {
            pointerdown: (event) => {
              event.preventDefault();
              this.#take(i);
            },
          },
        },
        choice.label,
        element('span', { class: 'hw-quiet' }, choice.detail),
      ),
    );
    if (options.length === 0 && problem !== undefined)
      options.push(element('li', { role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false', class: 'hw-quiet' }, problem));
    replaceChildren(this.#list, ...options);
    this.#list.hidden = options.length === 0;
    this.#input.setAttribute('aria-expanded', String(options.length > 0));
    this.#point();
  }

  #point(): void {
    [...this.#list.children].forEach(
      (option, i) => void option.setAttribute('aria-selected', String(i === this.#at && this.#choices.length > 0)),
    );
    if (this.#choices.length > 0 && this.#at >= 0) this.#input.setAttribute('aria-activedescendant', `hw-found-${this.#at}`);
    else this.#input.removeAttribute('aria-activedescendant');
    const option = this.#list.children[this.#at];
    if (!(option instanceof HTMLElement)) return;
    // Only the list scrolls; scrollIntoView would move the page as well.
    const { offsetTop, offsetHeight } = option;
    if (offsetTop < this.#list.scrollTop) this.#list.scrollTop = offsetTop;
    else if (offsetTop + offsetHeight > this.#list.scrollTop + this.#list.clientHeight)
      this.#list.scrollTop = offsetTop + offsetHeight - this.#list.clientHeight;
  }

  #take(i: number): void {
    const choice = this.#choices[i];
    this.#close();
    choice?.run();
  }

  #showOnly(): void {
    const select = this.#select;
    this.#close();
    select?.();
  }

  /** Goes to the next of what was found in the picture, which stays as it is. */
  #next(): void {
    const id = this.#hits[(this.#hit + 1) % Math.max(1, this.#hits.length)];
    if (id === undefined) {
      if (this.#select === undefined) return;
      this.#count.textContent = '0 here';
      this.#count.title = 'Nothing of this is in the picture: Shift+Enter shows it';
      return;
    }
    this.#hit = (this.#hit + 1) % this.#hits.length;
    this.#count.textContent = `${this.#hit + 1} of ${this.#hits.length}`;
    this.options.point(id);
    this.#close();
  }

  #close(): void {
    this.#list.hidden = true;
    this.#input.setAttribute('aria-expanded', 'false');
    this.#input.removeAttribute('aria-activedescendant');
  }

  #key(event: KeyboardEvent): void {
    const count = this.#choices.length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (count > 0)
        this.#at = this.#at < 0 && event.key === 'ArrowUp' ? count - 1 : (this.#at + (event.key === 'ArrowDown' ? 1 : -1) + count) % count;
      this.#point();
    } else if (event.key === 'Enter' && event.shiftKey) this.#showOnly();
    else if (event.key === 'Enter' && this.#at >= 0) this.#take(this.#at);
    else if (event.key === 'Enter') this.#next();
    else if (event.key === 'Escape') {
      if (this.#list.hidden) {
        this.options.leave();
      } else this.#close();
    } else return;
    event.preventDefault();
  }
}
