import {
  provideVSCodeDesignSystem,
  vsCodeBadge,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import type { Child } from './element.ts';
import { element } from './element.ts';
import type { IconName } from './icon.ts';
import { icon } from './icon.ts';

// The toolkit stays behind this folder, so that another one can take its place here and nowhere else.
provideVSCodeDesignSystem().register(vsCodeBadge(), vsCodeButton(), vsCodeCheckbox(), vsCodeDropdown(), vsCodeOption(), vsCodeTextField());

/** A button with words on it. */
export function button(label: string, press: () => void, appearance: 'primary' | 'secondary' = 'secondary'): HTMLElement {
  return element('vscode-button', { appearance, on: { click: press } }, label);
}

/** A button that is an icon; its label is its name for screen readers and its tooltip. */
export function iconButton(name: IconName, label: string, press: (event: MouseEvent) => void, pressed?: boolean): HTMLButtonElement {
  return element(
    'button',
    {
      class: 'hw-icon-button',
      type: 'button',
      title: label,
      'aria-label': label,
      'aria-pressed': pressed === undefined ? undefined : String(pressed),
      on: { click: press },
    },
    icon(name),
  );
}

/** The same with a word beside the icon where the toolbar is too narrow for its title, and the pointer may be a finger. */
export function worded(word: string, icon: HTMLButtonElement): HTMLButtonElement {
  icon.dataset.word = word;
  return icon;
}

/** A field for one line of text; `change` hears every key. */
export function textField(label: string, value: string, change: (value: string) => void): HTMLElement {
  const field = element('vscode-text-field', { placeholder: label, 'aria-label': label });
  (field as HTMLElement & { value: string }).value = value;
  field.addEventListener('input', () => change((field as HTMLElement & { value: string }).value));
  return field;
}

/** A choice of one among a few. */
export function dropdown(
  label: string,
  choices: readonly (readonly [value: string, shown: string])[],
  value: string,
  change: (value: string) => void,
): HTMLElement {
  const options = choices.map(([key, shown]) => element('vscode-option', { value: key, selected: key === value }, shown));
  const field = element('vscode-dropdown', { 'aria-label': label }, ...options);
  field.addEventListener('change', () => change((field as HTMLElement & { value: string }).value));
  return field;
}

/** A switch with its label. */
export function checkbox(label: string, checked: boolean, change: (checked: boolean) => void): HTMLElement {
  const box = element('vscode-checkbox', { checked }, label);
  box.addEventListener('change', () => change((box as HTMLElement & { checked: boolean }).checked));
  return box;
}

export interface MenuItem {
  readonly label: string;
  readonly detail?: string;
  /** Of what can be on or off: whether it is on. */
  readonly checked?: boolean;
  run(): void;
}

/** Opens a menu at a place in the page; arrow keys walk it, Escape or a click elsewhere closes it and gives the focus back. */
export function openMenu(at: { readonly x: number; readonly y: number }, items: readonly (MenuItem | 'line')[]): void {
  const before = document.activeElement;
  const rows: Child[] = items.map((item) =>
    item === 'line'
      ? element('hr')
      : element(
          'button',
          {
            type: 'button',
            role: item.checked === undefined ? 'menuitem' : 'menuitemcheckbox',
            'aria-checked': item.checked === undefined ? undefined : String(item.checked),
            on: { click: () => finish(item.run) },
          },
          element(
            'span',
            {},
            item.checked === undefined ? '' : element('i', { 'aria-hidden': 'true' }, item.checked ? '✓' : ''),
            item.label,
          ),
          item.detail !== undefined && element('span', { class: 'hw-quiet' }, item.detail),
        ),
  );
  const menu = element('div', { class: 'hw-menu', role: 'menu', on: { keydown: walk } }, ...rows);
  // Inside the page's landmark, as everything that can be read.
  (document.querySelector('main') ?? document.body).append(menu);
  const box = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(4, Math.min(at.x, innerWidth - box.width - 4))}px`;
  menu.style.top = `${Math.max(4, Math.min(at.y, innerHeight - box.height - 4))}px`;
  const buttons = [...menu.querySelectorAll('button')];
  buttons[0]?.focus();
  addEventListener('pointerdown', outside, true);

  function outside(event: PointerEvent): void {
    if (!menu.contains(event.target as Node)) finish();
  }
  function walk(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Escape') finish();
    else if (step === 0) return;
    else buttons[(buttons.indexOf(document.activeElement as HTMLButtonElement) + step + buttons.length) % buttons.length]?.focus();
    event.preventDefault();
    event.stopPropagation();
  }
  function finish(run?: () => void): void {
    removeEventListener('pointerdown', outside, true);
    menu.remove();
    if (before instanceof HTMLElement) before.focus();
    run?.();
  }
}
