import { buildErd } from '../erd/build.ts';
import { toErdSource } from '../erd/from-snapshot.ts';
import type { NodeLineage } from '../lineage/project.ts';
import { isRelation, type ProjectNode } from '../project/node.ts';
import { testsOf } from '../project/tests-of.ts';
import type { Column, Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { type Coverage, measureCoverage } from './coverage.ts';
import { toTestWords } from './test-words.ts';

/** A node as lists, search and the graph show it. */
export interface SiteNode {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly package: string;
  readonly path: string;
  readonly materialized: string;
  readonly tags: readonly string[];
  readonly folders: readonly string[];
  /** The first lines of its description. */
  readonly summary: string;
  readonly tests: number;
  /** In which chunk the rest of it is. */
  readonly chunk: number;
}

/** What a column is made from, or made into. */
export type SiteEnd = readonly [node: string, column: string, kind: string, confidence: string];

export interface SiteColumn {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly tests: readonly string[];
  readonly key?: string;
  readonly expression?: string;
  readonly from: readonly SiteEnd[];
  readonly to: readonly SiteEnd[];
}

export interface SiteRelation {
  readonly from: string;
  readonly fromColumns: readonly string[];
  readonly to: string;
  readonly toColumns: readonly string[];
  readonly cardinality: string;
  readonly status: string;
  readonly because: string;
}

/** The page of a node. */
export interface SiteDetail {
  readonly description: string;
  readonly columns: readonly SiteColumn[];
  readonly tests: readonly string[];
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly source?: string;
  readonly compiled?: string;
  readonly rows?: SiteRows;
}

/** Some rows of a relation, where they were asked for. */
export interface SiteRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly count: number;
}

export interface SiteIndex {
  readonly project: { readonly name: string; readonly adapter: string; readonly dialect: string; readonly because: string };
  readonly nodes: readonly SiteNode[];
  /** Numbers of nodes. */
  readonly edges: readonly (readonly [from: number, to: number])[];
  readonly coverage: Coverage;
  readonly problems: readonly {
    readonly code: string;
    readonly severity: string;
    readonly message: string;
    readonly path: string;
    readonly line: number;
  }[];
  readonly problemCount: number;
}

/** A documentation site as data: what every page needs, and pages in chunks that are read when they are opened. */
export interface SiteData {
  readonly index: SiteIndex;
  /** The names of the columns of each node, for the search. */
  readonly columns: readonly (readonly string[])[];
  readonly relations: readonly SiteRelation[];
  readonly chunks: readonly Readonly<Record<string, SiteDetail>>[];
}

const kinds = new Set(['model', 'source', 'seed', 'snapshot', 'exposure', 'metric', 'semantic_model', 'saved_query', 'analysis']);
const nodesOfChunk = 60;
const mostProblems = 300;

/** Everything that is documented of a project; rows only where somebody computed them. */
export function toSiteData(snapshot: Snapshot, rows: ReadonlyMap<NodeId, SiteRows> = new Map()): SiteData {
  const shown = [...snapshot.nodes.values()].filter((node) => node.enabled && kinds.has(node.kind));
  const numbers = new Map<string, number>(shown.map((node, i) => [node.id, i]));
  const outputs = toOutputs(snapshot);
  const chunks: Record<string, SiteDetail>[] = [];
  const nodes = shown.map((node, i): SiteNode => {
    const chunk = Math.floor(i / nodesOfChunk);
    chunks[chunk] ??= {};
    const detail = toDetail(snapshot, node, outputs, rows.get(node.id));
    chunks[chunk][node.id] = detail;
    return toSiteNode(node, detail, chunk);
  });
  const { project } = snapshot;
  return {
    chunks,
    columns: nodes.map(({ id, chunk }) => chunks[chunk]?.[id]?.columns.map(({ name }) => name) ?? []),
    relations: toRelations(snapshot),
    index: {
      project: { name: project.name, adapter: project.adapter, dialect: project.dialect, because: project.dialectBecause },
      nodes,
      edges: snapshot.graph.edges.flatMap(({ from, to }) => {
        const ends = [numbers.get(from), numbers.get(to)] as const;
        return ends[0] === undefined || ends[1] === undefined ? [] : [[ends[0], ends[1]] as const];
      }),
      coverage: measureCoverage(snapshot),
      problems: snapshot.problems
        .filter(({ severity }) => severity !== 'hint')
        .slice(0, mostProblems)
        .map(({ code, severity, message, path, start }) => ({ code, severity, message, path, line: start.line })),
      problemCount: snapshot.problems.length,
    },
  };
}

