import { expect, it, vi } from 'vitest';
import type { CheckResult, CheckStatus } from '../../src/core/checks/result.ts';
import { toRunLine } from '../../src/extension/testing/announce.ts';

vi.mock('vscode', () => ({
  l10n: { t: (text: string, ...values: readonly unknown[]) => text.replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)])) },
  window: {},
}));

const results = (...statuses: readonly CheckStatus[]) => statuses.map((status) => ({ status }) as CheckResult);

it.each<[string, readonly CheckStatus[]]>([
  ['3 of 3 passed', ['pass', 'pass', 'pass']],
  ['2 of 3 passed, 1 failed', ['pass', 'fail', 'pass']],
  ['0 of 2 passed, 1 could not run, 1 without data', ['error', 'no-data']],
  ['1 of 2 passed, 1 warned', ['pass', 'warn']],
])('%s', (line, statuses) => {
  expect(toRunLine(results(...statuses))).toBe(line);
});
