import type { NodeId } from '../../core/text/ids.ts';
import type { ColumnOutline, LastResults, Outline, OutlineNode } from '../../protocol.ts';

/** A row of the lineage tree. */
export type LineageItem = ProjectItem | FolderItem | NodeItem | ColumnsItem | ColumnItem;

export interface ProjectItem {
  readonly kind: 'project';
  readonly id: string;
  readonly parent: undefined;
  readonly outline: Outline;
  readonly label: string;
  children: readonly LineageItem[];
}

export interface FolderItem {
  readonly kind: 'folder';
  readonly id: string;
  readonly parent: LineageItem | undefined;
  readonly label: string;
  /** What it gathers: sources, seeds, a folder of models. */
  readonly role: 'sources' | 'source' | 'seeds' | 'models' | 'folder' | 'snapshots' | 'exposures' | 'metrics' | 'packages' | 'package';
  readonly count: number;
  children: readonly LineageItem[];
}

/** A node in its folder, or as the parent or child of the node above it. */
export interface NodeItem {
  readonly kind: 'node';
  readonly id: string;
  readonly parent: LineageItem | undefined;
  readonly outline: Outline;
  readonly node: OutlineNode;
  readonly relation: 'self' | 'parent' | 'child';
}

/** The columns of a node, which are asked for when they are shown. */
export interface ColumnsItem {
  readonly kind: 'columns';
  readonly id: string;
  readonly parent: NodeItem;
  readonly outline: Outline;
  readonly node: OutlineNode;
}

export interface ColumnItem {
  readonly kind: 'column';
  readonly id: string;
  readonly parent: ColumnsItem;
  readonly outline: Outline;
  readonly node: OutlineNode;
  readonly column: ColumnOutline;
}

/** How many of a node's tests ran last, and how many of those found something. */
export interface TestCount {
  readonly ran: number;
  readonly failed: number;
}

const ownKinds = new Set(['model', 'seed', 'snapshot', 'source', 'exposure', 'metric', 'semantic_model']);

/** The tree of all projects: with one project its groups stand at the top. */
export function toLineageItems(outlines: readonly Outline[]): readonly LineageItem[] {
  const projects = outlines.map(toProject);
  return projects.length === 1 ? (projects[0]?.children ?? []) : projects;
}

