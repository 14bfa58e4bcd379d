import { buildPicture } from '../core/layout/build.ts';
import type { ViewSources } from '../core/layout/choose.ts';
import type { Layout } from '../core/layout/layout.ts';
import { layout } from '../core/layout/layout.ts';
import { packPicture } from '../core/layout/pack.ts';
import type { GraphView } from '../core/layout/picture.ts';
import { toProjectView } from '../core/layout/picture.ts';
import type { GraphIndex } from '../core/layout/project-graph.ts';

/** Nodes above which the picture of all of them is kept, and crosses to its page as bytes. */
const many = 1000;
/** Layouts and pictures that are kept of one state of a project. */
const mostKept = 4;

/** The view with a card for every node, nothing opened. */
const everyCard: GraphView = { ...toProjectView(), scope: { kind: 'all' } };

/** Whether a view is one that `EveryCard` answers. */
export function isEveryCard(index: GraphIndex, view: GraphView): boolean {
  return view.scope.kind === 'all' && index.nodes.size > many;
}

/** The pictures of every node of a large project. Each is laid out once for a state of the project: opening a card or lighting a column moves no other. */
export class EveryCard {
  readonly #layouts = new Map<string, Layout>();
  readonly #packed = new Map<string, Uint8Array>();

  constructor(
    private readonly index: GraphIndex,
    private readonly sources: ViewSources,
  ) {}

  /** The packed picture of a view. */
  picture(view: GraphView): Uint8Array {
    // Badges tell of results, and a card is as wide as its badge needs.
    const { tests, macros = false, expanded, column, sort } = view;
    const graph = JSON.stringify([tests, macros, [...this.index.results]]);
    const lay = (of: Parameters<typeof layout>[0]): Layout => keep(this.#layouts, graph, () => layout(of));
    const key = JSON.stringify([graph, expanded, column, sort]);
    return keep(this.#packed, key, () => packPicture(buildPicture(this.index, view, this.sources, undefined, lay)));
  }

  /** Works out the picture that the view opens with. */
  warm(): void {
    if (isEveryCard(this.index, everyCard)) this.picture(everyCard);
  }
}

function keep<Value>(kept: Map<string, Value>, key: string, make: () => Value): Value {
  const value = kept.get(key) ?? make();
  kept.delete(key);
  kept.set(key, value);
  for (const [oldest] of kept) if (kept.size > mostKept) kept.delete(oldest);
  return value;
}
