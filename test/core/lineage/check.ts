import { expect } from 'vitest';
import type { Schema } from '../../../src/core/lineage/script.ts';
import { traceScript } from '../../../src/core/lineage/script.ts';
import type { Dialect } from '../../../src/core/sql/dialect.ts';

/** One line for every output column: `name <- table.column table.column (kind)`. */
export function showLineage(sql: string, dialect: Dialect = 'generic', schema: Schema = {}): string[] {
  const { statements } = traceScript(sql, dialect, schema);
  const last = statements[statements.length - 1];
  return (last?.columns ?? []).map(({ name, from, kind }) => {
    const sources = from.map(({ table, column }) => `${table ?? '?'}.${column}`).sort();
    return `${name} <- ${[...sources, `(${kind})`].join(' ')}`;
  });
}

/** Holds the lineage of the last statement of a script against what a person says it is. */
export function checkLineage(sql: string, expected: readonly string[], dialect: Dialect = 'generic', schema: Schema = {}): void {
  expect(showLineage(sql, dialect, schema)).toEqual(expected);
}
