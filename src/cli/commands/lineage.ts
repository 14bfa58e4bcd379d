import type { LineageEdge } from '../../core/lineage/project.ts';
import { LineageQuestions } from '../../core/lineage/questions.ts';
import type { NodeId } from '../../core/text/ids.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../command.ts';
import { type OpenedProject, openProject } from '../project.ts';
import { selectIds, selectionOptions } from '../selection.ts';

export const lineageCommand: Command = {
  name: 'lineage',
  summary: 'Print where every column comes from, and what decides which rows there are.',
  usage: 'headwater lineage [--project DIR] [--select S | --select model.column]',
  options: selectionOptions,
  async run(invocation) {
    const opened = await openProject(invocation);
    const { lineage, columns } = opened.snapshot;
    const column = findColumn(opened, invocation.option('select'));
    if (column !== undefined) {
      invocation.print(`${JSON.stringify(traceColumn(opened, column))}\n`);
      return exitCodes.fine;
    }
    const ids = new Set(await selectIds(opened, invocation));
    const nodes = [...lineage.nodes.values()].filter((node) => ids.has(node.id));
    invocation.print(
      `${JSON.stringify({
        version: 1,
        columns: [...columns].flatMap(([node, list]) =>
          ids.has(node) ? list.map(({ name, type, nullable }) => ({ node, name, type, nullable: nullable ?? null })) : [],
        ),
        edges: nodes.flatMap((node) => node.edges.map(toEdge)),
        uses: nodes.flatMap((node) =>
          node.uses.map(({ from, fromColumn, to, kind }) => ({ from: { node: from, column: fromColumn }, to, kind })),
        ),
      })}\n`,
    );
    return ids.size === 0 ? exitCodes.findings : exitCodes.fine;
  },
};

function toEdge(edge: LineageEdge) {
  return {
    from: { node: edge.from, column: edge.fromColumn },
    to: { node: edge.to, column: edge.toColumn },
    kind: edge.kind,
    confidence: edge.confidence,
    ...(edge.reason === undefined ? {} : { reason: edge.reason }),
  };
}

/** `orders.amount` names a column where a relation `orders` has one. */
function findColumn(opened: OpenedProject, text: string | undefined): { readonly node: NodeId; readonly column: string } | undefined {
  const dot = text?.lastIndexOf('.') ?? -1;
  if (text === undefined || dot < 1 || /[\s,:*+@/]/.test(text)) return undefined;
  const [name, column] = [text.slice(0, dot), text.slice(dot + 1).toLowerCase()];
  for (const [id, list] of opened.snapshot.columns) {
    const node = opened.snapshot.nodes.get(id);
    const names = node?.kind === 'source' ? [node.name, `${node.sourceName}.${node.name}`, id] : [node?.name, id];
    const found = names.includes(name) ? list.find((one) => one.name.toLowerCase() === column) : undefined;
    if (found) return { node: id, column: found.name };
  }
  return undefined;
}

/** A column with everything before and after it. */
function traceColumn(opened: OpenedProject, ref: { readonly node: NodeId; readonly column: string }) {
  const questions = new LineageQuestions(opened.snapshot.lineage);
  const up = questions.ancestors(ref);
  const down = questions.impact(ref);
  const edges = new Map([...up, ...down.columns].map(({ by }) => [`${by.from} ${by.fromColumn} ${by.to} ${by.toColumn}`, by]));
  const all = [ref, ...up, ...down.columns];
  const seen = new Set<string>();
  return {
    version: 1,
    columns: all.flatMap(({ node, column }) => {
      const key = `${node} ${column.toLowerCase()}`;
      if (seen.has(key)) return [];
      seen.add(key);
      const known = opened.snapshot.columns.get(node)?.find((one) => one.name.toLowerCase() === column.toLowerCase());
      return [{ node, name: known?.name ?? column, type: known?.type ?? '', nullable: known?.nullable ?? null }];
    }),
    edges: [...edges.values()].map(toEdge),
    uses: down.uses.map(({ from, fromColumn, to, kind }) => ({ from: { node: from, column: fromColumn }, to, kind })),
  };
}
