import type { ShownCell } from '../../src/protocol.ts';
import { element } from '../ui/element.ts';
import { layOutJson } from './json-layout.ts';

/** Shows all of a value beside its cell, JSON laid out; Escape or a click elsewhere closes it and gives the focus back. */
export function showCell(name: string, value: ShownCell | undefined, at: DOMRect): void {
  if (value === undefined) return;
  const before = document.activeElement;
  const text = toWholeText(value);
  const size = typeof value === 'string' && value !== '' ? `${value.length.toLocaleString()} characters` : '';
  const panel = element(
    'div',
    { class: 'cell-detail', role: 'dialog', 'aria-label': `Value of ${name}`, tabindex: -1 },
    element('div', { class: 'title' }, element('strong', {}, name), element('span', { class: 'hw-quiet' }, size)),
    element('pre', { class: value === null || value === '' ? 'hw-quiet' : '', tabindex: 0 }, text),
  );
  (document.querySelector('main') ?? document.body).append(panel);
  const box = panel.getBoundingClientRect();
  const below = at.bottom + box.height + 4 <= innerHeight;
  panel.style.left = `${Math.max(4, Math.min(at.left, innerWidth - box.width - 4))}px`;
  panel.style.top = `${Math.max(4, below ? at.bottom + 2 : Math.min(at.top, innerHeight - box.height - 4))}px`;
  panel.focus();
  const outside = (event: Event): void => {
    if (!panel.contains(event.target as Node)) close();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  const close = (): void => {
    removeEventListener('pointerdown', outside, true);
    removeEventListener('wheel', outside, true);
    panel.remove();
    if (before instanceof HTMLElement) before.focus();
  };
  panel.addEventListener('keydown', press);
  addEventListener('pointerdown', outside, true);
  addEventListener('wheel', outside, true);
}

function toWholeText(value: ShownCell): string {
  if (value === null) return 'NULL';
  if (value === '') return 'the empty text';
  return typeof value === 'string' ? layOutJson(value) : String(value);
}
