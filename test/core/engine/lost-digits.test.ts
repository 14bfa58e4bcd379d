import { describe, expect, it } from 'vitest';
import { PreviewResult } from '../../../src/core/engine/preview-result.ts';
import { formatType, toValueType } from '../../../src/core/translate/value-type.ts';
import { openEngine } from '../translate/run.ts';

const longer = (name: string): string[] => [
  `Decimals are exact to 15 digits in a preview: '${name}' has longer values, whose last digits may be wrong.`,
];

describe.each(['sqlite', 'duckdb'] as const)('decimals in %s', (name) => {
  it.each([
    ['of 15 digits are exact', 'numeric(18,2)', 9999999999999.99, []],
    ['of 16 digits are told', 'numeric(18,2)', -123456789012345.6, longer('a')],
    ['without a scale are told by their size', 'numeric', 1e15, longer('a')],
    ['that are whole are exact as far as a double is', 'numeric(38,0)', 9007199254740990, []],
    ['that are whole and longer are told', 'numeric(38,0)', 9007199254740992, longer('a')],
    ['are not meant where the type is a float', 'double precision', 1e300, []],
  ])('%s', async (_, written, value, told) => {
    const engine = openEngine(name);
    await engine.open();
    const type = toValueType(written, 'postgres');
    await engine.load('t', [{ name: 'a', type: formatType(type) }], [[null], [value], [1]]);
    const result = await PreviewResult.open(engine, { physical: 't', columns: [{ name: 'a', type }] }, []);
    expect(result.notes).toEqual(told);
    if (told.length === 0) expect((await result.page(0, 3))[1]).toEqual([value]);
    await engine.close?.();
  });
});
