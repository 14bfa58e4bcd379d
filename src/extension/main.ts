import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ExtensionContext } from 'vscode';
import { readAsset } from '../disk/asset.ts';
import { registerAgents } from './agents.ts';
import type { Platform, RunningWorker, WorkerName } from './platform.ts';
import { workerFile } from './platform.ts';
import type { Api } from './start.ts';
import { start } from './start.ts';

/** The entry on Node: desktop, remote and server hosts. */
export function activate(context: ExtensionContext): Api {
  const platform: Platform = {
    startWorker: async (name) => runOnThread(join(context.extensionPath, 'dist', workerFile(name)), name),
    diskPath: (folder) => (folder.scheme === 'file' ? folder.fsPath : undefined),
    readAsset: (name) => readAsset(join(context.extensionPath, 'dist'), name),
    registerAgents,
  };
  return start(context, platform);
}

function runOnThread(path: string, name: WorkerName): RunningWorker {
  // The stack is for SQL parsers, which recurse as deep as the SQL nests.
  const worker = new Worker(path, {
    name,
    workerData: { name },
    stderr: false,
    resourceLimits: { stackSizeMb: 32, maxOldGenerationSizeMb: 4096 },
  });
  let ending = false;
  const listeners: ((reason: string) => void)[] = [];
  let reason = '';
  worker.on('error', (error) => {
    reason = error.message;
  });
  worker.on('exit', (code) => {
    if (!ending) for (const listener of listeners) listener(reason || `exit code ${code}`);
  });
  return {
    port: { post: (message) => worker.postMessage(message), listen: (take) => void worker.on('message', take) },
    onDied: (listener) => void listeners.push(listener),
    end: () => {
      ending = true;
      void worker.terminate();
    },
  };
}
