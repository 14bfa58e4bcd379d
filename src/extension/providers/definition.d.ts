import type { Disposable } from 'vscode';
import type { AnalysisCalls } from '../../protocol.ts';
import type { Edge } from '../edge.ts';
import type { WorkerClient } from '../worker-client.ts';
import type { Workspace } from '../workspace.ts';
/** From a `ref`, `source` or column to where it is written. */
export declare function registerDefinition(workspace: Workspace, analysis: WorkerClient<AnalysisCalls>, edge: Edge): Disposable;
