import type { ProjectResolver } from '../dbt/resolver.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import type { Compiled } from './compiled-texts.ts';
import type { Config } from './config.ts';
import { findCycles } from './cycles.ts';
import { compileParsed, sketchParsed } from './dbt-compile.ts';
import { withHooks } from './dbt-hooks.ts';
import { linkParsed } from './dbt-link.ts';
import type { DbtProject, Parsed } from './dbt-project.ts';
import type { NodeRenderer } from './dbt-render.ts';
import type { Edge, Graph } from './graph.ts';
import type { ProjectNode } from './node.ts';
import { findRefusals, refusalCodes } from './refusals.ts';
import type { Sources } from './sources.ts';
import { withTexts } from './text-changes.ts';
import { findUnusedSources } from './unused-sources.ts';

/** A project as it was read, before it can follow changes. */
type Unfollowed = Omit<DbtProject, 'update' | 'sketch'>;

/** What an update needs of the reading that came before it. */
interface Reading {
  readonly parsed: Parsed[];
  readonly renderer: NodeRenderer;
  readonly resolver: ProjectResolver;
  configOf(one: Parsed): Config;
}

/** A project that can follow changes of its models' texts without being read anew, which is what nearly every save is. */
export function withUpdates(project: Unfollowed, reading: Reading): DbtProject {
  const byPath = new Map<string, number>();
  const byId = new Map(reading.parsed.map((one, index) => [one.node.id, index]));
  for (const [index, one] of reading.parsed.entries())
    if (one.kind === 'model' && one.file.span === undefined && one.file.path.endsWith('.sql')) byPath.set(one.file.path, index);
  const follow = (current: Unfollowed): DbtProject => {
    // Updates change the list; whoever asks this project for a sketch later wants what it was read from.
    const parsed = reading.parsed.slice();
    return {
      ...current,
      sketch(id, columnsOf, isTold) {
        const one = parsed[byId.get(id) ?? -1];
        const text = current.texts.get(id);
        return one === undefined || text === undefined ? undefined : sketchParsed(reading.renderer, one, text, columnsOf, isTold);
      },
      update(sources, changed, graph) {
        const next = changed.map((path) => parseAgain(reading, byPath.get(path), sources));
        if (next.some((one) => one === undefined)) return undefined;
        return follow(applyAll(current, reading, next as readonly (readonly [number, Parsed])[], graph));
      },
    };
  };
  return follow(project);
}

/** The first phase of one changed file; undefined where it says something of the node besides its text. */
function parseAgain(reading: Reading, index: number | undefined, sources: Sources): readonly [number, Parsed] | undefined {
  const before = index === undefined ? undefined : reading.parsed[index];
  if (index === undefined || before === undefined) return undefined;
  const text = sources.find(before.file.path)?.text;
  if (text === undefined || (text.trim() === '') !== (before.text.trim() === '')) return undefined;
  const subject = { ...before.subject, text };
  const rendering = reading.renderer.render(subject, 'parse');
  if (JSON.stringify(rendering.configCalls) !== JSON.stringify(before.rendering.configCalls)) return undefined;
  return [index, { ...before, text, fileText: text, rendering: withHooks(rendering, before.hooks), subject }];
}

/** Problems that speak of more than one file's text, and are kept as they are. */
const lasting = new Set(['model-duplicate-name', 'yaml-duplicate', 'properties-unknown', ...refusalCodes]);

function applyAll(project: Unfollowed, reading: Reading, changes: readonly (readonly [number, Parsed])[], graph: Graph): Unfollowed {
  const texts = new Map<NodeId, Compiled>();
  reading.resolver.forgetGraph();
  const paths = new Set(changes.map(([, one]) => one.file.path));
  let problems: Problem[] = project.problems.filter(
    (problem) => !paths.has(problem.path) || lasting.has(problem.code) || problem.code === 'model-cycle',
  );
  let edges = project.edges;
  const relinked: NodeId[] = [];
  for (const [index, one] of changes) {
    reading.parsed[index] = one;
    if (one.rendering.status === 'failed' && one.node.enabled) problems.push(...one.rendering.problems);
    const linked = linkParsed(one, { nodes: project.nodes, resolver: reading.resolver });
    problems.push(...linked.problems);
    const next = replaceEdges(edges, one.node.id, linked.edges);
    if (next !== edges) relinked.push(one.node.id);
    edges = next;
    texts.set(one.node.id, compileParsed(reading.renderer, one));
  }
  const { nodes } = project;
  if (relinked.length > 0 && mayHaveCircles(problems, relinked, edges, graph))
    problems = [...problems.filter((problem) => problem.code !== 'model-cycle'), ...findCycles(nodes, edges)];
  if (relinked.some((id) => readsSources(project.edges, id) !== readsSources(edges, id)))
    problems = [
      ...problems.filter((problem) => problem.code !== 'source-unused'),
      ...findUnusedSources(nodes, edges, project.packages.root.name),
    ];
  if (relinked.some((id) => readsPrivate(nodes, project.edges, id) || readsPrivate(nodes, edges, id))) {
    const { root, missing } = project.packages;
    const asks = { name: root.name, missingPackages: missing.size > 0 };
    problems = [...problems.filter((problem) => !refusalCodes.has(problem.code)), ...findRefusals(nodes, edges, asks)];
  }
  return { ...project, texts: withTexts(project.texts, texts), edges, relinked, problems };
}

/** Whether a node reads a model that only its group may. */
function readsPrivate(nodes: ReadonlyMap<NodeId, ProjectNode>, edges: readonly Edge[], id: NodeId): boolean {
  return edges.some(({ from, to }) => {
    const parent = to === id ? nodes.get(from) : undefined;
    return parent?.kind === 'model' && parent.access === 'private';
  });
}

/** Whether the circles of a project may be others now that nodes are linked anew; `graph` is that of before. */
function mayHaveCircles(problems: readonly Problem[], relinked: readonly NodeId[], edges: readonly Edge[], graph: Graph): boolean {
  const [id, ...more] = relinked;
  if (id === undefined || more.length > 0 || problems.some((problem) => problem.code === 'model-cycle')) return true;
  const below = graph.descendants(id);
  return edges.some((edge) => edge.to === id && (edge.from === id || below.has(edge.from)));
}

/** The sources that a node reads, as text to compare. */
function readsSources(edges: readonly Edge[], id: NodeId): string {
  const found = edges.filter((edge) => edge.to === id && edge.from.startsWith('source.'));
  return found.map((edge) => edge.from).join(' ');
}

/** The edges with those into a node replaced; the same array where they are the same. */
function replaceEdges(edges: readonly Edge[], to: NodeId, wanted: readonly Edge[]): readonly Edge[] {
  const before = edges.filter((edge) => edge.to === to);
  const same = before.length === wanted.length && before.every((edge, index) => edge.from === wanted[index]?.from);
  return same ? edges : [...edges.filter((edge) => edge.to !== to), ...wanted];
}
