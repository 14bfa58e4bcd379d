import type { CellKind } from './cells.ts';
import type { ChartKind } from './chart-picture.ts';
import { isGrouped } from './grouped.ts';

/** A column as a chart looks at it. */
export interface ChartColumn {
  readonly name: string;
  readonly kind: CellKind;
}

/** What is drawn: for a line and bars `y` may be left out, which counts rows; a histogram has `x` alone. */
export interface ChartChoice {
  readonly kind: ChartKind;
  readonly x: number;
  readonly y: number | undefined;
  readonly aggregate: 'sum' | 'mean' | 'count';
}

/** The chart that fits the columns of a result: time as a line, else names as bars, else numbers against each other, else how one is spread. */
export function chooseChart(columns: readonly ChartColumn[]): ChartChoice | undefined {
  const of = (fits: (column: ChartColumn) => boolean): number[] => columns.flatMap((column, at) => (fits(column) ? [at] : []));
  const measures = of(({ kind, name }) => kind === 'number' && isGrouped({ name }));
  const [measure, other] = measures;
  const [time] = of(({ kind }) => kind === 'date');
  const names = of(({ kind }) => kind === 'text' || kind === 'boolean');
  const name = names.find((at) => isGrouped({ name: columns[at]?.name ?? '' })) ?? names[0];
  const aggregate = measure === undefined ? 'count' : isRate(columns[measure]?.name ?? '') ? 'mean' : 'sum';
  if (time !== undefined) return { kind: 'line', x: time, y: measure, aggregate };
  if (name !== undefined) return { kind: 'bars', x: name, y: measure, aggregate };
  if (measure !== undefined && other !== undefined) return { kind: 'scatter', x: measure, y: other, aggregate };
  if (measure !== undefined) return { kind: 'histogram', x: measure, y: undefined, aggregate: 'count' };
  return columns.length === 0 ? undefined : { kind: 'bars', x: 0, y: undefined, aggregate: 'count' };
}

/** Numbers whose sum says nothing. */
function isRate(name: string): boolean {
  return /(^|_)(rate|ratio|share|pct|percent|percentage|avg|average|mean|median|price|age|score)(_|$)/i.test(name);
}

/** The step of time that leaves a line readable between two moments. */
export function chooseStep(min: string, max: string): 'year' | 'month' | 'day' | 'hour' {
  const days = (Date.parse(max.slice(0, 10)) - Date.parse(min.slice(0, 10))) / 86_400_000;
  if (days <= 3 && min.length > 13) return 'hour';
  if (days <= 186 || Number.isNaN(days)) return 'day';
  return days <= 366 * 12 ? 'month' : 'year';
}
