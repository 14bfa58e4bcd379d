import type { TestController, TestItem } from 'vscode';
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
  readonly tests: OutlineNode[];
}

/** Project → model → column → test; a branch is filled when it is opened or when one of its tests runs. */
export class TestTree {
  #shown = new WeakMap<TestItem, Shown>();
  /** The tests of each project as they were last drawn, and their items. */
  readonly #drawn = new Map<string, { readonly groups: readonly Group[]; readonly byTest: ReadonlyMap<string, TestItem> }>();

  constructor(
    private readonly controller: TestController,
    private readonly workspace: Workspace,
  ) {}

  /** Shows the projects as they are now; items that stay keep their results, and what did not change is not touched. */
  refresh(): void {
    const { items } = this.controller;
    const wanted = this.workspace.outlines.map((outline) => ({ outline, id: toId(outline.key), tests: testsOf(outline) }));
    for (const [id] of items)
      if (!wanted.some((project) => project.id === id && project.tests.length > 0)) {
        items.delete(id);
        this.#drawn.delete(id);
      }
    for (const { outline, id, tests } of wanted) {
      if (tests.length === 0) continue;
      const known = items.get(id);
      const item = known ?? this.controller.createTestItem(id, outline.name, this.workspace.uriOf(outline.key, ''));
      item.canResolveChildren = true;
      this.#shown.set(item, { key: outline.key, tests });
      if (this.#drawn.has(id)) this.#fillProject(item, outline);
      if (known === undefined) items.add(item);
    }
  }

  /** Fills the branch that was opened. */
  resolve(item: TestItem): void {
    const shown = this.#shown.get(item);
    const outline = shown === undefined ? undefined : this.workspace.find(shown.key);
    if (outline !== undefined && item.id === toId(outline.key)) this.#fillProject(item, outline);
  }

  /** The tests that an item stands for, with their project. */
  testsBelow(item: TestItem): { readonly key: ProjectKey; readonly tests: readonly OutlineNode[] } | undefined {
    return this.#shown.get(item);
  }

  /** The item of a test; its branch is filled so that it is there. */
  itemOf(key: ProjectKey, id: string): TestItem | undefined {
    const projectId = toId(key);
    const project = this.controller.items.get(projectId);
    if (project === undefined) return undefined;
    if (!this.#drawn.has(projectId)) this.resolve(project);
    return this.#drawn.get(projectId)?.byTest.get(id);
  }

  #fillProject(project: TestItem, outline: Outline): void {
    const groups = toGroups(outline);
    const before = this.#drawn.get(project.id);
    if (before !== undefined && isSame(before.groups, groups)) return;
    const known = new Map(before?.groups.map((group) => [group.id, group]));
    const byTest = new Map<string, TestItem>();
    const items = groups.map((group) => {
      const label = group.node?.name ?? 'several models';
      const item = this.#item(project, `${project.id} group ${group.id}`, label, outline, group.node, group.tests);
      const old = known.get(group.id);
      if (old === undefined || item.children.size === 0 || !isSame([old], [group])) this.#fillModel(item, outline, group.tests, byTest);
      else this.#keep(item, byTest);
      return item;
    });
    project.children.replace(items.sort((a, b) => (a.label < b.label ? -1 : 1)));
    this.#drawn.set(project.id, { groups, byTest });
  }

  #fillModel(model: TestItem, outline: Outline, tests: readonly OutlineNode[], byTest: Map<string, TestItem>): void {
    const columns = new Map<string, OutlineNode[]>();
    const items: TestItem[] = [];
    const leaf = (parent: TestItem, test: OutlineNode, label: string): TestItem => {
      const item = this.#item(parent, `${toId(outline.key)} ${test.id}`, label, outline, test, [test]);
      byTest.set(test.id, item);
      return item;
    };
    for (const test of tests) {
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

  /** The items below a model that stay as they are. */
  #keep(item: TestItem, byTest: Map<string, TestItem>): void {
    const [test] = this.#shown.get(item)?.tests ?? [];
    if (item.children.size === 0 && test !== undefined) byTest.set(test.id, item);
    for (const [, child] of item.children) this.#keep(child, byTest);
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
    const uri = place === undefined ? undefined : this.workspace.uriOf(outline.key, place.path);
    const known = parent.children.get(id);
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
    if (known === undefined) groups.set(id, { id, node: nodes.get(id), tests: [test] });
    else known.tests.push(test);
  }
  return [...groups.values()];
}

/** Whether the same items would be drawn for them. */
function isSame(before: readonly Group[], now: readonly Group[]): boolean {
  return (
    before.length === now.length &&
    before.every((group, i) => {
      const other = now[i];
      return (
        other !== undefined &&
        group.id === other.id &&
        group.node?.path === other.node?.path &&
        group.node?.line === other.node?.line &&
        group.tests.length === other.tests.length &&
        group.tests.every((test, at) => isSameTest(test, other.tests[at]))
      );
    })
  );
}

function isSameTest(test: OutlineNode, other: OutlineNode | undefined): boolean {
  return (
    other !== undefined && test.id === other.id && test.path === other.path && test.line === other.line && test.column === other.column
  );
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
