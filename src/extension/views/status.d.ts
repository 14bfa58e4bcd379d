import type { Disposable } from 'vscode';
import type { Edge } from '../edge.ts';
import type { Workspace } from '../workspace.ts';
/** The state of the project beside the language of the file: what was read, in which dialect, and how many problems there are. */
export declare function registerStatus(workspace: Workspace, edge: Edge): Disposable;
