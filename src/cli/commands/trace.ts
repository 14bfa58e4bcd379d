import { engineFor } from '../../core/engine/choice.ts';
import type { Given } from '../../core/results/trace/condition.ts';
import { type Trace, Tracing } from '../../core/results/trace/trace.ts';
import { type Command, exitCodes, type Invocation, UsageError } from '../command.ts';
import { engineOption, readEngine, timeoutOption } from '../engine.ts';
import { openProject } from '../project.ts';
import { readQuestion } from '../question.ts';
import { batchOption, readChoice } from '../run-choice.ts';
import { selectIds, selectionOptions } from '../selection.ts';
import { openSession } from '../session.ts';
import { printable } from './sql-run.ts';

/** `headwater trace`: from a value back to the rows that made it, or to the place where a missing row was lost. */
export const traceCommand: Command = {
  name: 'trace',
  summary: 'Follow a value back to the rows of the files that it is made from.',
  usage: "headwater trace [--project DIR] --select MODEL --where 'COLUMN=VALUE' [--where …] --column C [--json]",
  options: [
    timeoutOption,
    ...selectionOptions,
    { name: 'where', value: 'C=V', summary: 'a column of the row and the value that it has there; NULL for none', takesMany: true },
    { name: 'column', value: 'C', summary: 'the column whose value is followed' },
    engineOption,
    batchOption,
  ],
  async run(invocation) {
    const column = invocation.option('column');
    const given = readGiven(invocation);
    if (column === undefined && given.length === 0) throw new UsageError("'headwater trace' needs --where COLUMN=VALUE and --column C.");
    const wanted = readEngine(invocation.option('engine'));
    const opened = await openProject(invocation);
    const { snapshot } = opened;
    const question = await readQuestion(invocation, 'trace', () => selectIds(opened, invocation));
    if (question.kind !== 'node') throw new UsageError("'headwater trace' needs --select.");
    const session = await openSession(opened, readChoice(invocation, snapshot), engineFor(wanted, snapshot, question));
    const trace = await new Tracing(session, snapshot).trace({ node: question.node, given, column: column ?? given[0]?.column ?? '' });
    if ('code' in trace) {
      invocation.say(`${trace.path}:${trace.start.line}:${trace.start.column} ${trace.message}`);
      if (invocation.flag('json'))
        invocation.print(`${JSON.stringify({ version: 1, cell: null, steps: [], lost: [], problems: [trace] })}\n`);
      return exitCodes.findings;
    }
    if (invocation.flag('json')) invocation.print(`${JSON.stringify(toJson(trace))}\n`);
    else printText(invocation, trace);
    return trace.cell.rows === 0 ? exitCodes.findings : exitCodes.fine;
  },
};

function readGiven(invocation: Invocation): readonly Given[] {
  const written = invocation.option('where');
  if (written === undefined) return [];
  return written.split('\u0000').map((one) => {
    const at = one.indexOf('=');
    if (at < 1) throw new UsageError(`'--where' needs COLUMN=VALUE, not '${one}'.`);
    const value = one.slice(at + 1).trim();
    return { column: one.slice(0, at).trim(), value: /^null$/i.test(value) ? undefined : value.replace(/^'(.*)'$/s, '$1') };
  });
}

function toJson({ cell, steps, lost }: Trace): object {
  const show = (row: Readonly<Record<string, Parameters<typeof printable>[0]>>) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, printable(value)]));
  return {
    version: 1,
    cell: {
      node: cell.node,
      column: cell.column,
      where: Object.fromEntries(cell.given.map(({ column, value }) => [column, value ?? null])),
      value: printable(cell.value),
      row: cell.row === undefined ? null : show(cell.row),
      matches: cell.rows,
    },
    steps: steps.map(({ ids: _, rows, because, ...step }) => ({
      ...step,
      rows: rows.map(show),
      because: because.map((text) => ({ text })),
    })),
    lost,
    problems: [],
  };
}

function printText(invocation: Invocation, { cell, steps, lost }: Trace): void {
  if (cell.rows === 0) invocation.print(`${cell.node} has no such row.\n`);
  else invocation.print(`${cell.node}.${cell.column} = ${String(printable(cell.value))}\n`);
  if (cell.rows > 1) invocation.say(`${cell.rows} rows have these values; the first is followed.`);
  for (const step of steps) {
    const rows = step.rowCount === 1 ? '1 row' : `${step.rowCount.toLocaleString('en-US')} rows`;
    invocation.print(`\n${step.node}  ${rows}${step.exact ? '' : ', not exact'}  ${step.path}:${step.line}\n`);
    if (step.rungs.length > 0)
      for (const rung of step.rungs)
        invocation.print(`  ${rung.cte === '' ? '' : `${rung.cte}: `}${rung.expression}  (${rung.rows}, line ${rung.line})\n`);
    for (const [at, row] of step.rows.slice(0, 5).entries()) {
      const line = step.lines?.[at];
      invocation.print(
        `  ${line === undefined ? '' : `line ${line}: `}${JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)).slice(0, 200)}\n`,
      );
    }
    if (step.rowCount > 5) invocation.print(`  … and ${step.rowCount - 5} more\n`);
    for (const text of step.because) invocation.print(`  ${text}\n`);
  }
  for (const { node, step, because, path, line } of lost) invocation.print(`lost in ${node}, ${step}: ${because}  ${path}:${line}\n`);
}
