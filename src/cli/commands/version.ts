import type { Command } from '../command.ts';
import { exitCodes } from '../command.ts';
import { version } from '../version.ts';

export const versionCommand: Command = {
  name: 'version',
  summary: 'Print the version.',
  usage: 'headwater version',
  options: [],
  async run(invocation) {
    invocation.print(`${JSON.stringify({ version: 1, headwater: version })}\n`);
    return exitCodes.fine;
  },
};
