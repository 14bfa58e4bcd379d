import { chooseEngine } from '../../core/engine/choice.ts';
import type { PreviewSession, Question } from '../../core/engine/preview.ts';
import { toResultColumns } from '../../core/engine/result-columns.ts';
import { profileRemotely } from '../../core/remote/remote-profile.ts';
import { columnFacts } from '../../core/results/column-facts.ts';
import { type ColumnProfile, profileTable, type TableProfile } from '../../core/results/profile.ts';
import { type Command, exitCodes, type Invocation } from '../command.ts';
import { engineOption, readEngine, timeoutOption } from '../engine.ts';
import { isRemote, type OpenedProject, openProject } from '../project.ts';
import { readQuestion, sqlOption } from '../question.ts';
import { localPlace, onOptions, openRemote, refuseLocalOptions } from '../remote.ts';
import { batchOption, fullRefreshOption, incrementOption, readChoice } from '../run-choice.ts';
import { selectIds, selectionOptions } from '../selection.ts';
import { openSession } from '../session.ts';
import { worldOf, worldOption } from '../worlds.ts';
import { printable } from './sql-run.ts';

/** `headwater profile`: what the values of a model, a seed, a source or a query look like, column by column. */
export const profileCommand: Command = {
  name: 'profile',
  summary: 'Count the values of every column, and say what stands out.',
  usage: 'headwater profile [--project DIR] --select S | --sql FILE|- [--cte NAME] [--batch NAME] [--engine NAME] [--on WHERE] [--json]',
  options: [
    timeoutOption,
    ...selectionOptions,
    sqlOption,
    { name: 'cte', value: 'NAME', summary: 'a CTE of the model' },
    engineOption,
    batchOption,
    incrementOption,
    fullRefreshOption,
    ...onOptions,
    worldOption,
  ],
  async run(invocation) {
    const wanted = readEngine(invocation.option('engine'));
    const opened = await openProject(invocation, invocation.flag('full-refresh') ? { FULL_REFRESH: true } : {});
    const { snapshot } = opened;
    const question = await readQuestion(invocation, 'profile', () => selectIds(opened, invocation));
    if (isRemote(invocation)) {
      refuseLocalOptions(invocation, 'full-refresh');
      return profileOn(invocation, opened, question);
    }
    const about = { on: localPlace(opened), world: worldOf(invocation) };
    let session: PreviewSession | undefined;
    const { answer, engine, because } = await chooseEngine(wanted, snapshot, question, async (name) => {
      session = await openSession(opened, readChoice(invocation, snapshot), name);
      return session.preview(question);
    });
    const node = question.kind === 'node' ? question.node : null;
    if (answer.kind === 'failed' || session === undefined) {
      const problems = answer.kind === 'failed' ? answer.problems : [];
      for (const problem of problems) invocation.say(`${problem.path}:${problem.start.line}:${problem.start.column} ${problem.message}`);
      if (invocation.flag('json'))
        invocation.print(
          `${JSON.stringify({ version: 1, node, rowCount: 0, columns: [], engine, ...about, notes: [...because], problems })}\n`,
        );
      return exitCodes.findings;
    }
    const { table } = answer.result;
    const facts =
      node === null || (question.kind === 'node' && question.cte !== undefined)
        ? undefined
        : columnFacts(
            snapshot,
            node,
            table.columns.map((column) => column.name),
          );
    const profile = await profileTable(session.engine, table, {
      now: session.now,
      shown: toResultColumns(table.columns, snapshot.project.dialect),
      ...(facts === undefined ? {} : { facts }),
    });
    const notes = [...because, ...answer.result.notes];
    if (invocation.flag('json')) invocation.print(`${JSON.stringify({ ...toJson(node, profile, engine, notes), ...about })}\n`);
    else printText(invocation, profile, notes);
    return exitCodes.fine;
  },
};

/** The same where the data is. */
async function profileOn(invocation: Invocation, opened: OpenedProject, question: Question): Promise<number> {
  const { session, place, shown } = await openRemote(invocation, opened);
  const node = question.kind === 'node' ? question.node : null;
  const whole = question.kind === 'node' && question.cte === undefined ? question.node : undefined;
  try {
    const found = await profileRemotely(session, question, (columns) =>
      whole === undefined ? undefined : columnFacts(opened.snapshot, whole, columns),
    );
    if (found.kind === 'failed') {
      const problem = { ...found.problem, message: shown(found.problem.message) };
      invocation.say(`${problem.path}:${problem.start.line}:${problem.start.column} ${problem.message}`);
      if (invocation.flag('json'))
        invocation.print(
          `${JSON.stringify({ version: 1, node, rowCount: 0, columns: [], engine: place.adapter, on: place, notes: found.notes, problems: [problem] })}\n`,
        );
      return exitCodes.findings;
    }
    if (invocation.flag('json'))
      invocation.print(`${JSON.stringify({ ...toJson(node, found.profile, place.adapter, found.notes), on: place })}\n`);
    else printText(invocation, found.profile, found.notes);
    return exitCodes.fine;
  } finally {
    await session.warehouse.close();
  }
}

function toJson(node: string | null, profile: TableProfile, engine: string, notes: readonly string[]): object {
  const columns = profile.columns.map((column) => ({
    ...column,
    min: printable(column.min),
    max: printable(column.max),
    top: column.top.map(([value, count]) => [printable(value), count]),
  }));
  return { version: 1, node, rowCount: profile.rowCount, columns, engine, notes, problems: [] };
}

function printText(invocation: Invocation, profile: TableProfile, notes: readonly string[]): void {
  for (const note of notes) invocation.say(note);
  const shown = (value: ColumnProfile['min']): string => {
    const text = value === null ? '' : String(printable(value));
    return text.length > 24 ? `${text.slice(0, 23)}…` : text;
  };
  const lines = profile.columns.map(({ name, type, nulls, distinct, unique, min, max, mean }) => [
    name,
    type,
    String(nulls),
    `${distinct}${unique ? ' *' : ''}`,
    shown(min),
    shown(max),
    mean === null ? '' : String(Number(mean.toPrecision(6))),
  ]);
  const table = [['column', 'type', 'nulls', 'distinct', 'min', 'max', 'mean'], ...lines];
  const widths = table[0]?.map((_, i) => Math.max(...table.map((line) => line[i]?.length ?? 0))) ?? [];
  for (const line of table)
    invocation.print(
      `${line
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
  const findings = profile.columns.flatMap((column) => column.findings.map((text) => `${column.name}: ${text}\n`));
  invocation.print(`\n${profile.rowCount.toLocaleString('en-US')} rows; * no value occurs twice.\n${findings.join('')}`);
}
