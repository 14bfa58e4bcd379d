import type { ProjectNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import { testedBy } from '../project/tests-of.ts';
import type { Column, Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { GraphColumn, GraphNode, ProjectGraph, TestStatus } from './project-graph.ts';

/** The graph of a Snapshot as pictures and exports take it; `results` holds the last result of each test, where one ran; `modified` tells when files were written. */
export function toProjectGraph(
  snapshot: Snapshot,
  results: ReadonlyMap<string, TestStatus> = new Map(),
  modified: (path: string) => number | undefined = () => undefined,
): ProjectGraph {
  const { name, adapter, dialect } = snapshot.project;
  const tests = collectTests(snapshot, results);
  const nodes = [...snapshot.nodes.values()].map((node): GraphNode => {
    const tested = tests.get(node.id);
    const freshness = node.kind === 'source' && node.freshness !== undefined ? toFreshness(node.freshness) : undefined;
    const owner = ownerOf(node);
    const written = modified(node.path);
    return {
      id: node.id,
      kind: node.kind,
      name: node.kind === 'source' ? `${node.sourceName}.${node.name}` : node.name,
      package: node.package,
      path: node.path,
      materialized: isRelation(node) ? node.materialized : '',
      tags: node.tags,
      enabled: node.enabled,
      description: node.description,
      columns: (snapshot.columns.get(node.id) ?? []).map((column) => toGraphColumn(snapshot, node, column)),
      folders: node.kind === 'source' ? [node.sourceName] : foldersOf(node),
      ...(tested === undefined ? {} : { tests: tested }),
      ...(node.kind === 'test' || node.kind === 'unit_test' ? toTested(snapshot, node) : {}),
      ...(freshness === undefined ? {} : { freshness }),
      ...(owner === undefined ? {} : { owner }),
      ...(written === undefined ? {} : { modified: written }),
    };
  });
  return { project: { name, adapter, dialect }, nodes, edges: snapshot.graph.edges };
}

function toGraphColumn(snapshot: Snapshot, node: ProjectNode, column: Column): GraphColumn {
  const { name, type, description, origin, tests } = column;
  // Most columns of a large project have neither test nor constraint.
  const isPlain = tests.length === 0 && node.columns.length === 0 && !(isRelation(node) && node.constraints.length > 0);
  const key = isPlain ? undefined : toKey(snapshot, node, column);
  const plain: GraphColumn = { name, type, description, origin };
  if (tests.length > 0) return key === undefined ? { ...plain, tests: tests.length } : { ...plain, key, tests: tests.length };
  return key === undefined ? plain : { ...plain, key };
}

/** What the project declares a column to be; a unique column that is never null is as good as a primary key. */
function toKey(snapshot: Snapshot, node: ProjectNode, column: Column): GraphColumn['key'] {
  const name = column.name.toLowerCase();
  const declared = node.columns.find((at) => at.name.toLowerCase() === name)?.constraints ?? [];
  const own = isRelation(node) ? node.constraints.filter((at) => at.columns.length === 1 && at.columns[0]?.toLowerCase() === name) : [];
  if (column.tests.length === 0 && declared.length === 0 && own.length === 0) return undefined;
  const kinds = new Set([...declared, ...own].map((constraint) => constraint.kind));
  const macros = new Set(
    column.tests.map((id) => {
      const test = snapshot.nodes.get(id);
      return test?.kind === 'test' ? test.generic?.macro : undefined;
    }),
  );
  const unique = macros.has('unique') || kinds.has('unique');
  if (kinds.has('primary_key') || (unique && (macros.has('not_null') || kinds.has('not_null')))) return 'primary';
  if (macros.has('relationships') || kinds.has('foreign_key')) return 'foreign';
  return unique ? 'unique' : undefined;
}

/** The one node whose card counts a test; a test of several is counted at all that it reads. */
function toTested(snapshot: Snapshot, node: Extract<ProjectNode, { kind: 'test' | 'unit_test' }>): Pick<GraphNode, 'tested'> {
  const tested = testedBy(node, snapshot.graph);
  return tested.length === 1 ? { tested: tested[0]! } : {};
}

function collectTests(snapshot: Snapshot, results: ReadonlyMap<string, TestStatus>): Map<string, NonNullable<GraphNode['tests']>> {
  const found = new Map<NodeId, { count: number; status?: TestStatus }>();
  const order: readonly TestStatus[] = ['skip', 'no-data', 'pass', 'warn', 'fail', 'error'];
  for (const node of snapshot.nodes.values()) {
    if ((node.kind !== 'test' && node.kind !== 'unit_test') || !node.enabled) continue;
    const status = results.get(node.id);
    for (const on of testedBy(node, snapshot.graph)) {
      const known = found.get(on) ?? { count: 0 };
      const worst =
        status !== undefined && order.indexOf(status) >= (known.status === undefined ? 0 : order.indexOf(known.status))
          ? status
          : known.status;
      found.set(on, { count: known.count + 1, ...(worst === undefined ? {} : { status: worst }) });
    }
  }
  return found;
}

function toFreshness(freshness: Readonly<Record<string, unknown>>): string | undefined {
  const limit = freshness.error_after ?? freshness.warn_after;
  if (typeof limit !== 'object' || limit === null) return undefined;
  const { count, period } = limit as { readonly count?: unknown; readonly period?: unknown };
  return count === undefined || period === undefined
    ? undefined
    : `fresh within ${String(count)} ${String(period)}${count === 1 ? '' : 's'}`;
}

/** The folders that a node lies in; dbt's fqn also has what is no folder for snapshots, analyses and hooks. */
function foldersOf(node: ProjectNode): readonly string[] {
  const inside = node.fqn.slice(1, -1);
  if (node.kind === 'analysis' || node.kind === 'operation') return inside.slice(1);
  return node.kind === 'snapshot' && node.span !== undefined ? inside.slice(0, -1) : inside;
}

/** Who answers for a node, as far as the project says. */
function ownerOf(node: ProjectNode): string | undefined {
  if (node.kind === 'exposure') return node.owner.name ?? node.owner.email;
  const owner = node.meta.owner;
  const named =
    typeof owner === 'object' && owner !== null ? ((owner as { name?: unknown }).name ?? (owner as { email?: unknown }).email) : owner;
  if (typeof named === 'string' && named !== '') return named;
  return node.group === undefined || node.group === '' ? undefined : node.group;
}
