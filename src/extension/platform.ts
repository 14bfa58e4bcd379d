import type { Disposable, ExtensionContext } from 'vscode';
import type { Port } from '../wire.ts';
import type { Workspace } from './workspace.ts';

/** `project` is the worker behind those that are asked about projects. */
export type WorkerName = 'project' | 'analysis' | 'preview' | 'checks' | 'layout';

/** The file that a worker runs. */
export function workerFile(name: WorkerName): string {
  return name === 'layout' ? 'layout.js' : 'worker.js';
}

/** A worker that runs. */
export interface RunningWorker {
  readonly port: Port;
  /** Called once, when the worker ended without being asked to. */
  onDied(listener: (reason: string) => void): void;
  end(): void;
}

/** What differs between the extension host on Node (desktop, remote) and the one in the browser. */
export interface Platform {
  startWorker(name: WorkerName): Promise<RunningWorker>;
  /** The path that workers of this platform can read a folder at, or undefined where they must ask the host for its files. */
  diskPath(folder: { readonly scheme: string; readonly fsPath: string }): string | undefined;
  /** A binary file that ships with the extension, unpacked. */
  readAsset(name: string): Promise<Uint8Array>;
  /** Offers the projects to agents, where threads and a disk allow it. */
  readonly registerAgents?: (context: ExtensionContext, workspace: Workspace) => Disposable;
}
