import { join } from 'node:path';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { ToolThread } from './mcp/tool-thread.ts';
import { instructions, tools } from './mcp/tools.ts';
import { version } from './version.ts';

/** Serves the tools on standard input and output until the other side closes. */
export async function serveMcp(options: Readonly<Record<string, string>>): Promise<void> {
  const thread = new ToolThread(join(__dirname, 'cli/mcp-thread.mjs'), options);
  const server = new Server({ name: 'headwater', version }, { capabilities: { tools: {} }, instructions });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map((tool) => ({
      ...tool,
      inputSchema: copyOf(tool.inputSchema),
      annotations: { readOnlyHint: true, openWorldHint: false },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
    const { text, isError } = await thread.ask(params.name, params.arguments ?? {}, signal);
    return { content: [{ type: 'text', text }], isError };
  });
  const end = (): void => {
    thread.end();
    process.exit(0);
  };
  server.onclose = end;
  // What was asked before the other side closed is still answered.
  process.stdin.on('end', () => setInterval(() => thread.isIdle && process.stdout.write('', end), 100));
  process.stdout.on('error', end);
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  await server.connect(new StdioServerTransport());
}

/** The library wants a schema that it may write to. */
function copyOf(schema: (typeof tools)[number]['inputSchema']): {
  type: 'object';
  properties: Record<string, object>;
  required?: string[];
} {
  return {
    type: 'object',
    properties: { ...schema.properties },
    ...(schema.required === undefined ? {} : { required: [...schema.required] }),
  };
}
