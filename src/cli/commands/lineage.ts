import type { LostOrigin } from '../../core/lineage/lost-origins.ts';
import type { LineageEdge } from '../../core/lineage/project.ts';
import { LineageQuestions } from '../../core/lineage/questions.ts';
import type { Column } from '../../core/snapshot.ts';
import type { NodeId } from '../../core/text/ids.ts';
import { answerTemplates } from '../answers.ts';
import type { Command, Invocation } from '../command.ts';
import { exitCodes } from '../command.ts';
import { type OpenedProject, openProject } from '../project.ts';
import { selectIds, selectionOptions } from '../selection.ts';

export const lineageCommand: Command = {
  name: 'lineage',
  summary: 'Print where every column comes from, and what decides which rows there are.',
  usage: 'headwater lineage [--project DIR] [--select S | --select model.column]',
  options: selectionOptions,
  async run(invocation) {
    const read = await openProject(invocation);
    const opened = await answerTemplates(read, [...read.snapshot.nodes.keys()]);
    const { lineage, columns } = opened.snapshot;
    const column = findColumn(opened, invocation.option('select'));
    if (column !== undefined) {
      invocation.print(`${JSON.stringify(traceColumn(opened, column))}\n`);
      return exitCodes.fine;
    }
    const ids = new Set(await selectIds(opened, invocation));
    const nodes = [...lineage.nodes.values()].filter((node) => ids.has(node.id));
    // Large projects have tens of megabytes of it: a node at a time goes out, and nothing is held.
    invocation.print('{"version":1,"columns":[');
    printItems(invocation, columns, ([node, list]) => (ids.has(node) ? toColumns(opened, node, list) : []));
    invocation.print('],"edges":[');
    printItems(invocation, nodes, (node) => [...node.edges.map(toEdge), ...node.lost.map((lost) => toLostEdge(node.id, lost))]);
    invocation.print('],"uses":[');
    printItems(invocation, nodes, (node) =>
      node.uses.map(({ from, fromColumn, to, kind }) => ({ from: { node: from, column: fromColumn }, to, kind })),
    );
    invocation.print(']}\n');
    return ids.size === 0 ? exitCodes.findings : exitCodes.fine;
  },
};

/** Prints the items that a list's entries have, in pieces of some size. */
function printItems<Entry>(invocation: Invocation, entries: Iterable<Entry>, itemsOf: (entry: Entry) => readonly object[]): void {
  let piece = '';
  let isFirst = true;
  for (const entry of entries)
    for (const item of itemsOf(entry)) {
      piece += `${isFirst ? '' : ','}${JSON.stringify(item)}`;
      isFirst = false;
      if (piece.length < 1_000_000) continue;
      invocation.print(piece);
      piece = '';
    }
  if (piece !== '') invocation.print(piece);
}

/** The columns of a node. */
function toColumns({ snapshot }: OpenedProject, node: NodeId, columns: readonly Pick<Column, 'name' | 'type' | 'nullable'>[]) {
  const made = new Map(snapshot.lineage.nodes.get(node)?.columns.map((one) => [one.name.toLowerCase(), one.expression]));
  return columns.map((column) => toColumn(node, column, made.get(column.name.toLowerCase())));
}

/** A column; one that no other column goes into says of what expression it is made. */
function toColumn(node: NodeId, { name, type, nullable }: Pick<Column, 'name' | 'type' | 'nullable'>, expression: string | undefined) {
  return { node, name, type, nullable: nullable ?? null, ...(expression === undefined ? {} : { expression }) };
}

/** What goes into a column and is no column of the project's: the table as the SQL names it, or nothing where not even that is known. */
function toLostEdge(to: NodeId, { toColumn: column, table = '', fromColumn = '', reason }: LostOrigin) {
  return {
    from: { node: table, column: fromColumn },
    to: { node: to, column },
    kind: 'computed',
    confidence: 'opaque',
    reason,
    because: [{ text: reason }],
  };
}

function toEdge(edge: LineageEdge) {
  return {
    from: { node: edge.from, column: edge.fromColumn },
    to: { node: edge.to, column: edge.toColumn },
    kind: edge.kind,
    confidence: edge.confidence,
    ...(edge.reason === undefined ? {} : { reason: edge.reason, because: [{ text: edge.reason }] }),
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
      return toColumns(opened, node, [known ?? { name: column, type: '' }]);
    }),
    edges: [
      ...[...edges.values()].map(toEdge),
      ...all.flatMap(({ node, column }) =>
        (opened.snapshot.lineage.nodes.get(node)?.lost ?? [])
          .filter((lost) => lost.toColumn.toLowerCase() === column.toLowerCase())
          .map((lost) => toLostEdge(node, lost)),
      ),
    ],
    uses: down.uses.map(({ from, fromColumn, to, kind }) => ({ from: { node: from, column: fromColumn }, to, kind })),
  };
}
