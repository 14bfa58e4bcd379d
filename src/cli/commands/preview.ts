import { toResultColumns } from '../../core/engine/result-columns.ts';
import { type Command, exitCodes, UsageError } from '../command.ts';
import { engineOption, readEngine, timeoutOption } from '../engine.ts';
import { isRemote, openProject } from '../project.ts';
import { readQuestion, sqlOption } from '../question.ts';
import { localPlace, onOptions, refuseLocalOptions } from '../remote.ts';
import { previewRemote } from '../remote-preview.ts';
import { batchOption, fullRefreshOption, incrementOption, readChoice } from '../run-choice.ts';
import { selectIds, selectionOptions } from '../selection.ts';
import { previewWith } from '../session.ts';
import { worldOf, worldOption } from '../worlds.ts';
import { printable } from './sql-run.ts';

const usualLimit = 500;

/** `headwater preview`: the rows of a model, a CTE, a seed, a source or a query, over the project's own data. */
export const previewCommand: Command = {
  name: 'preview',
  summary: 'Compute the rows of a model or a query over the seeds.',
  usage:
    'headwater preview [--project DIR] --select S | --sql FILE|- [--cte NAME] [--batch NAME] [--limit N] [--engine NAME] [--on WHERE] [--csv]',
  options: [
    timeoutOption,
    ...selectionOptions,
    sqlOption,
    { name: 'cte', value: 'NAME', summary: 'a CTE of the model' },
    { name: 'limit', value: 'N', summary: `rows to give, at most (default: ${usualLimit})` },
    engineOption,
    { name: 'csv', summary: 'print CSV' },
    batchOption,
    incrementOption,
    fullRefreshOption,
    ...onOptions,
    worldOption,
  ],
  async run(invocation) {
    const wanted = readEngine(invocation.option('engine'));
    const limit = Number(invocation.option('limit') ?? usualLimit);
    if (!Number.isInteger(limit) || limit < 0)
      throw new UsageError(`'--limit' needs a number of rows, not '${invocation.option('limit')}'.`);
    const opened = await openProject(invocation, invocation.flag('full-refresh') ? { FULL_REFRESH: true } : {});
    const question = await readQuestion(invocation, 'preview', () => selectIds(opened, invocation));
    if (isRemote(invocation)) {
      refuseLocalOptions(invocation, 'full-refresh');
      return previewRemote(invocation, opened, question, limit, { cell: printable, csv: toCsv });
    }
    const on = localPlace(opened);
    const world = worldOf(invocation);
    const { answer, engine, because } = await previewWith(opened, question, readChoice(invocation, opened.snapshot), wanted);
    if (answer.kind === 'failed') {
      for (const problem of answer.problems)
        invocation.say(`${problem.path}:${problem.start.line}:${problem.start.column} ${problem.message}`);
      if (!invocation.flag('csv'))
        invocation.print(
          `${JSON.stringify({ version: 1, columns: [], rows: [], rowCount: 0, truncated: false, engine, on, world, notes: [...because, ...answer.notes], problems: answer.problems })}\n`,
        );
      return exitCodes.findings;
    }
    const { result } = answer;
    const rows = (await result.page(0, limit)).map((row) => row.map(printable));
    for (const note of [...because, ...result.notes]) invocation.say(note);
    if (invocation.flag('csv'))
      invocation.print(
        toCsv(
          result.columns.map((column) => column.name),
          rows,
        ),
      );
    else
      invocation.print(
        `${JSON.stringify({ version: 1, columns: toResultColumns(result.table.columns, opened.snapshot.project.dialect), rows, rowCount: result.rowCount, truncated: result.rowCount > rows.length, engine, on, world, notes: [...because, ...result.notes], problems: [] })}\n`,
      );
    return exitCodes.fine;
  },
};

function toCsv(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}

function field(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
