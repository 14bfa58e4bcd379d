import type { ProjectNode, UnitTestNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { checkContract } from './contract.ts';
import { hookThatMakes } from './no-data.ts';
import type { CheckResult } from './result.ts';
import { isBad } from './result.ts';
import type { Outcome } from './run-data-test.ts';
import { toError } from './run-data-test.ts';
import { type CheckSurroundings, runTest, runTimed } from './run-tests.ts';

/** Builds and tests a selection as `dbt build` does: parents first, a model after its unit tests, and nothing below what failed. */
export async function runBuild(around: CheckSurroundings, ids: readonly NodeId[]): Promise<readonly CheckResult[]> {
  return new Build(around, new Set(ids)).run();
}

class Build {
  readonly #results: CheckResult[] = [];
  /** Why a relation does not stand. */
  readonly #absent = new Map<NodeId, string>();
  /** Why what reads a relation is not built, though the relation itself stands. */
  readonly #blocking = new Map<NodeId, string>();
  /** Failed tests over several relations, which keep from being built only what stands below all of them. */
  readonly #shared: { readonly parents: readonly NodeId[]; readonly why: string }[] = [];
  /** The causes that are no fault of the project's: what stands below has no data either. */
  readonly #withoutData = new Set<string>();
  readonly #done = new Set<NodeId>();
  readonly #unitTests = new Map<NodeId, UnitTestNode[]>();

  constructor(
    private readonly around: CheckSurroundings,
    private readonly selected: ReadonlySet<NodeId>,
  ) {
    for (const id of selected) {
      const node = around.snapshot.nodes.get(id);
      if (node?.kind !== 'unit_test' || node.model === undefined) continue;
      const list = this.#unitTests.get(node.model);
      if (list === undefined) this.#unitTests.set(node.model, [node]);
      else list.push(node);
    }
  }

  async run(): Promise<readonly CheckResult[]> {
    const { snapshot } = this.around;
    const { order, circular } = orderRelations(snapshot);
    await this.#runTests([...this.selected].filter((id) => relationParents(snapshot, id).length === 0));
    for (const node of order) {
      this.around.signal?.throwIfAborted();
      await this.#visit(node);
      this.#done.add(node.id);
      const children = snapshot.graph.children(node.id).filter((id) => this.selected.has(id));
      await this.#runTests(children.filter((id) => relationParents(snapshot, id).every((parent) => this.#done.has(parent))));
    }
    for (const node of circular) await this.#visit(node);
    return this.#results;
  }

  async #visit(node: ProjectNode): Promise<void> {
    const cause = this.#causeFor(node);
    for (const test of this.#unitTests.get(node.id) ?? []) {
      if (cause !== undefined) {
        await this.#skip(test, cause);
        continue;
      }
      const result = await runTest(this.around, test);
      this.#results.push(result);
      if (isBad(result.status)) this.#absent.set(node.id, `the unit test '${test.name}' failed`);
    }
    const why = cause ?? this.#absent.get(node.id);
    if (why !== undefined) this.#absent.set(node.id, why);
    if (!this.selected.has(node.id) || !isBuilt(node)) return;
    if (why !== undefined) {
      await this.#skip(node, why);
      return;
    }
    const result = await runTimed(this.around, node, node.kind, () => this.#build(node));
    this.#results.push(result);
    if (result.status !== 'pass') this.#absent.set(node.id, causeOf(node, result));
    if (result.status === 'no-data') this.#withoutData.add(causeOf(node, result));
  }

  async #build(node: ProjectNode): Promise<Outcome> {
    if (node.kind === 'model' && node.language === 'python')
      return { status: 'skip', failures: 0, message: `'${node.name}' is a Python model, which is not run here.` };
    const { session, snapshot, signal, elsewhere } = this.around;
    if (elsewhere !== undefined) return elsewhere.build(node);
    const standing = await session.relation(node.id, signal);
    if (standing.kind === 'failed') {
      const maker = hookThatMakes(snapshot, standing.problem.message);
      return maker === undefined ? toError(standing.problem) : { status: 'no-data', failures: 0, message: maker };
    }
    const counted = await session.engine.query(`select count(*) from "${standing.table.physical.replaceAll('"', '""')}"`, {
      offset: 0,
      limit: 1,
    });
    const rows = Number(counted.rows[0]?.[0] ?? 0);
    const broken = node.kind === 'model' ? await checkContract(session, snapshot, node, standing.table, signal) : undefined;
    if (broken !== undefined) return { ...broken, rows };
    return { status: 'pass', failures: 0, message: standing.notes.join(' '), rows };
  }

  /** What keeps a relation from being built. */
  #causeFor(node: ProjectNode): string | undefined {
    const { graph } = this.around.snapshot;
    for (const parent of graph.parents(node.id)) {
      const why = this.#absent.get(parent) ?? this.#blocking.get(parent);
      if (why !== undefined) return why;
    }
    if (this.#shared.length === 0) return undefined;
    const above = graph.ancestors(node.id);
    return this.#shared.find(({ parents }) => parents.every((parent) => above.has(parent)))?.why;
  }

  async #runTests(ids: readonly NodeId[]): Promise<void> {
    const { snapshot } = this.around;
    for (const id of ids) {
      const test = snapshot.nodes.get(id);
      if (test?.kind !== 'test') continue;
      const parents = relationParents(snapshot, id);
      const why = parents.map((parent) => this.#absent.get(parent)).find((found) => found !== undefined);
      if (why !== undefined) {
        await this.#skip(test, why);
        continue;
      }
      const result = await runTest(this.around, test);
      this.#results.push(result);
      if (!isBad(result.status)) continue;
      const because = `the test '${test.name}' failed`;
      const [only] = parents;
      if (parents.length === 1 && only !== undefined) this.#blocking.set(only, because);
      else if (parents.length > 1) this.#shared.push({ parents, why: because });
    }
  }

  async #skip(node: ProjectNode, why: string): Promise<void> {
    this.#results.push(
      await runTimed(this.around, node, node.kind, async () => ({
        status: this.#withoutData.has(why) && node.kind === 'test' ? 'no-data' : 'skip',
        failures: 0,
        message: `Skipped because ${why}.`,
      })),
    );
  }
}

