import { fitsWildcards, toWildcards } from '../text/wildcards.ts';
import type { GraphView } from './picture.ts';
import type { ColumnFlow, ColumnRef, GraphIndex } from './project-graph.ts';
import type { Trace } from './trace.ts';

/** What a view needs from outside: selectors, the parts of a model, column lineage. Each is absent when it is not known yet. */
export interface ViewSources {
  readonly select?: (selector: string) => { readonly ids: readonly string[]; readonly problem?: string };
  readonly parts?: (node: string) => ModelParts;
  readonly flow?: ColumnFlow;
}

/** The inside of one model: its CTEs, the relations they read and the final query; or the reason it cannot be seen. */
export interface ModelParts {
  readonly parts: readonly Part[];
  readonly problem?: string;
}

export interface Part {
  /** Unique within the model: a CTE may bear the name of the relation it reads. */
  readonly id: string;
  readonly name: string;
  /** `query` is the model's own last select. */
  readonly kind: 'cte' | 'relation' | 'query';
  /** The node that a relation is, where it is known. */
  readonly node?: string;
  readonly columns: readonly string[];
  /** The ids of parts it reads, and how: `from`, `left join`, `union all`, `subquery`. */
  readonly reads: readonly { readonly part: string; readonly how: string }[];
  readonly line?: number;
}

/** The nodes of a view, the hubs it folds and what it says about itself. */
export interface Choice {
  readonly ids: readonly string[];
  readonly folds: readonly Fold[];
  readonly anchor?: string;
  readonly title: string;
  readonly notes: readonly string[];
}

/** The neighbours of a hub that are not shown. */
export interface Fold {
  readonly node: string;
  readonly side: 'up' | 'down';
  readonly count: number;
}

const mostCards = 100;
/** Neighbours on one side above which a node counts as a hub; the node in focus may have more. */
const hubNeighbours = 10;
const focusNeighbours = 30;
/** Parts of a hub's neighbours that stay when the rest is folded. */
const hubShown = 6;

/** The nodes that a view shows, before anything is laid out. */
export function chooseNodes(index: GraphIndex, view: GraphView, sources: ViewSources, trace: Trace | undefined): Choice {
  const { scope } = view;
  const passes = (id: string): boolean => index.shows(view, id);
  switch (scope.kind) {
    case 'focus':
      return chooseFocus(index, view, scope, passes, trace);
    case 'path':
      return choosePath(index, scope.from, scope.to, passes);
    case 'select': {
      const found = sources.select?.(scope.selector) ?? selectByName(index, scope.selector);
      const ids = found.ids.filter((id) => index.nodes.has(id) && (passes(id) || found.ids.length === 1));
      return { ids, folds: [], title: scope.selector, notes: found.problem === undefined ? [] : [found.problem] };
    }
    default:
      return { ids: [...index.nodes.keys()].filter(passes), folds: [], title: index.data.project.name, notes: [] };
  }
}

