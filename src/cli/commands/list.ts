import type { Command } from '../command.ts';
import { exitCodes } from '../command.ts';
import { openProject } from '../project.ts';
import { selectIds, selectionOptions } from '../selection.ts';

export const listCommand: Command = {
  name: 'list',
  summary: 'List the nodes of a project.',
  usage: 'headwater list [--project DIR] [--select S] [--exclude S] [--json]',
  options: selectionOptions,
  async run(invocation) {
    const opened = await openProject(invocation);
    const nodes = await selectIds(opened, invocation, 'as dbt');
    invocation.print(invocation.flag('json') ? `${JSON.stringify({ version: 1, nodes })}\n` : nodes.map((id) => `${id}\n`).join(''));
    if (nodes.length === 0) invocation.say('The selection holds no node.');
    return nodes.length === 0 ? exitCodes.findings : exitCodes.fine;
  },
};
