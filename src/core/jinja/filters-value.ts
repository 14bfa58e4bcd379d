import { raise } from './errors.ts';
import type { Filter, Filters } from './filters.ts';
import { toJson } from './json.ts';
import { Markup } from './markup.ts';
import { parseFloatText, parseIntText, roundFloat, roundInt } from './numbers.ts';
import { compare, compareText, negate } from './operations.ts';
import { prettyPrint } from './pretty-print.ts';
import { argument, isList, isNumber, isTruthy, toBigInt, toIndex, toInt, toNumber } from './protocols.ts';
import { repr, toText } from './repr.ts';
import type { Value } from './values.ts';
import { Dict, Float, toTuple, typeName, Undefined } from './values.ts';
import { visit } from './work.ts';

function toFloat(value: Value): Float | undefined {
  if (value instanceof Undefined) value.fail();
  if (isNumber(value)) return new Float(toNumber(value));
  const number = typeof value === 'string' ? parseFloatText(value) : undefined;
  return number === undefined ? undefined : new Float(number);
}

function truncateFloat(value: number): number | bigint | undefined {
  return Number.isFinite(value) ? toInt(BigInt(Math.trunc(value))) : undefined;
}

function toInteger(value: Value, base: number): number | bigint | undefined {
  if (value instanceof Undefined) value.fail();
  if (typeof value === 'string') {
    const integer = parseIntText(value, base);
    if (integer !== undefined) return toInt(integer);
    const float = parseFloatText(value);
    return float === undefined ? undefined : truncateFloat(float);
  }
  if (value instanceof Float) return truncateFloat(value.value);
  return isNumber(value) ? toInt(toBigInt(value)) : undefined;
}

function round(value: Value, precision: number, method: Value): Value {
  if (method !== 'common' && method !== 'ceil' && method !== 'floor') raise('FilterArgumentError', 'method must be common, ceil or floor');
  if (value instanceof Undefined) value.fail();
  if (!isNumber(value)) raise('TypeError', `type ${typeName(value)} doesn't define __round__ method`);
  if (method === 'common') {
    if (value instanceof Float) return new Float(roundFloat(value.value, precision));
    return toInt(roundInt(toBigInt(value), precision));
  }
  const unit = 10 ** precision;
  const scaled = toNumber(value) * unit;
  return new Float((method === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)) / unit);
}

/** Sorts the keys of dicts, as `pprint` prints them. */
function sortKeys(value: Value): Value {
  visit();
  if (value instanceof Dict) {
    const entries = [...value.entries()].map(([key, item]) => [key, sortKeys(item)] as const);
    const order = (a: Value, b: Value): number =>
      typeName(a) === typeName(b) && (typeof a === 'string' || isNumber(a)) ? compare(a, b) : compareText(typeName(a), typeName(b));
    return new Dict(entries.sort(([a], [b]) => order(a, b)));
  }
  return isList(value) ? value.map(sortKeys) : Array.isArray(value) ? toTuple(value.map(sortKeys)) : value;
}

/** An argument, where None counts as given. */
function given(value: Value | undefined, otherwise: Value): Value {
  return value === undefined ? otherwise : value;
}

const orDefault: Filter = (value, args, keywords) => {
  const otherwise = given(argument(args, keywords, 0, 'default_value'), '');
  const alsoFalsy = isTruthy(argument(args, keywords, 1, 'boolean') ?? false);
  return value instanceof Undefined || (alsoFalsy && !isTruthy(value)) ? otherwise : value;
};

const same = (value: Value): Value => value;

/** Filters about single values. */
export const valueFilters: Filters = {
  abs: (value) => {
    if (value instanceof Undefined) value.fail();
    if (!isNumber(value)) raise('TypeError', `bad operand type for abs(): '${typeName(value)}'`);
    if (value instanceof Float) return new Float(Math.abs(value.value));
    const integer = typeof value === 'boolean' ? Number(value) : value;
    return integer < 0 ? negate(integer) : integer;
  },
  attr: (value, args, keywords, runtime) => runtime.getAttributeOnly(value, toText(argument(args, keywords, 0, 'name') ?? '')),
  default: orDefault,
  d: orDefault,
  float: (value, args, keywords) => toFloat(value) ?? given(argument(args, keywords, 0, 'default'), new Float(0)),
  int: (value, args, keywords) =>
    toInteger(value, toIndex(argument(args, keywords, 1, 'base') ?? 10)) ?? given(argument(args, keywords, 0, 'default'), 0),
  round: (value, args, keywords) =>
    round(value, toIndex(argument(args, keywords, 0, 'precision') ?? 0), argument(args, keywords, 1, 'method') ?? 'common'),
  filesizeformat: (value, args, keywords) => {
    const bytes = toFloat(value)?.value ?? raise('ValueError', `could not convert to float: ${repr(value)}`);
    const isBinary = isTruthy(argument(args, keywords, 0, 'binary') ?? false);
    const base = isBinary ? 1024 : 1000;
    if (bytes === 1) return '1 Byte';
    if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
    const prefixes = Array.from('kMGTPEZY', (letter) => (isBinary ? `${letter.toUpperCase()}iB` : `${letter}B`));
    const power = prefixes.findIndex((_, i) => bytes < base ** (i + 2));
    const at = power === -1 ? prefixes.length - 1 : power;
    return `${((base * bytes) / base ** (at + 2)).toFixed(1)} ${prefixes[at]}`;
  },
  string: (value) => (value instanceof Markup ? value : toText(value)),
  pprint: (value) => prettyPrint(sortKeys(value)),
  tojson: (value, args, keywords) => {
    const indent = argument(args, keywords, 0, 'indent') ?? null;
    if (value instanceof Undefined) raise('TypeError', 'Object of type Undefined is not JSON serializable');
    const text = toJson(value, { sortKeys: true, indent: indent === null ? undefined : toIndex(indent) });
    return text.replace(/[<>&']/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  },
  as_text: same,
  as_bool: same,
  as_number: same,
  as_native: same,
  is_list: (value) => isList(value),
  safe: (value, _args, _keywords, runtime) =>
    value instanceof Markup ? value : new Markup(toText(value), (text, name) => runtime.methodOf(text, name)),
};
