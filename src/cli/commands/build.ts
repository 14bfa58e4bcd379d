import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toArtifacts } from '../../core/checks/artifacts.ts';
import { runBuild } from '../../core/checks/build.ts';
import { checkOptions, printResults, readSampleRows } from '../check-output.ts';
import type { Command } from '../command.ts';
import { checkEngineOption, readCheckEngine, timeoutOption } from '../engine.ts';
import { isRemote, openProject } from '../project.ts';
import { localPlace, onOptions } from '../remote.ts';
import { buildRemotely, openRemoteChecks, writeOption } from '../remote-checks.ts';
import { batchOption, fullRefreshOption, readChoice } from '../run-choice.ts';
import { selectIds, selectionOptions } from '../selection.ts';
import { openSession } from '../session.ts';
import { worldOf, worldOption } from '../worlds.ts';

/** `headwater build`: seeds, models, snapshots and tests of a selection in the order of their dependencies. */
export const buildCommand: Command = {
  name: 'build',
  summary: 'Build models and run their tests over the seeds, in order.',
  usage:
    'headwater build [--project DIR] [--select S] [--batch NAME] [--full-refresh] [--artifacts DIR] [--engine sqlite|duckdb] [--on WHERE --write] [--junit FILE] [--json]',
  options: [
    timeoutOption,
    ...selectionOptions,
    fullRefreshOption,
    batchOption,
    { name: 'artifacts', value: 'DIR', summary: "write dbt's run_results.json and manifest.json there" },
    checkEngineOption,
    ...checkOptions,
    ...onOptions,
    writeOption,
    worldOption,
  ],
  async run(invocation) {
    const opened = await openProject(invocation, { WHICH: 'build', FULL_REFRESH: invocation.flag('full-refresh') });
    const ids = await selectIds(opened, invocation, 'as dbt');
    const remote = isRemote(invocation) ? await openRemoteChecks(invocation, opened) : undefined;
    const session = await openSession(opened, readChoice(invocation, opened.snapshot), readCheckEngine(invocation));
    const before = performance.now();
    const around = { session, snapshot: opened.snapshot, clock: () => performance.now(), sampleRows: readSampleRows(invocation) };
    const results = remote === undefined ? await runBuild(around, ids) : await buildRemotely(invocation, remote, around, ids);
    const folder = invocation.option('artifacts');
    if (folder !== undefined)
      for (const { path, text } of toArtifacts(opened.snapshot, results, {
        startedAt: opened.settings.runStartedAt,
        invocationId: opened.settings.invocationId,
        seconds: (performance.now() - before) / 1000,
      })) {
        const file = join(folder, path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
      }
    return printResults(
      invocation,
      results,
      opened.snapshot.project.name,
      remote?.place ?? localPlace(opened),
      remote === undefined ? worldOf(invocation) : undefined,
    );
  },
};
