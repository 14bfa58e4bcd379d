import type { DataTransfer, Disposable, MarkdownString, TreeDataProvider, TreeDragAndDropController, TreeView } from 'vscode';
import { commands, DataTransferItem, EventEmitter, l10n, ThemeIcon, TreeItem, TreeItemCollapsibleState, window } from 'vscode';
import { toCode, toName, toProse } from '../../core/docs/markdown.ts';
import type { NodeId } from '../../core/text/ids.ts';
import type { AnalysisCalls, LastResults, Outline, ProjectKey } from '../../protocol.ts';
import type { Edge } from '../edge.ts';
import { toMarkdownString } from '../markdown.ts';
import { ownProblems } from '../package-files.ts';
import { toReference } from '../reference.ts';
import { isOn } from '../settings.ts';
import type { WorkerClient } from '../worker-client.ts';
import type { Found, Workspace } from '../workspace.ts';
import type { ColumnItem, ColumnsItem, FolderItem, LineageItem, NodeItem, ProjectItem, TestCount } from './lineage-items.ts';
import { countTests, findItem, neighbours, toColumnItems, toLineageItems, toNodeChildren } from './lineage-items.ts';
import { iconOf } from './node-icon.ts';

/** Sources, seeds and models in their folders; expanding a model shows its columns, parents and children, as far as one likes. */
export class LineageTree implements TreeDataProvider<LineageItem>, TreeDragAndDropController<LineageItem>, Disposable {
  readonly dragMimeTypes = ['text/plain'];
  readonly dropMimeTypes: string[] = [];
  readonly #changed = new EventEmitter<LineageItem | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #selected = new EventEmitter<Found>();
  /** A node was chosen in the tree. */
  readonly onDidSelect = this.#selected.event;
  readonly #view: TreeView<LineageItem>;
  readonly #disposables: Disposable[];
  #items: readonly LineageItem[] | undefined;
  readonly #counts = new Map<Outline, ReadonlyMap<NodeId, TestCount>>();
  /** The lists of columns that were opened since the nodes changed. */
  readonly #opened = new Set<ColumnsItem>();
  #isLocked = false;
  /** What stands above the tree while nothing is read. */
  #said = '';

