import type { PreviewSession } from '../engine/preview.ts';
import type { ProjectNode, TestNode, UnitTestNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { CheckKind, CheckResult } from './result.ts';
import { type Outcome, placeOf, runDataTest, sampleSize } from './run-data-test.ts';
import { runUnitTest } from './run-unit-test.ts';

/** What a run of checks needs besides the project. */
export interface CheckSurroundings {
  readonly session: PreviewSession;
  readonly snapshot: Snapshot;
  /** Milliseconds that only ever grow: how long something took. */
  readonly clock: () => number;
  readonly signal?: AbortSignal;
  /** Failing rows kept with a result. */
  readonly sampleRows?: number;
  /** Waited for before each check, so that whoever holds the thread may hear of other things. */
  readonly pause?: () => Promise<void>;
  /** Hears of each node when it starts and when it has ended. */
  readonly started?: (id: NodeId) => void;
  readonly ended?: (result: CheckResult) => void;
  /** Runs data tests and makes relations where the data is; unit tests, which bring their rows along, stay with the session. */
  readonly elsewhere?: CheckRunner;
}

/** What runs checks in place of the session. */
export interface CheckRunner {
  test(node: TestNode, sampleRows: number): Promise<Outcome>;
  build(node: ProjectNode): Promise<Outcome>;
}

export function isTest(node: ProjectNode | undefined): node is TestNode | UnitTestNode {
  return node?.kind === 'test' || node?.kind === 'unit_test';
}

/** Runs the tests among the nodes, one after the other, in the order given; throws only when cancelled. */
export async function runTests(around: CheckSurroundings, ids: readonly NodeId[]): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const id of ids) {
    const node = around.snapshot.nodes.get(id);
    if (isTest(node)) results.push(await runTest(around, node));
  }
  return results;
}

/** Runs one test and says how it ended. */
export async function runTest(around: CheckSurroundings, node: TestNode | UnitTestNode): Promise<CheckResult> {
  const { session, snapshot, signal, sampleRows } = around;
  return runTimed(around, node, node.kind, () =>
    node.kind === 'test'
      ? (around.elsewhere?.test(node, sampleRows ?? sampleSize) ?? runDataTest(session, snapshot, node, sampleRows ?? sampleSize, signal))
      : runUnitTest(session, snapshot, node, signal),
  );
}

/** Tells when a check starts and how it ended, with the time between. */
export async function runTimed(
  around: CheckSurroundings,
  node: ProjectNode,
  kind: CheckKind,
  run: () => Promise<Outcome>,
): Promise<CheckResult> {
  await around.pause?.();
  around.signal?.throwIfAborted();
  around.started?.(node.id);
  const before = around.clock();
  const outcome = await run();
  const tested = node.kind === 'test' ? node.attached : node.kind === 'unit_test' ? node.model : undefined;
  const column = node.kind === 'test' ? node.generic?.column : undefined;
  const result: CheckResult = {
    id: node.id,
    kind,
    name: node.name,
    ...(tested === undefined ? {} : { node: tested }),
    ...(column === undefined ? {} : { column }),
    place: placeOf(node),
    ...outcome,
    ms: Math.round((around.clock() - before) * 10) / 10,
  };
  around.ended?.(result);
  return result;
}
