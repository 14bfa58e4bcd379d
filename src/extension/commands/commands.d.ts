import type { Disposable, ExtensionContext, LogOutputChannel } from 'vscode';
import type { Edge } from '../edge.ts';
import type { Panels } from '../panels/panels.ts';
import type { ResultsView } from '../panels/results.ts';
import type { Previews } from '../previews.ts';
import type { LineageTree } from '../views/lineage-tree.ts';
import type { Workspace } from '../workspace.ts';
/** The parts that commands act on. */
export interface Parts {
  readonly context: ExtensionContext;
  readonly workspace: Workspace;
  readonly previews: Previews;
  readonly results: ResultsView;
  readonly tree: LineageTree;
  readonly panels: Panels;
  readonly edge: Edge;
  readonly log: LogOutputChannel;
}
/** Every command of the manifest. */
export declare function registerCommands(parts: Parts): Disposable[];
