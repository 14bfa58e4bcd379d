import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isRelation, type SourceNode } from '../../core/project/node.ts';
import { takeSample } from '../../core/remote/sample.ts';
import { WarehouseError } from '../../core/remote/warehouse.ts';
import { toWorldFiles } from '../../core/remote/world-files.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { NodeId } from '../../core/text/ids.ts';
import { type Command, exitCodes, type Invocation, UsageError } from '../command.ts';
import { timeoutOption } from '../engine.ts';
import { isRemote, openProject } from '../project.ts';
import { onOptions, openRemote } from '../remote.ts';
import { selectIds, selectionOptions } from '../selection.ts';

const usualRows = 1000;

/** `headwater sample`: rows of the sources that a selection needs, brought home so that joins still find partners. */
export const sampleCommand: Command = {
  name: 'sample',
  summary: 'Bring home rows of the sources, from where the data is.',
  usage: 'headwater sample [--project DIR] --on target [--select S] [--rows N] [--mask PATTERN] --out WORLD [--json]',
  options: [
    timeoutOption,
    ...selectionOptions,
    ...onOptions,
    {
      name: 'rows',
      value: 'N',
      summary: `rows of a table that refers to no other; of the others, all rows that refer to those (default: ${usualRows})`,
    },
    { name: 'mask', value: 'PATTERN', summary: 'hash the columns whose names this regular expression meets, beside those marked as pii' },
    { name: 'out', value: 'WORLD', summary: 'the name of the world, kept in .headwater/worlds, or a folder' },
  ],
  async run(invocation) {
    if (!isRemote(invocation)) throw new UsageError("'headwater sample' needs --on target, or an output of the profile.");
    const rows = Number(invocation.option('rows') ?? usualRows);
    if (!Number.isInteger(rows) || rows < 1) throw new UsageError(`'--rows' needs a number of rows, not '${invocation.option('rows')}'.`);
    const opened = await openProject(invocation);
    const { name, folder } = readOut(invocation, opened.root);
    const ids = invocation.option('select') === undefined ? [] : await selectIds(opened, invocation);
    const sources = findSources(opened.snapshot, ids);
    if (sources.length === 0) throw new UsageError('Nothing that is selected reads a source.');
    const remote = await openRemote(invocation, opened);
    try {
      const mask = readPattern(invocation);
      const options = { rows, salt: crypto.randomUUID(), ...(mask === undefined ? {} : { mask }) };
      const sampled = await takeSample(remote.session, sources, options);
      const because = `Sampled on ${opened.settings.runStartedAt.slice(0, 10)} from the output '${remote.place.target}' (${remote.place.adapter}), ${rows} rows a table.`;
      const world = toWorldFiles(name, because, sampled);
      await mkdir(folder, { recursive: true });
      if (!invocation.option('out')?.includes('/')) await writeFile(join(opened.root, '.headwater/.gitignore'), '*\n');
      for (const { path, text } of world.files) await writeFile(join(folder, path), text);
      if (invocation.flag('json'))
        invocation.print(`${JSON.stringify({ version: 1, on: remote.place, world: name, tables: world.tables })}\n`);
      else
        for (const table of world.tables)
          invocation.print(`${table.node} ${table.rows} rows\n        ${table.because.map((one) => one.text).join(' ')}\n`);
      invocation.say(`Written to ${folder}`);
      return exitCodes.fine;
    } catch (error) {
      if (error instanceof WarehouseError) throw new UsageError(remote.shown(error.message));
      throw error;
    } finally {
      await remote.session.warehouse.close();
    }
  },
};

function readOut(invocation: Invocation, root: string): { readonly name: string; readonly folder: string } {
  const out = invocation.option('out');
  if (out === undefined) throw new UsageError("'headwater sample' needs --out WORLD.");
  if (out.includes('/')) return { name: resolve(out).split('/').at(-1) ?? out, folder: resolve(out) };
  if (!/^\w[\w.-]*$/.test(out)) throw new UsageError(`'${out}' is not a name for a world: letters, digits, '_', '-' and '.' are.`);
  return { name: out, folder: join(root, '.headwater/worlds', out) };
}

function readPattern(invocation: Invocation): RegExp | undefined {
  const written = invocation.option('mask');
  if (written === undefined) return undefined;
  try {
    return new RegExp(written, 'i');
  } catch {
    throw new UsageError(`'--mask ${written}' is not a regular expression.`);
  }
}

/** The sources among the selected nodes and above them; all where nothing is selected. */
function findSources(snapshot: Snapshot, ids: readonly NodeId[]): readonly SourceNode[] {
  const wanted = new Set(ids.flatMap((id) => [id, ...snapshot.graph.ancestors(id)]));
  return [...snapshot.nodes.values()].filter(
    (node): node is SourceNode => isRelation(node) && node.kind === 'source' && node.enabled && (ids.length === 0 || wanted.has(node.id)),
  );
}
