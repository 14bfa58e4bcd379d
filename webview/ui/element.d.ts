/** A child of an element; `undefined` and `false` leave nothing behind. */
export type Child = Node | string | undefined | false;
type Listeners = {
  readonly [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void;
};
export interface Attributes {
  readonly class?: string;
  readonly title?: string;
  readonly on?: Listeners;
  /** Everything else is set as an attribute; `true` sets it empty, `false` and undefined leave it out. */
  readonly [attribute: string]: string | number | boolean | undefined | Listeners;
}
/** Makes an element with its attributes, listeners and children; text is never read as markup. */
export declare function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes?: Attributes,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name];
export declare function element(name: string, attributes?: Attributes, ...children: readonly Child[]): HTMLElement;
/** Puts new children in place of the old. */
export declare function replaceChildren(parent: Element, ...children: readonly Child[]): void;
