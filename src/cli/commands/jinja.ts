import type { JinjaCase } from '../../core/dbt/jinja-case.ts';
import { renderCase } from '../../core/dbt/jinja-case.ts';
import { secondsOfLine } from '../allowance.ts';
import type { Command } from '../command.ts';
import { exitCodes, UsageError } from '../command.ts';
import { answerLines } from '../supervised.ts';

export const jinjaCommand: Command = {
  name: 'jinja',
  summary: 'Render templates, one JSON object a line.',
  usage: 'headwater jinja --batch < CASES',
  options: [
    { name: 'batch', summary: 'read {"id","template","mode","context","macros","dbt"} lines, answer {"id","output",…} or {"id","error"}' },
  ],
  async run(invocation) {
    if (!invocation.flag('batch')) throw new UsageError("'headwater jinja' reads its templates from standard input: add '--batch'.");
    await answerLines(secondsOfLine, answer);
    return exitCodes.fine;
  },
};

function answer(line: string): string {
  let id: unknown = null;
  try {
    const test = JSON.parse(line) as JinjaCase;
    id = test.id ?? null;
    if (typeof test.template !== 'string') return JSON.stringify({ id, error: "a line needs a 'template' that is text" });
    const { output, error, ...state } = renderCase(test);
    return JSON.stringify(error === undefined ? { id, output, ...state } : { id, error });
  } catch (error) {
    return JSON.stringify({ id, error: error instanceof Error ? error.message : String(error) });
  }
}
