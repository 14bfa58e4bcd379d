import type { DataTransfer, TreeDataProvider, TreeDragAndDropController, TreeView } from 'vscode';
import {
  DataTransferItem,
  Disposable,
  EventEmitter,
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
} from 'vscode';
import type { CheckStatus } from '../../core/checks/result.ts';
import type { LastResults, ProjectKey } from '../../protocol.ts';
import type { Edge } from '../edge.ts';
import { toReference } from '../reference.ts';
import type { Found, Workspace } from '../workspace.ts';
import { iconOf } from './node-icon.ts';
import type { GroupRow, MacroRow, NodeRow, ProjectRow } from './project-items.ts';
import { toProjectRows } from './project-items.ts';

const relations = new Set(['model', 'seed', 'snapshot', 'source']);

/** Tests with their last results, exposures, metrics, macros and tags; the badge counts the tests that found something. */
export class ProjectTree implements TreeDataProvider<ProjectRow>, TreeDragAndDropController<ProjectRow>, Disposable {
  readonly dragMimeTypes = ['text/plain'];
  readonly dropMimeTypes: string[] = [];
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #selected = new EventEmitter<Found>();
  /** A node was chosen in the tree. */
  readonly onDidSelect = this.#selected.event;
  readonly #view: TreeView<ProjectRow>;
  readonly #registration: Disposable;

  constructor(
    private readonly workspace: Workspace,
    private readonly lastResults: (project: ProjectKey) => LastResults,
    private readonly edge: Edge,
  ) {
    this.#view = window.createTreeView('headwater.project', { treeDataProvider: this, dragAndDropController: this, showCollapseAll: true });
    this.#registration = Disposable.from(
      this.#view,
      this.#changed,
      this.#selected,
      this.#view.onDidChangeSelection(({ selection: [row] }) => {
        if (row?.kind === 'node') this.#selected.fire(row);
      }),
      workspace.onDidChangeNodes(() => this.tellResults()),
    );
  }

  dispose(): void {
    this.#registration.dispose();
  }

  /** Shows how tests ended that ran just now. */
  tellResults(): void {
    const failed = this.workspace.outlines
      .flatMap(({ key }) => this.lastResults(key))
      .filter(([id, status]) => /^(unit_)?test\./.test(id) && (status === 'fail' || status === 'error')).length;
    this.#view.badge = failed === 0 ? undefined : { value: failed, tooltip: l10n.t('{0} tests failed', failed) };
    this.#changed.fire(undefined);
  }

  async getChildren(row?: ProjectRow): Promise<ProjectRow[]> {
    const children = await this.edge.provide('the project tree', async () => {
      if (row !== undefined) return row.kind === 'group' ? row.children : [];
      await this.workspace.ready();
      return toProjectRows(this.workspace.outlines, this.lastResults);
    });
    return [...(children ?? [])];
  }

  getTreeItem(row: ProjectRow): TreeItem {
    const shown = row.kind === 'group' ? toGroupItem(row) : row.kind === 'macro' ? this.#toMacroItem(row) : toNodeItem(row);
    shown.id = row.id;
    return shown;
  }

  handleDrag(rows: readonly ProjectRow[], transfer: DataTransfer): void {
    const texts = rows.flatMap((row) =>
      row.kind === 'macro'
        ? [`{{ ${row.macro.name}(${row.macro.arguments.join(', ')}) }}`]
        : row.kind === 'node' && relations.has(row.node.kind)
          ? [toReference(row.outline, row.node)]
          : [],
    );
    if (texts.length > 0) transfer.set('text/plain', new DataTransferItem(texts.join('\n')));
  }

  #toMacroItem({ outline, macro }: MacroRow): TreeItem {
    const item = new TreeItem(macro.name, TreeItemCollapsibleState.None);
    item.description = `(${macro.arguments.join(', ')})`;
    item.iconPath = new ThemeIcon('symbol-method');
    item.contextValue = 'macro';
    item.tooltip = `${macro.path}:${macro.line}`;
    item.accessibilityInformation = { label: l10n.t('macro {0}', macro.name) };
    const uri = this.workspace.uriOf(outline.key, macro.path);
    const at = { line: macro.line - 1, character: 0 };
    const options = { selection: { start: at, end: at }, preview: true };
    item.command = { command: 'vscode.open', title: l10n.t('Open File'), arguments: [uri, options] };
    return item;
  }
}

const groupIcons: Record<GroupRow['role'], string> = {
  project: 'package',
  tests: 'beaker',
  tested: 'symbol-file',
  exposures: 'dashboard',
  metrics: 'graph',
  macros: 'symbol-method',
  analyses: 'search',
  tags: 'tag',
  tag: 'tag',
};

function toGroupItem(row: GroupRow): TreeItem {
  const state = row.role === 'project' ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
  const item = new TreeItem(row.label, state);
  item.description = row.detail;
  item.iconPath = new ThemeIcon(groupIcons[row.role]);
  item.contextValue = 'folder';
  item.accessibilityInformation = { label: `${row.label}, ${row.detail}` };
  return item;
}

function toNodeItem(row: NodeRow): TreeItem {
  const { node, status } = row;
  const isTest = node.kind === 'test' || node.kind === 'unit_test';
  const item = new TreeItem(node.name, TreeItemCollapsibleState.None);
  item.description = isTest ? (node.column ?? '') : node.kind === 'model' ? node.materialized : '';
  item.iconPath = isTest ? statusIcon(status) : iconOf(node);
  item.contextValue = relations.has(node.kind) ? `node relation ${node.kind}` : isTest ? 'test' : 'node';
  item.tooltip = [node.name, node.description, node.path].filter((part) => part !== '').join('\n');
  item.accessibilityInformation = {
    label: [node.name, node.kind, isTest ? (status ?? l10n.t('not run')) : ''].filter((part) => part !== '').join(', '),
  };
  item.command = { command: 'headwater.openNode', title: l10n.t('Open File'), arguments: [row] };
  return item;
}

function statusIcon(status: CheckStatus | undefined): ThemeIcon {
  switch (status) {
    case 'pass':
      return new ThemeIcon('pass', new ThemeColor('testing.iconPassed'));
    case 'fail':
      return new ThemeIcon('error', new ThemeColor('testing.iconFailed'));
    case 'error':
      return new ThemeIcon('warning', new ThemeColor('testing.iconErrored'));
    case 'warn':
      return new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
    case 'no-data':
      return new ThemeIcon('circle-slash', new ThemeColor('testing.iconSkipped'));
    case 'skip':
      return new ThemeIcon('debug-step-over', new ThemeColor('testing.iconSkipped'));
    default:
      return new ThemeIcon('circle-outline', new ThemeColor('testing.iconUnset'));
  }
}
