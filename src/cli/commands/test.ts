import { runTests } from '../../core/checks/run-tests.ts';
import { checkOptions, printResults, readSampleRows } from '../check-output.ts';
import type { Command } from '../command.ts';
import { checkEngineOption, readCheckEngine, timeoutOption } from '../engine.ts';
import { isRemote, openProject } from '../project.ts';
import { localPlace, onOptions } from '../remote.ts';
import { openRemoteChecks, withoutSecrets } from '../remote-checks.ts';
import { batchOption, readChoice } from '../run-choice.ts';
import { selectIds, selectionOptions } from '../selection.ts';
import { openSession } from '../session.ts';
import { worldOf, worldOption } from '../worlds.ts';

/** `headwater test`: the data and unit tests of a selection, over the project's own data. */
export const testCommand: Command = {
  name: 'test',
  summary: 'Run data tests and unit tests over the seeds.',
  usage: 'headwater test [--project DIR] [--select S] [--batch NAME] [--engine sqlite|duckdb] [--on WHERE] [--junit FILE] [--json]',
  options: [timeoutOption, ...selectionOptions, batchOption, checkEngineOption, ...checkOptions, ...onOptions, worldOption],
  async run(invocation) {
    const opened = await openProject(invocation);
    const ids = await selectIds(opened, invocation, 'as dbt');
    const remote = isRemote(invocation) ? await openRemoteChecks(invocation, opened) : undefined;
    const session = await openSession(opened, readChoice(invocation, opened.snapshot), readCheckEngine(invocation));
    const around = { session, snapshot: opened.snapshot, clock: () => performance.now(), sampleRows: readSampleRows(invocation) };
    const { name } = opened.snapshot.project;
    if (remote === undefined) return printResults(invocation, await runTests(around, ids), name, localPlace(opened), worldOf(invocation));
    try {
      const results = await runTests({ ...around, elsewhere: remote.runner }, ids);
      return await printResults(invocation, withoutSecrets(results, remote), name, remote.place);
    } finally {
      await remote.session.warehouse.close();
    }
  },
};
