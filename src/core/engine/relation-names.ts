import { isRelation } from '../project/node.ts';
import { keyOf, type NameIndex, nameIndex, ownNames } from '../project/relation-names.ts';
import { type Snapshot, textToRun } from '../snapshot.ts';
import type { Name, Query } from '../sql/ir.ts';
import type { NodeId } from '../text/ids.ts';

/** Which relation of a project a table's name means. */
export class RelationNames {
  readonly #names = new Map<string, NodeId>();
  readonly #index: NameIndex;

  constructor(private readonly snapshot: Snapshot) {
    this.#index = nameIndex(snapshot.nodes.values());
    for (const node of snapshot.nodes.values()) {
      if (!isRelation(node) || !node.enabled) continue;
      const parts = [node.database, node.schema, node.identifier].map((part) => part.toLowerCase());
      for (const name of [parts.join('.'), parts.slice(1).join('.')]) this.#names.set(name, node.id);
      if (node.materialized === 'ephemeral') this.#names.set(`__dbt__cte__${node.identifier.toLowerCase()}`, node.id);
    }
    // A bare name is what plain SQL writes; models come before sources of the same name.
    for (const kind of ['model', 'snapshot', 'seed', 'source'])
      for (const node of snapshot.nodes.values())
        if (node.kind === kind && isRelation(node) && node.enabled && !this.#names.has(node.identifier.toLowerCase()))
          this.#names.set(node.identifier.toLowerCase(), node.id);
  }

  all(): Iterable<string> {
    return this.#names.keys();
  }

  /** What a name means in a node's SQL, or in SQL of no node. */
  find(parts: readonly Name[], reader: NodeId | undefined): NodeId | undefined {
    const names = parts.map((part) => part.text.toLowerCase());
    if (reader !== undefined && this.snapshot.findNode !== undefined) {
      const found = this.snapshot.findNode(
        parts.map((part) => part.text),
        reader,
      );
      if (found !== undefined) return found;
    }
    const text = reader === undefined ? undefined : textToRun(this.snapshot, reader);
    const own = text === undefined ? undefined : ownNames(text, this.snapshot.nodes, this.#index)?.get(keyOf(names));
    const known = own ?? this.#index.find(names);
    if (known !== undefined) return this.#builder(known, reader) ?? known;
    for (let i = 0; i < names.length; i++) {
      const found = this.#names.get(names.slice(i).join('.'));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The node that builds the relation of a source without rows of its own; what the reader itself goes into cannot come before it. */
  #builder(id: NodeId, reader: NodeId | undefined): NodeId | undefined {
    const { nodes, graph } = this.snapshot;
    const node = nodes.get(id);
    if (node?.kind !== 'source' || node.data !== undefined) return undefined;
    const built = this.#index.find([node.database, node.schema, node.identifier]);
    const other = built === undefined ? undefined : nodes.get(built);
    if (built === undefined || other === undefined || !isRelation(other) || other.kind === 'source') return undefined;
    if (other.materialized === 'ephemeral' || built === reader) return undefined;
    return reader !== undefined && graph.ancestors(built).has(reader) ? undefined : built;
  }
}

/** The names of every table that a query mentions, CTEs among them. */
export function* tablesIn(value: unknown): Generator<readonly Name[]> {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) yield* tablesIn(item);
    return;
  }
  const node = value as { readonly kind?: unknown; readonly parts?: readonly Name[] };
  if (node.kind === 'table' && node.parts !== undefined) yield node.parts;
  for (const [key, item] of Object.entries(value)) if (key !== 'span') yield* tablesIn(item);
}

/** The query that gives the rows of one CTE. */
export function starOf(name: Name): Query {
  const { span } = name;
  const star = { kind: 'star', qualifier: [], except: [], replace: [], rename: [], span } as const;
  const from = [{ kind: 'table', parts: [name], modifiers: [], span }] as const;
  return {
    kind: 'query',
    ctes: [],
    recursive: false,
    orderBy: [],
    span,
    body: { kind: 'select', distinct: false, items: [star], from, groupBy: [], groupByAll: false, windows: [], span },
  };
}