function toSiteNode(node: ProjectNode, detail: SiteDetail, chunk: number): SiteNode {
  const parts = node.path.split('/');
  return {
    id: node.id,
    kind: node.kind,
    name:
      node.kind === 'source'
        ? `${node.sourceName}.${node.name}`
        : node.kind === 'model' && node.version !== undefined
          ? `${node.name} v${node.version}`
          : node.name,
    package: node.package,
    path: node.path,
    materialized: isRelation(node) ? node.materialized : '',
    tags: node.tags,
    folders: node.kind === 'source' ? [node.sourceName] : parts.slice(1, -1),
    summary: node.description.slice(0, 240),
    tests: detail.tests.length,
    chunk,
  };
}

function toDetail(
  snapshot: Snapshot,
  node: ProjectNode,
  outputs: ReadonlyMap<string, readonly SiteEnd[]>,
  rows: SiteRows | undefined,
): SiteDetail {
  const lineage = snapshot.lineage.nodes.get(node.id);
  const inputs = toInputs(lineage);
  const made = new Map(lineage?.columns.map((one) => [one.name.toLowerCase(), one.expression]));
  const columns = (snapshot.columns.get(node.id) ?? []).map((column): SiteColumn => {
    const key = column.name.toLowerCase();
    const expression = made.get(key);
    return {
      name: column.name,
      type: column.type,
      description: column.description,
      tests: column.tests.flatMap((test) => toTestWords(snapshot, test) ?? []),
      ...(isKey(snapshot, column) ? { key: 'primary' } : {}),
      ...(expression === undefined ? {} : { expression: expression.slice(0, 400) }),
      from: inputs.get(key) ?? [],
      to: outputs.get(`${node.id} ${key}`) ?? [],
    };
  });
  const text = snapshot.texts.get(node.id);
  const { source } = text ?? {};
  const compiled = text?.rendering.status === 'failed' ? undefined : text?.rendering.sql.trim();
  return {
    description: node.description,
    columns,
    tests: testsOf(node.id, snapshot.nodes, snapshot.graph).map((test) => toTestWords(snapshot, test.id) ?? test.name),
    facts: toFacts(node),
    ...(source === undefined ? {} : { source }),
    ...(compiled === undefined || compiled === source?.trim() ? {} : { compiled }),
    ...(rows === undefined ? {} : { rows }),
  };
}

/** A column whose values are unique and never missing, as tests say. */
function isKey(snapshot: Snapshot, { tests }: Column): boolean {
  const macros = new Set(
    tests.map((id) => {
      const test = snapshot.nodes.get(id);
      return test?.kind === 'test' ? test.generic?.macro : undefined;
    }),
  );
  return macros.has('unique') && macros.has('not_null');
}

function toFacts(node: ProjectNode): readonly (readonly [string, string])[] {
  const facts: (readonly [string, string | undefined])[] = [
    ['package', node.package],
    ['file', node.path],
    ['group', node.group],
  ];
  if (isRelation(node))
    facts.push(['materialized', node.materialized], ['relation', [node.database, node.schema, node.identifier].filter(Boolean).join('.')]);
  if (node.kind === 'model') facts.push(['access', node.access], ['contract', node.contract ? 'enforced' : undefined]);
  if (node.kind === 'source') facts.push(['loader', node.loader], ['rows here', node.data?.because]);
  if (node.kind === 'exposure')
    facts.push(
      ['type', node.type],
      ['owner', [node.owner.name, node.owner.email].filter(Boolean).join(', ')],
      ['address', node.url],
      ['maturity', node.maturity],
    );
  if (node.kind === 'metric') facts.push(['type', node.type], ['definition', JSON.stringify(node.definition)]);
  return facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value] as const]));
}

function toInputs(lineage: NodeLineage | undefined): ReadonlyMap<string, readonly SiteEnd[]> {
  const found = new Map<string, SiteEnd[]>();
  for (const edge of lineage?.edges ?? [])
    put(found, edge.toColumn.toLowerCase(), [edge.from, edge.fromColumn, edge.kind, edge.confidence]);
  return found;
}

function toOutputs({ lineage }: Snapshot): ReadonlyMap<string, readonly SiteEnd[]> {
  const found = new Map<string, SiteEnd[]>();
  for (const { id, edges } of lineage.nodes.values())
    for (const edge of edges) put(found, `${edge.from} ${edge.fromColumn.toLowerCase()}`, [id, edge.toColumn, edge.kind, edge.confidence]);
  return found;
}

function put(found: Map<string, SiteEnd[]>, key: string, end: SiteEnd): void {
  const list = found.get(key);
  if (list === undefined) found.set(key, [end]);
  else list.push(end);
}

function toRelations(snapshot: Snapshot): readonly SiteRelation[] {
  return buildErd(toErdSource(snapshot))
    .relationships.filter((relation) => relation.status !== 'candidate')
    .map(({ from, to, cardinality, status, because }) => ({
      from: from.entity,
      fromColumns: from.columns,
      to: to.entity,
      toColumns: to.columns,
      cardinality,
      status,
      because: because[0]?.text ?? '',
    }));
}
