import type { ProjectNode } from '../project/node.ts';
import type { NodeId } from '../text/ids.ts';
import { selectorMethods } from './selector-methods.ts';

/** Something to put in the place of a part of a selection. */
export interface SelectorCompletion {
  readonly text: string;
  readonly detail: string;
}

export interface SelectorCompletions {
  /** The part of the text that an item replaces. */
  readonly start: number;
  readonly end: number;
  readonly items: readonly SelectorCompletion[];
}

export interface CompletionOptions {
  /** The names of `selectors.yml`. */
  readonly selectors?: Iterable<string>;
  readonly most?: number;
}

/** What may stand at a place in a selection: names and methods, and behind a method its values; the best fitting first. */
export function completeSelector(
  text: string,
  cursor: number,
  nodes: ReadonlyMap<NodeId, ProjectNode>,
  { selectors = [], most = 50 }: CompletionOptions = {},
): SelectorCompletions {
  const from = Math.max(text.lastIndexOf(' ', cursor - 1), text.lastIndexOf(',', cursor - 1)) + 1;
  const written = text.slice(from, cursor);
  const operators = /^(@|\d*\+)?/.exec(written)?.[0].length ?? 0;
  const match = /^([\w.]+):(.*)$/s.exec(written.slice(operators));
  const start = from + operators + (match ? (match[1]?.length ?? 0) + 1 : 0);
  const end = cursor + (/^[^\s,+]*/.exec(text.slice(cursor))?.[0].length ?? 0);
  const typed = text.slice(start, cursor).toLowerCase();
  const found = new Map<string, { detail: string; rank: number }>();
  const offer = (value: string, detail: string, handicap = 0): void => {
    if (value === '' || /[\s,]/.test(value) || found.has(value)) return;
    const at = value.toLowerCase().indexOf(typed);
    if (at !== -1) found.set(value, { detail, rank: (at === 0 ? 0 : 2) + handicap });
  };
  const [method = '', ...keys] = match?.[1]?.split('.') ?? [];
  const enabled = [...nodes.values()].filter((node) => node.enabled);
  if (match === null) {
    for (const node of enabled) for (const value of selectorMethods.fqn?.values(node, { arguments: [] }) ?? []) offer(value, node.kind);
    for (const [name, { explanation }] of Object.entries(selectorMethods))
      offer(name === 'config' ? 'config.materialized:' : `${name}:`, explanation, 1);
    offer('selector:', 'by a selector of selectors.yml', 1);
  } else if (method === 'selector') for (const name of selectors) offer(name, 'selector');
  else {
    const known = Object.hasOwn(selectorMethods, method) ? selectorMethods[method] : undefined;
    for (const node of known ? enabled : []) for (const value of known?.values(node, { arguments: keys }) ?? []) offer(value, method);
  }
  const items = [...found].sort(([a, x], [b, y]) => x.rank - y.rank || (a < b ? -1 : 1)).slice(0, most);
  return { start, end, items: items.map(([value, { detail }]) => ({ text: value, detail })) };
}
