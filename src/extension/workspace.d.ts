import type { Disposable, Event, LogOutputChannel } from 'vscode';
import { Uri } from 'vscode';
import type { AnalysisCalls, Outline, OutlineNode, ProjectKey } from '../protocol.ts';
import type { Edge } from './edge.ts';
import type { Platform } from './platform.ts';
import type { WorkerClient } from './worker-client.ts';
/** A node together with the project it belongs to. */
export interface Found {
  readonly outline: Outline;
  readonly node: OutlineNode;
}
/** The projects of the open folders, kept up to date with the disk and with unsaved text. Reads nothing until `ready` is called. */
export declare class Workspace implements Disposable {
  #private;
  private readonly analysis;
  private readonly platform;
  private readonly edge;
  private readonly log;
  /** Fires with every new state of the projects. */
  readonly onDidChange: Event<readonly Outline[]>;
  constructor(analysis: WorkerClient<AnalysisCalls>, platform: Platform, edge: Edge, log: LogOutputChannel);
  get outlines(): readonly Outline[];
  /** True while folders are read for the first time or anew. */
  get isReading(): boolean;
  /** Resolves when every open folder has been read; the first call starts it. */
  ready(): Promise<void>;
  /** Reads every folder from scratch. */
  refresh(): Promise<void>;
  /** Reopens the folders after the worker was started again. */
  workerDied(): void;
  find(key: ProjectKey): Outline | undefined;
  findNode(id: string, key?: ProjectKey): Found | undefined;
  /** The relation a file defines: the first of its nodes, models before tests. */
  findByUri(uri: Uri): Found | undefined;
  /** The innermost project that a file lies in, and its path there. */
  place(uri: Uri):
    | {
        readonly outline: Outline;
        readonly path: string;
      }
    | undefined;
  uriOf(key: ProjectKey, path: string): Uri;
  dispose(): void;
}
/** The file a command speaks of: the one it was given, else the active editor's. */
export declare function targetUri(given: unknown): Uri | undefined;
