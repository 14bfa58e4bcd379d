import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

function headwater(command: string, sample: string, ...more: string[]) {
  const { stdout } = spawnSync(
    'node',
    [join(root, 'dist/cli.js'), command, '--project', join(root, 'samples', sample), '--json', ...more],
    { encoding: 'utf8' },
  );
  return JSON.parse(stdout);
}

describe('headwater grain', () => {
  it('proves the key of a model, counts it, and gives the place of each step', () => {
    const { grains } = headwater('grain', 'ravenstack', '--select', 'int_account_mrr_by_month');
    const [model, ...ctes] = grains;
    expect(model).toMatchObject({
      node: 'model.ravenstack.int_account_mrr_by_month',
      keys: [['account_id', 'month_start']],
      proved: [['account_id', 'month_start']],
      measured: { keys: [['account_id', 'month_start']], rows: expect.any(Number) },
    });
    expect(model.because).toContainEqual(
      expect.objectContaining({ text: expect.any(String), path: expect.stringMatching(/\.(sql|yml)$/), line: expect.any(Number) }),
    );
    expect(ctes.map((one: { cte: string }) => one.cte)).toContain('with_previous');
  });
});

describe('headwater check', () => {
  it('finds the query that repeats deals, with its factor on the data', () => {
    const { problems } = headwater('check', 'lightdash-saas');
    const found = problems.find((problem: { path: string }) => problem.path === 'analyses/account_overview_with_deal_summary.sql');
    expect(found).toMatchObject({ code: 'chasm-trap', severity: 'warning' });
    expect(found.factor).toBeCloseTo(951 / 278, 3);
  });

  it('lists its rules', () => {
    const { rules } = headwater('check', 'lightdash-saas', '--rules');
    expect(rules.map((rule: { code: string }) => rule.code)).toEqual(
      expect.arrayContaining(['fan-out', 'chasm-trap', 'scd-join', 'integer-division']),
    );
  });
});
