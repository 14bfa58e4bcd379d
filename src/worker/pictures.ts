import { select } from '../core/dbt/selector.ts';
import type { PageCode } from '../core/docs/page-html.ts';
import { buildPicture } from '../core/layout/build.ts';
import type { ViewSources } from '../core/layout/choose.ts';
import { selectByName } from '../core/layout/choose.ts';
import { toProjectGraph } from '../core/layout/from-snapshot.ts';
import { toMacroGraph } from '../core/layout/macros-of-snapshot.ts';
import type { GraphView } from '../core/layout/picture.ts';
import { toFocusView, toProjectView } from '../core/layout/picture.ts';
import { GraphIndex } from '../core/layout/project-graph.ts';
import { toViewSources } from '../core/layout/sources-of-snapshot.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { AnalysisCalls, ProjectKey } from '../protocol.ts';
import type { Handlers } from '../wire.ts';
import { declareErd, toErdAnswer, toPoints } from './erds.ts';
import { EveryCard, isEveryCard } from './every-card.ts';
import { exportGraph } from './picture-exports.ts';

type PictureCalls = Pick<AnalysisCalls, 'graphPicture' | 'graphFilter' | 'graphExport' | 'erdPicture'>;

/** Milliseconds after the first picture of a project in which nothing else is asked of the pictures, before the largest is made. */
const restMs = 300;

/** The pictures of projects; what a Snapshot gives them is worked out once and forgotten with it. */
export class Pictures {
  readonly #graphs = new WeakMap<Snapshot, GraphIndex>();
  /** With macros: who calls them is read from every text, which only a view that shows them pays for. */
  readonly #withMacros = new WeakMap<Snapshot, GraphIndex>();
  readonly #sources = new WeakMap<Snapshot, ViewSources>();
  readonly #everyCard = new WeakMap<GraphIndex, EveryCard>();
  readonly #warmed = new Set<string>();
  #resting: ReturnType<typeof setTimeout> | undefined;

  /** `readText` reads a bundle that ships beside the worker, for pages that stand alone; `modified` tells when a file was written. */
  constructor(
    readonly readText: (name: string) => Promise<string>,
    readonly modified: (project: ProjectKey, path: string) => number | undefined,
  ) {}

  handlers(getSnapshot: (key: ProjectKey) => Snapshot): Handlers<PictureCalls> {
    return {
      graphPicture: ({ project, node, view, standing, results }) => {
        const snapshot = getSnapshot(project);
        const asked = view ?? toFocusView(node);
        const index = asked.macros ? this.#graphWithMacros(snapshot, project) : this.#graph(snapshot, project);
        const shown = withNodes(index, asked);
        index.results = new Map(results);
        const sources = this.#sourcesOf(snapshot, project);
        const picture = isEveryCard(index, shown)
          ? this.#everyCardOf(index, sources).picture(shown)
          : buildPicture(index, shown, sources, toPoints(standing));
        this.#warmWhenResting(`${project.folder} ${project.root}`, index, sources);
        return { view: shown, picture, revision: snapshot.revision };
      },
      graphFilter: ({ project, text }) => filterNodes(getSnapshot(project), this.#graph(getSnapshot(project), project), text),
      graphExport: async ({ project, view, format }) => {
        const snapshot = getSnapshot(project);
        const code = format === 'html' ? await this.#pageCode() : undefined;
        return exportGraph(this.#graph(snapshot, project), this.#sourcesOf(snapshot, project), view, format, code);
      },
      erdPicture: (question) => {
        const snapshot = getSnapshot(question.project);
        return toErdAnswer(declareErd(snapshot), snapshot, question, false);
      },
    };
  }

  /** Works out what every picture of a project needs before the first is asked for. */
  warm(snapshot: Snapshot, project: ProjectKey): void {
    buildPicture(this.#graph(snapshot, project), toProjectView(), this.#sourcesOf(snapshot, project));
  }

  #everyCardOf(index: GraphIndex, sources: ViewSources): EveryCard {
    const known = this.#everyCard.get(index) ?? new EveryCard(index, sources);
    this.#everyCard.set(index, known);
    return known;
  }

  /** Who looks at a graph may want to see all of it next. Once for a project: saves must not each pay for a picture that nobody looks at. */
  #warmWhenResting(project: string, index: GraphIndex, sources: ViewSources): void {
    clearTimeout(this.#resting);
    if (this.#warmed.has(project)) return;
    this.#resting = setTimeout(() => {
      this.#warmed.add(project);
      this.#everyCardOf(index, sources).warm();
    }, restMs);
  }

  #sourcesOf(snapshot: Snapshot, project: ProjectKey): ViewSources {
    const known =
      this.#sources.get(snapshot) ?? toViewSources(snapshot, (text) => selectNodes(snapshot, this.#graph(snapshot, project), text));
    this.#sources.set(snapshot, known);
    return known;
  }

