import type { TestController, TestItem, Uri } from 'vscode';
import { Range } from 'vscode';
import type { Outline, OutlineNode, ProjectKey } from '../../protocol.ts';
import type { Workspace } from '../workspace.ts';

/** What an item of the Test Explorer stands for. */
interface Shown {
  readonly key: ProjectKey;
  /** The tests below it, itself if it is one. */
  tests: readonly OutlineNode[];
}

/** What hangs below a model, or below nothing in particular. */
interface Group {
  readonly id: string;
  readonly node: OutlineNode | undefined;
  /** The project itself where one of the tests is its own, else the package that they belong to. */
  package: string;
  readonly tests: OutlineNode[];
}

/** A project as it was last drawn. */
interface Drawn {
  readonly nodes: Outline['nodes'];
  readonly groups: ReadonlyMap<string, Group>;
  /** The group of each test. */
  readonly groupOf: ReadonlyMap<string, Group>;
}

/** Projects with no more tests than that have all of them in the explorer from the start. */
const fewTests = 500;

/**
 * Project → model → column → test. In a large project a model's branch is filled when it is opened, when one of its tests runs, or when the
 * file that declares them is in sight, where they get their marks: ten thousand items at once would hold up the editor.
 */
export class TestTree {
  #shown = new WeakMap<TestItem, Shown>();
  readonly #drawn = new Map<string, Drawn>();
  /** The items of tests, by project and test. */
  readonly #leaves = new Map<string, TestItem>();

  constructor(
    private readonly controller: TestController,
    private readonly workspace: Workspace,
  ) {}

  /** Shows the projects as they are now; items that stay keep their results, and what did not change is not touched. */
  refresh(): void {
    const { items } = this.controller;
    const wanted = new Map(this.workspace.outlines.map((outline) => [toId(outline.key), outline]));
    for (const [id] of items) if (!wanted.has(id)) this.#forget(id);
    for (const [id, outline] of wanted) {
      const drawn = this.#drawn.get(id);
      if (drawn?.nodes === outline.nodes) continue;
      const tests = testsOf(outline);
      if (tests.length === 0) {
        this.#forget(id);
        continue;
      }
      const known = items.get(id);
      const item = known ?? this.controller.createTestItem(id, outline.name, this.workspace.uriOf(outline.key, ''));
      item.canResolveChildren = true;
      this.#shown.set(item, { key: outline.key, tests });
      if (drawn !== undefined) this.#fillProject(item, outline);
      if (known === undefined) items.add(item);
    }
  }

  /** Fills the branch that was opened. */
  resolve(item: TestItem): void {
    const shown = this.#shown.get(item);
    const outline = shown === undefined ? undefined : this.workspace.find(shown.key);
    if (outline === undefined) return;
    if (item.id === toId(outline.key)) this.#fillProject(item, outline);
    else if (item.canResolveChildren) this.#fillModel(item, outline);
  }

  /** Fills the branches of the tests that a file declares, or whose model it is. */
  showFile(uri: Uri): void {
    const place = this.workspace.place(uri);
    const project = place === undefined ? undefined : this.controller.items.get(toId(place.outline.key));
    if (place === undefined || project === undefined) return;
    if (!this.#drawn.has(project.id)) this.resolve(project);
    for (const group of this.#drawn.get(project.id)?.groups.values() ?? [])
      if (group.node?.path === place.path || group.tests.some((test) => test.path === place.path))
        this.#openGroup(project, place.outline, group);
  }

  /** The tests that an item stands for, with their project. */
  testsBelow(item: TestItem): { readonly key: ProjectKey; readonly tests: readonly OutlineNode[] } | undefined {
    return this.#shown.get(item);
  }

  /** The item of a test; its branch is filled so that it is there. */
  itemOf(key: ProjectKey, id: string): TestItem | undefined {
    const projectId = toId(key);
    const known = this.#leaves.get(`${projectId} ${id}`);
    if (known !== undefined) return known;
    const project = this.controller.items.get(projectId);
    const outline = this.workspace.find(key);
    if (project === undefined || outline === undefined) return undefined;
    if (!this.#drawn.has(projectId)) this.#fillProject(project, outline);
    const group = this.#drawn.get(projectId)?.groupOf.get(id);
    if (group !== undefined) this.#openGroup(project, outline, group);
    return this.#leaves.get(`${projectId} ${id}`);
  }

  /** The item of a test, if its branch is filled. */
  knownItemOf(key: ProjectKey, id: string): TestItem | undefined {
    return this.#leaves.get(`${toId(key)} ${id}`);
  }

  #forget(id: string): void {
    this.controller.items.delete(id);
    this.#drawn.delete(id);
    for (const leaf of [...this.#leaves.keys()]) if (leaf.startsWith(`${id} `)) this.#leaves.delete(leaf);
  }

  #openGroup(project: TestItem, outline: Outline, group: Group): void {
    const item = parentOf(project, group).children.get(toGroupId(project, group));
    if (item?.children.size === 0) this.#fillModel(item, outline);
  }

  #fillProject(project: TestItem, outline: Outline): void {
    const before = this.#drawn.get(project.id);
    if (before?.nodes === outline.nodes) return;
    const groups = toGroups(outline);
    const byId = new Map(groups.map((group) => [group.id, group]));
    const groupOf = new Map<string, Group>(groups.flatMap((group) => group.tests.map((test) => [test.id, group] as const)));
    this.#drawn.set(project.id, { nodes: outline.nodes, groups: byId, groupOf });
    for (const gone of before?.groupOf.keys() ?? []) if (!groupOf.has(gone)) this.#leaves.delete(`${project.id} ${gone}`);
    const isSmall = groupOf.size <= fewTests;
    const own = outline.name;
    const foreign = groups.filter((group) => group.package !== own);
    const packages =
      foreign.length === 0
        ? undefined
        : this.#item(
            project,
            toPackagesId(project),
            'packages',
            outline,
            undefined,
            foreign.flatMap(({ tests }) => tests),
          );
    if (packages !== undefined) project.children.add(packages);
    const toItem = (group: Group): TestItem => {
      const item = this.#item(
        parentOf(project, group),
        toGroupId(project, group),
        group.node?.name ?? 'several models',
        outline,
        group.node,
        group.tests,
      );
      const old = before?.groups.get(group.id);
      item.canResolveChildren = true;
      const isChanged = item.children.size > 0 && (old === undefined || !isSame(old, group));
      if (isChanged || (isSmall && item.children.size === 0)) this.#fillModel(item, outline);
      return item;
    };
    const byLabel = (a: TestItem, b: TestItem): number => (a.label < b.label ? -1 : 1);
    if (packages !== undefined) replaceUnlessSame(packages, foreign.map(toItem).sort(byLabel));
    const items = groups
      .filter((group) => group.package === own)
      .map(toItem)
      .sort(byLabel);
    // Tests of installed packages are folded away below the project's own.
    replaceUnlessSame(project, packages === undefined ? items : [...items, packages]);
  }