  constructor(
    private readonly workspace: Workspace,
    private readonly analysis: WorkerClient<AnalysisCalls>,
    private readonly lastResults: (project: ProjectKey) => LastResults,
    private readonly edge: Edge,
  ) {
    this.#view = window.createTreeView('headwater.lineage', { treeDataProvider: this, dragAndDropController: this, showCollapseAll: true });
    this.#disposables = [
      this.#view,
      this.#changed,
      this.#selected,
      this.#view.onDidChangeSelection(({ selection: [item] }) => {
        if (item !== undefined && 'node' in item) this.#selected.fire(item);
      }),
      workspace.onDidChange(() => this.#tellState()),
      workspace.onDidChangeNodes(() => this.#refresh()),
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
      if (item.kind === 'node') return toNodeChildren(item);
      if (item.kind === 'columns') {
        this.#opened.add(item);
        return toColumnItems(item, await this.analysis.ask('columns', { project: item.outline.key, node: item.node.id }));
      }
      return item.kind === 'column' ? [] : item.children;
    });
    return [...(children ?? [])];
  }

  getParent(item: LineageItem): LineageItem | undefined {
    return item.parent?.kind === 'project' && this.workspace.outlines.length === 1 ? undefined : item.parent;
  }

  getTreeItem(item: LineageItem): TreeItem {
    const shown =
      item.kind === 'node'
        ? this.#toNodeRow(item)
        : item.kind === 'columns'
          ? toColumnsRow(item)
          : item.kind === 'column'
            ? toColumnRow(item)
            : toFolderRow(item);
    shown.id = item.id;
    return shown;
  }

  /** Asked for when a row is pointed at: a thousand rows would be held up by tooltips nobody sees. */
  resolveTreeItem(row: TreeItem, item: LineageItem): TreeItem {
    if (item.kind === 'node') row.tooltip = tooltipOf(item);
    else if (item.kind === 'column') row.tooltip = columnTooltipOf(item);
    return row;
  }

  handleDrag(items: readonly LineageItem[], transfer: DataTransfer): void {
    const texts = items.flatMap((item) =>
      item.kind === 'node' ? [toReference(item.outline, item.node)] : item.kind === 'column' ? [item.column.name] : [],
    );
    const text = texts.join(items.every((item) => item.kind === 'column') ? ', ' : '\n');
    if (text !== '') transfer.set('text/plain', new DataTransferItem(text));
  }

  /** Shows a node in the tree and gives it the focus where asked. */
  async reveal(found: Found, focus: boolean): Promise<void> {
    await this.workspace.ready();
    this.#items ??= toLineageItems(this.workspace.outlines);
    const item = findItem(this.#items, found.node.id, found.outline.key.folder, found.outline.key.root);
    if (item !== undefined) await this.#view.reveal(item, { select: true, focus, expand: false });
  }

  /** Shows a few lines above the tree. */
  say(message: string): void {
    this.#said = message;
    this.#tellState();
  }

  /** Keeps the selection where it is while the editor goes elsewhere, or follows it again. */
  async lock(isLocked: boolean): Promise<void> {
    this.#isLocked = isLocked;
    await commands.executeCommand('setContext', 'headwater.treeLocked', isLocked);
    if (!isLocked) await this.#follow();
  }

  /** Shows how tests ended that ran just now. */
  tellResults(): void {
    this.#counts.clear();
    this.#changed.fire(undefined);
  }

  /** Draws what a change can have changed that is no change of nodes: the badge, and the columns of those that were opened. */
  #tellState(): void {
    const errors = this.workspace.outlines.flatMap(ownProblems).filter((problem) => problem.severity === 'error').length;
    this.#view.badge = errors === 0 ? undefined : { value: errors, tooltip: l10n.t('{0} errors in the project', errors) };
    this.#view.message = this.workspace.isReading ? l10n.t('Reading the project…') : this.#said;
    for (const item of this.#opened) this.#changed.fire(item);
  }

  #refresh(): void {
    this.#items = undefined;
    this.#counts.clear();
    this.#opened.clear();
    this.#changed.fire(undefined);
    void this.edge.provide('following the editor', () => this.#follow());
  }

  async #follow(): Promise<void> {
    const uri = window.activeTextEditor?.document.uri;
    if (uri === undefined || !this.#view.visible || this.#isLocked || !isOn('followEditor')) return;
    const found = this.workspace.findByUri(uri);
    if (found === undefined) return;
    const [selected] = this.#view.selection;
    if (selected?.kind === 'node' && selected.node.id === found.node.id) return;
    await this.reveal(found, false);
  }

  #toNodeRow(item: NodeItem): TreeItem {
    const { outline, node, relation } = item;
    const row = new TreeItem(node.name, canOpen(item) ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None);
    const arrow = relation === 'parent' ? '↑ ' : relation === 'child' ? '↓ ' : '';
    const tests = toTestWords(this.#countOf(item));
    const said = [node.enabled ? node.materialized : l10n.t('disabled'), tests?.short ?? ''];
    row.description = `${arrow}${said.filter((part) => part !== '').join(' · ')}`;
    row.iconPath = iconOf(node);
    row.contextValue = ['model', 'seed', 'snapshot', 'source'].includes(node.kind) ? `node relation ${node.kind}` : 'node';
    const role = relation === 'parent' ? l10n.t('parent') : relation === 'child' ? l10n.t('child') : '';
    row.accessibilityInformation = {
      label: [node.name, node.kind, node.materialized, role, tests?.long ?? ''].filter((part) => part !== '').join(', '),
    };
    // The decorations of a file would repeat its problems on each row that stands for it.
    if (relation === 'self') row.resourceUri = this.workspace.uriOf(outline.key, node.path);
    row.command = { command: 'headwater.openNode', title: l10n.t('Open File'), arguments: [item] };
    return row;
  }

  #countOf({ outline, node }: NodeItem): TestCount | undefined {
    const known = this.#counts.get(outline) ?? countTests(outline, this.lastResults(outline.key));
    this.#counts.set(outline, known);
    return known.get(node.id);
  }
}

