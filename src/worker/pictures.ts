import { buildErd } from '../core/erd/build.ts';
import type { Erd } from '../core/erd/erd.ts';
import { buildErdPicture } from '../core/erd/erd-picture.ts';
import { toErdSource } from '../core/erd/from-snapshot.ts';
import { toErdView } from '../core/erd/view.ts';
import { buildPicture } from '../core/layout/build.ts';
import type { ViewSources } from '../core/layout/choose.ts';
import { selectByName } from '../core/layout/choose.ts';
import { toProjectGraph } from '../core/layout/from-snapshot.ts';
import type { Point } from '../core/layout/layout.ts';
import { toFocusView } from '../core/layout/picture.ts';
import { GraphIndex } from '../core/layout/project-graph.ts';
import { toViewSources } from '../core/layout/sources-of-snapshot.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { AnalysisCalls, ProjectKey, Standing } from '../protocol.ts';
import type { Handlers } from '../wire.ts';
import { exportErd, exportGraph } from './picture-exports.ts';

type PictureCalls = Pick<AnalysisCalls, 'graphPicture' | 'graphFilter' | 'graphExport' | 'erdPicture' | 'erdExport'>;

/** The pictures of projects; what a Snapshot gives them is worked out once and forgotten with it. */
export class Pictures {
  readonly #graphs = new WeakMap<Snapshot, GraphIndex>();
  readonly #erds = new WeakMap<Snapshot, Erd>();
  readonly #sources = new WeakMap<Snapshot, ViewSources>();

  handlers(getSnapshot: (key: ProjectKey) => Snapshot): Handlers<PictureCalls> {
    return {
      graphPicture: ({ project, node, view, standing }) => {
        const snapshot = getSnapshot(project);
        const shown = view ?? toFocusView(node);
        const picture = buildPicture(this.#graph(snapshot), shown, this.#sourcesOf(snapshot), toPoints(standing));
        return { view: shown, picture, revision: snapshot.revision };
      },
      graphFilter: ({ project, text }) => filterNodes(this.#graph(getSnapshot(project)), text),
      graphExport: ({ project, view, format }) => exportGraph(this.#graph(getSnapshot(project)), view, format),
      erdPicture: ({ project, node, view, standing }) => {
        const snapshot = getSnapshot(project);
        const erd = this.#erd(snapshot);
        const related = erd.relationships.some(({ from, to }) => from.entity === node || to.entity === node);
        const shown = view ?? toErdView(related ? node : undefined);
        return { view: shown, picture: buildErdPicture(erd, shown, toPoints(standing)), revision: snapshot.revision };
      },
      erdExport: ({ project, view, format }) => exportErd(this.#erd(getSnapshot(project)), view, format),
    };
  }

  #sourcesOf(snapshot: Snapshot): ViewSources {
    const known = this.#sources.get(snapshot) ?? toViewSources(snapshot);
    this.#sources.set(snapshot, known);
    return known;
  }

  #graph(snapshot: Snapshot): GraphIndex {
    const known = this.#graphs.get(snapshot) ?? new GraphIndex(toProjectGraph(snapshot));
    this.#graphs.set(snapshot, known);
    return known;
  }

  #erd(snapshot: Snapshot): Erd {
    const known = this.#erds.get(snapshot) ?? buildErd(toErdSource(snapshot));
    this.#erds.set(snapshot, known);
    return known;
  }
}

/** What the filter box is told: the nodes that the view of the same text would show. */
function filterNodes(index: GraphIndex, text: string): AnalysisCalls['graphFilter']['answer'] {
  const { ids, problem } = selectByName(index, text);
  const shown = ids.filter((id) => !index.isTest(id));
  const answer = { count: shown.length, nodes: shown.slice(0, 200), completions: [] };
  return problem === undefined ? answer : { ...answer, problem };
}

function toPoints(standing: Standing): ReadonlyMap<string, Point> {
  return new Map(standing.map(({ id, x, y }) => [id, { x, y }]));
}
