import { dictMethods, listMethods, setMethods, tupleMethods, viewMethods } from './collection-methods.ts';
import { raise } from './errors.ts';
import { isNumber, toBigInt, toInt } from './protocols.ts';
import type { Runtime } from './runtime.ts';
import { stringMethods } from './string-methods.ts';
import type { Keywords, Value } from './values.ts';
import { Dict, Float, PySet, Range, Tuple, toTuple, View } from './values.ts';

/** A method of one of Python's own types. */
export type Method<Self> = (self: Self, args: readonly Value[], keywords: Keywords, runtime: Runtime) => Value;
export type Methods<Self> = ReadonlyMap<string, Method<Self>>;

const intMethods: Methods<number | bigint | boolean> = new Map<string, Method<number | bigint | boolean>>([
  [
    'bit_length',
    (self) => {
      const value = toBigInt(self);
      return value === 0n ? 0 : (value < 0n ? -value : value).toString(2).length;
    },
  ],
  ['bit_count', (self) => toBigInt(self).toString(2).replace(/[^1]/g, '').length],
  ['conjugate', (self) => (typeof self === 'boolean' ? Number(self) : self)],
  ['as_integer_ratio', (self) => toTuple([typeof self === 'boolean' ? Number(self) : self, 1])],
]);

const floatMethods: Methods<Float> = new Map<string, Method<Float>>([
  ['is_integer', (self) => Number.isInteger(self.value)],
  [
    'as_integer_ratio',
    (self) => {
      if (!Number.isFinite(self.value))
        raise('OverflowError', `cannot convert ${Number.isNaN(self.value) ? 'NaN' : 'Infinity'} to integer ratio`);
      let [above, below] = [self.value, 1n];
      for (; !Number.isInteger(above); below *= 2n) above *= 2;
      return toTuple([toInt(BigInt(above)), toInt(below)]);
    },
  ],
  ['conjugate', (self) => self],
]);

const rangeMethods: Methods<Range> = new Map<string, Method<Range>>([
  ['index', (self, args, keywords, runtime) => runtime.call(runtime.getAttribute(self.list(), 'index'), args, keywords)],
  ['count', (self, args, keywords, runtime) => runtime.call(runtime.getAttribute(self.list(), 'count'), args, keywords)],
]);

/** The parts that Python's numbers have as attributes. */
export function partOfNumber(value: Value, name: string): Value | undefined {
  if (!isNumber(value)) return undefined;
  const isFloat = value instanceof Float;
  if (name === 'real' || (name === 'numerator' && !isFloat)) return typeof value === 'boolean' ? Number(value) : value;
  if (name === 'imag') return isFloat ? new Float(0) : 0;
  return name === 'denominator' && !isFloat ? 1 : undefined;
}

/** The methods that a value of one of Python's own types has. */
export function methodsOf(value: Value): Methods<never> | undefined {
  if (typeof value === 'string') return stringMethods;
  if (value === null || typeof value === 'function') return undefined;
  if (value instanceof Float) return floatMethods;
  if (isNumber(value)) return intMethods;
  if (value instanceof Tuple) return tupleMethods;
  if (Array.isArray(value)) return listMethods;
  if (value instanceof Dict) return dictMethods;
  if (value instanceof PySet) return setMethods;
  if (value instanceof Range) return rangeMethods;
  return value instanceof View && value.kind !== 'values' ? viewMethods : undefined;
}