function chooseFocus(
  index: GraphIndex,
  view: GraphView,
  scope: { readonly node: string; readonly up: number; readonly down: number },
  passes: (id: string) => boolean,
  trace: Trace | undefined,
): Choice {
  const node = index.nodes.get(scope.node);
  if (node === undefined) return { ids: [], folds: [], title: scope.node, notes: [`The project has no node '${scope.node}' any more.`] };
  const shown = new Set([scope.node]);
  const folds = new Map<string, Fold>();
  const grown = new Set(view.grown.map((at) => `${at.side} ${at.node}`));
  let full = false;

  const grow = (at: string, side: 'up' | 'down', next: string[]): void => {
    const all = (side === 'up' ? index.parents(at) : index.children(at)).filter(passes);
    const hidden = all.filter((id) => !shown.has(id));
    const limit = grown.has(`${side} ${at}`) ? Number.POSITIVE_INFINITY : at === scope.node ? focusNeighbours : hubNeighbours;
    let taken = hidden.length > limit ? pickImportant(index, hidden, at === scope.node ? focusNeighbours - 6 : hubShown) : hidden;
    const room = mostCards - shown.size + (grown.has(`${side} ${at}`) ? taken.length : 0);
    if (taken.length > room) {
      taken = taken.slice(0, Math.max(0, room));
      full = true;
    }
    for (const id of taken) {
      shown.add(id);
      next.push(id);
    }
    if (hidden.length > taken.length) folds.set(`${side} ${at}`, { node: at, side, count: hidden.length - taken.length });
  };

  const walk = { up: [scope.node], down: [scope.node] };
  for (let step = 0; step < Math.max(scope.up, scope.down) && !full; step++)
    for (const side of ['up', 'down'] as const) {
      if (step >= scope[side]) continue;
      const next: string[] = [];
      for (const at of walk[side]) grow(at, side, next);
      walk[side] = next;
    }
  for (const at of view.grown) if (shown.has(at.node)) grow(at.node, at.side, []);

  const notes: string[] = [];
  const beyond = trace === undefined ? [] : [...trace.nodes].filter((id) => !shown.has(id) && index.nodes.has(id) && passes(id));
  for (const id of beyond) if (shown.size < mostCards * 2) shown.add(id);
  if (full) notes.push(`Only ${mostCards} cards are shown; the numbers at the cards' edges say what is hidden.`);
  return {
    ids: [...shown],
    folds: [...folds.values()]
      .filter((fold) => remaining(index, fold, shown, passes) > 0)
      .map((fold) => ({ ...fold, count: remaining(index, fold, shown, passes) })),
    anchor: scope.node,
    title: node.name,
    notes,
  };
}

function remaining(index: GraphIndex, fold: Fold, shown: ReadonlySet<string>, passes: (id: string) => boolean): number {
  return (fold.side === 'up' ? index.parents(fold.node) : index.children(fold.node)).filter((id) => passes(id) && !shown.has(id)).length;
}

/** The neighbours that most depends on, in their own order. */
function pickImportant(index: GraphIndex, ids: readonly string[], count: number): string[] {
  const weight = (id: string): number => index.children(id).length * 2 + index.parents(id).length;
  const best = new Set([...ids].sort((a, b) => weight(b) - weight(a) || (a < b ? -1 : 1)).slice(0, count));
  return ids.filter((id) => best.has(id));
}

function choosePath(index: GraphIndex, from: string, to: string, passes: (id: string) => boolean): Choice {
  const nameOf = (id: string): string => index.nodes.get(id)?.name ?? id;
  const between = (start: string, end: string): string[] => {
    const up = index.reach(end, 'up', passes);
    return up.has(start) ? [...index.reach(start, 'down', passes)].filter((id) => up.has(id)) : [];
  };
  let ids = between(from, to);
  if (ids.length === 0) ids = between(to, from);
  if (ids.length === 0)
    return {
      ids: [from, to].filter((id) => index.nodes.has(id)),
      folds: [],
      title: `${nameOf(from)} → ${nameOf(to)}`,
      notes: [`No path leads between ${nameOf(from)} and ${nameOf(to)}.`],
    };
  return { ids, folds: [], anchor: from, title: `${nameOf(from)} → ${nameOf(to)}`, notes: [] };
}

/** Without dbt's selectors: every node whose name holds the text, with `+` for its ancestors or descendants. */
export function selectByName(index: GraphIndex, text: string): { readonly ids: readonly string[]; readonly problem?: string } {
  const found = new Set<string>();
  for (const word of text.trim().toLowerCase().split(/\s+/)) {
    const core = word.replace(/^\+|\+$/g, '');
    if (core === '') continue;
    const pattern = toWildcards(core);
    for (const node of index.nodes.values()) {
      const name = node.name.toLowerCase();
      if (!(fitsWildcards(name, pattern) || node.id === core || (!core.includes('*') && name.includes(core)))) continue;
      found.add(node.id);
      if (word.startsWith('+')) for (const id of index.reach(node.id, 'up')) found.add(id);
      if (word.endsWith('+')) for (const id of index.reach(node.id, 'down')) found.add(id);
    }
  }
  return found.size > 0 ? { ids: [...found] } : { ids: [], problem: `Nothing in the project matches '${text.trim()}'.` };
}

/** The place of a column as one string, for sets and maps. */
export function toColumnKey(ref: ColumnRef): string {
  return `${ref.node}\n${ref.column.toLowerCase()}`;
}
