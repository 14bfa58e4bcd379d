import { findLoadable, loadSources } from '../../core/remote/load.ts';
import { WarehouseError } from '../../core/remote/warehouse.ts';
import { type Command, exitCodes, UsageError } from '../command.ts';
import { timeoutOption } from '../engine.ts';
import { isRemote, openProject } from '../project.ts';
import { onOptions, openRemote } from '../remote.ts';
import { writeOption } from '../remote-checks.ts';
import { selectIds, selectionOptions } from '../selection.ts';
import { openSession } from '../session.ts';
import { worldOf, worldOption } from '../worlds.ts';

/** `headwater load`: the source tables of a project, made on a scratch database from the rows at hand. */
export const loadCommand: Command = {
  name: 'load',
  summary: 'Create and fill the source tables on a target from the rows at hand.',
  usage: 'headwater load [--project DIR] --on target --write [--select S] [--replace] [--json]',
  options: [
    timeoutOption,
    ...selectionOptions,
    ...onOptions,
    writeOption,
    worldOption,
    { name: 'replace', summary: 'drop source tables that are there already, and make them anew' },
  ],
  async run(invocation) {
    if (!isRemote(invocation)) throw new UsageError("'headwater load' needs --on target, or an output of the profile.");
    const world = worldOf(invocation);
    const opened = await openProject(invocation);
    const chosen = invocation.option('select') === undefined ? [] : await selectIds(opened, invocation);
    const sources = findLoadable(opened.snapshot, chosen);
    if (sources.length === 0) throw new UsageError('There is no source to load.');
    const lines = sources.map(({ schema, identifier, data }) =>
      data === undefined ? `-- no rows for "${schema}"."${identifier}"` : `create table "${schema}"."${identifier}" from ${data.path}`,
    );
    const schemas = [...new Set(sources.map(({ schema }) => schema))].sort().map((schema) => `create schema if not exists "${schema}"`);
    const text = `On '${invocation.option('on')}':\n  ${[...schemas, ...lines].join('\n  ')}`;
    if (!invocation.flag('write')) throw new UsageError(`${text}\nNothing was written: add --write to do this on the target.`);
    invocation.say(text);
    const remote = await openRemote(invocation, opened);
    try {
      const tables = await loadSources(await openSession(opened), remote.session, sources, invocation.flag('replace'));
      if (invocation.flag('json')) invocation.print(`${JSON.stringify({ version: 1, on: remote.place, world, tables })}\n`);
      else
        for (const { state, relation, rows, because } of tables)
          invocation.print(`${state.padEnd(7)} ${relation} ${rows} rows\n        ${because.map((one) => one.text).join(' ')}\n`);
      return tables.some(({ state }) => state === 'failed') ? exitCodes.findings : exitCodes.fine;
    } catch (error) {
      if (error instanceof WarehouseError) throw new UsageError(remote.shown(error.message));
      throw error;
    } finally {
      await remote.session.warehouse.close();
    }
  },
};
