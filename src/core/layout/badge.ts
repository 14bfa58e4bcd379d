import type { TestBadge, TestStatus } from './project-graph.ts';

type Sign = 'pass' | 'warn' | 'fail' | 'none';

/** One number of a badge beside its sign; `none` has no sign, so that tests which did not run never look passed. A sign alone is the card's own last run. */
export interface BadgePart {
  readonly sign: Sign;
  readonly text: string;
}

/**
 * The numbers of a node's badge: how many tests passed, warned and failed, or how many there are where none has run. Before them stands
 * how the card itself ended when it last ran: a test, a source's freshness, a build.
 */
export function toBadgeParts(tests: TestBadge, last?: TestStatus): readonly BadgePart[] {
  const own: readonly BadgePart[] = last === undefined || last === 'skip' || last === 'no-data' ? [] : [{ sign: toSign(last), text: '' }];
  const { count, status, passed = 0, warned = 0, failed = 0 } = tests;
  if (count === 0) return own;
  const all = `${count} ${count === 1 ? 'test' : 'tests'}`;
  if (passed + warned + failed === 0)
    return [
      ...own,
      status === undefined || status === 'skip' ? { sign: 'none', text: all } : { sign: toSign(status), text: String(count) },
    ];
  // Where some have not run, it is not said that all passed.
  const good = passed < count && warned + failed === 0 ? `${passed} of ${count}` : String(passed);
  const parts: readonly BadgePart[] = [
    { sign: 'fail', text: String(failed) },
    { sign: 'warn', text: String(warned) },
    { sign: 'pass', text: good },
  ];
  return [...own, ...parts.filter(({ text }) => text !== '0')];
}

function toSign(status: TestStatus): Sign {
  return status === 'error' ? 'fail' : status === 'skip' || status === 'no-data' ? 'none' : status;
}

/** A text about as wide as a badge is drawn, for sizes that are computed from texts. */
export function toBadgeText(tests: TestBadge, last?: TestStatus): string {
  return toBadgeParts(tests, last)
    .map(({ text }) => text)
    .join('0000');
}

/** The last results of a node's tests in words. */
export function toBadgeWords({ count, status, passed = 0, warned = 0, failed = 0 }: TestBadge): string {
  if (count === 0) return '';
  const tests = `${count} ${count === 1 ? 'test' : 'tests'}`;
  if (status === undefined) return tests;
  if (passed + warned + failed === 0) return `${tests}, last result ${status}`;
  const said = [`${passed} passed`, warned > 0 && `${warned} warned`, failed > 0 && `${failed} failed`].filter(Boolean);
  return `${tests}, last time ${said.join(', ')}`;
}

/** How a card itself ended when it last ran, in words. */
export function toLastWords(kind: string, last: TestStatus | undefined): string {
  if (last === undefined) return '';
  if (kind === 'source')
    return last === 'pass' ? 'fresh' : last === 'skip' || last === 'no-data' ? 'freshness not checked' : `not fresh (${last})`;
  return kind === 'test' || kind === 'unit_test' ? `last result ${last}` : `last build ${last}`;
}
