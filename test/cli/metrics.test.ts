import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

function headwater(args: readonly string[], input = '') {
  const project = ['--project', join(root, 'samples/ravenstack'), '--json'];
  const { stdout, stderr, status } = spawnSync('node', [join(root, 'dist/cli.js'), 'metrics', ...args, ...project], {
    encoding: 'utf8',
    input,
  });
  return { status, err: stderr, out: stdout };
}

describe('headwater metrics', () => {
  it('answers like preview, with the SQL', () => {
    const { status, out } = headwater([
      'query',
      '--metrics',
      'mrr',
      '--group-by',
      'metric_time__month',
      '--order-by',
      'metric_time',
      '--limit',
      '2',
    ]);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual({
      version: 1,
      columns: [
        { name: 'metric_time__month', type: 'date' },
        { name: 'mrr', type: 'float64' },
      ],
      rows: [
        ['2024-07-01', 2137.75],
        ['2024-08-01', 23670.9],
      ],
      rowCount: 2,
      truncated: false,
      engine: 'sqlite',
      notes: expect.any(Array),
      problems: [],
      sql: expect.stringContaining('with account_revenue as ('),
    });
  });

  it('lists, describes, and answers many questions in one process', () => {
    const listed = JSON.parse(headwater(['list']).out);
    expect(listed.metrics.map((metric: { name: string }) => metric.name)).toContain('mrr_growth');
    expect(listed.savedQueries).toHaveLength(1);
    expect(JSON.parse(headwater(['describe', 'arr']).out)).toMatchObject({ name: 'arr', formula: 'mrr * 12', inputs: ['mrr'] });
    const lines = [
      { id: 1, metrics: ['accounts'] },
      { id: 2, metrics: ['account'] },
    ];
    const answers = headwater(['query', '--batch'], lines.map((line) => `${JSON.stringify(line)}\n`).join('')).out;
    const [first, second] = answers
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({ id: 1, columns: ['accounts'], rows: [[expect.any(Number)]] });
    expect(second).toEqual({ id: 2, refused: "There is no metric 'account'. Did you mean 'accounts'?" });
  });

  it('refuses with a sentence, and ends with 2 where it was called wrongly', () => {
    const refused = headwater(['query', '--metrics', 'mrr', '--group-by', 'industry']);
    expect(refused.status).toBe(1);
    expect(JSON.parse(refused.out).refused).toBe("The metric 'mrr' cannot be grouped by 'industry'. Did you mean 'account__industry'?");
    expect(headwater(['query']).status).toBe(2);
    expect(headwater(['describe']).status).toBe(2);
    expect(headwater(['query', '--saved-query', 'monthly_revenue_reviews']).err).toContain("'monthly_revenue_review'");
  });
});
