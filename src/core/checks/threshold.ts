import type { CheckStatus } from './result.ts';

/** When a number of failures is a failure, as a test's configuration says it. */
export interface Threshold {
  readonly severity: 'error' | 'warn';
  /** The right side of a comparison in SQL: `!= 0`, `>10`, `between 1 and 5`. */
  readonly errorIf: string;
  readonly warnIf: string;
}

/** Reads `severity`, `error_if` and `warn_if` of a test's configuration. */
export function readThreshold(config: Readonly<Record<string, unknown>>): Threshold {
  const text = (value: unknown): string => (typeof value === 'string' && value.trim() !== '' ? value.trim() : '!= 0');
  return {
    severity: typeof config.severity === 'string' && config.severity.toLowerCase() === 'warn' ? 'warn' : 'error',
    errorIf: text(config.error_if),
    warnIf: text(config.warn_if),
  };
}

/** Whether failures satisfy one side of a threshold; undefined where the text is no comparison that can be worked out here. */
export function satisfies(failures: number, condition: string): boolean | undefined {
  const parts = condition.split(/\s+(and|or)\s+(?=(?:failures\b|[<>!=]))/i);
  const between = /^(not\s+)?between\s+(-?[\d.]+)\s+and\s+(-?[\d.]+)$/i.exec(condition);
  if (between) {
    const inside = failures >= Number(between[2]) && failures <= Number(between[3]);
    return between[1] === undefined ? inside : !inside;
  }
  let result: boolean | undefined;
  for (let i = 0; i < parts.length; i += 2) {
    const one = compare(failures, (parts[i] ?? '').replace(/^failures\s*/i, ''));
    if (one === undefined) return undefined;
    if (i === 0) result = one;
    else result = /^and$/i.test(parts[i - 1] ?? '') ? result === true && one : result === true || one;
  }
  return result;
}

function compare(failures: number, condition: string): boolean | undefined {
  const match = /^(<=|>=|<>|!=|==?|<|>)\s*(-?\d+(?:\.\d+)?)$/.exec(condition.trim());
  if (!match) return undefined;
  const limit = Number(match[2]);
  switch (match[1]) {
    case '<':
      return failures < limit;
    case '>':
      return failures > limit;
    case '<=':
      return failures <= limit;
    case '>=':
      return failures >= limit;
    case '=':
    case '==':
      return failures === limit;
    default:
      return failures !== limit;
  }
}

/** The status that dbt gives a test with that many failures, or the sentence that says which comparison nobody understands. */
export function toStatus(failures: number, threshold: Threshold): CheckStatus | { readonly unclear: string } {
  const error = satisfies(failures, threshold.errorIf);
  const warn = satisfies(failures, threshold.warnIf);
  if (threshold.severity === 'error' && error === undefined) return { unclear: unclear('error_if', threshold.errorIf) };
  if (warn === undefined) return { unclear: unclear('warn_if', threshold.warnIf) };
  if (threshold.severity === 'error' && error === true) return 'fail';
  return warn ? 'warn' : 'pass';
}

function unclear(key: string, text: string): string {
  return `'${key}: ${text}' is not a comparison with a number: write it like '>10', '!= 0' or 'between 1 and 5'.`;
}
