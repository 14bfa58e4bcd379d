import { raise } from './errors.ts';
import type { Filter } from './filters.ts';
import { Markup } from './markup.ts';
import { compare, contains, isEqual, operate } from './operations.ts';
import { isCallable, isInt, isIterable, isNumber } from './protocols.ts';
import { toText } from './repr.ts';
import { isLowerText, isUpperText } from './string-methods.ts';
import type { Value } from './values.ts';
import { Dict, Float, PyObject, Range, Undefined } from './values.ts';

const isSequence = (value: Value): boolean =>
  typeof value === 'string' ||
  Array.isArray(value) ||
  value instanceof Dict ||
  value instanceof Range ||
  value instanceof Undefined ||
  (value instanceof PyObject && value.length() !== undefined);

const other = (args: readonly Value[]): Value =>
  args.length > 0 ? (args[0] as Value) : raise('TypeError', 'the test needs something to compare with');
const ordered =
  (operator: string, holds: (order: number) => boolean): Filter =>
  (value, args) =>
    holds(compare(value, other(args), operator));

const equal: Filter = (value, args) => isEqual(value, other(args));
const unequal: Filter = (value, args) => !isEqual(value, other(args));
const less = ordered('<', (order) => order < 0);
const atMost = ordered('<=', (order) => order <= 0);
const greater = ordered('>', (order) => order > 0);
const atLeast = ordered('>=', (order) => order >= 0);

const all: readonly (readonly [string, Filter])[] = [
  ['odd', (value) => isEqual(operate('%', value, 2), 1)],
  ['even', (value) => isEqual(operate('%', value, 2), 0)],
  ['divisibleby', (value, args) => isEqual(operate('%', value, other(args)), 0)],
  ['defined', (value) => !(value instanceof Undefined)],
  ['undefined', (value) => value instanceof Undefined],
  ['none', (value) => value === null],
  ['boolean', (value) => typeof value === 'boolean'],
  ['true', (value) => value === true],
  ['false', (value) => value === false],
  ['integer', (value) => isInt(value)],
  ['float', (value) => value instanceof Float],
  ['number', (value) => isNumber(value)],
  ['string', (value) => typeof value === 'string'],
  ['mapping', (value) => value instanceof Dict || (value instanceof PyObject && value.isMapping())],
  ['sequence', isSequence],
  ['iterable', (value) => isIterable(value)],
  ['callable', (value) => isCallable(value) || value instanceof Undefined],
  ['sameas', (value, args) => value === other(args)],
  ['escaped', (value) => value instanceof Markup],
  ['filter', (value, _args, _keywords, runtime) => runtime.findFilter(toText(value)) !== undefined],
  ['test', (value, _args, _keywords, runtime) => runtime.findTest(toText(value)) !== undefined],
  ['lower', (value) => isLowerText(toText(value))],
  ['upper', (value) => isUpperText(toText(value))],
  ['in', (value, args) => contains(other(args), value)],
  ['eq', equal],
  ['equalto', equal],
  ['==', equal],
  ['ne', unequal],
  ['!=', unequal],
  ['lt', less],
  ['lessthan', less],
  ['<', less],
  ['le', atMost],
  ['<=', atMost],
  ['gt', greater],
  ['greaterthan', greater],
  ['>', greater],
  ['ge', atLeast],
  ['>=', atLeast],
];

/** Every test of Jinja 3.1, by the name after `is`; but for `escaped`, markup is the text it holds. */
export const tests: ReadonlyMap<string, Filter> = new Map(
  all.map(([name, test]) => [
    name,
    name === 'escaped' || name === 'sameas'
      ? test
      : (value, args, keywords, runtime) => test(value instanceof Markup ? value.value : value, args, keywords, runtime),
  ]),
);
