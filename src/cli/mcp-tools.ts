import { join } from 'node:path';
import type { ToolAnswer } from './mcp/answer.ts';
import { ToolThread } from './mcp/tool-thread.ts';

/** The tools of a project for whoever lives in another process of Node, such as the extension. */
export interface OpenedTools {
  ask(tool: string, input: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<ToolAnswer>;
  end(): void;
}

/** Opens the tools of a project; nothing is read before the first question. */
export function openTools(options: Readonly<Record<string, string>>): OpenedTools {
  return new ToolThread(join(__dirname, 'cli/mcp-thread.mjs'), options);
}
