import type { PreviewSession } from '../../core/engine/preview.ts';
import { checkHealth } from '../../core/health/check-health.ts';
import { shapeRules } from '../../core/health/shape-rules.ts';
import { type AskRows, checkRows } from '../../core/keys/check-rows.ts';
import { hasRows } from '../../core/keys/has-rows.ts';
import { listedRules } from '../../core/keys/rules/all-rules.ts';
import type { NodeId } from '../../core/text/ids.ts';
import { type ProblemCode, problemCatalogue } from '../../core/text/problem.ts';
import { sortProblems } from '../../core/text/sort-problems.ts';
import type { Command, Invocation } from '../command.ts';
import { exitCodes } from '../command.ts';
import { timeoutOption } from '../engine.ts';
import { type OpenedProject, openProject } from '../project.ts';
import { openSession } from '../session.ts';

export const checkCommand: Command = {
  name: 'check',
  summary: 'Read the project and say what is wrong with it.',
  usage: 'headwater check [--project DIR] [--health] [--no-data] [--json] | --rules',
  options: [
    timeoutOption,
    { name: 'rules', summary: 'list the rules about rows and about the shape of the project, and check nothing' },
    { name: 'health', summary: 'also say where the project departs from the shape that dbt advises (info and hints)' },
    { name: 'no-data', summary: 'hold no finding against the rows at hand' },
  ],
  async run(invocation) {
    if (invocation.flag('rules')) return printRules(invocation);
    const opened = await openProject(invocation);
    const { snapshot } = opened;
    const ask = invocation.flag('no-data') ? undefined : askRows(opened);
    const health = invocation.flag('health') ? checkHealth(snapshot) : [];
    const problems = sortProblems([...snapshot.problems, ...health, ...(await checkRows(snapshot, ask))]);
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

function printRules(invocation: Invocation): number {
  const shape = shapeRules.map(({ code, title, advice }) => ({ code: code as ProblemCode, title, advice }));
  const listed = [...listedRules, ...shape].map((rule) => ({ ...rule, severity: problemCatalogue[rule.code] }));
  if (invocation.flag('json')) invocation.print(`${JSON.stringify({ version: 1, rules: listed })}\n`);
  else for (const { code, title, advice } of listed) invocation.print(`${code}: ${title}. ${advice}\n`);
  return exitCodes.fine;
}

/** Asks the preview's engine about the rows of a text, where all that it reads has rows here; the engine starts with the first question. */
export function askRows(opened: OpenedProject): AskRows {
  let session: Promise<PreviewSession> | undefined;
  const known = new Map<NodeId, boolean>();
  return async (sql, within) => {
    if (!hasRows(opened.snapshot, within, known)) return undefined;
    session ??= openSession(opened);
    const answer = await (await session).preview({ kind: 'sql', sql, within });
    if (answer.kind !== 'rows') return undefined;
    const [row] = await answer.result.page(0, 1);
    await answer.result.drop();
    return row;
  };
}
