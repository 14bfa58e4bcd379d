import type { Command } from '../command.ts';
import { exitCodes } from '../command.ts';
import { versionText } from '../version.ts';

export const versionCommand: Command = {
  name: 'version',
  summary: 'Print the version.',
  usage: 'headwater version',
  options: [],
  async run(invocation) {
    invocation.print(versionText());
    return exitCodes.fine;
  },
};
