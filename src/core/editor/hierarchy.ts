import { columnOf, locateNode } from '../docs/definition.ts';
import { findColumn, findExpression, showColumn, showNode } from '../docs/describe-column.ts';
import { findMeaning } from '../docs/meaning.ts';
import { placesOfNode } from '../docs/places-of-name.ts';
import { nodesInFile, questionsOf } from '../docs/reading.ts';
import { columnOfMeaning } from '../docs/references.ts';
import type { ColumnRef } from '../lineage/questions.ts';
import type { ProjectNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId, NodeKind } from '../text/ids.ts';
import type { Location, Position } from '../text/span.ts';
import { LineMap } from '../text/span.ts';

/** A node as a call hierarchy shows it, and the places where the one names the other. */
export interface CallNode {
  readonly id: NodeId;
  readonly kind: NodeKind;
  readonly name: string;
  readonly detail: string;
  readonly location: Location;
  /** For callers in their own file, for callees in the file of the one that was asked about. */
  readonly places: readonly Location[];
}

/** A column as a type hierarchy shows it. */
export interface HierarchyColumn {
  readonly ref: ColumnRef;
  readonly name: string;
  readonly detail: string;
  readonly location: Location;
}

/** The relation that a place names, else the one whose file it is in. */
export function findCallNode(snapshot: Snapshot, path: string, position: Position): CallNode | undefined {
  const text = snapshot.sources.find(path)?.text;
  const meaning = text === undefined ? undefined : findMeaning(snapshot, path, new LineMap(text).offset(position));
  const named =
    meaning?.kind === 'node'
      ? meaning.node
      : meaning?.kind === 'sql' && meaning.meaning.kind === 'relation'
        ? meaning.meaning.node
        : undefined;
  const node = named ?? (/\.(sql|py)$/i.test(path) ? nodesInFile(snapshot, path).find((one) => isRelation(one)) : undefined);
  return node === undefined ? undefined : toCallNode(snapshot, node, []);
}

/** What reads a node, without its tests. */
export function findCallers(snapshot: Snapshot, id: NodeId): readonly CallNode[] {
  const node = snapshot.nodes.get(id);
  if (node === undefined) return [];
  return snapshot.graph.children(id).flatMap((child) => {
    const reader = snapshot.nodes.get(child);
    if (reader === undefined || !reader.enabled || reader.kind === 'test' || reader.kind === 'unit_test') return [];
    return [toCallNode(snapshot, reader, placesIn(snapshot, node, reader.path))];
  });
}

/** What a node reads. */
export function findCallees(snapshot: Snapshot, id: NodeId): readonly CallNode[] {
  const node = snapshot.nodes.get(id);
  if (node === undefined) return [];
  return snapshot.graph.parents(id).flatMap((parent) => {
    const read = snapshot.nodes.get(parent);
    return read === undefined ? [] : [toCallNode(snapshot, read, placesIn(snapshot, read, node.path))];
  });
}

function placesIn(snapshot: Snapshot, node: ProjectNode, path: string): readonly Location[] {
  const text = snapshot.sources.find(path)?.text;
  if (text === undefined) return [];
  const lines = new LineMap(text);
  return placesOfNode(snapshot, node, path).map((place) => lines.location(path, place.span));
}

function toCallNode(snapshot: Snapshot, node: ProjectNode, places: readonly Location[]): CallNode {
  const more = node.package === snapshot.project.name ? '' : ` · ${node.package}`;
  const kind = isRelation(node) && node.kind === 'model' ? `${node.materialized} model` : node.kind;
  return {
    id: node.id,
    kind: node.kind,
    name: showNode(snapshot, node.id),
    detail: `${kind}${more}`,
    location: locateNode(snapshot, node),
    places,
  };
}

/** The column that a place names, as the middle of its hierarchy. */
export function findHierarchyColumn(snapshot: Snapshot, path: string, position: Position): HierarchyColumn | undefined {
  const text = snapshot.sources.find(path)?.text;
  const meaning = text === undefined ? undefined : findMeaning(snapshot, path, new LineMap(text).offset(position));
  const ref = meaning === undefined ? undefined : columnOfMeaning(snapshot, meaning);
  return ref === undefined ? undefined : toHierarchyColumn(snapshot, ref);
}

/** The columns that a column is made from (`above`), or that are made from it. */
export function findRelatedColumns(snapshot: Snapshot, ref: ColumnRef, above: boolean): readonly HierarchyColumn[] {
  const questions = questionsOf(snapshot);
  const refs = above
    ? questions.inputs(ref).map((edge) => ({ node: edge.from, column: edge.fromColumn }))
    : questions.outputs(ref).map((edge) => ({ node: edge.to, column: edge.toColumn }));
  const unique = new Map(refs.map((one) => [`${one.node} ${one.column.toLowerCase()}`, one]));
  return [...unique.values()].flatMap((one) => toHierarchyColumn(snapshot, one) ?? []);
}

function toHierarchyColumn(snapshot: Snapshot, ref: ColumnRef): HierarchyColumn | undefined {
  const node = snapshot.nodes.get(ref.node);
  if (node === undefined) return undefined;
  const column = findColumn(snapshot, ref);
  const made = findExpression(snapshot, ref);
  const expression = made === undefined || made.column.expression?.kind === 'column' ? '' : `= ${made.text.replace(/\s+/g, ' ')}`;
  const type = column?.type ?? '';
  const own = { node: ref.node, column: column?.name ?? ref.column };
  const [location] = columnOf(snapshot, ref.node, ref.column);
  return {
    ref: own,
    name: showColumn(snapshot, own),
    detail: [node.kind, type.toLowerCase(), expression.length > 80 ? `${expression.slice(0, 79)}…` : expression]
      .filter((part) => part !== '')
      .join(' · '),
    location: location ?? locateNode(snapshot, node),
  };
}