  #graph(snapshot: Snapshot, project: ProjectKey): GraphIndex {
    const modified = (path: string): number | undefined => this.modified(project, path);
    const known = this.#graphs.get(snapshot) ?? new GraphIndex(toProjectGraph(snapshot, undefined, modified));
    this.#graphs.set(snapshot, known);
    return known;
  }

  #graphWithMacros(snapshot: Snapshot, project: ProjectKey): GraphIndex {
    const known = this.#withMacros.get(snapshot) ?? new GraphIndex(this.#graph(snapshot, project).data, toMacroGraph(snapshot));
    this.#withMacros.set(snapshot, known);
    return known;
  }

  async #pageCode(): Promise<PageCode> {
    const [host, surface, style, theme] = await Promise.all(
      ['standalone.js', 'graph.js', 'graph.css', 'standalone.css'].map((name) => this.readText(`webview/${name}`)),
    );
    return { host: host ?? '', surface: surface ?? '', style: style ?? '', theme: theme ?? '' };
  }
}

/** A project of few nodes is drawn as its nodes, not as folders that each hold a handful. */
const fewNodes = 60;

function withNodes(index: GraphIndex, view: GraphView): GraphView {
  if (view.scope.kind !== 'project' || view.scope.opened.length > 0) return view;
  const shown = index.data.nodes.filter(({ id }) => !index.isTest(id) && !index.isMacro(id));
  return shown.length > fewNodes ? view : { ...view, scope: { kind: 'all' } };
}

/** What dbt's selection finds; where that is nothing, the nodes whose name holds the text. */
function selectNodes(snapshot: Snapshot, index: GraphIndex, text: string): { readonly ids: readonly string[]; readonly problem?: string } {
  const { ids, problems } = select(snapshot, text, { packageName: snapshot.project.name, indirect: 'empty' });
  if (ids.length > 0) return { ids };
  const named = selectByName(index, text);
  const [problem] = problems;
  return named.ids.length > 0 || problem === undefined ? named : { ids: [], problem: problem.message };
}

/** What the filter box is told: the nodes that the view of the same text would show. */
function filterNodes(snapshot: Snapshot, index: GraphIndex, text: string): AnalysisCalls['graphFilter']['answer'] {
  const { ids, problem } = selectNodes(snapshot, index, text);
  const shown = ids.filter((id) => !index.isTest(id) && !index.isMacro(id));
  const answer = { count: shown.length, nodes: shown.slice(0, 200), completions: toCompletions(snapshot, text) };
  return problem === undefined ? answer : { ...answer, problem };
}

/** Tags, folders and methods that go on from the last word. */
function toCompletions(snapshot: Snapshot, text: string): AnalysisCalls['graphFilter']['answer']['completions'] {
  const word = text.split(/[\s,]+/).at(-1) ?? '';
  const before = text.slice(0, text.length - word.length);
  if (word === '') return [];
  const found = new Map<string, string>();
  for (const node of snapshot.nodes.values()) {
    for (const tag of node.tags) found.set(`tag:${tag}`, 'tag');
    if (node.kind === 'source') found.set(`source:${node.sourceName}`, 'source');
    const folder = node.path.includes('/') ? node.path.slice(0, node.path.lastIndexOf('/')) : '';
    if (folder !== '' && node.kind === 'model') found.set(`path:${folder}`, 'folder');
    if (node.kind === 'exposure') found.set(`+exposure:${node.name}`, 'what it is made of');
  }
  const wanted = word.toLowerCase();
  return [...found]
    .filter(([completion]) => completion.toLowerCase().includes(wanted) && completion !== word)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, 12)
    .map(([completion, detail]) => ({ text: before + completion, detail }));
}
