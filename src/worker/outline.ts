import { toTestWords } from '../core/docs/test-words.ts';
import type { ProjectNode } from '../core/project/node.ts';
import { isRelation } from '../core/project/node.ts';
import type { SourceFile } from '../core/project/sources.ts';
import { testedBy } from '../core/project/tests-of.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { NodeId } from '../core/text/ids.ts';
import { findListChange, keepKnown } from '../core/text/list-change.ts';
import { LineMap } from '../core/text/span.ts';
import type { ColumnOutline, Outline, OutlineMacro, OutlineNode, OutlineUpdate, ProjectKey } from '../protocol.ts';

/** What an outline's node was made from. */
interface Made {
  readonly from: ProjectNode;
  /** The node's lineage, and the nodes that it reads. */
  readonly known: unknown;
  readonly parents: readonly NodeId[] | undefined;
  readonly file: SourceFile | undefined;
  /** Whether it was made from the node and its lineage only. */
  readonly isPlain: boolean;
  /** Whether it was made from the node and nothing else. */
  readonly isAlone: boolean;
  readonly node: OutlineNode;
}

/** Makes the outlines of one project, Snapshot after Snapshot, and tells what changed between them: what did not is the same object again. */
export class Outlines {
  /** In the order of the nodes. */
  #made: readonly Made[] = [];
  #before: { readonly snapshot: Snapshot; readonly outline: Outline; readonly isEarly: boolean } | undefined;

  constructor(private readonly key: ProjectKey) {}

