import { checkSize } from './budget.ts';
import { raise } from './errors.ts';
import { formatPercent } from './format-percent.ts';
import { escapeHtml } from './html.ts';
import { Markup } from './markup.ts';
import { codePoints, isInt, isNumber, iterate, toBigInt, toIndex, toInt, toNumber } from './protocols.ts';
import { toText } from './repr.ts';
import type { Value } from './values.ts';
import { Dict, Float, PyObject, PySet, Range, Tuple, toTuple, typeName, Undefined, View } from './values.ts';
import { visit } from './work.ts';

/** Python's `==`. */
export function isEqual(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a instanceof Undefined || b instanceof Undefined) return a instanceof Undefined && b instanceof Undefined;
  if (isNumber(a) && isNumber(b)) {
    if (typeof a === 'bigint' && typeof b === 'bigint') return a === b;
    return toNumber(a) === toNumber(b);
  }
  if (b instanceof PyObject && !(a instanceof PyObject)) return b.equals(a);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a instanceof PyObject && a.equals(b);
  visit();
  if (Array.isArray(a))
    return (
      Array.isArray(b) &&
      a instanceof Tuple === b instanceof Tuple &&
      a.length === b.length &&
      a.every((item, i) => isEqual(item, b[i] as Value))
    );
  if (a instanceof Dict) {
    if (!(b instanceof Dict) || a.size !== b.size) return false;
    for (const [key, value] of a.entries()) {
      const other = b.get(key);
      if (other === undefined || !isEqual(value, other)) return false;
    }
    return true;
  }
  const left = toSetItems(a);
  if (left) {
    const right = toSetItems(b);
    return right !== undefined && left.size === right.size && left.list().every((item) => right.has(item));
  }
  if (a instanceof Range) return b instanceof Range && isEqual(a.list(), b.list());
  return a instanceof PyObject && a.equals(b);
}

function toSetItems(value: Value): PySet | undefined {
  if (value instanceof PySet) return value;
  return value instanceof View && value.kind !== 'values' ? new PySet(value.list()) : undefined;
}

