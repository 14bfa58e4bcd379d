import { lenient, type Raw, type RuntimeFunctions, strict } from '../runtime/function.ts';
import { runtimeFunctions } from '../runtime/functions.ts';
import { itemNull, itemSeparator } from './portable.ts';
import { sqliteDates } from './sqlite-dates.ts';

/** What JSON holds at a path of keys and places as SQLite writes it, `$[0]."a"`; undefined where there is nothing. */
function at(text: string, path: string): unknown {
  let value: unknown = JSON.parse(text);
  for (const [, index, quoted, name] of path.slice(1).matchAll(/\[(\d+)\]|\."([^"]*)"|\.([^.[]+)/g)) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<string, unknown>)[index ?? quoted ?? name ?? ''];
  }
  return value;
}

function toItem(value: unknown): Raw {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'object' ? JSON.stringify(value) : (value as string | number);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function typeOf(value: unknown): string | null {
  if (value === undefined) return null;
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'real';
  return typeof value === 'string' ? 'text' : typeof value === 'boolean' ? String(value) : 'object';
}

/** What SQLite has of its own and DuckDB in WebAssembly lacks: its functions over JSON, and its way to round. */
const missing: RuntimeFunctions = {
  ...strict({
    json_quote: (text: string) => JSON.stringify(text),
    array_items: (text: string) => {
      const items = parse(text);
      if (!Array.isArray(items) || items.length === 0) return null;
      return items.map((item) => toItem(item) ?? itemNull).join(itemSeparator);
    },
    sqlite_json_extract: (text: string, path: string) => toItem(at(text, path)),
    sqlite_json_type: (text: string, path = '$') => typeOf(at(text, path)),
    sqlite_json_valid: (text: string) => Number(parse(text) !== undefined),
    sqlite_json_array_length: (text: string) => {
      const items = parse(text);
      return Array.isArray(items) ? items.length : 0;
    },
    sqlite_round: (value: number, digits: number) =>
      Math.abs(value) > 4503599627370496 ? value : Number(`${value < 0 ? '-' : ''}${Math.abs(value).toFixed(Math.max(0, digits))}`),
    sqlite_substr: (text: string, start: number, length = Number.POSITIVE_INFINITY) => {
      const characters = [...text];
      let from = start > 0 ? start - 1 : start < 0 ? characters.length + start : -1;
      let until = from + length;
      if (length < 0) [from, until] = [from + length, from];
      return characters.slice(Math.max(0, from), Math.max(0, until)).join('');
    },
  }),
  ...sqliteDates,
  ...lenient({
    sqlite_printf: (pattern: Raw, ...values: Raw[]) => runtimeFunctions.printf?.run(pattern, ...values) ?? null,
    sqlite_typeof: (value: Raw) =>
      value === null
        ? 'null'
        : typeof value === 'number'
          ? Number.isInteger(value)
            ? 'integer'
            : 'real'
          : value instanceof Uint8Array
            ? 'blob'
            : 'text',
  }),
};

/** Every function that SQL for DuckDB may call, by the name behind `hw_`. */
export const duckDbFunctions: RuntimeFunctions = { ...runtimeFunctions, ...missing };
