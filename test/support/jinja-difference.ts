import { renderCase } from '../../src/core/dbt/jinja-case.ts';
import { renderWithJinja2 } from './jinja-reference.ts';

export interface Difference {
  readonly template: string;
  readonly expected: string;
  readonly actual: string;
}

/** Addresses in memory and the order of hashes are no part of what a template means. */
const incomparable = / at 0x[0-9a-f]+|Undefined object/i;

/** Where our rendering of templates differs from the real one's; two errors agree, whatever they say. */
export function findDifferences(templates: readonly string[]): Difference[] {
  const expected = renderWithJinja2(templates);
  return templates.flatMap((template, i) => {
    const reference = expected[i];
    if (!reference || incomparable.test(reference.output ?? '')) return [];
    const { output, error } = renderCase({ template, mode: 'jinja' });
    const same = reference.output === undefined ? error !== undefined : output === reference.output;
    return same ? [] : [{ template, expected: reference.output ?? `error ${reference.error}`, actual: output ?? `error ${error}` }];
  });
}
