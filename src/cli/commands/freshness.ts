import { runFreshness } from '../../core/checks/freshness.ts';
import { checkOptions, printResults, readSampleRows } from '../check-output.ts';
import type { Command } from '../command.ts';
import { timeoutOption } from '../engine.ts';
import { openProject } from '../project.ts';
import { selectIds, selectionOptions } from '../selection.ts';
import { openSession } from '../session.ts';

/** `headwater freshness`: the age of the newest row of each source that says how fresh it should be. */
export const freshnessCommand: Command = {
  name: 'freshness',
  summary: 'Hold sources to their freshness, over the data at hand.',
  usage: 'headwater freshness [--project DIR] [--select S] [--junit FILE] [--json]',
  options: [timeoutOption, ...selectionOptions, ...checkOptions],
  async run(invocation) {
    const opened = await openProject(invocation, { WHICH: 'freshness' });
    const ids = await selectIds(opened, invocation, 'as dbt');
    const session = await openSession(opened);
    const around = { session, snapshot: opened.snapshot, clock: () => performance.now(), sampleRows: readSampleRows(invocation) };
    return printResults(invocation, await runFreshness(around, ids), opened.snapshot.project.name);
  },
};
