import { element } from '../ui/element.ts';

/** A tooltip beside the pointer that waits a moment before it shows. */
export class Tip {
  readonly #node = element('div', { class: 'hw-tip', role: 'tooltip' });
  #timer = 0;
  #text = '';

  show(text: string, at: { readonly x: number; readonly y: number }): void {
    if (text === '') {
      this.hide();
      return;
    }
    if (text === this.#text && this.#node.isConnected) return;
    this.#text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#node.textContent = text;
      (document.querySelector('main') ?? document.body).append(this.#node);
      const box = this.#node.getBoundingClientRect();
      this.#node.style.left = `${Math.max(4, Math.min(at.x + 14, innerWidth - box.width - 6))}px`;
      this.#node.style.top = `${at.y + 20 + box.height > innerHeight ? Math.max(4, at.y - box.height - 10) : at.y + 20}px`;
    }, 350);
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#text = '';
    this.#node.remove();
  }
}
