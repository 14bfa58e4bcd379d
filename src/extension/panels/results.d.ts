import type { Disposable, Uri, WebviewView, WebviewViewProvider } from 'vscode';
import type { Edge } from '../edge.ts';
import type { Previews } from '../previews.ts';
import type { Workspace } from '../workspace.ts';
/** The results panel: draws the tabs of the previews and reads their rows on demand. */
export declare class ResultsView implements WebviewViewProvider, Disposable {
  #private;
  private readonly extension;
  private readonly previews;
  private readonly workspace;
  private readonly edge;
  constructor(extension: Uri, previews: Previews, workspace: Workspace, edge: Edge);
  resolveWebviewView(view: WebviewView): void;
  /** Brings the panel to the front; the keyboard stays in the editor. */
  reveal(): Promise<void>;
  dispose(): void;
}
