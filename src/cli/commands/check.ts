import type { Command } from '../command.ts';
import { exitCodes } from '../command.ts';
import { openProject } from '../project.ts';

export const checkCommand: Command = {
  name: 'check',
  summary: 'Read the project and say what is wrong with it.',
  usage: 'headwater check [--project DIR] [--json]',
  options: [],
  async run(invocation) {
    const { snapshot } = await openProject(invocation);
    const { problems } = snapshot;
    if (invocation.flag('json')) invocation.print(`${JSON.stringify({ version: 1, problems })}\n`);
    else
      for (const problem of problems)
        invocation.print(
          `${problem.path}:${problem.start.line}:${problem.start.column} ${problem.severity} ${problem.code}: ${problem.message}\n`,
        );
    const errors = problems.filter((problem) => problem.severity === 'error').length;
    invocation.say(
      problems.length === 0 ? `${snapshot.nodes.size} nodes, no problems.` : `${problems.length} problems, ${errors} of them errors.`,
    );
    return errors > 0 ? exitCodes.findings : exitCodes.fine;
  },
};
