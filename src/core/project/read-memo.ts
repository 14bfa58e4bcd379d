import type { NodeText } from '../snapshot.ts';
import { areAlike } from '../text/alike.ts';
import type { NodeId } from '../text/ids.ts';
import { once } from '../text/once.ts';
import type { Problem } from '../text/problem.ts';
import type { Compiled } from './compiled-texts.ts';
import type { Parsed } from './dbt-project.ts';
import type { NodeRenderer } from './dbt-render.ts';
import { RenderMemo } from './dbt-render.ts';
import type { BuiltTest } from './dbt-tests.ts';
import { areSameEdges, type Edge } from './graph.ts';
import type { ProjectNode } from './node.ts';
import type { Entry } from './properties.ts';
import type { SourceFile } from './sources.ts';

/** A node as its file and its entry in a properties file tell of it, with the tests that hang on it. */
export interface TextReading {
  readonly parsed: Parsed;
  readonly tests: readonly BuiltTest[];
  readonly problems: readonly Problem[];
}

/** What a reading is made of besides the project's context. */
export interface ReadingBasis {
  readonly source: SourceFile | undefined;
  readonly patch: Entry | undefined;
  readonly version: string | undefined;
}

interface Kept extends TextReading {
  readonly basis: ReadingBasis;
  readonly context: string;
  /** The docs blocks that its descriptions were looked up in; undefined where none was. */
  readonly docs: string | undefined;
  readonly macros: MacroHashes;
}

/** The macros that a rendering called, as they were. */
type MacroHashes = readonly (readonly [string, string])[];

/** The edges into a node that its own text asks for, and the names in it that mean nothing. */
export interface Linked {
  readonly edges: readonly Edge[];
  readonly problems: readonly Problem[];
  /** Whether it is a test of something that is not there. */
  readonly isLeftOut: boolean;
}

/** What a project was read with as a whole: any other value makes everything be read anew. */
export interface ReadingContext {
  readonly key: string;
  readonly docs: string;
}

/** What reading a project remembers for the next time: each piece is made again only when something that it was made of has changed. */
export class ReadMemo {
  readonly renderings = new RenderMemo();
  #readings = 0;
  #context: ReadingContext = { key: '', docs: '' };
  #kept = new Map<string, Kept>();
  #next = new Map<string, Kept>();
  #linked = new WeakMap<Parsed, Linked>();
  #compiled = new WeakMap<Parsed, Compiled & { readonly macros: MacroHashes }>();
  /** The nodes that names could mean when the last reading ended; undefined when it did not come to its end. */
  #named: ReadonlyMap<NodeId, ProjectNode> | undefined;
  /** The names that may mean something else than in the last reading; undefined when any may. */
  #moved: ReadonlySet<string> | undefined;
  #ordered: ReadonlyMap<NodeId, ProjectNode> = new Map();
  #edges: { readonly edges: readonly Edge[]; readonly hasCircles: boolean } | undefined;

  begin(context: ReadingContext): void {
    this.#readings++;
    this.#context = context;
    this.#next = new Map();
  }