/** The item of a node in its folder, or undefined when no tree shows it. */
export function findItem(items: readonly LineageItem[], id: NodeId, folder: string, root: string): NodeItem | undefined {
  for (const item of items) {
    if (item.kind === 'node') {
      if (item.node.id === id && item.outline.key.folder === folder && item.outline.key.root === root) return item;
    } else if ('children' in item) {
      const found = findItem(item.children, id, folder, root);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Parents first, then children; each can be expanded further in its own direction. */
export function toRelatives(item: NodeItem): readonly NodeItem[] {
  const { outline, node } = item;
  const related: NodeItem[] = [];
  const add = (id: NodeId, relation: 'parent' | 'child'): void => {
    const other = outline.nodes.find((candidate) => candidate.id === id);
    if (other === undefined || !ownKinds.has(other.kind)) return;
    related.push({ kind: 'node', id: `${item.id}/${relation}:${id}`, parent: item, outline, node: other, relation });
  };
  if (item.relation !== 'child') for (const id of neighbours(outline, node.id, 'to')) add(id, 'parent');
  if (item.relation !== 'parent') for (const id of neighbours(outline, node.id, 'from')) add(id, 'child');
  return related;
}

/** What a node opens to: its columns, its parents, its children. */
export function toNodeChildren(item: NodeItem): readonly LineageItem[] {
  const { outline, node } = item;
  const columns: ColumnsItem = { kind: 'columns', id: `${item.id}/columns`, parent: item, outline, node };
  return node.columnCount > 0 ? [columns, ...toRelatives(item)] : toRelatives(item);
}

export function toColumnItems(parent: ColumnsItem, columns: readonly ColumnOutline[]): readonly ColumnItem[] {
  const { outline, node } = parent;
  return columns.map((column) => ({ kind: 'column', id: `${parent.id}/${column.name}`, parent, outline, node, column }));
}

/** The last results of tests, counted by the node that they test. */
export function countTests(outline: Outline, results: LastResults): ReadonlyMap<NodeId, TestCount> {
  const status = new Map<string, string>(results);
  const counts = new Map<NodeId, TestCount>();
  for (const { id, kind, tested } of outline.nodes) {
    const ended = kind === 'test' || kind === 'unit_test' ? status.get(id) : undefined;
    if (ended === undefined || ended === 'skip' || ended === 'no-data') continue;
    for (const on of tested === undefined ? neighbours(outline, id, 'to') : [tested]) {
      const { ran, failed } = counts.get(on) ?? { ran: 0, failed: 0 };
      counts.set(on, { ran: ran + 1, failed: failed + (ended === 'fail' || ended === 'error' ? 1 : 0) });
    }
  }
  return counts;
}

interface Neighbours {
  readonly from: ReadonlyMap<NodeId, readonly NodeId[]>;
  readonly to: ReadonlyMap<NodeId, readonly NodeId[]>;
}

const indexes = new WeakMap<Outline, Neighbours>();

/** The children (`from` this node) or parents (edges that lead `to` it) of a node, each once. */
export function neighbours(outline: Outline, id: NodeId, end: 'from' | 'to'): readonly NodeId[] {
  let index = indexes.get(outline);
  if (index === undefined) {
    const from = new Map<NodeId, NodeId[]>();
    const to = new Map<NodeId, NodeId[]>();
    for (const edge of outline.edges) {
      append(from, edge.from, edge.to);
      append(to, edge.to, edge.from);
    }
    index = { from, to };
    indexes.set(outline, index);
  }
  return index[end].get(id) ?? [];
}

function append(map: Map<NodeId, NodeId[]>, key: NodeId, value: NodeId): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}

function toProject(outline: Outline): ProjectItem {
  const project: ProjectItem = {
    kind: 'project',
    id: `${outline.key.folder}#${outline.key.root}`,
    parent: undefined,
    outline,
    label: outline.name,
    children: [],
  };
  const own = outline.nodes.filter((node) => node.package === outline.name && ownKinds.has(node.kind));
  const foreign = outline.nodes.filter((node) => node.package !== outline.name && ownKinds.has(node.kind));
  project.children = [...toGroups(outline, own, project), ...toPackages(outline, foreign, project)];
  return project;
}

function toGroups(outline: Outline, nodes: readonly OutlineNode[], parent: LineageItem): readonly LineageItem[] {
  const of = (kind: string): OutlineNode[] => nodes.filter((node) => node.kind === kind).sort(byName);
  const groups: (LineageItem | undefined)[] = [
    toSources(outline, of('source'), parent),
    toGroup(outline, 'seeds', 'Seeds', of('seed'), parent),
    toFolders(outline, of('model'), parent),
    toGroup(outline, 'snapshots', 'Snapshots', of('snapshot'), parent),
    toGroup(outline, 'exposures', 'Exposures', of('exposure'), parent),
    toGroup(outline, 'metrics', 'Metrics', [...of('semantic_model'), ...of('metric')], parent),
  ];
  return groups.filter((group) => group !== undefined);
}

function toGroup(
  outline: Outline,
  role: FolderItem['role'],
  label: string,
  nodes: readonly OutlineNode[],
  parent: LineageItem,
): FolderItem | undefined {
  if (nodes.length === 0) return undefined;
  const group: FolderItem = { kind: 'folder', id: `${parent.id}/${label}`, parent, label, role, count: nodes.length, children: [] };
  group.children = nodes.map((node) => toNode(outline, node, group));
  return group;
}

function toSources(outline: Outline, nodes: readonly OutlineNode[], parent: LineageItem): FolderItem | undefined {
  if (nodes.length === 0) return undefined;
  const all: FolderItem = {
    kind: 'folder',
    id: `${parent.id}/Sources`,
    parent,
    label: 'Sources',
    role: 'sources',
    count: nodes.length,
    children: [],
  };
  const names = [...new Set(nodes.map((node) => node.group))].sort();
  all.children = names.flatMap((name) => {
    const tables = nodes.filter((node) => node.group === name);
    return toGroup(outline, 'source', name === '' ? 'tables' : name, tables, all) ?? [];
  });
  return all;
}

function toPackages(outline: Outline, nodes: readonly OutlineNode[], parent: LineageItem): readonly LineageItem[] {
  const names = [...new Set(nodes.map((node) => node.package))].sort();
  if (names.length === 0) return [];
  const all: FolderItem = {
    kind: 'folder',
    id: `${parent.id}/Packages`,
    parent,
    label: 'Packages',
    role: 'packages',
    count: names.length,
    children: [],
  };
  all.children = names.map((name) => {
    const own = nodes.filter((node) => node.package === name);
    const item: FolderItem = {
      kind: 'folder',
      id: `${all.id}/${name}`,
      parent: all,
      label: name,
      role: 'package',
      count: own.length,
      children: [],
    };
    item.children = toGroups(outline, own, item);
    return item;
  });
  return [all];
}

/** Models in the folders of their files; the folders that all of them share are left out. */
function toFolders(outline: Outline, models: readonly OutlineNode[], parent: LineageItem): FolderItem | undefined {
  if (models.length === 0) return undefined;
  const folders = models.map((model) => model.path.split('/').slice(0, -1));
  const first = folders[0] ?? [];
  let shared = 0;
  while (shared < first.length && folders.every((folder) => folder[shared] === first[shared])) shared++;
  const top: FolderItem = {
    kind: 'folder',
    id: `${parent.id}/Models`,
    parent,
    label: 'Models',
    role: 'models',
    count: models.length,
    children: [],
  };
  fill(top, models, shared);
  return top;

  function fill(folder: FolderItem, inside: readonly OutlineNode[], depth: number): void {
    const here: OutlineNode[] = [];
    const deeper = new Map<string, OutlineNode[]>();
    for (const model of inside) {
      const parts = model.path.split('/');
      const name = parts[depth] ?? '';
      const others = deeper.get(name);
      if (parts.length - 1 <= depth) here.push(model);
      else if (others === undefined) deeper.set(name, [model]);
      else others.push(model);
    }
    const subfolders = [...deeper.keys()].sort().map((name) => {
      const own = deeper.get(name) ?? [];
      const child: FolderItem = {
        kind: 'folder',
        id: `${folder.id}/${name}`,
        parent: folder,
        label: name,
        role: 'folder',
        count: own.length,
        children: [],
      };
      fill(child, own, depth + 1);
      return child;
    });
    folder.children = [...subfolders, ...here.map((model) => toNode(outline, model, folder))];
  }
}

function toNode(outline: Outline, node: OutlineNode, parent: LineageItem): NodeItem {
  return { kind: 'node', id: `${parent.id}/${node.id}`, parent, outline, node, relation: 'self' };
}

function byName(a: OutlineNode, b: OutlineNode): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
