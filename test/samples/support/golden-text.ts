import { buildErd } from '../../../src/core/erd/build.ts';
import type { Erd } from '../../../src/core/erd/erd.ts';
import { toErdSource } from '../../../src/core/erd/from-snapshot.ts';
import { isRelation, type ProjectNode } from '../../../src/core/project/node.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';

const shown = new Set([
  'model',
  'seed',
  'snapshot',
  'source',
  'exposure',
  'operation',
  'analysis',
  'semantic_model',
  'metric',
  'saved_query',
]);

/** A project's lineage as text that a person can review: what reads what, and for each column nobody reads on, the raw columns it comes from. */
export function toLineageText(snapshot: Snapshot): string {
  const nodes = [...snapshot.nodes.values()].filter((node) => node.enabled && shown.has(node.kind));
  const edges = nodes
    .filter((node) => snapshot.graph.parents(node.id).length > 0)
    .map(
      (node) =>
        `${label(node)} <- ${snapshot.graph
          .parents(node.id)
          .map((id) => label(snapshot.nodes.get(id)!))
          .sort()
          .join(', ')}`,
    );
  const last = nodes.filter(
    (node) =>
      isRelation(node) && node.kind === 'model' && !snapshot.graph.children(node.id).some((id) => snapshot.nodes.get(id)?.kind === 'model'),
  );
  const columns = last.flatMap((node) => [
    '',
    label(node),
    ...(snapshot.columns.get(node.id) ?? []).map(
      (column) => `  ${column.name} <- ${rootsOf(snapshot, node.id, column.name).join(', ') || '(no column)'}`,
    ),
  ]);
  return `${[...edges.sort(), ...columns].join('\n')}\n`;
}

/** The columns at the far end of everything that a column is made from. */
function rootsOf(snapshot: Snapshot, id: NodeId, name: string): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const open: [NodeId, string][] = [[id, name]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [at, column] = next;
    const key = `${at}.${column.toLowerCase()}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const into = (snapshot.lineage.nodes.get(at)?.edges ?? []).filter((edge) => edge.toColumn.toLowerCase() === column.toLowerCase());
    if (into.length === 0 && at !== id) found.add(`${snapshot.nodes.get(at)!.name}.${column}`);
    for (const edge of into) open.push([edge.from, edge.fromColumn]);
  }
  return [...found].sort();
}

/** A project's entities as text: their keys, and the relations that more than a name speaks for, with the kinds of evidence. */
export function toErdText(snapshot: Snapshot): string {
  const erd: Erd = buildErd(toErdSource(snapshot));
  const names = new Map(erd.entities.map((entity) => [entity.id, entity.id.split('.').slice(2).join('.')]));
  const keys = erd.entities.flatMap((entity) =>
    entity.keys.map(
      (key) =>
        `${names.get(entity.id)} (${key.columns.join(', ')}) ${key.kind} key, by ${[...new Set(key.because.map((one) => one.kind))].join(' and ')}`,
    ),
  );
  const relations = erd.relationships
    .filter((relation) => relation.status !== 'candidate')
    .map(({ from, to, cardinality, status, because }) => {
      const evidence = [...new Set(because.map((one) => one.kind))].join(' and ');
      return `${names.get(from.entity)} (${from.columns.join(', ')}) -> ${names.get(to.entity)} (${to.columns.join(', ')}) ${cardinality}, ${status} by ${evidence}`;
    });
  return `${keys.sort().join('\n')}\n\n${relations.sort().join('\n')}\n`;
}

const label = (node: ProjectNode): string => (node.kind === 'model' ? node.name : `${node.kind} ${node.id.split('.').slice(2).join('.')}`);
