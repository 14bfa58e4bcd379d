import { writeFile } from 'node:fs/promises';
import { toGithubAnnotations } from '../core/checks/annotations.ts';
import { toJUnit } from '../core/checks/junit.ts';
import type { CheckResult } from '../core/checks/result.ts';
import { formatSummary, isFine, summarize } from '../core/checks/result.ts';
import { exitCodes, type Invocation, type OptionSpec } from './command.ts';
import { printable } from './commands/sql-run.ts';
import type { ResultPlace } from './remote.ts';

export const checkOptions: readonly OptionSpec[] = [
  { name: 'junit', value: 'FILE', summary: 'write the results as JUnit XML too' },
  { name: 'github', summary: 'write annotations for GitHub to standard error (the default in its workflows)' },
  { name: 'rows', value: 'N', summary: 'failing rows to give with a test, at most (default: 10)' },
];

/** How many failing rows the caller wants to see. */
export function readSampleRows(invocation: Invocation): number {
  const rows = Number(invocation.option('rows') ?? 10);
  return Number.isInteger(rows) && rows >= 0 ? rows : 10;
}

/** Prints results the way that was asked for and gives the exit code that follows from them. */
export async function printResults(
  invocation: Invocation,
  results: readonly CheckResult[],
  suite: string,
  on?: ResultPlace,
  world?: string,
): Promise<number> {
  const summary = summarize(results);
  const junit = invocation.option('junit');
  if (junit !== undefined) await writeFile(junit, toJUnit(results, suite));
  if (invocation.flag('github') || process.env.GITHUB_ACTIONS === 'true')
    for (const line of toGithubAnnotations(results, invocation.option('project') ?? '')) process.stderr.write(`${line}\n`);
  if (invocation.flag('json'))
    invocation.print(
      `${JSON.stringify({ version: 1, ...(on === undefined ? {} : { on }), ...(world === undefined ? {} : { world }), results: results.map(toJson), summary })}\n`,
    );
  else {
    for (const result of results) invocation.print(`${toLine(result)}\n`);
    invocation.print(`\n${formatSummary(summary)}\n`);
  }
  if (results.length === 0) {
    invocation.say('Nothing that is selected can be run.');
    return exitCodes.findings;
  }
  return isFine(results) ? exitCodes.fine : exitCodes.findings;
}

function toJson(result: CheckResult): object {
  const { sample } = result;
  if (sample === undefined) return result;
  return { ...result, sample: { ...sample, rows: sample.rows.map((row) => row.map(printable)) } };
}

function toLine(result: CheckResult): string {
  const rows = result.rows === undefined ? '' : ` ${result.rows} rows`;
  const message = result.message === '' ? '' : `\n      ${result.message.replaceAll('\n', '\n      ')}`;
  return `${result.status.padEnd(7)} ${result.name}${rows} ${result.ms} ms${message}`;
}
