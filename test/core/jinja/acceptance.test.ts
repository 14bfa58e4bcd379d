import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JinjaCase } from '../../../src/core/dbt/jinja-case.ts';
import { renderCase } from '../../../src/core/dbt/jinja-case.ts';

interface AcceptanceCase extends JinjaCase {
  readonly id: string;
  readonly expected?: string;
  readonly expected_error?: string;
  readonly state?: Record<string, unknown>;
}

describe.each(['atomic', 'scenarios'])('%s templates render as the real Jinja2 renders them', (file) => {
  const cases = JSON.parse(readFileSync(new URL(`../../acceptance/jinja/${file}.json`, import.meta.url), 'utf8')) as AcceptanceCase[];
  it.each(cases.map((test) => [test.id, test] as const))('%s', (_id, test) => {
    const { output, error, ...state } = renderCase(test);
    if (test.expected_error !== undefined) {
      expect(error).toBeDefined();
      return;
    }
    expect(error).toBeUndefined();
    expect(output).toBe(test.expected);
    if (test.state) expect(state).toMatchObject(test.state);
  });
});
