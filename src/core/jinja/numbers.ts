/** The exact value of a finite, non-negative double times 10^places, rounded half to even. */
function scale(value: number, places: number): bigint {
  const { mantissa, exponent } = decompose(value);
  let numerator = mantissa;
  let denominator = 1n;
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  if (places >= 0) numerator *= 10n ** BigInt(places);
  else denominator *= 10n ** BigInt(-places);
  const quotient = numerator / denominator;
  const twice = (numerator - quotient * denominator) * 2n;
  return twice > denominator || (twice === denominator && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

const view = new DataView(new ArrayBuffer(8));

function decompose(value: number): { mantissa: bigint; exponent: number } {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return exponent === 0 ? { mantissa: fraction, exponent: -1074 } : { mantissa: fraction | 0x10000000000000n, exponent: exponent - 1075 };
}

const special = (value: number): string | undefined => {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return undefined;
};

const isNegative = (value: number): boolean => value < 0 || Object.is(value, -0);

/** Python's `'%.2f'`: exact, ties to even. */
export function toFixed(value: number, places: number): string {
  const word = special(value);
  if (word !== undefined) return word;
  const digits = scale(Math.abs(value), places)
    .toString()
    .padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return isNegative(value) ? `-${text}` : text;
}

/** The decimal digits and exponent of a value rounded to so many significant digits. */
function toSignificant(value: number, count: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 0 };
  let exponent = Number(/e([+-]\d+)$/.exec(value.toExponential())?.[1] ?? 0);
  let digits = scale(value, count - 1 - exponent).toString();
  if (digits.length > count) {
    exponent++;
    digits = digits.slice(0, count);
  }
  return { digits, exponent };
}

const exponentText = (exponent: number): string => `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;

/** Python's `'%.2e'`. */
export function toExponential(value: number, places: number): string {
  const word = special(value);
  if (word !== undefined) return word;
  const { digits, exponent } = toSignificant(Math.abs(value), places + 1);
  const text = (places === 0 ? digits : `${digits[0]}.${digits.slice(1)}`) + exponentText(exponent);
  return isNegative(value) ? `-${text}` : text;
}

/** Python's `'%g'`: `fixedBelow` is the exponent from which it turns scientific. */
export function toGeneral(value: number, precision: number, alternate = false, fixedBelow = precision || 1): string {
  const word = special(value);
  if (word !== undefined) return word;
  const count = precision || 1;
  const { digits, exponent } = toSignificant(Math.abs(value), count);
  const trim = (text: string): string => (alternate || !text.includes('.') ? text : text.replace(/\.?0+$/, ''));
  let text: string;
  if (exponent < -4 || exponent >= fixedBelow)
    text = trim(count === 1 ? digits : `${digits[0]}.${digits.slice(1)}`) + exponentText(exponent);
  else if (exponent < 0) text = trim(`0.${'0'.repeat(-exponent - 1)}${digits}`);
  else {
    const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
    const rest = digits.slice(exponent + 1);
    text = trim(rest === '' ? whole : `${whole}.${rest}`);
  }
  return isNegative(value) ? `-${text}` : text;
}

/** Python's `repr` of a float: the shortest text that reads back as the same number. */
export function floatRepr(value: number): string {
  const word = special(value);
  if (word !== undefined) return word;
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e');
    return mantissa + exponentText(Number(exponent));
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

/** Python's `round(x, places)` of a float. */
export function roundFloat(value: number, places: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  if (places > 323) return value;
  const size = scale(Math.abs(value), places);
  const rounded = Number(places >= 0 ? `${size}e-${places}` : `${size}e${-places}`);
  return value < 0 ? -rounded : rounded;
}

/** Python's `round(i, places)` of an integer for negative places. */
export function roundInt(value: bigint, places: number): bigint {
  if (places >= 0) return value;
  const unit = 10n ** BigInt(-places);
  const size = value < 0n ? -value : value;
  const quotient = size / unit;
  const twice = (size % unit) * 2n;
  const rounded = (twice > unit || (twice === unit && quotient % 2n === 1n) ? quotient + 1n : quotient) * unit;
  return value < 0n ? -rounded : rounded;
}

/** The float that Python reads from a text, or undefined. */
export function parseFloatText(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/i.test(trimmed)) return Number(trimmed.replace(/_/g, ''));
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(trimmed);
  if (!word) return undefined;
  if (word[2]?.toLowerCase() === 'nan') return Number.NaN;
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

const radixPrefixes: Readonly<Record<string, number>> = { '0x': 16, '0o': 8, '0b': 2 };

/** The integer that Python's `int(text, base)` reads, or undefined. */
export function parseIntText(text: string, base: number): bigint | undefined {
  const match = /^\s*([+-]?)(0[xob])?_?([0-9a-z]+(?:_[0-9a-z]+)*)\s*$/i.exec(text);
  if (!match) return undefined;
  const [, sign = '', prefix, written = ''] = match;
  let digits = written.replace(/_/g, '').toLowerCase();
  let radix = base;
  const named = prefix === undefined ? undefined : radixPrefixes[prefix.toLowerCase()];
  if (named !== undefined) {
    if (base === 0 || base === named) radix = named;
    else digits = (prefix ?? '').toLowerCase() + digits;
  } else if (base === 0) {
    if (/^0+[1-9]/.test(digits)) return undefined;
    radix = 10;
  }
  let value = 0n;
  for (const digit of digits) {
    const number = Number.parseInt(digit, 36);
    if (Number.isNaN(number) || number >= radix) return undefined;
    value = value * BigInt(radix) + BigInt(number);
  }
  return sign === '-' ? -value : value;
}
