import type { ColumnStatistics, ShownCell } from '../../src/protocol.ts';
import { element } from '../ui/element.ts';
import { toCellText } from './cells.ts';

/** What a column's distribution is drawn from, and where its parts can be pressed. */
export interface Distributed {
  readonly name: string;
  readonly statistics: Pick<ColumnStatistics, 'histogram' | 'top' | 'min' | 'max'>;
  /** Rows that the shares are of. */
  readonly rowCount: number;
  /** Whether Tab stops at each part; else the column's menu offers the same by keyboard. */
  readonly tabbable: boolean;
  /** Takes the filter that keeps what was pressed. */
  choose(text: string): void;
}

/** Bars for the steps of a number, or one bar that is cut by the most frequent values; undefined where there is neither. */
export function toDistribution(of: Distributed): HTMLElement | undefined {
  if (of.statistics.histogram.length > 1) return toHistogram(of);
  return of.statistics.top.length > 0 ? toShares(of) : undefined;
}

/** The filter of one value. */
export function toValueFilter(value: ShownCell): string {
  return value === null ? 'is null' : `="${String(value)}"`;
}

/** A share as people write it: never 0 % of something, never 100 % of less than all. */
export function showShare(count: number, of: number): string {
  if (of === 0 || count === 0) return '0%';
  const share = (count / of) * 100;
  if (share < 0.1) return '<0.1%';
  if (count < of && share > 99.9) return '>99.9%';
  return `${Number(share.toFixed(1)).toLocaleString()}%`;
}

/** The ends of a step of a histogram; between whole numbers, no number belongs to two steps. */
export function toStep(min: number, max: number, steps: number, at: number): readonly [number, number] {
  const width = (max - min) / steps;
  const [low, high] = [min + at * width, at === steps - 1 ? max : min + (at + 1) * width];
  if (Number.isInteger(min) && Number.isInteger(max) && width >= 1) return [Math.ceil(low), at === steps - 1 ? max : Math.ceil(high) - 1];
  return [Number(low.toPrecision(12)), Number(high.toPrecision(12))];
}

function toHistogram({ name, statistics, tabbable, choose }: Distributed): HTMLElement {
  const { histogram, min, max } = statistics;
  const most = Math.max(...histogram, 1);
  const bars = histogram.map((count, at) => {
    const [low, high] = toStep(Number(min), Number(max), histogram.length, at);
    const label = `${low.toLocaleString()} to ${high.toLocaleString()}: ${count.toLocaleString()} rows`;
    return element(
      'button',
      {
        type: 'button',
        title: label,
        'aria-label': `Filter ${name} ${label}`,
        tabindex: tabbable ? 0 : -1,
        disabled: count === 0,
        on: { click: () => choose(`${low}..${high}`) },
      },
      element('i', { style: `height:${count === 0 ? 0 : Math.max(8, Math.round((count / most) * 100))}%` }),
    );
  });
  return element('span', { class: 'histogram' }, ...bars);
}

function toShares({ statistics, rowCount, tabbable, choose }: Distributed): HTMLElement {
  const parts = statistics.top.map(({ value, count }) => {
    const shown = value === '' ? 'empty' : toCellText(value);
    const label = `${shown}: ${count.toLocaleString()} rows (${showShare(count, rowCount)})`;
    return element(
      'button',
      {
        type: 'button',
        title: label,
        tabindex: tabbable ? 0 : -1,
        style: `flex-grow:${count}`,
        on: { click: () => choose(toValueFilter(value)) },
      },
      shown,
    );
  });
  const rest = rowCount - statistics.top.reduce((sum, { count }) => sum + count, 0);
  return element('span', { class: 'shares' }, ...parts, rest > 0 && element('span', { class: 'rest', style: `flex-grow:${rest}` }));
}
