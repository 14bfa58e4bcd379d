import { describe, expect, it } from 'vitest';
import type { CellKind } from '../../webview/results/cells.ts';
import { describeFilter, readFilter } from '../../webview/results/filter-text.ts';

/** What a text in the filter of a column `c` of a kind means, in words; or why it means nothing. */
function read(kind: CellKind, text: string): string {
  const reading = readFilter(0, kind, text);
  if (reading.kind === 'filter') return describeFilter('c', reading.filter);
  return reading.kind === 'none' ? 'no filter' : `unclear: ${reading.problem}`;
}

describe('what is typed into the filter of a column', () => {
  it.each<[CellKind, string, string]>([
    ['number', '', 'no filter'],
    ['number', '5', 'c is 5'],
    ['number', '>=2', 'c ≥ 2'],
    ['number', '> 2', 'c > 2'],
    ['number', '<=-1.5', 'c ≤ -1.5'],
    ['number', '2..3', 'c from 2 to 3'],
    ['number', '2 ..', 'c ≥ 2'],
    ['number', '..3', 'c ≤ 3'],
    ['number', '1,2, 3', 'c is 1, 2 or 3'],
    ['number', '!=1,2', 'c is not 1 or 2'],
    ['number', '<>1', 'c is not 1'],
    ['number', 'is null', 'c is NULL'],
    ['number', 'NOT NULL', 'c is not NULL'],
    ['number', 'is not null', 'c is not NULL'],
    ['number', '>=', 'unclear: Write a value after >=.'],
    ['number', '1,', 'unclear: A value is missing beside a comma.'],
    ['number', 'abc', "unclear: 'abc' is not a number. Try >=2, 2..3 or 1, 2."],
    ['number', '..', 'unclear: Write a range as 2..3, 2.. or ..3.'],
    ['date', '2024-01', 'c is 2024-01'],
    ['date', '2024-01..2024-03', 'c from 2024-01 to 2024-03'],
    ['date', 'May', "unclear: 'May' is not a date. Try >=2024-01-15 or 2024-01..2024-03."],
    ['boolean', 'true', 'c is true'],
    ['boolean', 'yes', "unclear: 'yes' is not a boolean. Try true or false."],
    ['text', 'web', 'c contains web'],
    ['text', '2..3', 'c contains 2..3'],
    ['text', 'a, b', 'c contains a, b'],
    ['text', '=a, b', 'c is a or b'],
    ['text', '="a, b"', 'c is a, b'],
    ['text', '=""', 'c is empty'],
    ['text', '!web', 'c does not contain web'],
    ['text', 'web*', 'c matches web*'],
    ['text', '!*s', 'c does not match *s'],
    ['text', '"*"', 'c contains *'],
    ['text', '!', 'unclear: Write the text that must not occur after the exclamation mark.'],
    ['text', '>=m', 'c ≥ m'],
  ])('%s: "%s" means %s', (kind, text, meaning) => {
    expect(read(kind, text)).toBe(meaning);
  });
});
