import type { Uri, Webview, WebviewPanel, WebviewView } from 'vscode';
import { ConfigurationTarget, commands, ViewColumn, window, workspace } from 'vscode';
import { webviewOptions } from './page.ts';

/** Where a picture is drawn: a tab among the editors, or a view of the panel or of a side bar. */
export interface Place {
  readonly webview: Webview;
  readonly isVisible: boolean;
  readonly isActive: boolean;
  /** The group of editors it stands in; undefined for a view. */
  readonly viewColumn: ViewColumn | undefined;
  reveal(): void;
  close(): void;
  onDidClose(listener: () => void): void;
}

/** Where the setting has new pictures opened. */
export type PlaceName = 'active' | 'beside' | 'view';

export function placeSetting(): PlaceName {
  return workspace.getConfiguration('headwater').get<PlaceName>('graph.place', 'beside');
}

/** A tab for a picture, in the group of the editor or beside it. */
export function openTab(extension: Uri, type: string, title: string, place: Exclude<PlaceName, 'view'>): WebviewPanel {
  // Without an editor there is nothing to stand beside.
  const beside = place === 'beside' && window.activeTextEditor !== undefined;
  const column = beside ? ViewColumn.Beside : ViewColumn.Active;
  return window.createWebviewPanel(type, title, column, { ...webviewOptions(extension), retainContextWhenHidden: true });
}

export function toTabPlace(panel: WebviewPanel): Place {
  return {
    webview: panel.webview,
    get isVisible() {
      return panel.visible;
    },
    get isActive() {
      return panel.active;
    },
    get viewColumn() {
      return panel.viewColumn;
    },
    reveal: () => panel.reveal(undefined, false),
    close: () => panel.dispose(),
    onDidClose: (listener) => void panel.onDidDispose(listener),
  };
}

export function toViewPlace(view: WebviewView): Place {
  return {
    webview: view.webview,
    get isVisible() {
      return view.visible;
    },
    // A view does not tell whether it has the focus.
    isActive: false,
    viewColumn: undefined,
    reveal: () => view.show(false),
    close: () => undefined,
    onDidClose: (listener) => void view.onDidDispose(listener),
  };
}

/** Opens the view that holds the graph, wherever the user has moved it. */
export async function openGraphView(): Promise<void> {
  await commands.executeCommand('headwater.graphView.focus');
}

/** Lets the user choose another place for the view: another panel, or the secondary side bar. */
export async function moveGraphView(): Promise<void> {
  // The view is there only while the setting asks for it.
  if (placeSetting() !== 'view') await workspace.getConfiguration('headwater').update('graph.place', 'view', ConfigurationTarget.Global);
  await openGraphView();
  await commands.executeCommand('workbench.action.moveFocusedView');
}
