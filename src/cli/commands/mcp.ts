import { type Command, UsageError } from '../command.ts';

/** `headwater mcp` by its help; `start.ts` runs it, because a server outlives the thread of a command. */
export const mcpCommand: Command = {
  name: 'mcp',
  summary: 'Serve the project to agents over the Model Context Protocol, on standard input and output.',
  usage: 'headwater mcp [--project DIR] [--timeout SECONDS]',
  options: [{ name: 'timeout', value: 'SECONDS', summary: 'how long one query or one call may take (default: 60)' }],
  run() {
    throw new UsageError("'headwater mcp' stands before its options: headwater mcp --project DIR.");
  },
};
