import type { Plain, PlainRecord } from '../dbt/environment.ts';
import { isMap } from './yaml.ts';

/** Values read from YAML as templates see them; dates become their ISO text. */
export function toPlainRecord(value: unknown): PlainRecord {
  return isMap(value) ? (Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)])) as PlainRecord) : {};
}

function toPlain(value: unknown): Plain {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, '');
  if (Array.isArray(value)) return value.map(toPlain);
  return toPlainRecord(value);
}
