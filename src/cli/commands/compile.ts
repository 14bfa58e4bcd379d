import { compileNode } from '../../core/dbt/compile.ts';
import { answerTemplates } from '../answers.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../command.ts';
import { openProject } from '../project.ts';
import { selectIds, selectionOptions } from '../selection.ts';

export const compileCommand: Command = {
  name: 'compile',
  summary: 'Print the SQL that dbt would run for each node.',
  usage: 'headwater compile [--project DIR] --select S [--json]',
  options: selectionOptions,
  async run(invocation) {
    const opened = await openProject(invocation);
    const ids = await selectIds(opened, invocation, 'as dbt');
    const { snapshot } = await answerTemplates(opened, ids);
    const nodes = ids.flatMap((id) => compileNode(snapshot, id) ?? []);
    if (invocation.flag('json')) invocation.print(`${JSON.stringify({ version: 1, nodes })}\n`);
    else
      for (const node of nodes) {
        invocation.print(`-- ${node.id}\n${node.sql}\n\n`);
        for (const { path, start, message } of node.problems) invocation.say(`${path}:${start.line}:${start.column} ${message}`);
      }
    if (nodes.length === 0) invocation.say('Nothing that is selected has SQL.');
    const failed = nodes.some((node) => node.problems.some((problem) => problem.severity === 'error'));
    return failed || nodes.length === 0 ? exitCodes.findings : exitCodes.fine;
  },
};
