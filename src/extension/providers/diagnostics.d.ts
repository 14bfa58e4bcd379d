import type { Disposable } from 'vscode';
import type { Workspace } from '../workspace.ts';
/** The problems of every project in the Problems view; files whose problems did not change are left alone. */
export declare function registerDiagnostics(workspace: Workspace): Disposable;
