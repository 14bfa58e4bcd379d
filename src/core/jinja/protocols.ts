import { checkSize } from './budget.ts';
import { raise } from './errors.ts';
import type { Keywords, Value } from './values.ts';
import { Dict, Endless, Float, Iter, PyObject, PySet, Range, Tuple, typeName, Undefined, View } from './values.ts';

/** The items of a value, no more than `most` of them where it never ends. */
export function takeSome(value: Value, most: number): Value[] {
  if (!(value instanceof Endless)) return iterate(value);
  checkSize(most);
  return Array.from({ length: most }, () => value.next() ?? null);
}

export function isInt(value: Value | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

export function isNumber(value: Value): value is number | bigint | boolean | Float {
  return isInt(value) || value instanceof Float || typeof value === 'boolean';
}

export function isList(value: Value): value is Value[] {
  return Array.isArray(value) && !(value instanceof Tuple);
}

export function isCallable(value: Value): boolean {
  return typeof value === 'function' || (value instanceof PyObject && value.isCallable());
}

/** Brings an integer back to a number where one holds it. */
export function toInt(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** The number that a Python number is; fails for anything else. */
export function toNumber(value: Value | undefined): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Float) return value.value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Undefined) value.fail();
  raise('TypeError', `a number is required, not '${value === undefined ? 'NoneType' : typeName(value)}'`);
}

/** An integer argument, such as a width or an index. */
export function toIndex(value: Value | undefined): number {
  if (value instanceof Float) raise('TypeError', "'float' object cannot be interpreted as an integer");
  if (typeof value === 'string' || value === null || value === undefined)
    raise('TypeError', `'${value === undefined || value === null ? 'NoneType' : 'str'}' object cannot be interpreted as an integer`);
  return toNumber(value);
}

export function toBigInt(value: number | bigint | boolean): bigint {
  return BigInt(value);
}

/** The items of a value in order; strings give their code points, dicts their keys. */
export function iterate(value: Value): Value[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return Array.from(value);
  if (value instanceof Dict) return value.keys();
  if (value instanceof PySet || value instanceof View || value instanceof Range) return value.list();
  if (value instanceof Iter) return value.take();
  if (value instanceof Undefined) return [];
  if (value instanceof PyObject) {
    const items = value.iterate();
    if (items) {
      checkSize(items.length);
      return items;
    }
  }
  raise('TypeError', `'${typeName(value)}' object is not iterable`);
}

export function isIterable(value: Value): boolean {
  if (typeof value === 'string') return true;
  if (value === null || typeof value !== 'object' || value instanceof Float) return false;
  return !(value instanceof PyObject) || value.iterate() !== undefined;
}

export function lengthOf(value: Value): number {
  if (typeof value === 'string') return codePointLength(value);
  if (Array.isArray(value) || value instanceof Range) return value.length;
  if (value instanceof Dict || value instanceof PySet) return value.size;
  if (value instanceof View) return value.dict.size;
  if (value instanceof Undefined) return 0;
  const length = value instanceof PyObject ? value.length() : undefined;
  if (length !== undefined) return length;
  raise('TypeError', `object of type '${typeName(value)}' has no len()`);
}

const surrogate = /[\ud800-\udfff]/;

export function codePointLength(text: string): number {
  return surrogate.test(text) ? Array.from(text).length : text.length;
}

/** The text as something whose indices count code points: itself, or an array where it has astral characters. */
export function codePoints(text: string): string | readonly string[] {
  return surrogate.test(text) ? Array.from(text) : text;
}

export function isTruthy(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value === null || value === '' || value === 0) return false;
  if (typeof value === 'bigint') return value !== 0n;
  if (typeof value !== 'object') return true;
  if (Array.isArray(value) || value instanceof Range) return value.length > 0;
  if (value instanceof Dict || value instanceof PySet) return value.size > 0;
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof Undefined) return false;
  if (value instanceof View) return value.dict.size > 0;
  return !(value instanceof PyObject) || value.truth();
}

/** An argument by position or by name. */
export function argument(args: readonly Value[], keywords: Keywords, index: number, name: string): Value | undefined {
  return index < args.length ? args[index] : keywords.get(name);
}

/** An argument that must be there. */
export function required(args: readonly Value[], keywords: Keywords, index: number, name: string, callee: string): Value {
  const value = argument(args, keywords, index, name);
  if (value === undefined) raise('TypeError', `${callee} missing 1 required positional argument: '${name}'`);
  return value;
}
