import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderCase } from '../../../src/core/dbt/jinja-case.ts';

interface PythonCase {
  readonly template: string;
  /** What Python's Jinja2 gave, or the type of its error. */
  readonly output?: string;
  readonly error?: string;
}

const cases = JSON.parse(readFileSync(join(import.meta.dirname, 'python-cases.json'), 'utf8')) as readonly PythonCase[];

/** What differs from run to run in Python, too. */
const incomparable = / at 0x[0-9a-f]+/;

test.each(cases.filter(({ output }) => !incomparable.test(output ?? '')))('$template', ({ template, output }) => {
  const made = renderCase({ template, mode: 'dbt', dbt: { execute: true } });
  if (output === undefined) expect(made.error).toBeDefined();
  else expect(made).toMatchObject({ output });
});
