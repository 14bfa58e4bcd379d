/** A child of an element; `undefined` and `false` leave nothing behind. */
export type Child = Node | string | undefined | false;

type Listeners = { readonly [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void };

export interface Attributes {
  readonly class?: string;
  readonly title?: string;
  readonly on?: Listeners;
  /** Everything else is set as an attribute; `true` sets it empty, `false` and undefined leave it out. */
  readonly [attribute: string]: string | number | boolean | undefined | Listeners;
}

/** Makes an element with its attributes, listeners and children; text is never read as markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes?: Attributes,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name];
export function element(name: string, attributes?: Attributes, ...children: readonly Child[]): HTMLElement;
export function element(name: string, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'on') {
      for (const [type, listener] of Object.entries(value as Listeners)) made.addEventListener(type, listener as EventListener);
    } else if (value === true) made.setAttribute(key, '');
    else if (value !== undefined && value !== false) made.setAttribute(key, String(value));
  }
  made.append(...present(children));
  return made;
}

/** Puts new children in place of the old. */
export function replaceChildren(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren(...present(children));
}

function present(children: readonly Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => child !== undefined && child !== false);
}