  /** What the trees, pickers and status items of an editor need of a Snapshot; an early outline is without what needs its columns. */
  whole(snapshot: Snapshot, took: number, isEarly = false): Outline {
    if (this.#before?.snapshot === snapshot && (isEarly || !this.#before.isEarly)) return this.#before.outline;
    const before = this.#before?.outline;
    const outline: Outline = {
      key: this.key,
      revision: snapshot.revision,
      name: snapshot.project.name,
      // A project without dbt has no `ref`, which is what the shell asks the adapter for.
      adapter: snapshot.project.kind === 'dbt' ? snapshot.project.adapter : '',
      packageRoots: keepKnown(
        before?.packageRoots ?? [],
        snapshot.project.packages.map(({ root }) => root).filter((root) => root !== ''),
        (root) => root,
      ),
      dialect: snapshot.project.dialect,
      ...(snapshot.project.isGuessed ? { guess: snapshot.project.dialectBecause } : {}),
      nodes: keepKnown(before?.nodes ?? [], this.#nodesOf(snapshot, isEarly), JSON.stringify),
      edges: keepKnown(before?.edges ?? [], snapshot.graph.edges, ({ from, to, via }) => `${from} ${to} ${via}`),
      problems: isEarly ? (before?.problems ?? []) : keepKnown(before?.problems ?? [], snapshot.problems, JSON.stringify),
      macros: keepKnown(before?.macros ?? [], toMacros(snapshot), JSON.stringify),
      batches: snapshot.headwater.batches.map((batch) => batch.name),
      took,
    };
    this.#before = { snapshot, outline, isEarly };
    return outline;
  }

  /** What changed since the outline that was made last; that is taken to be known. */
  update(snapshot: Snapshot, took: number, isEarly = false): OutlineUpdate {
    const before = this.#before?.outline;
    const outline = this.whole(snapshot, took, isEarly);
    if (before === undefined) return { kind: 'whole', outline };
    const { nodes, edges, problems, macros, ...rest } = outline;
    const changes = {
      nodes: findListChange(before.nodes, nodes),
      edges: findListChange(before.edges, edges),
      problems: findListChange(before.problems, problems),
      macros: findListChange(before.macros, macros),
    };
    const told = Object.fromEntries(Object.entries(changes).filter(([, change]) => change !== undefined));
    return { kind: 'change', change: { ...rest, ...told, since: before.revision } };
  }

  #nodesOf(snapshot: Snapshot, isEarly: boolean): readonly OutlineNode[] {
    const { nodes, graph, sources } = snapshot;
    const lineage = isEarly ? undefined : snapshot.lineage;
    const lines = new Map<string, LineMap>();
    const toLine = (node: ProjectNode): number => {
      if (node.span === undefined) return node.kind === 'model' || node.kind === 'seed' ? 1 : (node.patch?.line ?? 1);
      const known = lines.get(node.path) ?? new LineMap(sources.find(node.path)?.text ?? '');
      lines.set(node.path, known);
      return known.position(node.span.start).line;
    };
    const make = (node: ProjectNode, old: Made | undefined): Made => {
      // Tests that hang on a node, which are most nodes, depend on nothing else.
      if (old?.from === node && old.isAlone) return old;
      const known = lineage?.nodes.get(node.id);
      if (old?.from === node && old.known === known && old.isPlain) return old;
      const parents = node.kind === 'test' && node.attached === undefined ? graph.parents(node.id) : undefined;
      const file = node.span === undefined ? undefined : sources.find(node.path);
      const isSame =
        old?.from === node &&
        old.file === file &&
        (old.known === known || countColumns(lineage, node) === old.node.columnCount) &&
        areSame(old.parents, parents);
      if (isSame) return old.known === known ? old : { ...old, known };
      const isPlain = parents === undefined && file === undefined;
      return {
        from: node,
        known,
        parents,
        file,
        isPlain,
        isAlone: isPlain && !isRelation(node),
        node: toOutlineNode(snapshot, lineage, node, toLine(node)),
      };
    };
    const before = this.#before;
    const last = this.#made;
    if (before?.snapshot.nodes === nodes) this.#made = last.map((old) => make(old.from, old));
    else {
      const byId = new Map(last.map((made) => [made.from.id, made]));
      this.#made = Array.from(nodes.values(), (node) => make(node, byId.get(node.id)));
    }
    const isSame =
      before !== undefined && last.length === this.#made.length && this.#made.every(({ node }, index) => node === last[index]?.node);
    return isSame ? before.outline.nodes : this.#made.map(({ node }) => node);
  }
}

/** The outline of one Snapshot. */
export function toOutline(key: ProjectKey, snapshot: Snapshot, took: number): Outline {
  return new Outlines(key).whole(snapshot, took);
}

function toMacros({ environment, project, sources }: Snapshot): readonly OutlineMacro[] {
  const own = (environment?.macros.macros ?? []).filter((macro) => macro.package === project.name && macro.kind === 'macro');
  return own
    .map((macro) => {
      const line = new LineMap(sources.find(macro.path)?.text ?? '').position(macro.span.start).line;
      return { name: macro.name, arguments: macro.arguments, path: macro.path, line };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function toOutlineNode(snapshot: Snapshot, lineage: Snapshot['lineage'] | undefined, node: ProjectNode, line: number): OutlineNode {
  return {
    id: node.id,
    kind: node.kind,
    name: node.name,
    package: node.package,
    path: node.path,
    line,
    materialized: isRelation(node) && node.kind === 'model' ? node.materialized : '',
    description: node.description,
    tags: node.tags,
    enabled: node.enabled,
    group: node.kind === 'source' ? node.sourceName : '',
    columnCount: countColumns(lineage, node),
    ...toTested(node, snapshot),
  };
}

function areSame(a: readonly NodeId[] | undefined, b: readonly NodeId[] | undefined): boolean {
  return a === b || (a?.length === b?.length && a?.every((id, index) => id === b?.[index]) === true);
}

/** How many columns a node has; without a lineage, how many it declares. */
function countColumns(lineage: Snapshot['lineage'] | undefined, node: ProjectNode): number {
  const counted = isRelation(node) ? (lineage?.columnCounts?.get(node.id) ?? lineage?.nodes.get(node.id)?.columns.length) : undefined;
  return counted ?? node.columns.length;
}

/** What a test tests; a singular one hangs on the only relation that it reads. */
function toTested(node: ProjectNode, snapshot: Snapshot): Pick<OutlineNode, 'tested' | 'column'> {
  if (node.kind !== 'test' && node.kind !== 'unit_test') return {};
  const all = testedBy(node, snapshot.graph);
  const tested = all.length === 1 ? all[0] : undefined;
  const column = node.kind === 'test' ? node.generic?.column : undefined;
  return { ...(tested === undefined ? {} : { tested }), ...(column === undefined ? {} : { column }) };
}

/** The columns of a node with what is claimed and tested of each. */
export function toColumnOutlines(snapshot: Snapshot, id: NodeId): readonly ColumnOutline[] {
  return (snapshot.columns.get(id) ?? []).map((column) => ({
    name: column.name,
    type: column.type,
    description: column.description,
    origin: column.origin,
    facts: column.tests.flatMap((test) => toTestWords(snapshot, test) ?? []),
  }));
}