/** How a node's tests ended, for eyes and for ears. */
function toTestWords(count: TestCount | undefined): { readonly short: string; readonly long: string } | undefined {
  if (count === undefined) return undefined;
  return count.failed === 0
    ? { short: `✓ ${count.ran}`, long: l10n.t('{0} tests passed', count.ran) }
    : { short: l10n.t('✗ {0} of {1}', count.failed, count.ran), long: l10n.t('{0} of {1} tests failed', count.failed, count.ran) };
}

function toColumnsRow({ node }: ColumnsItem): TreeItem {
  const row = new TreeItem(l10n.t('Columns'), TreeItemCollapsibleState.Collapsed);
  row.description = String(node.columnCount);
  row.iconPath = new ThemeIcon('symbol-field');
  row.contextValue = 'columns';
  row.accessibilityInformation = { label: l10n.t('{0} columns of {1}', node.columnCount, node.name) };
  return row;
}

function toColumnRow(item: ColumnItem): TreeItem {
  const { name, type, description, facts } = item.column;
  const row = new TreeItem(name, TreeItemCollapsibleState.None);
  const isKey = facts.some((fact) => fact === 'primary key' || fact === 'unique');
  row.description = [type.toLowerCase(), ...facts].filter((part) => part !== '').join(' · ');
  row.iconPath = new ThemeIcon(isKey ? 'key' : facts.some((fact) => fact.startsWith('→')) ? 'references' : 'symbol-field');
  row.contextValue = 'column';
  row.accessibilityInformation = { label: [name, type, ...facts, description].filter((part) => part !== '').join(', ') };
  row.command = { command: 'headwater.openNode', title: l10n.t('Open File'), arguments: [item] };
  return row;
}

function columnTooltipOf({ column: { name, type, description, facts } }: ColumnItem): MarkdownString {
  const parts = [`**${toName(name)}** ${toCode(type)}`, toProse(description), facts.map(toName).join(' · ')];
  return toMarkdownString(parts.filter((part) => part !== '').join('\n\n'));
}

function toFolderRow(item: ProjectItem | FolderItem): TreeItem {
  if (item.kind === 'project') {
    const row = new TreeItem(item.label, TreeItemCollapsibleState.Expanded);
    row.description = item.outline.adapter;
    row.iconPath = new ThemeIcon('package');
    row.contextValue = 'project';
    return row;
  }
  const isAside = (item.role === 'sources' || item.role === 'seeds') && item.children.length > mostAside;
  const open = !isAside && openRoles.has(item.role) && (isSmall(item) || (item.role !== 'folder' && item.children.length <= mostOpen));
  const row = new TreeItem(item.label, open ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed);
  row.description = String(item.count);
  row.iconPath = new ThemeIcon(folderIcons[item.role]);
  row.contextValue = 'folder';
  return row;
}

const openRoles = new Set<FolderItem['role']>(['models', 'seeds', 'sources', 'folder']);

/** Sources and seeds stand before the models: more rows of them are folded, so that models are seen at once. */
const mostAside = 6;

/** More rows than that are not laid open before anyone asks for them. */
const mostOpen = 200;

/** Whether everything that the outermost folder around an item gathers can lie open. */
function isSmall(item: FolderItem): boolean {
  return item.parent?.kind === 'folder' ? isSmall(item.parent) : item.count <= mostOpen;
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

function canOpen(item: NodeItem): boolean {
  if (item.node.columnCount > 0) return true;
  const up = item.relation !== 'child' && neighbours(item.outline, item.node.id, 'to').length > 0;
  const down = item.relation !== 'parent' && neighbours(item.outline, item.node.id, 'from').length > 0;
  return up || down;
}

function tooltipOf({ outline, node }: NodeItem): MarkdownString {
  const up = neighbours(outline, node.id, 'to').length;
  const down = neighbours(outline, node.id, 'from').length;
  const parts = [
    `**${toName(node.name)}** · ${node.kind}${node.materialized === '' ? '' : ` · ${toName(node.materialized)}`}`,
    toProse(node.description),
    l10n.t('{0} parents · {1} children · {2} documented columns', up, down, node.columnCount),
    node.tags.map((tag) => toCode(tag)).join(' '),
    toCode(node.path, 300),
  ];
  return toMarkdownString(parts.filter((part) => part !== '').join('\n\n'));
}
