import { diffSnapshots, type ProjectDiff } from '../../core/dbt/state.ts';
import { engineFor } from '../../core/engine/choice.ts';
import { isRelation } from '../../core/project/node.ts';
import { findAffected } from '../../core/review/affected.ts';
import type { ChangeClass, NodeChange } from '../../core/review/change.ts';
import { compareRows, type RowDifference, type UncomparedRows } from '../../core/review/compare-rows.ts';
import { type Review, toAnnotations, toHtml, toMarkdown } from '../../core/review/report.ts';
import { reviewNodes } from '../../core/review/review-nodes.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { NodeId } from '../../core/text/ids.ts';
import { readBaseline } from '../baseline.ts';
import { type Command, exitCodes, type Invocation, UsageError } from '../command.ts';
import { engineOption, readEngine, timeoutOption } from '../engine.ts';
import { type OpenedProject, openProject } from '../project.ts';
import { selectIds, selectionOptions } from '../selection.ts';
import { openSession } from '../session.ts';
import { printable } from './sql-run.ts';

const classes: readonly ChangeClass[] = ['cosmetic', 'additive', 'rows', 'values', 'schema', 'grain', 'unknown', 'none'];
const formats = ['text', 'json', 'markdown', 'html', 'annotations'] as const;

const options: Command['options'] = [
  ...selectionOptions,
  { name: 'base', value: 'REV', summary: 'the git revision to compare with, such as main or HEAD~1' },
  { name: 'rows', summary: 'build both states over the data at hand and compare the rows of what changed and what that reaches' },
  { name: 'format', value: 'F', summary: 'text, json, markdown (a comment to a pull request), html or annotations (of GitHub)' },
  {
    name: 'fail-on',
    value: 'KINDS',
    summary: `exit with 1 where a change is of one of these kinds, with commas between: ${classes.join(', ')}`,
  },
  engineOption,
  timeoutOption,
];

export const diffCommand: Command = {
  name: 'diff',
  summary: 'Say what changed since a git revision, of what kind it is, and what that reaches.',
  usage: 'headwater diff [--project DIR] --base REV [--select S] [--rows] [--format json|markdown|html|annotations] [--fail-on KINDS]',
  options,
  run: (invocation) => review(invocation, 'diff'),
};

export const reviewCommand: Command = {
  ...diffCommand,
  name: 'review',
  run: (invocation) => review(invocation, 'review'),
  usage: 'headwater review [--project DIR] --base REV [--select S] [--rows] [--format json|markdown|html|annotations] [--fail-on KINDS]',
};

async function review(invocation: Invocation, name: string): Promise<number> {
  const base = invocation.option('base');
  if (base === undefined) throw new UsageError(`'headwater ${name}' needs --base REV, such as --base main.`);
  const format = readFormat(invocation);
  const failing = readKinds(invocation.option('fail-on'));
  const engine = readEngine(invocation.option('engine'));
  const opened = await openProject(invocation);
  const before = readBaseline(opened, base);
  const wanted = invocation.option('select') === undefined ? undefined : new Set(await selectIds(opened, invocation));
  const keep = (id: NodeId): boolean => wanted === undefined || wanted.has(id);
  const diff = diffSnapshots(before, opened.snapshot);
  const all = reviewNodes(before, opened.snapshot, diff);
  const nodes = all.filter(({ id, change }) => change === 'removed' || keep(id));
  const affected = findAffected(opened.snapshot, before, all).filter(({ id }) => keep(id));
  const ids = invocation.flag('rows') ? idsToCompare(opened.snapshot, before, nodes, affected) : [];
  const rows = await compareAll(opened, before, ids, engine);
  const found: Review = { base, nodes: nodes.map((change) => heldAgainst(change, rows)), affected, rows };
  if (format === 'json') invocation.print(`${JSON.stringify(toJson(found, opened.snapshot, diff, keep))}\n`);
  else if (format === 'markdown') invocation.print(toMarkdown(found));
  else if (format === 'html') invocation.print(toHtml(found));
  else if (format === 'annotations') invocation.print(toAnnotations(found));
  else printText(invocation, found);
  return found.nodes.some(({ class: kind }) => failing.has(kind)) ? exitCodes.findings : exitCodes.fine;
}

function readFormat(invocation: Invocation): (typeof formats)[number] {
  const written = invocation.option('format') ?? (invocation.flag('json') ? 'json' : 'text');
  const found = formats.find((one) => one === written);
  if (found === undefined) throw new UsageError(`There is no format '${written}'; there are ${formats.join(', ')}.`);
  return found;
}

