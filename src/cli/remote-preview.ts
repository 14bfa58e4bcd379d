import type { Cell } from '../core/engine/engine.ts';
import type { Question } from '../core/engine/preview.ts';
import { exitCodes, type Invocation } from './command.ts';
import type { OpenedProject } from './project.ts';
import { openRemote } from './remote.ts';

/** Rows beyond the shown ones that are counted, at most: they do not travel. */
const mostCounted = 1_000_000;

/** How one command prints what it found, so that local and remote results look the same. */
export interface RowsPrinter {
  readonly cell: (value: Cell) => unknown;
  readonly csv: (columns: readonly string[], rows: readonly (readonly unknown[])[]) => string;
}

/** Prints the rows of a question from where the data is. */
export async function previewRemote(
  invocation: Invocation,
  opened: OpenedProject,
  question: Question,
  limit: number,
  { cell, csv }: RowsPrinter,
): Promise<number> {
  const { session, place, shown } = await openRemote(invocation, opened);
  const engine = place.adapter;
  try {
    const answer = await session.preview(question, { rows: limit, counted: mostCounted });
    if (answer.kind === 'failed') {
      const problem = { ...answer.problem, message: shown(answer.problem.message) };
      invocation.say(`${problem.path}:${problem.start.line}:${problem.start.column} ${problem.message}`);
      if (!invocation.flag('csv'))
        invocation.print(
          `${JSON.stringify({ version: 1, columns: [], rows: [], rowCount: 0, truncated: false, engine, on: place, notes: answer.notes, problems: [problem] })}\n`,
        );
      return exitCodes.findings;
    }
    const { result } = answer;
    const notes = result.isAtLeast
      ? [...answer.notes, `There are at least ${result.rowCount} rows: counting stopped there.`]
      : answer.notes;
    const rows = result.rows.map((row) => row.map(cell));
    for (const note of notes) invocation.say(note);
    if (invocation.flag('csv'))
      invocation.print(
        csv(
          result.columns.map((column) => column.name),
          rows,
        ),
      );
    else
      invocation.print(
        `${JSON.stringify({ version: 1, columns: result.columns, rows, rowCount: result.rowCount, truncated: result.isAtLeast || result.rowCount > rows.length, engine, on: place, notes, problems: [] })}\n`,
      );
    return exitCodes.fine;
  } finally {
    await session.warehouse.close();
  }
}
