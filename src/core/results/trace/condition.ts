import type { ValueType } from '../../translate/value-type.ts';
import { isNumeric } from '../../translate/value-type.ts';

/** A column and the value that a row has in it, as text; undefined stands for NULL. */
export interface Given {
  readonly column: string;
  readonly value: string | undefined;
}

/** The condition of the engine that a column has a value, whatever way the engine keeps it. */
export function toCondition(name: string, type: ValueType, value: string | undefined): string {
  if (value === undefined) return `${name} is null`;
  if (isNumeric(type) && /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?$/i.test(value)) {
    // Decimals lie as doubles.
    return type.kind === 'integer' ? `${name} = ${value}` : `abs(${name} - ${value}) <= 1e-9 * (1 + abs(${value}))`;
  }
  if (type.kind === 'boolean' && /^(true|false|1|0|t|f)$/i.test(value)) return /^[t1]/i.test(value) ? `${name}` : `not ${name}`;
  const text = `'${value.replaceAll("'", "''")}'`;
  if (type.kind === 'timestamp' || type.kind === 'timestamptz')
    return `cast(${name} as varchar) in (${text}, '${value.replaceAll("'", "''").replace('T', ' ').replace(/Z$/, '')}')`;
  return `cast(${name} as varchar) = ${text}`;
}

/** `account_id = 7`. */
export function showGiven(given: readonly Given[]): string {
  return given.map(({ column, value }) => (value === undefined ? `${column} is NULL` : `${column} = ${value}`)).join(' and ');
}
