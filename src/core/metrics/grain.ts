import type { TimeWindow } from './semantic-layer.ts';

/** Grains of time, from the finest to the coarsest. */
export const grains = [
  'nanosecond',
  'microsecond',
  'millisecond',
  'second',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
] as const;

/** Whether a word is one of the grains that every project has. */
export function isGrain(word: string): boolean {
  return grains.some((grain) => grain === word);
}

/** Negative where the first grain is finer than the second; a grain of the project's own counts as coarse as a week. */
export function compareGrains(one: string, other: string): number {
  const rank = (grain: string): number => {
    const at = (grains as readonly string[]).indexOf(grain);
    return at < 0 ? grains.indexOf('week') : at;
  };
  return rank(one) - rank(other);
}

/** The coarsest of several grains; a day where there are none. */
export function coarsest(all: readonly string[]): string {
  return all.reduce((found, grain) => (compareGrains(grain, found) > 0 ? grain : found), all[0] ?? 'day');
}

/** Reads `7 days`, `1 month` or a mapping of count and granularity. */
export function readWindow(value: unknown): TimeWindow | undefined {
  if (typeof value === 'object' && value !== null) {
    const { count, granularity } = value as { count?: unknown; granularity?: unknown };
    return typeof count === 'number' && typeof granularity === 'string' ? { count, grain: granularity.toLowerCase() } : undefined;
  }
  const match = /^\s*(\d+)\s+([a-z_]\w*)\s*$/i.exec(String(value ?? ''));
  if (match === null) return undefined;
  const word = (match[2] ?? '').toLowerCase();
  return { count: Number(match[1]), grain: isGrain(word) || !word.endsWith('s') ? word : word.slice(0, -1) };
}