  reading(key: string, basis: ReadingBasis, renderer: NodeRenderer): TextReading | undefined {
    const kept = this.#kept.get(key);
    if (
      kept === undefined ||
      kept.context !== this.#context.key ||
      (kept.docs !== undefined && kept.docs !== this.#context.docs) ||
      kept.basis.source !== basis.source ||
      kept.basis.patch !== basis.patch ||
      kept.basis.version !== basis.version ||
      !renderer.holds(kept.macros)
    )
      return undefined;
    this.#next.set(key, kept);
    return kept;
  }

  keepReading(key: string, basis: ReadingBasis, reading: TextReading, usesDocs: boolean, renderer: NodeRenderer): void {
    const { rendering } = reading.parsed;
    if (!renderer.isLasting(rendering)) return;
    const { key: context, docs } = this.#context;
    const macros = renderer.hashesOf([...rendering.macrosCalled, ...reading.tests.flatMap((test) => test.macrosCalled)]);
    this.#next.set(key, { ...reading, basis, context, docs: usesDocs ? docs : undefined, macros });
  }

  /** All nodes are known: finds out which names may mean something else now. */
  resolve(nodes: ReadonlyMap<NodeId, ProjectNode>): void {
    this.#kept = this.#next;
    this.#moved = this.#named === undefined ? undefined : findMoved(this.#named, nodes);
    if (this.#moved === undefined) {
      this.#linked = new WeakMap();
      this.#compiled = new WeakMap();
    }
    this.#named = undefined;
  }

  /** The reading came to its end. */
  end(nodes: ReadonlyMap<NodeId, ProjectNode>): void {
    this.#named = nodes;
    this.renderings.sweep(4 * this.#kept.size + 1000);
  }

  linked(parsed: Parsed, link: () => Linked): Linked {
    const known = this.#linked.get(parsed);
    if (known !== undefined && (known.problems.length === 0 || this.#moved?.size === 0) && !this.#isMoved(parsed)) return known;
    const made = link();
    this.#linked.set(parsed, made);
    return made;
  }

  /** A node's text, compiled when somebody asks for it; that of before where it still holds. */
  compiled(parsed: Parsed, renderer: NodeRenderer, compile: () => Compiled): () => Compiled {
    const known = this.#compiled.get(parsed);
    if (known !== undefined && renderer.holds(known.macros) && !this.#isMoved(known.text.rendering, known.text.incremental)) {
      if (known.text.rendering.problems.length === 0 || this.#moved?.size === 0) return () => known;
    }
    this.#compiled.delete(parsed);
    const reading = this.#readings;
    return once(() => {
      const made = compile();
      // The next reading has already looked for what it can keep.
      if (reading === this.#readings) this.#keepCompiled(parsed, made, renderer);
      return made;
    });
  }

  #keepCompiled(parsed: Parsed, made: Compiled, renderer: NodeRenderer): void {
    const { rendering, incremental } = made.text;
    if (renderer.isLasting(rendering) && (incremental === undefined || renderer.isLasting(incremental)))
      this.#compiled.set(parsed, { ...made, macros: renderer.hashesOf([...rendering.macrosCalled, ...(incremental?.macrosCalled ?? [])]) });
  }

  /** The nodes in the order of their ids; those that say the same as before are the same objects, and where all do, so is the whole. */
  inOrder(nodes: ReadonlyMap<NodeId, ProjectNode>): ReadonlyMap<NodeId, ProjectNode> {
    const before = this.#ordered;
    const changed: ProjectNode[] = [];
    let isSame = before.size === nodes.size;
    for (const [id, old] of before) {
      const now = isSame ? nodes.get(id) : undefined;
      if (now === undefined) {
        isSame = false;
        break;
      }
      if (now !== old && !areAlike(now, old)) changed.push(now);
    }
    if (!isSame) {
      const ids = [...nodes.keys()].sort();
      this.#ordered = new Map(ids.map((id) => [id, keepAlike(nodes.get(id) as ProjectNode, before.get(id))]));
    } else if (changed.length > 0) {
      const next = new Map(before);
      for (const node of changed) next.set(node.id, node);
      this.#ordered = next;
    }
    return this.#ordered;
  }

  /** The edges with the circles that they run in; where they are those of before, the same list, in which no circle is looked for again. */
  withCircles(
    edges: readonly Edge[],
    findCircles: () => readonly Problem[],
  ): { readonly edges: readonly Edge[]; readonly problems: readonly Problem[] } {
    const before = this.#edges;
    if (before === undefined || !areSameEdges(before.edges, edges)) this.#edges = { edges, hasCircles: findCircles().length > 0 };
    const { edges: kept, hasCircles } = this.#edges ?? { edges, hasCircles: true };
    return { edges: kept, problems: hasCircles ? findCircles() : [] };
  }

  #isMoved(...readers: readonly (Pick<NodeText['rendering'], 'refs' | 'sources'> | Parsed | undefined)[]): boolean {
    const moved = this.#moved;
    if (moved === undefined) return true;
    if (moved.size === 0) return false;
    return readers.some((reader) => {
      if (reader === undefined) return false;
      const { refs, sources } = 'rendering' in reader ? reader.rendering : reader;
      return (
        refs.some(({ name }) => moved.has(name) || moved.has(name.replace(/\.v[^.]+$/, ''))) ||
        sources.some(({ source, table }) => moved.has(`${source}\n${table}`))
      );
    });
  }
}

/** The names that nodes were added, taken away or changed by in a way that those who name them can see. */
function findMoved(before: ReadonlyMap<NodeId, ProjectNode>, now: ReadonlyMap<NodeId, ProjectNode>): ReadonlySet<string> {
  const moved = new Set<string>();
  for (const [id, node] of now) {
    const old = before.get(id);
    if (old === node || (old !== undefined && isSameTarget(old, node))) continue;
    moved.add(nameOf(node));
    if (old !== undefined) moved.add(nameOf(old));
  }
  if (before.size !== now.size || moved.size > 0) for (const [id, node] of before) if (!now.has(id)) moved.add(nameOf(node));
  return moved;
}

function nameOf(node: ProjectNode): string {
  return node.kind === 'source' ? `${node.sourceName}\n${node.name}` : node.name;
}

/** Whether two states of a node are the same to those who name it. */
function isSameTarget(a: ProjectNode, b: ProjectNode): boolean {
  if (a.kind !== b.kind || a.enabled !== b.enabled || a.name !== b.name || a.path !== b.path) return false;
  if (!('identifier' in a) || !('identifier' in b)) return true;
  const sameVersion = a.kind !== 'model' || b.kind !== 'model' || (a.version === b.version && a.latestVersion === b.latestVersion);
  return (
    sameVersion &&
    a.database === b.database &&
    a.schema === b.schema &&
    a.identifier === b.identifier &&
    a.materialized === b.materialized &&
    JSON.stringify(a.config.quoting) === JSON.stringify(b.config.quoting)
  );
}

function keepAlike<Value>(now: Value, before: Value | undefined): Value {
  return before !== undefined && before !== now && areAlike(now, before) ? before : now;
}
