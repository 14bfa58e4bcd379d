import type { Cell, EngineColumn } from '../engine/engine.ts';
import type { NodeId, NodeKind } from '../text/ids.ts';

/** `no-data`: it ran over nothing, or over less than the project's warehouse would hold, so that it says neither yes nor no. */
export type CheckStatus = 'pass' | 'fail' | 'warn' | 'error' | 'skip' | 'no-data';

/** What ran: a node of the project, a contract of a model, or how fresh a source is. */
export type CheckKind = NodeKind | 'contract' | 'freshness';

/** Rows that speak for a result, not all of them when there are many. */
export interface SampleRows {
  readonly columns: readonly EngineColumn[];
  readonly rows: readonly (readonly Cell[])[];
  readonly rowCount: number;
}

/** What a unit test expected and what the model gave, as aligned text, and the rows in which they differ. */
export interface Difference {
  readonly expected: string;
  readonly actual: string;
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
}

/** Where a result belongs in the project's files; lines count from 1. */
export interface CheckPlace {
  readonly path: string;
  readonly line: number;
}

/** How one test, model, seed, snapshot or other check ended. */
export interface CheckResult {
  readonly id: NodeId;
  readonly kind: CheckKind;
  readonly name: string;
  /** The node that it tests; absent where it tests none or several. */
  readonly node?: NodeId;
  readonly column?: string;
  readonly status: CheckStatus;
  /** What a test's `fail_calc` gives: rows, unless the test says otherwise. */
  readonly failures: number;
  readonly message: string;
  readonly place: CheckPlace;
  /** The SQL that ran, in the project's dialect. */
  readonly sql?: string;
  readonly sample?: SampleRows;
  readonly difference?: Difference;
  /** The rows of a relation that was built. */
  readonly rows?: number;
  readonly ms: number;
}

/** How many results ended how. */
export type CheckSummary = Readonly<Record<CheckStatus | 'total', number>>;

export function summarize(results: readonly CheckResult[]): CheckSummary {
  const summary = { total: results.length, pass: 0, fail: 0, warn: 0, error: 0, skip: 0, 'no-data': 0 };
  for (const result of results) summary[result.status]++;
  return summary;
}

/** One line that says how many ended how: `12 passed, 1 failed`. */
export function formatSummary(summary: CheckSummary): string {
  const parts: readonly (readonly [number, string])[] = [
    [summary.pass, 'passed'],
    [summary.warn, 'warned'],
    [summary.fail, 'failed'],
    [summary.error, 'could not run'],
    [summary.skip, 'skipped'],
    [summary['no-data'], 'without data'],
  ];
  const said = parts.filter(([count], index) => count > 0 || index === 0).map(([count, word]) => `${count} ${word}`);
  return said.join(', ');
}

/** Whether anything was found, or nothing at all could be told: a run over no data is not fine. */
export function isFine(results: readonly CheckResult[]): boolean {
  if (results.some(({ status }) => isBad(status))) return false;
  const tests = results.filter(({ kind }) => kind === 'test' || kind === 'unit_test');
  return !tests.some(({ status }) => status === 'no-data') || tests.some(({ status }) => status === 'pass' || status === 'warn');
}

/** Whether a result keeps what stands below it from being built, and a run from being fine. */
export function isBad(status: CheckStatus): boolean {
  return status === 'fail' || status === 'error';
}
