import { expect, it } from 'vitest';
import { readThreshold, toStatus } from '../../../src/core/checks/threshold.ts';

it.each([
  [0, {}, 'pass'],
  [1, {}, 'fail'],
  [1, { severity: 'WARN' }, 'warn'],
  [5, { error_if: '>10', warn_if: '>3' }, 'warn'],
  [11, { error_if: '>10', warn_if: '>3' }, 'fail'],
  [3, { error_if: '>10', warn_if: '>3' }, 'pass'],
  [11, { error_if: '>10', severity: 'warn' }, 'warn'],
  [5, { error_if: 'between 1 and 5' }, 'fail'],
  [6, { error_if: 'between 1 and 5', warn_if: '<0' }, 'pass'],
  [0, { error_if: '< 1', warn_if: '< 0' }, 'fail'],
  [7, { error_if: '>= 2 and <= 6', warn_if: '= 7' }, 'warn'],
])('%i failures under %o are a %s', (failures, config, status) => {
  expect(toStatus(failures, readThreshold(config))).toBe(status);
});

it('a comparison nobody understands is said', () => {
  expect(toStatus(1, readThreshold({ error_if: 'a lot' }))).toEqual({
    unclear: "'error_if: a lot' is not a comparison with a number: write it like '>10', '!= 0' or 'between 1 and 5'.",
  });
});
