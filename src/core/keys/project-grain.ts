import { findNodeOfTable, readSqlOnce, type SqlReading, toVerbatim } from '../docs/reading.ts';
import { isRelation, type ProjectNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { LineMap } from '../text/span.ts';
import { type Declarations, declarationsOf } from './declared-keys.ts';
import { readText, type TextFacts } from './query-facts.ts';
import { distinctKeys, type Proof, type RelationFacts, type RowKey, unknownFacts } from './row-key.ts';

/** A node's text with what is known of the rows of everything in it. */
export interface NodeGrain {
  readonly node: ProjectNode;
  readonly reading: SqlReading;
  readonly text: TextFacts;
}

/** What is known of the rows of a project's relations: each is worked out once, and texts are let go. */
export class ProjectGrain {
  readonly declarations: Declarations;
  readonly #known = new Map<NodeId, Known>();
  readonly #open = new Set<NodeId>();
  readonly #lines = new Map<string, LineMap>();
  /** The facts of the relations that each text names. */
  readonly #reads = new Map<NodeId, ReadonlyMap<NodeId, RelationFacts>>();
  /** What earlier Snapshots knew. */
  readonly #before: ReadonlyMap<NodeId, Known>;

  /** What `before` knows of relations that are as they were is taken over. */
  constructor(
    readonly snapshot: Snapshot,
    before?: ProjectGrain,
  ) {
    this.declarations = declarationsOf(snapshot);
    this.#before = new Map(before === undefined ? [] : [...before.#before, ...before.#known]);
  }

  /** Whether the keys of a relation can be told without reading more than `most` texts. */
  isNear(id: NodeId, most: number): boolean {
    const seen = new Set<NodeId>([id]);
    let left = most;
    for (const one of seen) {
      if (this.#known.has(one)) continue;
      const { kind } = this.snapshot.nodes.get(one) ?? {};
      if ((kind === 'model' || kind === 'snapshot') && !this.#isAsBefore(one) && left-- === 0) return false;
      for (const parent of this.snapshot.graph.parents(one)) seen.add(parent);
    }
    return true;
  }

  /** The keys that a relation has by its SQL or by what is declared of it. */
  factsOf(id: NodeId): RelationFacts {
    const known = this.#known.get(id);
    if (known !== undefined) return known.facts;
    // A relation that reads itself, and chains that no project has, are known by their declarations.
    if (this.#open.has(id) || this.#open.size > 200) return this.#declared(id, unknownFacts);
    const node = this.snapshot.nodes.get(id);
    const taken = this.#takeOver(id);
    if (taken !== undefined) return taken;
    const facts = node !== undefined && (node.kind === 'model' || node.kind === 'snapshot') ? this.read(id)?.text.facts : undefined;
    return this.#known.get(id)?.facts ?? this.#keep(id, facts ?? unknownFacts);
  }

  /** The keys of a relation that its SQL proves, those apart that rest on declarations about what it reads. */
  provedOf(id: NodeId): readonly RowKey[] {
    this.factsOf(id);
    return this.#known.get(id)?.proved ?? [];
  }

  /** Reads the text of a node; undefined where it has none that can be read. */
  read(id: NodeId): NodeGrain | undefined {
    this.#open.add(id);
    const reading = readSqlOnce(this.snapshot, id);
    const text = reading && this.#readText(reading, id);
    this.#open.delete(id);
    if (reading === undefined || text === undefined) return undefined;
    if (!this.#known.has(id) && isRelation(reading.node)) this.#keep(id, text.facts);
    return { node: reading.node, reading, text };
  }

  /** What a text proves; nothing where it is nested too deeply to be followed. */
  #readText(reading: SqlReading, id: NodeId): TextFacts | undefined {
    const reads = new Map<NodeId, RelationFacts>();
    this.#reads.set(id, reads);
    try {
      return readText({
        query: reading.query,
        resolution: reading.resolution,
        sql: reading.sql,
        table: (parts) => {
          const node = findNodeOfTable(this.snapshot, parts, id);
          if (node === undefined || node.id === id) return unknownFacts;
          const facts = this.factsOf(node.id);
          reads.set(node.id, facts);
          return facts;
        },
        proof: (text, at) => this.#proof(reading, text, at),
      });
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** Whether what was known of a relation still holds, as far as it alone decides. */
  #isAsBefore(id: NodeId): boolean {
    const before = this.#before.get(id);
    if (before === undefined) return false;
    const now = this.#stateOf(id);
    return before.node === now.node && before.text === now.text && before.columns === now.columns && before.declared === now.declared;
  }

  /** The facts of before, where neither the relation nor anything that it reads is another. */
  #takeOver(id: NodeId): RelationFacts | undefined {
    const before = this.#before.get(id);
    if (before === undefined || !this.#isAsBefore(id)) return undefined;
    this.#open.add(id);
    const isSame = [...before.reads].every(([read, known]) => this.factsOf(read) === known);
    this.#open.delete(id);
    if (!isSame) return undefined;
    this.#known.set(id, before);
    return before.facts;
  }

  /** Everything of a relation that its facts depend on, apart from what it reads. */
  #stateOf(id: NodeId): Pick<Known, 'node' | 'text' | 'columns' | 'declared'> {
    const { nodes, texts, lineage } = this.snapshot;
    const { keys, notNull } = this.declarations;
    const declared = JSON.stringify([keys.get(id) ?? [], [...(notNull.get(id) ?? [])].sort()]);
    return { node: nodes.get(id), text: texts.get(id), columns: lineage.nodes.get(id), declared };
  }

  #keep(id: NodeId, facts: RelationFacts): RelationFacts {
    const node = this.snapshot.nodes.get(id);
    const known = this.snapshot.lineage.nodes.get(id);
    const columns =
      facts.columns ?? (known === undefined || known.isOpen ? undefined : known.columns.map((column) => column.name.toLowerCase()));
    const isAppended = node?.kind === 'model' && node.materialized === 'incremental';
    const proved = node?.kind === 'snapshot' ? [] : facts.keys.map((key) => (isAppended ? ofOneRun(key) : key));
    const made = this.#declared(id, { ...facts, columns, keys: proved, dependencies: node?.kind === 'snapshot' ? [] : facts.dependencies });
    this.#known.set(id, { ...this.#stateOf(id), facts: made, proved, reads: this.#reads.get(id) ?? new Map() });
    return made;
  }

  #declared(id: NodeId, facts: RelationFacts): RelationFacts {
    const declared = this.declarations.keys.get(id) ?? [];
    const notNull = this.declarations.notNull.get(id);
    const keys = facts.keys.map((key) =>
      key.nulls !== 'none' && key.columns.every((column) => notNull?.has(column)) ? { ...key, nulls: 'none' as const } : key,
    );
    return { ...facts, keys: distinctKeys([...keys, ...declared]), notNull: new Set([...facts.notNull, ...(notNull ?? [])]) };
  }

  #proof(reading: SqlReading, text: string, at: { readonly start: number; readonly end: number }): Proof {
    const { path } = reading.text;
    const place =
      toVerbatim(reading, { start: at.start, end: Math.min(at.end, at.start + 1) }) ??
      reading.map.locateSpan({ start: at.start, end: at.start + 1 });
    const file = this.#lines.get(path) ?? this.#linesOf(path);
    return file === undefined ? { text, path } : { text, path, line: file.position(place.start).line };
  }

  #linesOf(path: string): LineMap | undefined {
    const file = this.snapshot.sources.find(path)?.text;
    if (file === undefined) return undefined;
    const made = new LineMap(file);
    this.#lines.set(path, made);
    return made;
  }
}

/** Runs of an incremental model without a unique_key add to what is there: a key of one run is one of all only where runs bring other rows. */
function ofOneRun(key: RowKey): RowKey {
  return { ...key, isDeclared: true, because: [...key.because, { text: 'as long as no run of the incremental model brings rows again' }] };
}

/** What is known of a relation, and what that depends on. */
interface Known {
  readonly node: unknown;
  readonly text: unknown;
  readonly columns: unknown;
  /** The declared keys, as text. */
  readonly declared: string;
  readonly facts: RelationFacts;
  readonly proved: readonly RowKey[];
  readonly reads: ReadonlyMap<NodeId, RelationFacts>;
}

/** The last grain of each list of nodes, which stays the same object while texts are typed. */
const latest = new WeakMap<Snapshot['nodes'], ProjectGrain>();

/** What is known of the rows of a Snapshot: what the one before knew is taken over where nothing of it changed. */
export function grainOf(snapshot: Snapshot): ProjectGrain {
  const known = latest.get(snapshot.nodes);
  if (known?.snapshot === snapshot) return known;
  const made = new ProjectGrain(snapshot, known);
  latest.set(snapshot.nodes, made);
  return made;
}