function causeOf(node: ProjectNode, result: CheckResult): string {
  return result.status === 'skip' || result.status === 'no-data' ? `'${node.name}' was not run` : `'${node.name}' could not be built`;
}

/** Whether dbt would make something of it in the database. */
export function isBuilt(node: ProjectNode): boolean {
  return (node.kind === 'model' && node.materialized !== 'ephemeral') || node.kind === 'seed' || node.kind === 'snapshot';
}

function relationParents(snapshot: Snapshot, id: NodeId): readonly NodeId[] {
  return snapshot.graph.parents(id).filter((parent) => {
    const node = snapshot.nodes.get(parent);
    return node !== undefined && isRelation(node);
  });
}

/** Every relation of the project, parents first and by id beside each other; what hangs in a circle stands apart. */
export function orderRelations(snapshot: Snapshot): { readonly order: readonly ProjectNode[]; readonly circular: readonly ProjectNode[] } {
  const waiting = new Map<NodeId, number>();
  for (const node of snapshot.nodes.values())
    if (isRelation(node) && node.enabled) waiting.set(node.id, relationParents(snapshot, node.id).length);
  const order: ProjectNode[] = [];
  let ready = [...waiting].filter(([, parents]) => parents === 0).map(([id]) => id);
  while (ready.length > 0) {
    const next: NodeId[] = [];
    for (const id of ready.sort()) {
      const node = snapshot.nodes.get(id);
      if (node !== undefined) order.push(node);
      waiting.delete(id);
      for (const child of snapshot.graph.children(id)) {
        const left = waiting.get(child);
        if (left === undefined) continue;
        waiting.set(child, left - 1);
        if (left === 1) next.push(child);
      }
    }
    ready = next;
  }
  return { order, circular: [...waiting.keys()].flatMap((id) => snapshot.nodes.get(id) ?? []) };
}
