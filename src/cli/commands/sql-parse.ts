import { parseSql } from '../../core/sql/parse.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../command.ts';
import { readAll, readDialect } from '../sql-input.ts';

export const sqlParseCommand: Command = {
  name: 'sql parse',
  summary: 'Print the tree of a query, and what could not be read of it.',
  usage: 'headwater sql parse [--dialect D] < SQL',
  options: [{ name: 'dialect', value: 'D', summary: 'the dialect of the text (default: generic)' }],
  async run(invocation) {
    const { statements, problems } = parseSql(await readAll(invocation.stdin), readDialect(invocation.option('dialect')));
    invocation.print(`${JSON.stringify({ version: 1, statements, problems })}\n`);
    return problems.length === 0 ? exitCodes.fine : exitCodes.findings;
  },
};
