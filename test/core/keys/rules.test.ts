import { beforeAll, describe, expect, it } from 'vitest';
import { type AskRows, checkRows, type RowProblem } from '../../../src/core/keys/check-rows.ts';
import { SmallProject } from '../engine/small-project.ts';
import { guilty, innocent, shopFiles } from './rule-cases.ts';

const models = Object.fromEntries([
  ...guilty.map(([, sql], index) => [`models/guilty_${index}.sql`, sql]),
  ...innocent.map((sql, index) => [`models/innocent_${index}.sql`, sql]),
]);

let counted: readonly RowProblem[] = [];
let proved: readonly RowProblem[] = [];

beforeAll(async () => {
  const project = await SmallProject.open({ ...shopFiles, ...models }, 'postgres');
  const ask: AskRows = async (sql, within) => {
    const answer = await project.session.preview({ kind: 'sql', sql, within });
    if (answer.kind !== 'rows') throw new Error(`${answer.problems[0]?.message}\n${sql}`);
    return (await answer.result.page(0, 1))[0];
  };
  counted = await checkRows(project.snapshot, ask);
  proved = await checkRows(project.snapshot, undefined);
}, 60_000);

function alarms(problems: readonly RowProblem[], path: string): readonly RowProblem[] {
  return problems.filter((problem) => problem.path === path && (problem.severity === 'warning' || problem.severity === 'error'));
}

describe('a mistake is found, and told with how far it is off', () => {
  it.each(guilty.map(([rule, sql, factor], index) => [rule, sql, factor, index] as const))('%s: %s', (rule, _sql, factor, index) => {
    const found = alarms(counted, `models/guilty_${index}.sql`);
    expect(found.map((problem) => problem.code)).toContain(rule);
    if (factor !== undefined) expect(found.find((problem) => problem.code === rule)?.factor).toBeCloseTo(factor, 3);
  });
});

describe('what looks alike and is right is left alone', () => {
  it.each(innocent.map((sql, index) => [sql, index] as const))('%s', (_sql, index) => {
    expect(alarms(counted, `models/innocent_${index}.sql`).map((problem) => `${problem.code}: ${problem.message}`)).toEqual([]);
  });

  it.each(innocent.map((sql, index) => [sql, index] as const))('without rows: %s', (_sql, index) => {
    expect(alarms(proved, `models/innocent_${index}.sql`).map((problem) => `${problem.code}: ${problem.message}`)).toEqual([]);
  });
});
