import type { ProjectNode } from '../project/node.ts';
import type { Column, Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { ChangedAspect, StateChanges } from './selector-methods.ts';

/** What became of a column between two states of a project. */
export interface ColumnChange {
  readonly node: NodeId;
  readonly name: string;
  readonly change: 'added' | 'removed' | 'type';
  readonly from?: string;
  readonly to?: string;
}

/** The differences between two states of a project. */
export interface ProjectDiff {
  readonly added: readonly NodeId[];
  readonly removed: readonly NodeId[];
  readonly modified: ReadonlyMap<NodeId, ReadonlySet<ChangedAspect>>;
  readonly columns: readonly ColumnChange[];
}

/** Compares a project with an earlier state of it, as dbt compares with a manifest: contents, configuration, names, descriptions. */
export function diffSnapshots(before: Snapshot, now: Snapshot): ProjectDiff {
  const enabled = (snapshot: Snapshot) => [...snapshot.nodes.values()].filter((node) => node.enabled);
  const added: NodeId[] = [];
  const modified = new Map<NodeId, ReadonlySet<ChangedAspect>>();
  const columns: ColumnChange[] = [];
  const changedMacros = findChangedMacros(before, now);
  for (const node of enabled(now)) {
    const old = before.nodes.get(node.id);
    if (old === undefined || !old.enabled) {
      added.push(node.id);
      continue;
    }
    const aspects = compareNodes(before, old, now, node, changedMacros);
    if (aspects.size > 0) modified.set(node.id, aspects);
    columns.push(...compareColumns(node.id, before.columns.get(node.id), now.columns.get(node.id)));
  }
  const removed = enabled(before).flatMap((node) => (now.nodes.get(node.id)?.enabled ? [] : [node.id]));
  return { added, removed, modified, columns };
}

/** The changes as the `state:` method of selection takes them. */
export function toStateChanges(diff: ProjectDiff): StateChanges {
  return new Map<NodeId, 'new' | ReadonlySet<ChangedAspect>>([...diff.added.map((id) => [id, 'new'] as const), ...diff.modified]);
}

function compareNodes(
  before: Snapshot,
  old: ProjectNode,
  now: Snapshot,
  node: ProjectNode,
  changedMacros: ReadonlySet<string>,
): ReadonlySet<ChangedAspect> {
  const aspects = new Set<ChangedAspect>();
  if (bodyOf(before, old) !== bodyOf(now, node)) aspects.add('body');
  if (stable(withoutDocs(old.config)) !== stable(withoutDocs(node.config))) aspects.add('configs');
  if (
    'identifier' in old &&
    'identifier' in node &&
    [old.database, old.schema, old.identifier].join('.') !== [node.database, node.schema, node.identifier].join('.')
  )
    aspects.add('relation');
  const persisted = (one: ProjectNode) =>
    stable([one.description, one.columns.map((column) => [column.name, column.description, column.type])]);
  if (persisted(old) !== persisted(node) && isPersisted(node)) aspects.add('persisted_descriptions');
  if (now.texts.get(node.id)?.rendering.macrosCalled.some((id) => changedMacros.has(id))) aspects.add('macros');
  if (node.kind === 'model' && old.kind === 'model' && node.contract && contractOf(old) !== contractOf(node)) aspects.add('contract');
  return aspects;
}

function bodyOf(snapshot: Snapshot, node: ProjectNode): string {
  const text = snapshot.texts.get(node.id)?.source;
  if (text !== undefined) return text;
  if (node.kind === 'seed') return snapshot.sources.find(node.path)?.hash ?? '';
  if (node.kind === 'test') return stable([node.generic, node.config]);
  if (node.kind === 'metric' || node.kind === 'semantic_model' || node.kind === 'saved_query') return stable(node.definition);
  if (node.kind === 'unit_test') return stable([node.given, node.expect, node.overrides]);
  return node.kind === 'exposure' ? stable([node.type, node.label, node.url, node.owner, [...snapshot.graph.parents(node.id)].sort()]) : '';
}

function isPersisted(node: ProjectNode): boolean {
  return typeof node.config.persist_docs === 'object' && node.config.persist_docs !== null;
}

function contractOf(node: ProjectNode): string {
  return stable(node.columns.map((column) => [column.name, column.type, column.constraints.map((one) => [one.kind, one.columns])]));
}

function withoutDocs(config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { docs: _docs, ...rest } = config;
  return rest;
}

function findChangedMacros(before: Snapshot, now: Snapshot): ReadonlySet<string> {
  const textOf = (snapshot: Snapshot) =>
    new Map(snapshot.macros.map((macro) => [macro.id, macro.file.slice(macro.span.start, macro.span.end)]));
  const old = textOf(before);
  return new Set([...textOf(now)].flatMap(([id, text]) => (old.get(id) === text ? [] : [id])));
}

function compareColumns(node: NodeId, before: readonly Column[] = [], now: readonly Column[] = []): readonly ColumnChange[] {
  const old = new Map(before.map((column) => [column.name.toLowerCase(), column]));
  const kept = new Set(now.map((column) => column.name.toLowerCase()));
  return [
    ...now.flatMap((column): ColumnChange[] => {
      const was = old.get(column.name.toLowerCase());
      if (was === undefined) return [{ node, name: column.name, change: 'added', to: column.type }];
      return was.type === column.type ? [] : [{ node, name: column.name, change: 'type', from: was.type, to: column.type }];
    }),
    ...before.flatMap((column): ColumnChange[] =>
      kept.has(column.name.toLowerCase()) ? [] : [{ node, name: column.name, change: 'removed', from: column.type }],
    ),
  ];
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
