import type { Problem } from './problem.ts';

/** The problems by path and position; those of one place by what they say, so that the order never depends on how they were found. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort(
    (a, b) =>
      compare(a.path, b.path) ||
      a.start.line - b.start.line ||
      a.start.column - b.start.column ||
      compare(a.code, b.code) ||
      compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
