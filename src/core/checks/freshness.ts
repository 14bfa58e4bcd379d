import type { PreviewSession } from '../engine/preview.ts';
import type { SourceNode } from '../project/node.ts';
import type { NodeId } from '../text/ids.ts';
import { microsPerDay, parseMoment } from '../translate/runtime/calendar.ts';
import type { CheckResult } from './result.ts';
import { type Outcome, toError } from './run-data-test.ts';
import { type CheckSurroundings, runTimed } from './run-tests.ts';

const minutes: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };

/** How fresh the selected sources are that say how fresh they should be; the others are left out, as dbt does. */
export async function runFreshness(around: CheckSurroundings, ids: readonly NodeId[]): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const id of ids) {
    const node = around.snapshot.nodes.get(id);
    if (node?.kind !== 'source' || node.freshness === undefined || node.loadedAtField === undefined) continue;
    results.push(await runTimed(around, node, 'freshness', () => checkFreshness(around.session, node, around.signal)));
  }
  return results;
}

/** The age of a source's newest row against its `warn_after` and `error_after`. */
export async function checkFreshness(session: PreviewSession, node: SourceNode, signal?: AbortSignal): Promise<Outcome> {
  const { freshness = {}, loadedAtField = '' } = node;
  if (node.data === undefined)
    return { status: 'no-data', failures: 0, message: `There is no data for '${node.sourceName}.${node.name}'.` };
  const filter = typeof freshness.filter === 'string' ? ` where ${freshness.filter}` : '';
  const relation = [node.schema, node.identifier].filter((part) => part !== '').join('.');
  const sql = `select max(${loadedAtField}) as max_loaded_at from ${relation}${filter}`;
  const answer = await session.preview({ kind: 'sql', sql }, signal);
  if (answer.kind === 'failed') return { ...toError(answer.problems[0]), sql };
  const [row] = await answer.result.page(0, 1);
  await answer.result.drop();
  const newest = row?.[0] ?? null;
  if (newest === null) return { status: 'error', failures: 1, message: 'It has no rows, so its freshness is not known.', sql };
  const age = ageInMinutes(String(newest), session.now);
  if (age === undefined)
    return { status: 'error', failures: 1, message: `'${loadedAtField}' is not a date or time: ${String(newest)}.`, sql };
  const said = `The newest row is of ${String(newest)}, ${formatAge(age)} ago`;
  for (const [key, status] of [
    ['error_after', 'fail'],
    ['warn_after', 'warn'],
  ] as const) {
    const limit = limitOf(freshness[key]);
    if (limit !== undefined && age > limit) return { status, failures: 1, message: `${said}; ${key} is ${formatAge(limit)}.`, sql };
  }
  return { status: 'pass', failures: 0, message: `${said}.`, sql };
}

function limitOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { count, period } = value as { readonly count?: unknown; readonly period?: unknown };
  const unit = typeof period === 'string' ? minutes[period.replace(/s$/, '')] : undefined;
  return unit === undefined || count === null || count === undefined ? undefined : Number(count) * unit;
}

function ageInMinutes(newest: string, now: string): number | undefined {
  const [from, to] = [parseMoment(newest, true), parseMoment(now, true)];
  if (from === undefined || to === undefined) return undefined;
  return ((to.days - from.days) * microsPerDay + (to.micros - from.micros)) / 60_000_000;
}

function formatAge(age: number): string {
  const [count, unit] = age >= 2880 ? [age / 1440, 'days'] : age >= 120 ? [age / 60, 'hours'] : [age, 'minutes'];
  return `${Math.round(count * 10) / 10} ${unit}`;
}
