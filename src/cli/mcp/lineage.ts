import type { ReachedColumn } from '../../core/lineage/questions.ts';
import { LineageQuestions } from '../../core/lineage/questions.ts';
import type { ProjectNode } from '../../core/project/node.ts';
import type { NodeId } from '../../core/text/ids.ts';
import { asData, asName, toPage } from './answer-text.ts';
import { type Asked, nameById, nameOf } from './asked.ts';

/** Where something comes from, or what a change of it reaches. */
export function answerLineage(asked: Asked): string {
  const { node, column } = asked.target(asked.need('name', 'orders.amount'));
  const isUp = asked.text('direction') === 'up';
  if (column === undefined) return lineageOfNode(asked, node, isUp);
  return isUp ? columnUp(asked, node, column) : columnDown(asked, node, column);
}

function lineageOfNode(asked: Asked, node: ProjectNode, isUp: boolean): string {
  const { snapshot } = asked;
  const { graph } = snapshot;
  const steps = distances(node.id, (id) => (isUp ? graph.parents(id) : graph.children(id)));
  const counts = new Map<string, number>();
  const items: string[] = [];
  for (const [id, step] of steps) {
    const kind = snapshot.nodes.get(id)?.kind ?? 'node';
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (kind === 'test' && step > 1) continue;
    items.push(`${step} ${kind} ${nameById(snapshot, id)}`);
  }
  const all = [...counts].map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`).join(', ');
  const name = asName(nameOf(node));
  const head = [
    `${name} ${isUp ? 'comes from' : 'reaches'} ${all === '' ? 'nothing' : all}`,
    ...(items.length === 0 ? [] : ['steps kind name']),
  ];
  return toPage({ head, items, of: 'nodes' }, asked.offset);
}

function distances(start: NodeId, next: (id: NodeId) => readonly NodeId[]): ReadonlyMap<NodeId, number> {
  const found = new Map<NodeId, number>([[start, 0]]);
  for (const [id, step] of found) for (const other of next(id)) if (!found.has(other)) found.set(other, step + 1);
  found.delete(start);
  return found;
}

function columnUp(asked: Asked, node: ProjectNode, column: string): string {
  const { snapshot } = asked;
  const reached = new LineageQuestions(snapshot.lineage).ancestors({ node: node.id, column });
  const roots = reached.filter(({ node: id }) => ['source', 'seed'].includes(snapshot.nodes.get(id)?.kind ?? ''));
  const head = [
    `${asName(`${nameOf(node)}.${column}`)} comes from ${reached.length} columns${
      roots.length === 0
        ? ''
        : `; raw: ${roots
            .slice(0, 12)
            .map((one) => `${nameById(snapshot, one.node)}.${asName(one.column)}`)
            .join(', ')}`
    }`,
  ];
  const lost = [{ node: node.id, column }, ...reached].flatMap((one) =>
    (snapshot.lineage.nodes.get(one.node)?.lost ?? [])
      .filter((edge) => edge.toColumn.toLowerCase() === one.column.toLowerCase())
      .map((edge) => `not known further at ${nameById(snapshot, one.node)}.${asName(one.column)}: ${asData(edge.reason, 200)}`),
  );
  return toPage({ head, items: [...reached.map((one) => toStep(asked, one)), ...lost], of: 'steps' }, asked.offset);
}

function columnDown(asked: Asked, node: ProjectNode, column: string): string {
  const { snapshot } = asked;
  const { columns, uses } = new LineageQuestions(snapshot.lineage).impact({ node: node.id, column });
  const touched = new Set<NodeId>([...columns.map((one) => one.node), ...uses.map((use) => use.to)]);
  const outward = new Set<NodeId>();
  for (const id of [node.id, ...touched])
    for (const child of snapshot.graph.children(id))
      if (['exposure', 'metric', 'semantic_model', 'saved_query'].includes(snapshot.nodes.get(child)?.kind ?? '')) outward.add(child);
  const tests = columnsTests(asked, [{ node: node.id, column }, ...columns]);
  const head = [
    `a change of ${asName(`${nameOf(node)}.${column}`)} reaches ${columns.length} columns and ${uses.length} filters, joins, groups or orders in ${touched.size} nodes, and ${tests.length} tests`,
  ];
  if (touched.size > 0)
    head.push(
      `nodes: ${[...touched]
        .slice(0, 30)
        .map((id) => nameById(snapshot, id))
        .join(', ')}${touched.size > 30 ? ' …' : ''}`,
    );
  if (outward.size > 0)
    head.push(
      `seen by: ${[...outward]
        .slice(0, 20)
        .map((id) => `${snapshot.nodes.get(id)?.kind} ${nameById(snapshot, id)}`)
        .join(', ')} (they read these nodes; which columns they show is not declared)`,
    );
  const items = [
    ...columns.map((one) => toStep(asked, one)),
    ...uses.map(
      (use) =>
        `${use.kind} in ${nameById(snapshot, use.to)} uses ${nameById(snapshot, use.from)}.${asName(use.fromColumn)}: its rows depend on it`,
    ),
    ...tests.map((id) => `test ${nameById(snapshot, id)}`),
  ];
  return toPage({ head, items, of: 'steps' }, asked.offset);
}

function columnsTests({ snapshot }: Asked, refs: readonly { readonly node: NodeId; readonly column: string }[]): readonly NodeId[] {
  const found = new Set<NodeId>();
  for (const { node, column } of refs)
    for (const one of snapshot.columns.get(node) ?? [])
      if (one.name.toLowerCase() === column.toLowerCase()) for (const test of one.tests) found.add(test);
  return [...found];
}

function toStep({ snapshot }: Asked, { by, distance }: ReachedColumn): string {
  const name = (id: NodeId, column: string): string => `${nameById(snapshot, id)}.${asName(column)}`;
  return `${distance} ${name(by.from, by.fromColumn)} → ${name(by.to, by.toColumn)} ${by.kind}, ${by.confidence}${by.reason === undefined ? '' : `: ${asData(by.reason, 160)}`}`;
}
