import { toDot, toMermaid, toSubgraph } from '../../src/core/docs/graph-text.ts';
import { toSvg } from '../../src/core/docs/picture-svg.ts';
import type { Erd } from '../../src/core/erd/erd.ts';
import { buildErdPicture, toErdLayers } from '../../src/core/erd/erd-picture.ts';
import { toErdView } from '../../src/core/erd/view.ts';
import { buildPicture } from '../../src/core/layout/build.ts';
import type { ModelParts } from '../../src/core/layout/choose.ts';
import { selectByName } from '../../src/core/layout/choose.ts';
import type { GraphView } from '../../src/core/layout/picture.ts';
import { toFocusView, toProjectView } from '../../src/core/layout/picture.ts';
import type { ColumnFlow, ProjectGraph } from '../../src/core/layout/project-graph.ts';
import { GraphIndex } from '../../src/core/layout/project-graph.ts';
import type { ErdHostCalls, GraphCalls, GraphHostCalls, Standing } from '../../src/protocol.ts';
import type { Calls, Handlers } from '../../src/wire.ts';
import './theme.css';
import { connect } from '../../src/wire.ts';

/** What a page that is its own host carries along. */
interface PageData {
  readonly graph?: ProjectGraph;
  readonly flow?: ColumnFlow;
  readonly parts?: Readonly<Record<string, ModelParts>>;
  readonly erd?: Erd;
  readonly focus?: string;
  readonly view?: GraphView;
}

declare global {
  interface Window {
    acquireVsCodeApi?: () => unknown;
    /** Every call the surface made, for tests and for the curious. */
    headwaterAsked?: { readonly type: string; readonly ask: unknown }[];
  }
}

const data = JSON.parse(document.getElementById('headwater-data')?.textContent ?? '{}') as PageData;
const asked: { readonly type: string; readonly ask: unknown }[] = [];
window.headwaterAsked = asked;

const toMap = (standing: Standing) => new Map(standing.map((at) => [at.id, at]));
const download = (name: string, content: string | Uint8Array): string => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content as BlobPart]));
  link.download = name;
  link.click();
  return name;
};
const nothing = (): void => undefined;

const common = {
  open: nothing,
  preview: nothing,
  reveal: nothing,
  layout: () => undefined,
  save: ({ name, content }: { readonly name: string; readonly content: string | Uint8Array }) => download(name, content),
  copy: ({ text }: { readonly text: string }) => navigator.clipboard?.writeText(text).catch(nothing),
  failed: ({ message }: { readonly message: string }) => console.error(message),
};

function toGraphHandlers(graph: ProjectGraph): Handlers<GraphHostCalls> {
  const index = new GraphIndex(graph);
  const sources = {
    ...(data.flow ? { flow: data.flow } : {}),
    parts: (node: string) => data.parts?.[node] ?? { parts: [], problem: 'This page does not carry the SQL of the models.' },
  };
  return {
    ...common,
    picture: ({ view, standing }) => {
      const shown = view ?? data.view ?? (data.focus === undefined ? toProjectView() : toFocusView(data.focus));
      return { view: shown, picture: buildPicture(index, shown, sources, toMap(standing)), revision: 1 };
    },
    filter: ({ text }) => {
      const found = selectByName(index, text);
      const ids = found.ids.filter((id) => !index.isTest(id) && !index.isMacro(id));
      const { problem } = found;
      return { count: ids.length, nodes: ids.slice(0, 50), completions: [], ...(problem === undefined ? {} : { problem }) };
    },
    columns: ({ node }) =>
      (index.nodes.get(node)?.columns ?? []).map(({ name, type, description, origin, key }) => ({
        name,
        type,
        description: description ?? '',
        origin: origin ?? '',
        facts: key === undefined ? [] : [`${key} key`],
      })),
    export: ({ view, format }) => {
      const picture = buildPicture(index, view ?? { ...toProjectView(), scope: { kind: 'all' } }, sources);
      const part = view === undefined ? graph : toSubgraph(graph, new Set(picture.cards.map((card) => card.id)));
      if (format === 'svg') return download('lineage.svg', toSvg(picture));
      if (format === 'mermaid') return download('lineage.mmd', toMermaid(part));
      if (format === 'dot') return download('lineage.dot', toDot(part));
      return format === 'json' ? download('lineage.json', JSON.stringify(part, undefined, 1)) : undefined;
    },
    selected: nothing,
    countRows: () => ({ counts: [], problem: 'This page carries no rows to count.' }),
    test: nothing,
    compile: nothing,
    grain: () => undefined,
    docs: nothing,
    tree: nothing,
  };
}

function toErdHandlers(erd: Erd): Handlers<ErdHostCalls> {
  return {
    ...common,
    picture: ({ view, standing, stays }) => {
      const shown = view ?? toErdView(data.focus);
      const places = stays === true ? toMap(standing) : toMap([]);
      const picture = buildErdPicture(erd, shown, { standing: toMap(standing), places });
      return { view: shown, picture, revision: 1, measured: true, layers: toErdLayers(erd, shown), isPlaced: places.size > 0 };
    },
    columns: ({ node }) =>
      (erd.entities.find((entity) => entity.id === node)?.columns ?? []).map(({ name, type, description, notNull }) => ({
        name,
        type,
        description,
        origin: '',
        facts: notNull ? ['not null'] : [],
      })),
    place: nothing,
    savePlaces: () => undefined,
    export: ({ format }) => (format === 'json' ? download('erd.json', JSON.stringify(erd, undefined, 1)) : undefined),
  };
}

/** Notes every call before it is answered. */
function noted<Ours extends Calls>(handlers: Handlers<Ours>): Handlers<Ours> {
  const wrapped = Object.entries(handlers).map(([type, answer]) => [
    type,
    (ask: unknown, signal: AbortSignal) => {
      asked.push({ type, ask });
      return (answer as (ask: unknown, signal: AbortSignal) => unknown)(ask, signal);
    },
  ]);
  return Object.fromEntries(wrapped) as Handlers<Ours>;
}

let take: (message: unknown) => void = nothing;
const port = {
  post: (message: unknown) => window.dispatchEvent(new MessageEvent('message', { data: message })),
  listen: (listener: (message: unknown) => void) => {
    take = listener;
  },
};
if (data.graph) connect<GraphCalls, GraphHostCalls>(port, noted(toGraphHandlers(data.graph)));
else if (data.erd) connect<GraphCalls, ErdHostCalls>(port, noted(toErdHandlers(data.erd)));

const stateKey = `headwater ${location.pathname} ${data.focus ?? ''}`;
window.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => queueMicrotask(() => take(message)),
  getState: () => JSON.parse(sessionStorage.getItem(stateKey) ?? 'null') ?? undefined,
  setState: (state: unknown) => sessionStorage.setItem(stateKey, JSON.stringify(state)),
});
