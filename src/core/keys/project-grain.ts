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
  readonly #facts = new Map<NodeId, RelationFacts>();
  readonly #proved = new Map<NodeId, readonly RowKey[]>();
  readonly #open = new Set<NodeId>();
  readonly #lines = new Map<string, LineMap>();

  constructor(readonly snapshot: Snapshot) {
    this.declarations = declarationsOf(snapshot);
  }

  /** The keys that a relation has by its SQL or by what is declared of it. */
  factsOf(id: NodeId): RelationFacts {
    const known = this.#facts.get(id);
    if (known !== undefined) return known;
    // A relation that reads itself, and chains that no project has, are known by their declarations.
    if (this.#open.has(id) || this.#open.size > 200) return this.#declared(id, unknownFacts);
    const node = this.snapshot.nodes.get(id);
    const facts = node !== undefined && (node.kind === 'model' || node.kind === 'snapshot') ? this.read(id)?.text.facts : undefined;
    return this.#facts.get(id) ?? this.#keep(id, facts ?? unknownFacts);
  }

  /** The keys of a relation that its SQL proves, those apart that rest on declarations about what it reads. */
  provedOf(id: NodeId): readonly RowKey[] {
    this.factsOf(id);
    return this.#proved.get(id) ?? [];
  }

  /** Reads the text of a node; undefined where it has none that can be read. */
  read(id: NodeId): NodeGrain | undefined {
    this.#open.add(id);
    const reading = readSqlOnce(this.snapshot, id);
    const text = reading && this.#readText(reading, id);
    this.#open.delete(id);
    if (reading === undefined || text === undefined) return undefined;
    if (!this.#facts.has(id) && isRelation(reading.node)) this.#keep(id, text.facts);
    return { node: reading.node, reading, text };
  }

  /** What a text proves; nothing where it is nested too deeply to be followed. */
  #readText(reading: SqlReading, id: NodeId): TextFacts | undefined {
    try {
      return readText({
        query: reading.query,
        resolution: reading.resolution,
        sql: reading.sql,
        table: (parts) => {
          const node = findNodeOfTable(this.snapshot, parts, id);
          return node === undefined || node.id === id ? unknownFacts : this.factsOf(node.id);
        },
        proof: (text, at) => this.#proof(reading, text, at),
      });
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  #keep(id: NodeId, facts: RelationFacts): RelationFacts {
    const node = this.snapshot.nodes.get(id);
    const known = this.snapshot.lineage.nodes.get(id);
    const columns =
      facts.columns ?? (known === undefined || known.isOpen ? undefined : known.columns.map((column) => column.name.toLowerCase()));
    const isAppended = node?.kind === 'model' && node.materialized === 'incremental';
    const proved = node?.kind === 'snapshot' ? [] : facts.keys.map((key) => (isAppended ? ofOneRun(key) : key));
    this.#proved.set(id, proved);
    const made = this.#declared(id, { ...facts, columns, keys: proved, dependencies: node?.kind === 'snapshot' ? [] : facts.dependencies });
    this.#facts.set(id, made);
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
