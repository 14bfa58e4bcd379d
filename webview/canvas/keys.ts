import { element } from '../ui/element.ts';

/** Shows what the keys do, until Escape. */
export function showKeys(title: string, keys: readonly (readonly [key: string, what: string])[]): void {
  const before = document.activeElement;
  const dialog = element(
    'dialog',
    { class: 'hw-keys', 'aria-label': title },
    element('strong', {}, title),
    element('dl', {}, ...keys.flatMap(([key, what]) => [element('dt', {}, element('kbd', {}, key)), element('dd', {}, what)])),
    element('button', { type: 'button', class: 'hw-link', on: { click: () => dialog.close() } }, 'Close'),
  );
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (before instanceof HTMLElement) before.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}
