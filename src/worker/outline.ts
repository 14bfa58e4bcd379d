import { toTestWords } from '../core/docs/test-words.ts';
import type { ProjectNode } from '../core/project/node.ts';
import { isRelation } from '../core/project/node.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { NodeId } from '../core/text/ids.ts';
import { LineMap } from '../core/text/span.ts';
import type { ColumnOutline, Outline, OutlineMacro, OutlineNode, ProjectKey } from '../protocol.ts';

/** What the trees, pickers and status items of an editor need of a Snapshot. */
export function toOutline(key: ProjectKey, snapshot: Snapshot, took: number): Outline {
  const lines = new Map<string, LineMap>();
  const toLine = (node: ProjectNode): number => {
    if (node.span === undefined) return node.kind === 'model' || node.kind === 'seed' ? 1 : (node.patch?.line ?? 1);
    const known = lines.get(node.path) ?? new LineMap(snapshot.sources.find(node.path)?.text ?? '');
    lines.set(node.path, known);
    return known.position(node.span.start).line;
  };
  return {
    key,
    revision: snapshot.revision,
    name: snapshot.project.name,
    // A project without dbt has no `ref`, which is what the shell asks the adapter for.
    adapter: snapshot.project.kind === 'dbt' ? snapshot.project.adapter : '',
    dialect: snapshot.project.dialect,
    nodes: [...snapshot.nodes.values()].map(
      (node): OutlineNode => ({
        id: node.id,
        kind: node.kind,
        name: node.name,
        package: node.package,
        path: node.path,
        line: toLine(node),
        materialized: isRelation(node) && node.kind === 'model' ? node.materialized : '',
        description: node.description,
        tags: node.tags,
        enabled: node.enabled,
        group: node.kind === 'source' ? node.sourceName : '',
        columnCount: countColumns(snapshot, node),
        ...toTested(node, snapshot),
      }),
    ),
    edges: snapshot.graph.edges,
    problems: snapshot.problems,
    macros: toMacros(snapshot),
    batches: snapshot.headwater.batches.map((batch) => batch.name),
    took,
  };
}

function toMacros({ environment, project, sources }: Snapshot): readonly OutlineMacro[] {
  const own = (environment?.macros.macros ?? []).filter((macro) => macro.package === project.name && macro.kind === 'macro');
  return own
    .map((macro) => {
      const line = new LineMap(sources.find(macro.path)?.text ?? '').position(macro.span.start).line;
      return { name: macro.name, arguments: macro.arguments, path: macro.path, line };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function countColumns({ lineage }: Snapshot, node: ProjectNode): number {
  const counted = isRelation(node) ? (lineage.columnCounts?.get(node.id) ?? lineage.nodes.get(node.id)?.columns.length) : undefined;
  return counted ?? node.columns.length;
}

/** What a test tests; a singular one hangs on the only relation that it reads. */
function toTested(node: ProjectNode, snapshot: Snapshot): Pick<OutlineNode, 'tested' | 'column'> {
  if (node.kind !== 'test' && node.kind !== 'unit_test') return {};
  const parents = snapshot.graph.parents(node.id);
  const tested = node.kind === 'unit_test' ? node.model : (node.attached ?? (parents.length === 1 ? parents[0] : undefined));
  const column = node.kind === 'test' ? node.generic?.column : undefined;
  return { ...(tested === undefined ? {} : { tested }), ...(column === undefined ? {} : { column }) };
}

/** The columns of a node with what is claimed and tested of each. */
export function toColumnOutlines(snapshot: Snapshot, id: NodeId): readonly ColumnOutline[] {
  return (snapshot.columns.get(id) ?? []).map((column) => ({
    name: column.name,
    type: column.type,
    description: column.description,
    origin: column.origin,
    facts: column.tests.flatMap((test) => toTestWords(snapshot, test) ?? []),
  }));
}
