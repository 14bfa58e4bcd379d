import { writeFile } from 'node:fs/promises';
import { toDocsPage } from '../../core/docs/docs-page.ts';
import type { Command } from '../command.ts';
import { exitCodes, UsageError } from '../command.ts';
import { openProject } from '../project.ts';

export const docsCommand: Command = {
  name: 'docs',
  summary: 'Write the documentation of a project as one HTML file.',
  usage: 'headwater docs [--project DIR] --out FILE',
  options: [{ name: 'out', value: 'FILE', summary: 'the file to write' }],
  async run(invocation) {
    const out = invocation.option('out');
    if (out === undefined) throw new UsageError("'headwater docs' wants --out FILE.");
    const { snapshot } = await openProject(invocation);
    await writeFile(out, toDocsPage(snapshot)).catch((error: unknown) => {
      throw new UsageError(`'${out}' cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    });
    if (invocation.flag('json')) invocation.print(`${JSON.stringify({ version: 1, out, nodes: snapshot.nodes.size })}\n`);
    invocation.say(`Documentation of ${snapshot.project.name} written to ${out}.`);
    return exitCodes.fine;
  },
};
