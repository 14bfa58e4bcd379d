import type { Disposable } from 'vscode';
import type { Edge } from '../edge.ts';
import type { Workspace } from '../workspace.ts';
/** Tells menus and keys whether the active editor holds a model; the first SQL or YAML file of a project starts the reading. */
export declare function registerEditorContext(workspace: Workspace, edge: Edge): Disposable;
