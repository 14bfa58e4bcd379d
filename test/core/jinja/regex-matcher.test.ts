import { describe, expect, test } from 'vitest';
import { BudgetError } from '../../../src/core/jinja/budget.ts';
import { mayRunAway, RegexMatcher } from '../../../src/core/jinja/regex-matcher.ts';

const texts = [
  '',
  'aaab',
  'ab12 cd34',
  'x=1, y = 22;z',
  '2024-01-05T10',
  'select a.b, c from t -- note\nwhere x',
  'aXbXc',
  '"q""r"',
  'ééa_é',
  'abcabc',
];
const patterns = [
  '(a+)+b',
  '(a|aa)*b',
  '(\\w+\\s*)+',
  '(?:(\\w)(\\d+)\\s?)*',
  '(?<key>\\w+)\\s*=\\s*(?<value>\\d+)',
  '(\\d{2,4})-(\\d\\d)',
  '([a-z]+?)X',
  '(?:a|ab)(?:c|bcd)*',
  '"((?:[^"]|"")*)"',
  '(abc)\\1',
  '(?<w>[ab]+)c\\k<w>',
  '\\b\\w+\\b(?=,)',
  '(?<!b)c+',
  '[\\p{L}_]+',
  '(|a)+b',
  'a{2,}?b',
  '^(?:\\s*\\w+)*$',
  '(x|y)?(\\s=)*',
  '(?=(a+)+b)\\w',
  '(?!a)[a-z]+(?=\\d|,)',
];

describe.each(patterns)('%s matches as the engine does', (pattern) => {
  test.each(texts)('in %j', (text) => {
    const own = new RegexMatcher(pattern, 'u', { steps: 1_000_000 });
    for (const only of [false, true]) {
      const real = new RegExp(pattern, only ? 'uy' : 'u').exec(text);
      const found = own.exec(text, 0, only);
      expect(found && [found.index, ...found]).toEqual(real && [real.index, ...real]);
      expect(found?.groups ?? {}).toEqual({ ...real?.groups });
    }
  });
});

test.each(['(a+)+b', '(a|a)*b', '(a*)*b', '([a-z]+)*=', '(?:a{1,50}){1,50}b', '(?=(a+)+b)', '(?<=(a+)+b)'])(
  '%s is stopped where it would run away',
  (pattern) => {
    const text = `${'a'.repeat(40)}c`;
    expect(mayRunAway(pattern, text.length)).toBe(true);
    expect(() => new RegexMatcher(pattern, 'u', { steps: 200_000 }).exec(text, 0, false)).toThrow(BudgetError);
  },
);

test.each(['\\d+', '(\\w)+', '^stg_(.*)$', '[^a]*', '(?:a|b)', '\\(+'])('%s is left to the engine', (pattern) => {
  expect(mayRunAway(pattern, 1000)).toBe(false);
});
