import type { PlainRecord } from '../dbt/environment.ts';
import type { PreviewSession } from '../engine/preview.ts';
import { isEmptyTable } from '../engine/work.ts';
import type { TestNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Problem } from '../text/problem.ts';
import { hookThatMakes, whyNothing } from './no-data.ts';
import type { CheckPlace, CheckResult, CheckStatus, SampleRows } from './result.ts';
import { renderTest } from './test-sql.ts';
import { readThreshold, toStatus } from './threshold.ts';

/** Failing rows that a result carries with it. */
export const sampleSize = 50;

export type Outcome = Pick<CheckResult, 'status' | 'failures' | 'message'> & Partial<CheckResult>;

/** Runs a generic or singular test over the project's own data; `sampleRows` are kept of those that fail. */
export async function runDataTest(
  session: PreviewSession,
  snapshot: Snapshot,
  node: TestNode,
  sampleRows = sampleSize,
  signal?: AbortSignal,
): Promise<Outcome> {
  const hollow = new Set<string>();
  const broken = await findBrokenParent(session, snapshot, node, hollow, signal);
  if (broken !== undefined) return broken;
  const outcome = await runOverRows(session, snapshot, node, sampleRows, hollow, signal);
  if (outcome.status === 'error' || outcome.status === 'skip') return outcome;
  const why = await whyNothing(session, snapshot, node, outcome.status === 'pass', signal);
  if (why === undefined) return outcome;
  const { sample: _, ...rest } = outcome;
  return { ...rest, status: 'no-data', failures: 0, message: why };
}

async function runOverRows(
  session: PreviewSession,
  snapshot: Snapshot,
  node: TestNode,
  sampleRows: number,
  hollow: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const rendered = await renderTest(snapshot, node, (asked, path) => session.ask(asked, path, signal));
  if ('code' in rendered) return toError(rendered);
  const { sql } = rendered;
  const answer = await session.preview({ kind: 'sql', sql }, signal);
  if (answer.kind === 'failed') return { ...toError(answer.problems[0]), sql };
  const { result } = answer;
  try {
    const config = withMacroConfig(node, rendered.config);
    const limit = typeof config.limit === 'number' ? config.limit : Number.POSITIVE_INFINITY;
    const calculation = typeof config.fail_calc === 'string' ? config.fail_calc.trim() : 'count(*)';
    let failures = Math.min(result.rowCount, limit);
    if (!/^count\s*\(\s*\*\s*\)$/i.test(calculation)) {
      const calculated = await calculate(session, sql, calculation, limit, signal);
      if (typeof calculated !== 'number') return { ...calculated, sql };
      failures = calculated;
    }
    const status = toStatus(failures, readThreshold(config));
    if (typeof status !== 'string') return { status: 'error', failures, message: status.unclear, sql };
    const sample: SampleRows = {
      columns: result.columns,
      rows: failures === 0 ? [] : await result.page(0, Math.min(sampleRows, limit)),
      rowCount: Math.min(result.rowCount, limit),
    };
    return {
      status,
      failures,
      message: [describeFailures(status, failures, config), ...hollow].join(' ').trim(),
      sql,
      ...(failures === 0 ? {} : { sample }),
    };
  } finally {
    await result.drop();
  }
}

/** A test over a relation that cannot be built says so with the relation's own reason; `hollow` gets what stands empty above it. */
async function findBrokenParent(
  session: PreviewSession,
  snapshot: Snapshot,
  node: TestNode,
  hollow: Set<string>,
  signal: AbortSignal | undefined,
): Promise<Outcome | undefined> {
  for (const id of snapshot.graph.parents(node.id)) {
    const parent = snapshot.nodes.get(id);
    if (parent === undefined || !isRelation(parent)) continue;
    if (parent.kind === 'model' && parent.language === 'python')
      return { status: 'skip', failures: 0, message: `'${parent.name}' is a Python model, which is not run here.` };
    const standing = await session.relation(id, signal);
    const maker = standing.kind === 'failed' ? hookThatMakes(snapshot, standing.problem.message) : undefined;
    if (maker !== undefined) return { status: 'no-data', failures: 0, message: maker };
    if (standing.kind === 'failed')
      return { status: 'error', failures: 0, message: `'${parent.name}' could not be built: ${standing.problem.message}` };
    for (const note of standing.notes) if (note.includes(isEmptyTable)) hollow.add(note);
  }
  return undefined;
}

/** What `fail_calc` gives; NULL, as of a sum over no rows, is no failure to count and is said. */
async function calculate(
  session: PreviewSession,
  sql: string,
  calculation: string,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<number | Outcome> {
  const from = Number.isFinite(limit) ? `(select * from (\n${sql}\n) as dbt_internal_rows limit ${limit})` : `(\n${sql}\n)`;
  const answer = await session.preview({ kind: 'sql', sql: `select ${calculation} as failures from ${from} as dbt_internal_test` }, signal);
  if (answer.kind === 'failed') return toError(answer.problems[0], `fail_calc '${calculation}' could not be worked out: `);
  const [row] = await answer.result.page(0, 1);
  await answer.result.drop();
  const value = row?.[0] ?? null;
  if (value === null)
    return {
      status: 'error',
      failures: 0,
      message: `fail_calc '${calculation}' gives NULL, as dbt would refuse too: wrap it in coalesce(…, 0).`,
    };
  return Number(value);
}

export function toError(problem: Problem | undefined, before = ''): Outcome {
  if (problem === undefined) return { status: 'error', failures: 0, message: `${before}it could not be run.` };
  const at = problem.path === '' ? '' : ` (${problem.path}:${problem.start.line})`;
  return { status: 'error', failures: 0, message: `${before}${problem.message}${at}` };
}

/** What a test's macro configures stands behind what the project writes; `severity: error` is what nobody wrote. */
export function withMacroConfig(node: TestNode, own: PlainRecord): TestNode['config'] {
  const { severity, ...written } = node.config;
  return { ...own, ...written, severity: severity === 'ERROR' ? (own.severity ?? severity) : severity };
}

/** How many rows fail, and by which configured threshold. */
export function describeFailures(status: CheckStatus, failures: number, config: TestNode['config']): string {
  if (status === 'pass') return failures === 0 ? '' : `Got ${count(failures)}, which its thresholds allow.`;
  const condition = status === 'fail' ? config.error_if : config.warn_if;
  const configured = typeof condition === 'string' ? `configured to ${status === 'fail' ? 'fail' : 'warn'} if ${condition}` : undefined;
  return configured === undefined ? `Got ${count(failures)}.` : `Got ${count(failures)}, ${configured}.`;
}

function count(failures: number): string {
  return failures === 1 ? '1 failure' : `${failures} failures`;
}

/** Where a test was written: its line in the properties file, or its own file. */
export function placeOf(node: { readonly path: string; readonly patch?: { readonly path: string; readonly line: number } }): CheckPlace {
  return node.patch === undefined ? { path: node.path, line: 1 } : { path: node.patch.path, line: node.patch.line };
}
