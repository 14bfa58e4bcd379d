import type { Graph } from '../project/graph.ts';
import type { ProjectNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import { toReadable, toReadableIncrement } from '../project/node-text.ts';
import { type NameIndex, nameIndex, ownNames } from '../project/relation-names.ts';
import { changedTexts } from '../project/text-changes.ts';
import type { Column, NodeText } from '../snapshot.ts';
import type { Dialect } from '../sql/dialect.ts';
import { finish, type Steps } from '../text/gradually.ts';
import type { NodeId } from '../text/ids.ts';
import { areEqual } from './compare-nodes.ts';
import type { DeclaredLineageColumn, LineageInput, LineageNode, ProjectLineage } from './project.ts';
import { resolveGradually } from './project.ts';

/** What the phases before lineage have found out. */
export interface LineageFacts {
  readonly dialect: Dialect;
  readonly nodes: ReadonlyMap<NodeId, ProjectNode>;
  readonly graph: Graph;
  readonly texts: ReadonlyMap<NodeId, NodeText>;
  /** Columns that were read from data or DDL; where they come from those, they are all there are. */
  readonly columns: ReadonlyMap<NodeId, readonly Column[]>;
  /** What a table's name means, where it is not the name of the relation of a node. */
  readonly findNode?: (parts: readonly string[], reader?: NodeId) => NodeId | undefined;
}

/** The lineage of a project, with the facts that it was worked out from. */
export interface AnalyzedLineage extends ProjectLineage {
  readonly facts?: LineageFacts;
}

/** Resolves the columns of every relation of a project, and of every text that reads them, reusing what did not change. */
export function analyzeLineage(facts: LineageFacts, previous?: AnalyzedLineage): AnalyzedLineage {
  return finish(analyzeGradually(facts, previous));
}

/** The same in steps: first the texts are compiled one by one, then the nodes are resolved. */
export function* analyzeGradually(facts: LineageFacts, previous?: AnalyzedLineage): Steps<AnalyzedLineage> {
  if (previous === undefined) for (const _ of facts.texts.values()) yield;
  const before = previous?.facts;
  const followed = before === undefined ? undefined : followInput(facts, before, previous?.input as LineageInput);
  return { ...(yield* resolveGradually(followed ?? toInput(facts, before, previous?.input), previous)), facts };
}

/** The input after changes of texts only; nodes whose texts are the same objects are the same objects again. */
function followInput(facts: LineageFacts, before: LineageFacts, input: LineageInput): LineageInput | undefined {
  const { nodes, columns, dialect, findNode, texts } = facts;
  if (nodes !== before.nodes || columns !== before.columns || dialect !== before.dialect || findNode !== before.findNode) return undefined;
  const next = input.nodes.slice();
  const changed = changedTexts(texts, before.texts);
  const indexes = changed?.map((id) => next.findIndex((node) => node.id === id)).filter((index) => index >= 0) ?? next.keys();
  for (const index of indexes) {
    const node = next[index] as LineageNode;
    const text = texts.get(node.id);
    const old = before.texts.get(node.id);
    if (text === old) continue;
    // A text that comes or goes may make a node of what was none.
    if (text === undefined || old === undefined) return undefined;
    const { isCut: _, because: __, names: ___, ...rest } = node;
    if (node.sql.length > 0) next[index] = { ...rest, sql: textsOf(text), ...cutOf(text), ...namesOf(text, facts, indexOf(input)) };
  }
  return texts.size === before.texts.size ? { ...input, nodes: next, parents: (id) => facts.graph.parents(id) } : undefined;
}

const wholeOrigins = new Set(['csv', 'sqlite', 'ddl', 'contract']);

/** What lineage needs to know of all nodes; those that are the same to it as before are the same objects. */
function toInput(facts: LineageFacts, before: LineageFacts | undefined, previous: LineageInput | undefined): LineageInput {
  const nodes: LineageNode[] = [];
  const notNull = findNotNull(facts.nodes.values());
  const wasNotNull = before === undefined ? undefined : notNullOf.get(before);
  notNullOf.set(facts, notNull);
  const known = inStep(previous?.nodes ?? []);
  const isSameIndex = previous !== undefined && haveSameNames(facts, before);
  const index = isSameIndex ? indexOf(previous) : facts.findNode === undefined ? nameIndex(facts.nodes.values()) : undefined;
  for (const node of facts.nodes.values()) {
    if (!node.enabled) continue;
    if (!isRelation(node) && !isText(node)) continue;
    const text = facts.texts.get(node.id);
    if (!isRelation(node) && text === undefined) continue;
    const old = known(node.id);
    if (
      old !== undefined &&
      isSameIndex === (facts.findNode === undefined) &&
      before?.nodes.get(node.id) === node &&
      before.texts.get(node.id) === text &&
      before.columns.get(node.id) === facts.columns.get(node.id) &&
      areSameSets(wasNotNull?.get(node.id), notNull.get(node.id))
    ) {
      nodes.push(old);
      continue;
    }
    const read = facts.columns.get(node.id) ?? [];
    const isContract = node.kind === 'model' && node.contract;
    const made: LineageNode = {
      id: node.id,
      sql: text === undefined || (node.kind === 'model' && node.language === 'python') ? [] : textsOf(text),
      declared: declaredColumns(node, read, notNull.get(node.id)),
      isComplete: isContract || read.some((column) => wholeOrigins.has(column.origin)),
      ...(node.kind === 'model' && node.language === 'python' ? { because: ['Python makes its columns'] } : cutOf(text)),
      ...(text === undefined ? {} : namesOf(text, facts, index)),
      ...(node.kind === 'snapshot' ? { snapshot: snapshotOf(node.config) } : {}),
    };
    nodes.push(old !== undefined && areEqual(old, made) ? old : made);
  }
  const findNode = facts.findNode ?? (isSameIndex ? previous.findNode : index?.find) ?? (() => undefined);
  if (index !== undefined) indexes.set(findNode, index);
  return { dialect: facts.dialect, nodes, findNode, parents: (id) => facts.graph.parents(id) };
}

const indexes = new WeakMap<LineageInput['findNode'], NameIndex>();

/** The index that an input finds names in; none where the project finds them itself. */
function indexOf(input: LineageInput): NameIndex | undefined {
  return indexes.get(input.findNode);
}

function namesOf(text: NodeText, facts: LineageFacts, index: NameIndex | undefined): Pick<LineageNode, 'names'> {
  const names = index === undefined ? undefined : ownNames(text, facts.nodes, index);
  return names === undefined ? {} : { names };
}

/** Finds nodes that are asked for in their order without a look into an index, as nearly all are. */
function inStep(nodes: readonly LineageNode[]): (id: NodeId) => LineageNode | undefined {
  let at = 0;
  let byId: ReadonlyMap<NodeId, LineageNode> | undefined;
  return (id) => {
    const next = nodes[at];
    if (next?.id === id) {
      at++;
      return next;
    }
    byId ??= new Map(nodes.map((node) => [node.id, node]));
    const found = byId.get(id);
    // One that came or went is passed over.
    if (found === undefined || nodes[at + 1]?.id === id) at += found === undefined ? 0 : 2;
    return found;
  };
}

/** Whether a node is a text of its own that reads relations; generic tests are none. */
function isText(node: ProjectNode): boolean {
  return node.kind === 'analysis' || node.kind === 'operation' || (node.kind === 'test' && node.generic === undefined);
}

/** Whether a rendering stopped before the end of its text, or went on without what it had asked for, and why. */
function cutOf(text: NodeText | undefined): Pick<LineageNode, 'isCut' | 'because'> {
  const rendering = text === undefined ? undefined : toReadable(text);
  if (rendering === undefined || rendering.status === 'rendered') return {};
  const asked = [...new Set(rendering.queriesNeeded.map((sql) => sql.replace(/\s+/g, ' ').trim()))];
  const because = asked.map((sql) => `which columns there are depends on what a query of the template answers: ${sql}`);
  if (because.length === 0)
    because.push(...rendering.problems.slice(0, 1).map(({ message }) => `the template could not be rendered: ${message}`));
  return because.length === 0 ? { isCut: true } : { isCut: true, because };
}

const notNullOf = new WeakMap<LineageFacts, ReadonlyMap<NodeId, ReadonlySet<string>>>();

function areSameSets(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.size === b.size && [...a].every((item) => b.has(item));
}

/** Whether every name of a table means the same node as before. */
function haveSameNames(facts: LineageFacts, before: LineageFacts | undefined): boolean {
  if (before === undefined || before.findNode !== undefined || before.nodes.size !== facts.nodes.size) return false;
  const others = before.nodes.values();
  for (const node of facts.nodes.values()) {
    const other = others.next().value;
    if (other === node) continue;
    if (other === undefined || other.id !== node.id || nameKey(other) !== nameKey(node)) return false;
  }
  return true;
}

function nameKey(node: ProjectNode): string {
  if (!node.enabled || !isRelation(node)) return '';
  return JSON.stringify([node.database, node.schema, node.identifier, node.kind === 'model' && node.materialized === 'ephemeral']);
}

/** Both branches of `is_incremental()`, the full one first. */
function textsOf(text: NodeText): string[] {
  const [rendering, incremental] = [toReadable(text), toReadableIncrement(text)];
  return incremental === undefined || incremental.sql === rendering.sql ? [rendering.sql] : [rendering.sql, incremental.sql];
}

function declaredColumns(node: ProjectNode, known: readonly Column[], notNull: ReadonlySet<string> | undefined): DeclaredLineageColumn[] {
  const columns = new Map<string, DeclaredLineageColumn>();
  for (const { name, type, nullable, origin } of known)
    columns.set(name.toLowerCase(), {
      name,
      ...(type === '' ? {} : { type }),
      ...(nullable === undefined ? {} : { nullable }),
      ...(origin === 'use' ? { isGuess: true } : {}),
    });
  for (const { name, type, constraints } of node.columns) {
    const before = columns.get(name.toLowerCase());
    const isRequired = constraints.some(({ kind }) => kind === 'not_null' || kind === 'primary_key');
    columns.set(name.toLowerCase(), {
      ...(type === undefined ? {} : { type }),
      ...before,
      name: before?.name ?? name,
      ...(isRequired ? { nullable: false } : {}),
    });
  }
  return [...columns].map(([folded, column]) => (notNull?.has(folded) ? { ...column, nullable: false } : column));
}

/** The columns that a not_null test holds. */
function findNotNull(nodes: Iterable<ProjectNode>): Map<NodeId, Set<string>> {
  const found = new Map<NodeId, Set<string>>();
  for (const node of nodes) {
    if (node.kind !== 'test' || node.generic?.macro !== 'not_null' || node.attached === undefined || node.generic.column === undefined)
      continue;
    const columns = found.get(node.attached) ?? new Set();
    columns.add(node.generic.column.toLowerCase());
    found.set(node.attached, columns);
  }
  return found;
}

function snapshotOf(config: Readonly<Record<string, unknown>>): { updatedAt?: string } {
  const { updated_at: updatedAt } = config;
  return typeof updatedAt === 'string' ? { updatedAt } : {};
}
