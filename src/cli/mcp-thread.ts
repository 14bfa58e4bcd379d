import { parentPort, workerData } from 'node:worker_threads';
import { installSecondReader } from '../core/sql/second/second-reader.ts';
import { loadSecondReader } from '../disk/second-reader.ts';
import { type Invocation, UsageError } from './command.ts';
import { KeptProject } from './kept-project.ts';
import { answerTool } from './mcp/answer.ts';
import type { FromTools, ToolCall } from './mcp/calls.ts';
import { openProject } from './project.ts';

// Answers tools one after the other over one project, which is read again where its files changed.
const options = new Map(Object.entries((workerData as { readonly options: Readonly<Record<string, string>> }).options));
const kept = new KeptProject();
installSecondReader(() => loadSecondReader(__dirname));
const invocation: Invocation = {
  positional: [],
  option: (name) => options.get(name),
  flag: (name) => options.has(name),
  stdin: process.stdin,
  print: () => {},
  say: () => {},
  kept,
};

function tell(message: FromTools): void {
  parentPort?.postMessage(message);
}

async function answer({ id, tool, input }: ToolCall): Promise<void> {
  try {
    tell({ type: 'tool', id, ...(await answerTool(await openProject(invocation), tool, input)) });
  } catch (error) {
    const text =
      error instanceof UsageError
        ? error.message
        : `A bug of ours: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    tell({ type: 'tool', id, text: text.slice(0, 2000), isError: true });
  }
}

let last: Promise<void> = Promise.resolve();
parentPort?.on('message', (call: ToolCall) => {
  last = last.then(() => answer(call));
});
