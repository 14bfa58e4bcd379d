import type { Rendering } from '../dbt/rendering.ts';
import type { NodeText } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import {
  isRelation,
  type ModelNode,
  type ProjectNode,
  type RelationNode,
  type SeedNode,
  type SnapshotNode,
  type SourceNode,
} from './node.ts';
import { toReadable, toReadableIncrement } from './node-text.ts';

/** The relations of a project by the names that SQL gives them. */
export interface NameIndex {
  /** Parts run from the outermost qualifier; a short name that means two relations means none. */
  find(parts: readonly string[]): NodeId | undefined;
  /** The nodes that share one of their names with others: which is meant depends on who reads. */
  readonly shared: ReadonlySet<NodeId>;
}

type Relation = ModelNode | SeedNode | SnapshotNode | SourceNode;

/** The names in one node's SQL that mean something else there than elsewhere, in lower case. */
export type OwnNames = ReadonlyMap<string, NodeId>;

/** What builds a relation comes before what only declares it; an ephemeral model is none of the database. */
const precedence = { model: 0, snapshot: 1, seed: 2, source: 3, ephemeral: 4 } as const;

/** Finds nodes by the names of their relations: whole, or without the outer qualifiers where that is clear. */
export function nameIndex(nodes: Iterable<ProjectNode>): NameIndex {
  const byName = new Map<string, Relation[]>();
  for (const node of nodes) {
    if (!isRelation(node)) continue;
    for (const name of namesOf(node)) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [node]);
      else known.push(node);
    }
  }
  const found = new Map<string, NodeId | undefined>();
  const shared = new Set<NodeId>();
  for (const [name, candidates] of byName) {
    if (candidates.length > 1) for (const { id } of candidates) shared.add(id);
    found.set(name, pick(candidates)?.id);
  }
  return { find: (parts) => found.get(keyOf(parts)), shared };
}

/** The names in a node's text that its own `ref` and `source` calls settle: shared ones, and those that a macro of the project printed. */
export function ownNames(text: NodeText, nodes: ReadonlyMap<NodeId, ProjectNode>, index: NameIndex): OwnNames | undefined {
  const known = remembered.get(text);
  if (known?.index === index) return known.names;
  const names = findOwnNames(text, nodes, index);
  remembered.set(text, { index, names });
  return names;
}

const remembered = new WeakMap<NodeText, { readonly index: NameIndex; readonly names: OwnNames | undefined }>();

function findOwnNames(text: NodeText, nodes: ReadonlyMap<NodeId, ProjectNode>, index: NameIndex): OwnNames | undefined {
  const called = new Map<string, Relation[]>();
  const printed = new Map<string, NodeId>();
  for (const rendering of [toReadable(text), toReadableIncrement(text)]) if (rendering !== undefined) collect(rendering);
  const names = new Map<string, NodeId>();
  for (const [name, candidates] of called) {
    const node = pick(candidates);
    if (node !== undefined && index.find(name.split('.')) !== node.id) names.set(name, node.id);
  }
  for (const [name, id] of printed) names.set(name, id);
  return names.size === 0 ? undefined : names;

  function collect({ refs, sources }: Rendering): void {
    for (const call of [...refs, ...sources]) {
      const node = call.node === undefined ? undefined : nodes.get(call.node);
      if (node === undefined) continue;
      const name = call.printed === undefined ? undefined : partsOf(call.printed);
      if (name !== undefined) printed.set(keyOf(name), node.id);
      if (!index.shared.has(node.id) || !isRelation(node)) continue;
      for (const own of namesOf(node)) {
        const known = called.get(own) ?? [];
        if (!known.includes(node)) called.set(own, [...known, node]);
      }
    }
  }
}

/** The key of a name in `OwnNames`. */
export function keyOf(parts: readonly string[]): string {
  return parts.join('.').toLowerCase();
}

function* namesOf(node: Relation): Generator<string> {
  if (!node.enabled) return;
  const { schema, identifier } = node;
  if (isEphemeral(node)) yield keyOf([`__dbt__cte__${identifier}`]);
  yield wholeNameOf(node);
  yield keyOf([schema, identifier]);
  yield keyOf([identifier]);
}

function wholeNameOf({ database, schema, identifier }: RelationNode): string {
  return keyOf([database, schema, identifier]);
}

/** The one of several nodes of a name that is meant, where they are all the same relation. */
function pick(candidates: readonly Relation[]): Relation | undefined {
  const [first, ...others] = candidates;
  if (first === undefined || others.some((other) => wholeNameOf(other) !== wholeNameOf(first))) return undefined;
  return others.length === 0 ? first : candidates.toSorted((a, b) => rankOf(a) - rankOf(b))[0];
}

function rankOf(node: Relation): number {
  return precedence[isEphemeral(node) ? 'ephemeral' : node.kind];
}

function isEphemeral(node: Relation): boolean {
  return node.kind === 'model' && node.materialized === 'ephemeral';
}

/** The parts of a name as SQL writes it; undefined for anything that is no name. */
function partsOf(text: string): readonly string[] | undefined {
  const parts = text.trim().match(/"[^"]+"|`[^`]+`|\[[^\]]+\]|[^\s."`[\](),;]+|\./g) ?? [];
  const names = parts.filter((_, at) => at % 2 === 0);
  if (parts.join('') !== text.trim() || parts.length % 2 === 0 || parts.some((part, at) => (part === '.') !== (at % 2 === 1)))
    return undefined;
  return names.flatMap((name) => (name.startsWith('`') ? name.slice(1, -1).split('.') : [name.replace(/^["[]|["\]]$/g, '')]));
}
