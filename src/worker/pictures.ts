import { buildErd } from '../core/erd/build.ts';
import type { Erd } from '../core/erd/erd.ts';
import { buildErdPicture } from '../core/erd/erd-picture.ts';
import { toErdSource } from '../core/erd/from-snapshot.ts';
import { toErdView } from '../core/erd/view.ts';
import { buildPicture } from '../core/layout/build.ts';
import { toProjectGraph } from '../core/layout/from-snapshot.ts';
import type { Point } from '../core/layout/layout.ts';
import { toFocusView } from '../core/layout/picture.ts';
import { GraphIndex } from '../core/layout/project-graph.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { AnalysisCalls, ProjectKey, Standing } from '../protocol.ts';
import type { Handlers } from '../wire.ts';
import { exportErd, exportGraph } from './picture-exports.ts';

type PictureCalls = Pick<AnalysisCalls, 'graphPicture' | 'graphFilter' | 'graphExport' | 'erdPicture' | 'erdExport'>;

/** The pictures of projects; what a Snapshot gives them is worked out once and forgotten with it. */
export class Pictures {
  readonly #graphs = new WeakMap<Snapshot, GraphIndex>();
  readonly #erds = new WeakMap<Snapshot, Erd>();

  handlers(getSnapshot: (key: ProjectKey) => Snapshot): Handlers<PictureCalls> {
    return {
      graphPicture: ({ project, node, view, standing }) => {
        const snapshot = getSnapshot(project);
        const shown = view ?? toFocusView(node);
        const picture = buildPicture(this.#graph(snapshot), shown, {}, toPoints(standing));
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

/** Nodes whose name, path or tag holds the text. */
function filterNodes(index: GraphIndex, text: string): AnalysisCalls['graphFilter']['answer'] {
  const wanted = text.trim().toLowerCase();
  const found = [...index.nodes.values()].filter(
    (node) => !index.isTest(node.id) && [node.name, node.path, ...node.tags].some((part) => part.toLowerCase().includes(wanted)),
  );
  const completions = found.slice(0, 20).map((node) => ({ text: node.name, detail: node.kind }));
  const answer = { count: found.length, nodes: found.slice(0, 200).map((node) => node.id), completions };
  return found.length > 0 ? answer : { ...answer, problem: `No node's name, path or tag holds '${text}'.` };
}

function toPoints(standing: Standing): ReadonlyMap<string, Point> {
  return new Map(standing.map(({ id, x, y }) => [id, { x, y }]));
}
