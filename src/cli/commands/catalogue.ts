import { lstatSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeColumns } from '../../core/checks/write-columns.ts';
import type { SourceNode } from '../../core/project/node.ts';
import { type CatalogueEntry, readCatalogue } from '../../core/remote/catalogue.ts';
import { findLoadable } from '../../core/remote/load.ts';
import { findInside } from '../../disk/confined.ts';
import { type Command, exitCodes, type Invocation, UsageError } from '../command.ts';
import { timeoutOption } from '../engine.ts';
import { isRemote, openProject } from '../project.ts';
import { onOptions, openRemote } from '../remote.ts';
import { selectIds, selectionOptions } from '../selection.ts';

/** `headwater catalogue`: the columns and types that sources have on a target, and properties files that list them. */
export const catalogueCommand: Command = {
  name: 'catalogue',
  summary: 'Read the columns and types of sources from where the data is.',
  usage: 'headwater catalogue [--project DIR] --on target [--select S] [--write] [--json]',
  options: [
    timeoutOption,
    ...selectionOptions,
    ...onOptions,
    { name: 'write', summary: 'add the columns that are not declared to the properties files, with their types' },
  ],
  async run(invocation) {
    if (!isRemote(invocation)) throw new UsageError("'headwater catalogue' needs --on target, or an output of the profile.");
    const opened = await openProject(invocation);
    const chosen = invocation.option('select') === undefined ? [] : await selectIds(opened, invocation);
    const sources = findLoadable(opened.snapshot, chosen);
    const remote = await openRemote(invocation, opened, false);
    try {
      const entries = readCatalogue(remote.session.standing, sources);
      if (invocation.flag('write'))
        for (const [i, entry] of entries.entries()) {
          const node = sources[i];
          if (node !== undefined && node.package === opened.snapshot.project.name) await addColumns(invocation, opened.root, node, entry);
        }
      if (invocation.flag('json')) invocation.print(`${JSON.stringify({ version: 1, on: remote.place, sources: entries })}\n`);
      else for (const entry of entries) invocation.print(toText(entry));
      return entries.length === 0 ? exitCodes.findings : exitCodes.fine;
    } finally {
      await remote.session.warehouse.close();
    }
  },
};

async function addColumns(invocation: Invocation, root: string, node: SourceNode, entry: CatalogueEntry): Promise<void> {
  if (entry.undeclared.length === 0) return;
  const path = node.patch?.path ?? node.path;
  const file = join(root, path);
  // Nothing is written where a link leads: the project says where its files lie.
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true || findInside(root, dirname(file)) === undefined) {
    invocation.say(`${path} is a link or leads outside the project: nothing is written there.`);
    return;
  }
  const columns = entry.columns.flatMap(({ name, type }) => (entry.undeclared.includes(name) ? [{ name, type }] : []));
  const written = writeColumns(await readFile(file, 'utf8'), { section: 'sources', name: node.name, source: node.sourceName }, columns);
  if (written === undefined) {
    invocation.say(`${path} is no YAML that columns can be added to.`);
    return;
  }
  await writeFile(file, written);
  invocation.say(`${path}: ${columns.length} columns of ${node.sourceName}.${node.name}`);
}

function toText({ node, stands, columns, undeclared, gone }: CatalogueEntry): string {
  if (!stands) return `${node}\n  is not on the target\n`;
  const width = Math.max(0, ...columns.map(({ name }) => name.length));
  const lines = columns.map(({ name, type }) => `  ${name.padEnd(width)}  ${type}${undeclared.includes(name) ? '  (not declared)' : ''}\n`);
  return `${node}\n${lines.join('')}${gone.map((name) => `  ${name.padEnd(width)}  is declared and not on the target\n`).join('')}`;
}
