import type { GraphView } from './picture.ts';
import { toFocusView, toProjectView } from './picture.ts';

/** Steps that stand for all of them. */
export const shownAtOnce = 99;

/** The view with something changed; a scope of another kind forgets what was grown in the old one. */
export function changeView(view: GraphView | undefined, change: Partial<GraphView>): GraphView {
  const base = view ?? toProjectView();
  const fresh = change.scope !== undefined && change.scope.kind !== base.scope.kind ? { grown: [] } : {};
  const { column, ...rest } = { ...base, ...fresh, ...change };
  return column === undefined ? rest : { ...rest, column };
}

/** The view with a card's columns, or a group's nodes, shown where they were hidden and hidden where they were shown. */
export function toggleCard(view: GraphView, id: string): GraphView {
  const flip = (list: readonly string[]): readonly string[] => (list.includes(id) ? list.filter((at) => at !== id) : [...list, id]);
  return view.scope.kind === 'project'
    ? { ...view, scope: { kind: 'project', opened: flip(view.scope.opened) } }
    : { ...view, expanded: flip(view.expanded) };
}

/** The view with every hidden neighbour on one side of a node. */
export function growView(view: GraphView | undefined, node: string, side: 'up' | 'down'): GraphView {
  return changeView(view, { grown: [...(view?.grown ?? []), { node, side }] });
}

/** The view with the lineage of a column lit, or no longer where it was lit already. */
export function traceView(view: GraphView | undefined, node: string, column: string): GraphView {
  return view?.column?.node === node && view.column.column === column ? clearColumn(view) : changeView(view, { column: { node, column } });
}

/** The view without a lit column. */
export function clearColumn(view: GraphView): GraphView {
  const { column: _, ...rest } = view;
  return rest;
}

/** The view about another node, with as many steps around it as before. */
export function focusView(view: GraphView | undefined, node: string): GraphView {
  const { scope } = toFocusView(node);
  return changeView(view, { scope: view?.scope.kind === 'focus' ? { ...view.scope, node } : scope, grown: [] });
}

/** The view of everything on one side of a node. */
export function onlyView(view: GraphView | undefined, node: string, side: 'up' | 'down'): GraphView {
  const steps = { up: side === 'up' ? shownAtOnce : 0, down: side === 'down' ? shownAtOnce : 0 };
  return changeView(view, { scope: { kind: 'focus', node, ...steps }, grown: [] });
}
