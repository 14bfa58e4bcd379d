import { describe, expect, it } from 'vitest';
import type { CellKind } from '../../webview/results/cells.ts';
import { chooseChart, chooseStep } from '../../webview/results/chart-choice.ts';

/** The chart of columns written as `name kind`, in words. */
function choose(...columns: readonly string[]): string {
  const read = columns.map((column) => {
    const [name = '', kind = ''] = column.split(' ');
    return { name, kind: kind as CellKind };
  });
  const choice = chooseChart(read);
  const name = (at: number | undefined): string => read[at ?? -1]?.name ?? 'rows';
  return choice === undefined ? 'none' : `${choice.kind} ${name(choice.x)} ${choice.aggregate} ${name(choice.y)}`;
}

describe('the chart of a result', () => {
  it.each<[readonly string[], string]>([
    [['month date', 'revenue number'], 'line month sum revenue'],
    [['order_id number', 'ordered_at date', 'status text'], 'line ordered_at count rows'],
    [['customer_id number', 'country text', 'revenue number'], 'bars country sum revenue'],
    [['country_code text', 'country text', 'churn_rate number'], 'bars country mean churn_rate'],
    [['status text'], 'bars status count rows'],
    [['weight number', 'height number'], 'scatter weight sum height'],
    [['amount number'], 'histogram amount count rows'],
    [['order_id number'], 'bars order_id count rows'],
    [[], 'none'],
  ])('of %j is %s', (columns, expected) => expect(choose(...columns)).toBe(expected));

  it.each([
    ['2024-01-01 08:00:00', '2024-01-02 09:00:00', 'hour'],
    ['2024-01-01', '2024-01-02', 'day'],
    ['2024-01-01', '2024-06-30', 'day'],
    ['2022-01-01', '2024-06-30', 'month'],
    ['1990-01-01', '2024-06-30', 'year'],
  ])('from %s to %s goes by %s', (min, max, step) => expect(chooseStep(min, max)).toBe(step));
});
