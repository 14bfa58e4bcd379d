import type { Disposable, DocumentSelector } from 'vscode';
import type { AnalysisCalls } from '../../protocol.ts';
import type { Edge } from '../edge.ts';
import type { WorkerClient } from '../worker-client.ts';
import type { Workspace } from '../workspace.ts';
/** The files of a project by their names, because several extensions name the languages of dbt differently. */
export declare const projectFiles: DocumentSelector;
/** Documentation of the column, model, source or macro under the pointer. */
export declare function registerHover(workspace: Workspace, analysis: WorkerClient<AnalysisCalls>, edge: Edge): Disposable;
