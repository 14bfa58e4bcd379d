import { roundDecimal } from './casts.ts';
import { fail, lenient, type Raw, type RuntimeFunctions, strict } from './function.ts';

const domain = (condition: boolean, message: string): void => {
  if (!condition) fail(message);
};

const zero = (): never => fail('division by zero');

function gcd(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : gcd(b, a % b);
}

export const numberFunctions: RuntimeFunctions = {
  ...strict({
    div_int: (a: number, b: number) => (b === 0 ? zero() : Math.trunc(a / b) + 0),
    div_real: (a: number, b: number) => (b === 0 ? zero() : a / b),
    div_ieee: (a: number, b: number) => a / b,
    mod: (a: number, b: number) => (b === 0 ? zero() : modulo(a, b) + 0),
    mod_null: (a: number, b: number) => (b === 0 ? null : modulo(a, b) + 0),
    pmod: (a: number, b: number) => (b === 0 ? zero() : modulo(modulo(a, b) + b, b)),
    round: (value: number, digits: number, rounding: string) =>
      digits >= 0 ? roundDecimal(value, digits, rounding) : roundDecimal(value / 10 ** -digits, 0, rounding) * 10 ** -digits,
    truncate: (value: number, digits: number) => {
      const [mantissa = '0', exponent = '0'] = value.toExponential(14).split('e');
      return Number(`${Math.trunc(Number(`${Number(mantissa)}e${Number(exponent) + digits}`))}e${-digits}`) + 0;
    },
    ceil_to: (value: number, digits: number) => Number(`${Math.ceil(Number(`${Number(value.toPrecision(15))}e${digits}`))}e${-digits}`) + 0,
    floor_to: (value: number, digits: number) =>
      Number(`${Math.floor(Number(`${Number(value.toPrecision(15))}e${digits}`))}e${-digits}`) + 0,
    power: (a: number, b: number) => a ** b,
    sqrt: (value: number) => {
      domain(value >= 0, 'the square root of a negative number');
      return Math.sqrt(value);
    },
    cbrt: Math.cbrt,
    exp: Math.exp,
    ln: (value: number) => {
      domain(value > 0, 'the logarithm of a number that is not positive');
      return Math.log(value);
    },
    log10: (value: number) => {
      domain(value > 0, 'the logarithm of a number that is not positive');
      return Math.log10(value);
    },
    log2: Math.log2,
    log_base: (base: number, value: number) => {
      domain(value > 0 && base > 0, 'the logarithm of a number that is not positive');
      const found = Math.log(value) / Math.log(base);
      return Math.abs(found - Math.round(found)) < 1e-12 ? Math.round(found) : found;
    },
    ln_null: (value: number) => (value > 0 ? Math.log(value) : null),
    sin: Math.sin,
    cos: Math.cos,
    tan: Math.tan,
    cot: (value: number) => 1 / Math.tan(value),
    cot_checked: (value: number) => {
      domain(value !== 0, 'the cotangent of zero');
      return 1 / Math.tan(value);
    },
    asin: Math.asin,
    acos: Math.acos,
    atan: Math.atan,
    atan2: Math.atan2,
    sinh: Math.sinh,
    cosh: Math.cosh,
    tanh: Math.tanh,
    asinh: Math.asinh,
    acosh: Math.acosh,
    atanh: Math.atanh,
    degrees: (value: number) => (value * 180) / Math.PI,
    radians: (value: number) => (value * Math.PI) / 180,
    square: (value: number) => value * value,
    factorial: (value: number) => {
      let product = 1;
      for (let i = 2; i <= value; i++) product *= i;
      return product;
    },
    gcd,
    lcm: (a: number, b: number) => (a === 0 || b === 0 ? 0 : Math.abs(a * b) / gcd(a, b)),
    bucket: (value: number, low: number, high: number, count: number) => {
      if (low < high) return value < low ? 0 : value >= high ? count + 1 : Math.floor(((value - low) / (high - low)) * count) + 1;
      return value > low ? 0 : value <= high ? count + 1 : Math.floor(((low - value) / (low - high)) * count) + 1;
    },
    bit_xor: (a: number, b: number) => Number(BigInt.asIntN(64, BigInt(a) ^ BigInt(b))),
    bit_count: (value: number) => BigInt.asUintN(64, BigInt(value)).toString(2).replace(/0/g, '').length,
    to_binary: (value: number) => BigInt.asUintN(64, BigInt(value)).toString(2),
    even: (value: number) => Math.sign(value) * 2 * Math.ceil(Math.abs(value) / 2) + 0,
    connect_level: (level: number) =>
      level > 1000 ? fail('CONNECT BY goes round in a circle: more than 1000 levels were reached') : level,
    is_nan: (value: number) => Number.isNaN(value),
    is_inf: (value: number) => value === Infinity || value === -Infinity,
    haversine: (a: number, b: number, c: number, d: number) => {
      const radians = Math.PI / 180;
      const h =
        Math.sin(((c - a) * radians) / 2) ** 2 + Math.cos(a * radians) * Math.cos(c * radians) * Math.sin(((d - b) * radians) / 2) ** 2;
      return 2 * 6371 * Math.asin(Math.sqrt(h));
    },
  }),
  ...lenient({
    greatest_skip: (...values: Raw[]) =>
      best(
        values.filter((value) => value !== null),
        true,
      ),
    least_skip: (...values: Raw[]) =>
      best(
        values.filter((value) => value !== null),
        false,
      ),
    safe_divide: (a: Raw, b: Raw) => (a === null || b === null || b === 0 ? null : Number(a) / Number(b)),
  }),
};

/** The remainder with the sign of the dividend, exact for decimals of up to 15 digits. */
function modulo(a: number, b: number): number {
  if (Number.isInteger(a) && Number.isInteger(b)) return a % b;
  return Number((a - b * Math.trunc(Number((a / b).toPrecision(15)))).toPrecision(12));
}

function best(values: readonly Raw[], largest: boolean): Raw {
  let found: Raw = null;
  for (const value of values) if (found === null || (value !== null && (largest ? value > found : value < found))) found = value;
  return found;
}
