import type { IconName } from './icon.ts';
/** A button with words on it. */
export declare function button(label: string, press: () => void, appearance?: 'primary' | 'secondary'): HTMLElement;
/** A button that is an icon; its label is its name for screen readers and its tooltip. */
export declare function iconButton(name: IconName, label: string, press: (event: MouseEvent) => void, pressed?: boolean): HTMLButtonElement;
/** A field for one line of text; `change` hears every key. */
export declare function textField(label: string, value: string, change: (value: string) => void): HTMLElement;
/** A choice of one among a few. */
export declare function dropdown(
  label: string,
  choices: readonly (readonly [value: string, shown: string])[],
  value: string,
  change: (value: string) => void,
): HTMLElement;
/** A switch with its label. */
export declare function checkbox(label: string, checked: boolean, change: (checked: boolean) => void): HTMLElement;
export interface MenuItem {
  readonly label: string;
  readonly detail?: string;
  /** Of what can be on or off: whether it is on. */
  readonly checked?: boolean;
  run(): void;
}
/** Opens a menu at a place in the page; arrow keys walk it, Escape or a click elsewhere closes it and gives the focus back. */
export declare function openMenu(
  at: {
    readonly x: number;
    readonly y: number;
  },
  items: readonly (MenuItem | 'line')[],
): void;