/** Negative, zero or positive as Python orders two values; fails where it has no order. NaN for a comparison that is always false. */
export function compare(a: Value, b: Value, operator = '<'): number {
  if (isNumber(a) && isNumber(b)) {
    if (isInt(a) && isInt(b)) return a < b ? -1 : a > b ? 1 : 0;
    const left = toNumber(a);
    const right = toNumber(b);
    return left < right ? -1 : left > right ? 1 : left === right ? 0 : Number.NaN;
  }
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple) {
    visit();
    for (let i = 0; i < a.length && i < b.length; i++)
      if (!isEqual(a[i] as Value, b[i] as Value)) return compare(a[i] as Value, b[i] as Value, operator);
    return a.length - b.length;
  }
  if (a instanceof Undefined) a.fail();
  if (b instanceof Undefined) b.fail();
  if (a instanceof PySet && b instanceof PySet) {
    const below = a.list().every((item) => b.has(item));
    const above = b.list().every((item) => a.has(item));
    return below ? (above ? 0 : -1) : above ? 1 : Number.NaN;
  }
  const order = a instanceof PyObject ? a.compare(b) : undefined;
  if (order !== undefined) return order;
  raise('TypeError', `'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

/** Code point order, which differs from UTF-16 order where a surrogate meets the characters above it. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return (isSurrogate(x) ? x + 0x10000 : x) - (isSurrogate(y) ? y + 0x10000 : y);
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** Python's `in`. */
export function contains(container: Value, item: Value): boolean {
  if (typeof container === 'string') {
    if (typeof item !== 'string') raise('TypeError', `'in <string>' requires string as left operand, not ${typeName(item)}`);
    return container.includes(item);
  }
  if (container instanceof Dict || container instanceof PySet) return container.has(item);
  if (container instanceof View && container.kind === 'keys') return container.dict.has(item);
  if (container instanceof PyObject) {
    const found = container.contains(item);
    if (found !== undefined) return found;
    if (container.iterate() === undefined) raise('TypeError', `argument of type '${typeName(container)}' is not iterable`);
  }
  if (container === null || isNumber(container) || typeof container === 'function')
    raise('TypeError', `argument of type '${typeName(container)}' is not iterable`);
  return iterate(container).some((other) => isEqual(item, other));
}

/** A binary operator on two values. */
export function operate(operator: string, a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const quick = operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : Number.NaN;
    if (Number.isSafeInteger(quick)) return quick + 0;
  }
  if (a instanceof Undefined) a.fail();
  if (operator === '%' && typeof a === 'string') return formatPercent(a, b);
  if (operator === '%' && a instanceof Markup) return a.with(formatPercent(a.value, typeof b === 'string' ? escapeHtml(b) : b));
  if (b instanceof Undefined) b.fail();
  if (isNumber(a) && isNumber(b)) {
    if (a instanceof Float || b instanceof Float || operator === '/') return operateFloats(operator, toNumber(a), toNumber(b));
    return operateInts(operator, a, b);
  }
  if (operator === '+') {
    if (typeof a === 'string' && typeof b === 'string') {
      checkSize(a.length + b.length);
      return a + b;
    }
    if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple) {
      checkSize(a.length + b.length);
      return a instanceof Tuple ? toTuple([...a, ...b]) : a.concat(b);
    }
  }
  if (operator === '*') {
    const repeated = repeat(a, b) ?? repeat(b, a);
    if (repeated !== undefined) return repeated;
  }
  if (a instanceof PyObject) {
    const result = a.binary(operator, b);
    if (result !== undefined) return result;
  }
  if (b instanceof PyObject) {
    const result = b.reflected(operator, a);
    if (result !== undefined) return result;
  }
  if (operator === '-') {
    const left = toSetItems(a);
    const right = toSetItems(b);
    if (left && right) return new PySet(left.list().filter((item) => !right.has(item)));
  }
  if (operator === '+' && typeof a === 'string') raise('TypeError', `can only concatenate str (not "${typeName(b)}") to str`);
  if (operator === '+' && Array.isArray(a))
    raise('TypeError', `can only concatenate ${typeName(a)} (not "${typeName(b)}") to ${typeName(a)}`);
  raise('TypeError', `unsupported operand type(s) for ${operator}: '${typeName(a)}' and '${typeName(b)}'`);
}

function repeat(sequence: Value, count: Value): Value | undefined {
  if ((typeof sequence !== 'string' && !Array.isArray(sequence)) || (!isInt(count) && typeof count !== 'boolean')) return undefined;
  const times = Math.max(0, toNumber(count));
  checkSize(sequence.length * times);
  if (typeof sequence === 'string') return sequence.repeat(times);
  const items: Value[] = [];
  for (let i = 0; i < times; i++) for (const item of sequence) items.push(item);
  return sequence instanceof Tuple ? toTuple(items) : items;
}

function operateFloats(operator: string, a: number, b: number): Value {
  switch (operator) {
    case '+':
      return new Float(a + b);
    case '-':
      return new Float(a - b);
    case '*':
      return new Float(a * b);
    case '/':
      if (b === 0) raise('ZeroDivisionError', 'division by zero');
      return new Float(a / b);
    case '//':
      if (b === 0) raise('ZeroDivisionError', 'float floor division by zero');
      return new Float(Math.floor((a - floatModulo(a, b)) / b + 0.5));
    case '%':
      if (b === 0) raise('ZeroDivisionError', 'float modulo');
      return new Float(floatModulo(a, b));
    default:
      if (a === 0 && b < 0) raise('ZeroDivisionError', '0.0 cannot be raised to a negative power');
      return new Float(a ** b);
  }
}

function floatModulo(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

function operateInts(operator: string, left: number | bigint | boolean, right: number | bigint | boolean): Value {
  const a = toBigInt(left);
  const b = toBigInt(right);
  switch (operator) {
    case '+':
      return toInt(a + b);
    case '-':
      return toInt(a - b);
    case '*':
      return toInt(a * b);
    case '//':
    case '%': {
      if (b === 0n) raise('ZeroDivisionError', 'integer division or modulo by zero');
      const rest = a % b;
      const shifted = rest !== 0n && rest < 0n !== b < 0n;
      if (operator === '%') return toInt(shifted ? rest + b : rest);
      return toInt(shifted ? a / b - 1n : a / b);
    }
    default:
      if (b < 0n) {
        if (a === 0n) raise('ZeroDivisionError', '0.0 cannot be raised to a negative power');
        return new Float(Number(a) ** Number(b));
      }
      checkSize((a.toString(2).length * Number(b)) / 8);
      return toInt(a ** b);
  }
}

/** The unary operators. */
export function negate(value: Value): Value {
  if (typeof value === 'number') return -value + 0;
  if (value instanceof Float) return new Float(-value.value);
  if (typeof value === 'bigint') return toInt(-value);
  if (value instanceof Undefined) value.fail();
  if (typeof value === 'boolean') return value ? -1 : 0;
  const result = value instanceof PyObject ? value.reflected('-', 0) : undefined;
  if (result !== undefined) return result;
  raise('TypeError', `bad operand type for unary -: '${typeName(value)}'`);
}

export function affirm(value: Value): Value {
  if (isInt(value) || value instanceof Float) return value;
  if (value instanceof Undefined) value.fail();
  if (typeof value === 'boolean') return value ? 1 : 0;
  raise('TypeError', `bad operand type for unary +: '${typeName(value)}'`);
}

/** `value[start:stop:step]`; null stands for a part that is not written. */
export function slice(value: Value, start: Value, stop: Value, step: Value): Value {
  if (value instanceof Markup) return value.with(toText(slice(value.value, start, stop, step)));
  const items = typeof value === 'string' ? codePoints(value) : value instanceof Range ? value.list() : value;
  if (typeof items !== 'string' && !Array.isArray(items)) raise('TypeError', `'${typeName(value)}' object is not subscriptable`);
  const stride = step === null ? 1 : toIndex(step);
  if (stride === 0) raise('ValueError', 'slice step cannot be zero');
  const length = items.length;
  const clamp = (part: Value, otherwise: number): number => {
    if (part === null) return otherwise;
    if (!isInt(part) && typeof part !== 'boolean') raise('TypeError', 'slice indices must be integers or None or have an __index__ method');
    const index = toNumber(part);
    const from = index < 0 ? index + length : index;
    return stride > 0 ? Math.min(Math.max(from, 0), length) : Math.min(Math.max(from, -1), length - 1);
  };
  const from = clamp(start, stride > 0 ? 0 : length - 1);
  const to = clamp(stop, stride > 0 ? length : -1);
  if (typeof items === 'string' && stride === 1) return items.slice(from, Math.max(from, to));
  const result: Value[] = [];
  for (let i = from; stride > 0 ? i < to : i > to; i += stride) result.push(items[i] as Value);
  if (typeof value === 'string') return result.join('');
  if (value instanceof Range) return new Range(value.start + from * value.step, value.start + to * value.step, value.step * stride);
  return value instanceof Tuple ? toTuple(result) : result;
}

/** A stable copy in Python's order of the keys. */
export function sortBy(items: readonly Value[], key: (item: Value) => Value, reverse = false): Value[] {
  const keyed = items.map((item) => ({ key: key(item), item }));
  keyed.sort((a, b) => {
    const order = reverse ? compare(b.key, a.key) : compare(a.key, b.key);
    return Number.isNaN(order) ? 0 : order;
  });
  return keyed.map((pair) => pair.item);
}
