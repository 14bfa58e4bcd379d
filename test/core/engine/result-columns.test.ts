import { describe, expect, it } from 'vitest';
import { toResultColumns } from '../../../src/core/engine/result-columns.ts';
import { toTypeText } from '../../../src/core/lineage/project-columns.ts';
import { dialects } from '../../../src/core/sql/dialect.ts';
import { types, type ValueType } from '../../../src/core/translate/value-type.ts';

const typeOf = (type: ValueType, dialect: (typeof dialects)[number]): string | undefined =>
  toResultColumns([{ name: 'c', type }], dialect)[0]?.type;

describe('the types of a result', () => {
  it.each(dialects)('are spelled as lineage spells those of the same data in %s', (dialect) => {
    expect(typeOf(types.integer, dialect)).toBe(toTypeText('integer', dialect));
    expect(typeOf(types.float, dialect)).toBe(toTypeText('double', dialect));
    expect(typeOf(types.string, dialect)).toBe(toTypeText('text', dialect));
    expect(typeOf(types.timestamp, dialect)).toBe(toTypeText('timestamp', dialect));
    expect(typeOf({ kind: 'decimal' }, dialect)).toBe(toTypeText('decimal', dialect));
  });

  it('are empty where nothing is known, and name the elements of arrays', () => {
    expect(typeOf(types.unknown, 'postgres')).toBe('');
    expect(typeOf({ kind: 'array', element: types.integer }, 'bigquery')).toBe('array<int64>');
  });
});
