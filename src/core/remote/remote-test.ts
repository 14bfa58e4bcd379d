import { describeFailures, type Outcome, toError, withMacroConfig } from '../checks/run-data-test.ts';
import { readThreshold, toStatus } from '../checks/threshold.ts';
import { toTestCall, toTestSubject } from '../dbt/compile.ts';
import type { RenderEnvironment } from '../dbt/environment.ts';
import { type Rendering, renderGenericTest, renderNode } from '../dbt/render.ts';
import { Stopped } from '../engine/work.ts';
import { isRelation, type TestNode } from '../project/node.ts';
import { toProblem } from '../text/problem.ts';
import type { RemoteSession } from './remote-session.ts';
import type { RemoteText } from './remote-texts.ts';

/** Runs a generic or singular test where the data is: the query that dbt would send, and what its thresholds make of the answer. */
export async function runRemoteTest(session: RemoteSession, node: TestNode, sampleRows: number): Promise<Outcome> {
  let text: RemoteText;
  try {
    text = await renderTest(session, node);
  } catch (error) {
    if (error instanceof Stopped) return toError(error.problem);
    throw error;
  }
  const ready = async (): Promise<RemoteText> => text;
  const config = withMacroConfig(node, text.config);
  const limit = typeof config.limit === 'number' ? config.limit : undefined;
  const limited = (sql: string): string =>
    limit === undefined ? sql : `select * from (\n${sql}\n) as dbt_internal_rows limit ${Math.max(0, Math.floor(limit))}`;
  const answer = await session.run(ready, { rows: Math.max(1, sampleRows), counted: Number.MAX_SAFE_INTEGER }, limited);
  if (answer.kind === 'failed') return { ...toError(answer.problem), sql: text.sql };
  const { result, sql, notes } = answer;
  let failures = result.rowCount;
  const calculation = typeof config.fail_calc === 'string' ? config.fail_calc.trim() : 'count(*)';
  if (!/^count\s*\(\s*\*\s*\)$/i.test(calculation)) {
    const calculated = await calculate(session, ready, calculation, limited);
    if (typeof calculated !== 'number') return { ...calculated, sql };
    failures = calculated;
  }
  const status = toStatus(failures, readThreshold(config));
  if (typeof status !== 'string') return { status: 'error', failures, message: status.unclear, sql };
  const told = notes.filter((note) => !note.startsWith('Read from the target'));
  if (status === 'pass' && failures === 0 && (await isEmpty(session, node))) {
    const name = node.attached === undefined ? '' : (session.snapshot.nodes.get(node.attached)?.name ?? '');
    return { status: 'no-data', failures: 0, message: `'${name}' has no rows on the target, so this test says neither yes nor no.`, sql };
  }
  return {
    status,
    failures,
    message: [describeFailures(status, failures, config), ...told].join(' ').trim(),
    sql,
    ...(failures === 0 ? {} : { sample: { columns: result.columns, rows: result.rows.slice(0, sampleRows), rowCount: result.rowCount } }),
  };
}

async function renderTest(session: RemoteSession, node: TestNode): Promise<RemoteText> {
  const { snapshot, texts } = session;
  const text = snapshot.texts.get(node.id);
  const render = (environment: RenderEnvironment): Rendering => {
    if (node.generic === undefined)
      return renderNode(environment, { ...toTestSubject(environment, node, text?.source ?? ''), offset: text?.offset ?? 0 }, 'compile');
    const call = toTestCall(snapshot, environment, node);
    if (call === undefined)
      throw new Stopped(toProblem('preview-refused', `The test '${node.name}' is on nothing that has rows.`, node.path));
    return renderGenericTest(environment, toTestSubject(environment, node, ''), call);
  };
  // dbt's tests give whole rows where failures are stored, which is what one wants to see here too.
  return texts.render(text?.path ?? node.path, render, undefined, { STORE_FAILURES: true });
}

async function calculate(
  session: RemoteSession,
  ready: () => Promise<RemoteText>,
  calculation: string,
  limited: (sql: string) => string,
): Promise<number | Outcome> {
  const wrap = (sql: string): string => `select ${calculation} as failures from (\n${limited(sql)}\n) as dbt_internal_test`;
  const answer = await session.run(ready, { rows: 1, counted: 0 }, wrap);
  if (answer.kind === 'failed') return toError(answer.problem, `fail_calc '${calculation}' could not be worked out: `);
  const value = answer.result.rows[0]?.[0] ?? null;
  if (value !== null) return Number(value);
  const message = `fail_calc '${calculation}' gives NULL, as dbt would refuse too: wrap it in coalesce(…, 0).`;
  return { status: 'error', failures: 0, message };
}

/** Whether the relation under test stands on the target and is empty. */
async function isEmpty(session: RemoteSession, node: TestNode): Promise<boolean> {
  const target = node.attached === undefined ? undefined : session.snapshot.nodes.get(node.attached);
  if (target === undefined || !isRelation(target) || target.materialized === 'ephemeral') return false;
  const answer = await session.run(() => session.relation(target.id), { rows: 1, counted: 0 });
  return answer.kind === 'rows' && answer.result.rows.length === 0;
}