function readKinds(written: string | undefined): ReadonlySet<ChangeClass> {
  const kinds = (written ?? '').split(/[\s,]+/).filter((kind) => kind !== '');
  return new Set(
    kinds.map((kind) => {
      const found = classes.find((one) => one === kind);
      if (found === undefined) throw new UsageError(`There is no kind of change '${kind}'; there are ${classes.join(', ')}.`);
      return found;
    }),
  );
}

/** What changed or is affected and has rows in both states. */
function idsToCompare(now: Snapshot, before: Snapshot, nodes: Review['nodes'], affected: Review['affected']): readonly NodeId[] {
  const ids = new Set([...nodes.filter(({ change }) => change === 'changed').map(({ id }) => id), ...affected.map(({ id }) => id)]);
  return now.lineage.order.filter((id) => {
    const [node, old] = [now.nodes.get(id), before.nodes.get(id)];
    return ids.has(id) && node !== undefined && isRelation(node) && node.kind !== 'source' && old?.enabled === true;
  });
}

async function compareAll(
  opened: OpenedProject,
  before: Snapshot,
  ids: readonly NodeId[],
  engine: ReturnType<typeof readEngine>,
): Promise<readonly (RowDifference | UncomparedRows)[]> {
  const [first] = ids;
  if (first === undefined) return [];
  const name = engineFor(engine, opened.snapshot, { kind: 'node', node: first });
  const [old, now] = [await openSession({ ...opened, snapshot: before }, {}, name), await openSession(opened, {}, name)];
  const found: (RowDifference | UncomparedRows)[] = [];
  for (const id of ids) found.push(await compareRows(id, old, now, opened.snapshot));
  return found;
}

/** Of a change whose kind cannot be told, what the rows say. */
function heldAgainst(change: NodeChange, rows: Review['rows']): NodeChange {
  const found = rows.find(({ id }) => id === change.id);
  if (found === undefined || !('same' in found) || change.class !== 'unknown') return change;
  const isSame = found.added + found.removed + found.changed === 0;
  const text = isSame ? 'Over the data at hand both states give the same rows.' : 'Over the data at hand the rows differ.';
  return { ...change, because: [...change.because, { text }] };
}

function toJson(found: Review, now: Snapshot, diff: ProjectDiff, keep: (id: NodeId) => boolean): object {
  const changed = [...diff.added, ...diff.modified.keys()];
  const own = new Set(changed);
  const reached = new Set(changed.flatMap((id) => [...now.graph.descendants(id)]).filter((id) => !own.has(id)));
  const show = (row: Readonly<Record<string, Parameters<typeof printable>[0]>> | undefined) =>
    row && Object.fromEntries(Object.entries(row).map(([name, value]) => [name, printable(value)]));
  return {
    version: 1,
    base: found.base,
    nodes: found.nodes,
    affected: found.affected,
    rows: found.rows.map((one) =>
      'same' in one
        ? { ...one, examples: one.examples.map((example) => ({ ...example, before: show(example.before), after: show(example.after) })) }
        : one,
    ),
    counterexamples: [],
    added: diff.added.filter(keep),
    removed: diff.removed,
    modified: [...diff.modified].flatMap(([id, aspects]) => (keep(id) ? [{ id, because: [...aspects].sort() }] : [])),
    columns: diff.columns.filter((change) => keep(change.node)),
    reaches: [...reached].filter(keep).sort(),
  };
}

function printText(invocation: Invocation, { nodes, affected, rows }: Review): void {
  for (const { id, change, class: kind, because } of nodes) {
    invocation.print(`${change === 'added' ? '+' : change === 'removed' ? '-' : '~'} ${id}  ${kind}\n`);
    for (const { text, path, line } of because)
      invocation.print(`    ${text}${path === undefined ? '' : `  ${path}${line === undefined ? '' : `:${line}`}`}\n`);
  }
  for (const one of rows) {
    if ('problem' in one) invocation.print(`  ${one.id}: not compared: ${one.problem}\n`);
    else
      invocation.print(
        `  ${one.id}: ${one.added} added, ${one.removed} removed, ${one.changed} changed, ${one.same} same (by ${one.key.join(', ')})${one.columns.map(({ name, changed }) => ` ${name}: ${changed}`).join('')}\n`,
      );
  }
  for (const { id, columns, certain, path } of affected)
    invocation.print(
      `  affects ${id}${columns.length === 0 ? '' : `: ${columns.join(', ')}`}${certain ? '' : ' (not certain)'}  by ${path.join(' → ')}\n`,
    );
  invocation.say(`${nodes.length} changed; ${affected.length} affected downstream.`);
}
