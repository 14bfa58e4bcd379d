import type { DataTransfer, Disposable, TreeDataProvider, TreeDragAndDropController, TreeView } from 'vscode';
import {
  DataTransferItem,
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
} from 'vscode';
import type { OutlineNode } from '../../protocol.ts';
import type { Edge } from '../edge.ts';
import { toReference } from '../reference.ts';
import { isOn } from '../settings.ts';
import type { Found, Workspace } from '../workspace.ts';
import type { FolderItem, LineageItem, NodeItem } from './lineage-items.ts';
import { findItem, neighbours, toLineageItems, toRelatives } from './lineage-items.ts';

/** Sources, seeds and models in their folders; expanding a model shows its parents and children, as far as one likes. */
export class LineageTree implements TreeDataProvider<LineageItem>, TreeDragAndDropController<LineageItem>, Disposable {
  readonly dragMimeTypes = ['text/plain'];
  readonly dropMimeTypes: string[] = [];
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: TreeView<LineageItem>;
  readonly #disposables: Disposable[];
  #items: readonly LineageItem[] | undefined;

  constructor(
    private readonly workspace: Workspace,
    private readonly edge: Edge,
  ) {
    this.#view = window.createTreeView('headwater.lineage', { treeDataProvider: this, dragAndDropController: this, showCollapseAll: true });
    this.#disposables = [
      this.#view,
      this.#changed,
      workspace.onDidChange(() => this.#refresh()),
      window.onDidChangeActiveTextEditor(() => void this.edge.provide('following the editor', () => this.#follow())),
      this.#view.onDidChangeVisibility(() => void this.edge.provide('following the editor', () => this.#follow())),
    ];
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async getChildren(item?: LineageItem): Promise<LineageItem[]> {
    const children = await this.edge.provide('the lineage tree', async () => {
      if (item === undefined) {
        await this.workspace.ready();
        this.#items ??= toLineageItems(this.workspace.outlines);
        return this.#items;
      }
      return item.kind === 'node' ? toRelatives(item) : item.children;
    });
    return [...(children ?? [])];
  }

  getParent(item: LineageItem): LineageItem | undefined {
    return item.parent?.kind === 'project' && this.workspace.outlines.length === 1 ? undefined : item.parent;
  }

  getTreeItem(item: LineageItem): TreeItem {
    const shown = item.kind === 'node' ? this.#toNodeRow(item) : toFolderRow(item);
    shown.id = item.id;
    return shown;
  }

  handleDrag(items: readonly LineageItem[], transfer: DataTransfer): void {
    const text = items.flatMap((item) => (item.kind === 'node' ? [toReference(item.outline, item.node)] : [])).join('\n');
    if (text !== '') transfer.set('text/plain', new DataTransferItem(text));
  }

  /** Shows a node in the tree and gives it the focus where asked. */
  async reveal(found: Found, focus: boolean): Promise<void> {
    await this.workspace.ready();
    this.#items ??= toLineageItems(this.workspace.outlines);
    const item = findItem(this.#items, found.node.id, found.outline.key.folder, found.outline.key.root);
    if (item !== undefined) await this.#view.reveal(item, { select: true, focus, expand: false });
  }

  #refresh(): void {
    this.#items = undefined;
    const errors = this.workspace.outlines.flatMap((outline) => outline.problems).filter((problem) => problem.severity === 'error').length;
    this.#view.badge = errors === 0 ? undefined : { value: errors, tooltip: l10n.t('{0} errors in the project', errors) };
    this.#view.message = this.workspace.isReading ? l10n.t('Reading the project…') : '';
    this.#changed.fire(undefined);
    void this.edge.provide('following the editor', () => this.#follow());
  }

  async #follow(): Promise<void> {
    const uri = window.activeTextEditor?.document.uri;
    if (uri === undefined || !this.#view.visible || !isOn('followEditor')) return;
    const found = this.workspace.findByUri(uri);
    if (found === undefined) return;
    const [selected] = this.#view.selection;
    if (selected?.kind === 'node' && selected.node.id === found.node.id) return;
    await this.reveal(found, false);
  }

  #toNodeRow(item: NodeItem): TreeItem {
    const { outline, node, relation } = item;
    const row = new TreeItem(node.name, hasRelatives(item) ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None);
    const arrow = relation === 'parent' ? '↑ ' : relation === 'child' ? '↓ ' : '';
    row.description = `${arrow}${node.enabled ? node.materialized : l10n.t('disabled')}`;
    row.iconPath = iconOf(node);
    row.contextValue = ['model', 'seed', 'snapshot', 'source'].includes(node.kind) ? `node relation ${node.kind}` : 'node';
    row.tooltip = tooltipOf(item);
    const role = relation === 'parent' ? l10n.t('parent') : relation === 'child' ? l10n.t('child') : '';
    row.accessibilityInformation = { label: [node.name, node.kind, node.materialized, role].filter((part) => part !== '').join(', ') };
    row.resourceUri = this.workspace.uriOf(outline.key, node.path);
    row.command = { command: 'headwater.openNode', title: l10n.t('Open File'), arguments: [item] };
    return row;
  }
}

function toFolderRow(item: Exclude<LineageItem, NodeItem>): TreeItem {
  if (item.kind === 'project') {
    const row = new TreeItem(item.label, TreeItemCollapsibleState.Expanded);
    row.description = item.outline.adapter;
    row.iconPath = new ThemeIcon('package');
    row.contextValue = 'project';
    return row;
  }
  const open = item.role === 'models' || item.role === 'seeds' || item.role === 'sources' || item.role === 'folder';
  const row = new TreeItem(item.label, open ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed);
  row.description = String(item.count);
  row.iconPath = new ThemeIcon(folderIcons[item.role]);
  row.contextValue = 'folder';
  return row;
}

const folderIcons: Record<FolderItem['role'], string> = {
  sources: 'database',
  source: 'server',
  seeds: 'list-tree',
  models: 'symbol-structure',
  folder: 'folder',
  snapshots: 'history',
  exposures: 'dashboard',
  metrics: 'graph',
  packages: 'library',
  package: 'package',
};

/** The icon says what a node is and, for models, how it is materialized; its colour is the kind's. */
function iconOf(node: OutlineNode): ThemeIcon {
  if (!node.enabled) return new ThemeIcon('circle-slash', new ThemeColor('disabledForeground'));
  switch (node.kind) {
    case 'source':
      return new ThemeIcon('database', new ThemeColor('headwater.source'));
    case 'seed':
      return new ThemeIcon('symbol-enum', new ThemeColor('headwater.seed'));
    case 'snapshot':
      return new ThemeIcon('history', new ThemeColor('headwater.snapshot'));
    case 'exposure':
      return new ThemeIcon('dashboard', new ThemeColor('headwater.exposure'));
    case 'metric':
    case 'semantic_model':
      return new ThemeIcon('graph', new ThemeColor('headwater.exposure'));
    default: {
      const shapes: Record<string, string> = { table: 'table', incremental: 'diff-added', ephemeral: 'symbol-namespace', view: 'eye' };
      return new ThemeIcon(
        node.path.endsWith('.py') ? 'symbol-method' : (shapes[node.materialized] ?? 'symbol-file'),
        new ThemeColor('headwater.model'),
      );
    }
  }
}

function hasRelatives(item: NodeItem): boolean {
  const up = item.relation !== 'child' && neighbours(item.outline, item.node.id, 'to').length > 0;
  const down = item.relation !== 'parent' && neighbours(item.outline, item.node.id, 'from').length > 0;
  return up || down;
}

function tooltipOf({ outline, node }: NodeItem): MarkdownString {
  const text = new MarkdownString();
  text.appendMarkdown(`**${escapeMarkdown(node.name)}** · ${node.kind}${node.materialized === '' ? '' : ` · ${node.materialized}`}\n\n`);
  if (node.description !== '') text.appendMarkdown(`${node.description}\n\n`);
  const up = neighbours(outline, node.id, 'to').length;
  const down = neighbours(outline, node.id, 'from').length;
  text.appendMarkdown(`${l10n.t('{0} parents · {1} children · {2} documented columns', up, down, node.columnCount)}\n\n`);
  if (node.tags.length > 0) text.appendMarkdown(`${node.tags.map((tag) => `\`${tag}\``).join(' ')}\n\n`);
  text.appendMarkdown(`\`${node.path}\``);
  return text;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>]/g, '\\$&');
}