  #fillModel(model: TestItem, outline: Outline): void {
    const columns = new Map<string, OutlineNode[]>();
    const items: TestItem[] = [];
    const leaf = (parent: TestItem, test: OutlineNode, label: string): TestItem => {
      const id = `${toId(outline.key)} ${test.id}`;
      const item = this.#item(parent, id, label, outline, test, [test]);
      this.#leaves.set(id, item);
      return item;
    };
    for (const test of this.#shown.get(model)?.tests ?? []) {
      const own = test.column === undefined ? undefined : columns.get(test.column);
      if (test.column === undefined) items.push(leaf(model, test, test.name));
      else if (own === undefined) columns.set(test.column, [test]);
      else own.push(test);
    }
    for (const [name, own] of columns) {
      const column = this.#item(model, `${model.id} column ${name}`, name, outline, own[0], own);
      column.children.replace(own.map((test) => leaf(column, test, toLabel(test))));
      items.push(column);
    }
    model.children.replace(items);
  }

  /** The item of that id below a parent, the one that stands there already if there is one. */
  #item(
    parent: TestItem,
    id: string,
    label: string,
    outline: Outline,
    place: OutlineNode | undefined,
    tests: readonly OutlineNode[],
  ): TestItem {
    const known = parent.children.get(id);
    const uri = place === undefined ? undefined : this.workspace.uriOf(outline.key, place.path);
    const item = known?.uri?.toString() === uri?.toString() && known !== undefined ? known : this.controller.createTestItem(id, label, uri);
    const line = Math.max(0, (place?.line ?? 1) - 1);
    if (item.label !== label) item.label = label;
    if (uri !== undefined && item.range?.start.line !== line) item.range = new Range(line, 0, line, 0);
    this.#shown.set(item, { key: outline.key, tests });
    return item;
  }
}

function testsOf(outline: Outline): readonly OutlineNode[] {
  return outline.nodes.filter((node) => (node.kind === 'test' || node.kind === 'unit_test') && node.enabled);
}

function toGroups(outline: Outline): readonly Group[] {
  const nodes = new Map<string, OutlineNode>(outline.nodes.map((node) => [node.id, node]));
  const groups = new Map<string, Group>();
  for (const test of testsOf(outline)) {
    const id = test.tested !== undefined && nodes.has(test.tested) ? test.tested : '';
    const known = groups.get(id);
    if (known === undefined) groups.set(id, { id, node: nodes.get(id), package: test.package, tests: [test] });
    else {
      known.tests.push(test);
      if (test.package === outline.name) known.package = test.package;
    }
  }
  return [...groups.values()];
}

/** Whether the same items are drawn below two states of a model. */
function isSame(group: Group, other: Group): boolean {
  return group.tests.length === other.tests.length && group.tests.every((test, at) => isSameTest(test, other.tests[at]));
}

function isSameTest(test: OutlineNode, other: OutlineNode | undefined): boolean {
  return (
    test === other ||
    (other !== undefined && test.id === other.id && test.path === other.path && test.line === other.line && test.column === other.column)
  );
}

function toPackagesId(project: TestItem): string {
  return `${project.id} packages`;
}

/** The item below which a group stands: its project, or the folder of all packages. */
function parentOf(project: TestItem, group: Group): TestItem {
  return group.package === project.label ? project : (project.children.get(toPackagesId(project)) ?? project);
}

function replaceUnlessSame(parent: TestItem, items: readonly TestItem[]): void {
  const stays = parent.children.size === items.length && items.every((item) => parent.children.get(item.id) === item);
  if (!stays) parent.children.replace(items);
}

function toGroupId(project: TestItem, group: Group): string {
  return `${project.id} group ${group.id}`;
}

/** Below its column a test needs no more than its own words: `not_null_orders_id` is `not_null`. */
function toLabel(test: OutlineNode): string {
  const model = test.tested?.split('.').at(-1);
  const at = model === undefined ? -1 : test.name.indexOf(`_${model}_`);
  return at > 0 ? test.name.slice(0, at) : test.name;
}

function toId(key: ProjectKey): string {
  return `${key.folder} ${key.root}`;
}
