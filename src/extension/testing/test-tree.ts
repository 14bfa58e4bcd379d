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

/** Project → model → column → test; a branch is filled when it is opened or when one of its tests runs. */
export class TestTree {
  #shown = new WeakMap<TestItem, Shown>();

  constructor(
    private readonly controller: TestController,
    private readonly workspace: Workspace,
  ) {}

  /** Shows the projects as they are now; items that stay keep their results. */
  refresh(): void {
    const wanted = this.workspace.outlines.filter((outline) => testsOf(outline).length > 0);
    const { items } = this.controller;
    for (const [id] of items) if (!wanted.some((outline) => toId(outline.key) === id)) items.delete(id);
    for (const outline of wanted) {
      const id = toId(outline.key);
      const item = items.get(id) ?? this.controller.createTestItem(id, outline.name, this.workspace.uriOf(outline.key, ''));
      item.canResolveChildren = true;
      this.#shown.set(item, { key: outline.key, tests: testsOf(outline) });
      if (item.children.size > 0) this.#fillProject(item, outline);
      items.add(item);
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
    const project = this.controller.items.get(toId(key));
    if (project === undefined) return undefined;
    if (project.children.size === 0) this.resolve(project);
    const find = (items: Iterable<[string, TestItem]>): TestItem | undefined => {
      for (const [itemId, item] of items) {
        if (itemId === `${toId(key)} ${id}`) return item;
        const inside = find(item.children);
        if (inside !== undefined) return inside;
      }
      return undefined;
    };
    return find(project.children);
  }

  #fillProject(project: TestItem, outline: Outline): void {
    const nodes = new Map<string, OutlineNode>(outline.nodes.map((node) => [node.id, node]));
    const groups = new Map<string, OutlineNode[]>();
    for (const test of testsOf(outline)) {
      const group = test.tested !== undefined && nodes.has(test.tested) ? test.tested : '';
      groups.set(group, [...(groups.get(group) ?? []), test]);
    }
    const items = [...groups].map(([id, tests]) => {
      const node = nodes.get(id);
      const item = this.#item(project, `${project.id} group ${id}`, node?.name ?? 'several models', outline, node, tests);
      this.#fillModel(item, outline, tests);
      return item;
    });
    project.children.replace(items.sort((a, b) => (a.label < b.label ? -1 : 1)));
  }

  #fillModel(model: TestItem, outline: Outline, tests: readonly OutlineNode[]): void {
    const columns = new Map<string, OutlineNode[]>();
    const items: TestItem[] = [];
    for (const test of tests)
      if (test.column === undefined) items.push(this.#item(model, `${toId(outline.key)} ${test.id}`, test.name, outline, test, [test]));
      else columns.set(test.column, [...(columns.get(test.column) ?? []), test]);
    for (const [name, own] of columns) {
      const column = this.#item(model, `${model.id} column ${name}`, name, outline, own[0], own);
      column.children.replace(
        own.map((test) => this.#item(column, `${toId(outline.key)} ${test.id}`, toLabel(test), outline, test, [test])),
      );
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
    const uri = place === undefined ? undefined : this.workspace.uriOf(outline.key, place.path);
    const known = parent.children.get(id);
    const item = known?.uri?.toString() === uri?.toString() && known !== undefined ? known : this.controller.createTestItem(id, label, uri);
    const line = Math.max(0, (place?.line ?? 1) - 1);
    item.label = label;
    if (uri !== undefined) item.range = new Range(line, 0, line, 0);
    this.#shown.set(item, { key: outline.key, tests });
    return item;
  }
}

function testsOf(outline: Outline): readonly OutlineNode[] {
  return outline.nodes.filter((node) => (node.kind === 'test' || node.kind === 'unit_test') && node.enabled);
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
