import { checkSize } from './budget.ts';
import { raise } from './errors.ts';
import { toExponential, toFixed, toGeneral } from './numbers.ts';
import { codePointLength, isInt, isNumber, toIndex, toNumber } from './protocols.ts';
import { asciiRepr, repr, toText } from './repr.ts';
import type { Value } from './values.ts';
import { Dict, Float, Range, Tuple, typeName, Undefined } from './values.ts';

const conversion = /%(?:\(((?:[^()]|\([^()]*\))*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?([\s\S])?/g;
const precisionMark = /\.(?:\*|\d+)?[hlL]?[\s\S]?$/;

/** Python's `'…' % value`. */
export function formatPercent(format: string, value: Value): string {
  const args: readonly Value[] = value instanceof Tuple ? value : [value];
  let used = 0;
  let named = false;
  const next = (): Value => {
    if (used >= args.length) raise('TypeError', 'not enough arguments for format string');
    return args[used++] as Value;
  };
  const text = format.replace(conversion, (match: string, key?: string, flags = '', width?: string, precision?: string, type?: string) => {
    if (type === undefined) raise('ValueError', 'incomplete format');
    if (type === '%' && key === undefined) return '%';
    const spec = { flags, width: 0, precision: undefined as number | undefined, left: flags.includes('-') };
    let item: Value | undefined;
    if (key !== undefined) {
      if (!(value instanceof Dict)) raise('TypeError', 'format requires a mapping');
      item = value.get(key);
      if (item === undefined) raise('KeyError', repr(key));
      named = true;
    }
    const star = (): number => toIndex(next());
    if (width !== undefined) spec.width = width === '*' ? star() : Number(width);
    if (spec.width < 0) {
      spec.left = true;
      spec.width = -spec.width;
    }
    if (precision !== undefined) spec.precision = precision === '*' ? star() : Number(precision);
    else if (precisionMark.test(match) && match.slice(0, -1).includes('.')) spec.precision = 0;
    checkSize(spec.width);
    return convert(item ?? next(), type, spec);
  });
  if (
    !named &&
    used < args.length &&
    !(value instanceof Dict) &&
    !(value instanceof Undefined || value instanceof Range) &&
    !(Array.isArray(value) && !(value instanceof Tuple))
  )
    raise('TypeError', 'not all arguments converted during string formatting');
  return text;
}

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly left: boolean;
}

function convert(value: Value, type: string, spec: Spec): string {
  const { flags, width, precision } = spec;
  let text: string;
  let numeric = true;
  switch (type) {
    case 'd':
    case 'i':
    case 'u':
      text = integerText(value, type, 10);
      break;
    case 'x':
    case 'X':
    case 'o': {
      text = integerText(value, type, type === 'o' ? 8 : 16);
      if (flags.includes('#')) text = text.replace(/^(-?)/, `$10${type.toLowerCase()}`);
      if (type === 'X') text = text.toUpperCase();
      break;
    }
    case 'f':
    case 'F':
      text = toFixed(real(value), precision ?? 6);
      break;
    case 'e':
    case 'E':
      text = toExponential(real(value), precision ?? 6);
      break;
    case 'g':
    case 'G':
      text = toGeneral(real(value), precision ?? 6, flags.includes('#'));
      break;
    case 'c':
      numeric = false;
      if (typeof value === 'string' ? codePointLength(value) !== 1 : !isInt(value) && typeof value !== 'boolean')
        raise('TypeError', '%c requires int or char');
      text = typeof value === 'string' ? value : String.fromCodePoint(toIndex(value));
      break;
    case 's':
    case 'r':
    case 'a':
      numeric = false;
      text = type === 's' ? toText(value) : type === 'a' ? asciiRepr(value) : repr(value);
      if (precision !== undefined) text = Array.from(text).slice(0, precision).join('');
      break;
    default:
      raise('ValueError', `unsupported format character '${type}' (0x${(type.codePointAt(0) ?? 0).toString(16)}) at index 0`);
  }
  if ('FEGX'.includes(type)) text = text.toUpperCase();
  if (precision !== undefined && 'diuxXo'.includes(type)) text = text.replace(/\d+$/, (digits) => digits.padStart(precision, '0'));
  let sign = '';
  if (numeric) {
    if (text.startsWith('-')) {
      sign = '-';
      text = text.slice(1);
    } else if (flags.includes('+')) sign = '+';
    else if (flags.includes(' ')) sign = ' ';
  }
  const padding = ' '.repeat(Math.max(0, width - codePointLength(sign + text)));
  if (spec.left) return sign + text + padding;
  if (numeric && flags.includes('0')) return sign + text.padStart(width - sign.length, '0');
  return padding + sign + text;
}

function integerText(value: Value, type: string, radix: number): string {
  if (!isNumber(value)) {
    if (value instanceof Undefined) value.fail();
    const wanted = radix === 10 ? 'a real number is required' : 'an integer is required';
    raise('TypeError', `%${type} format: ${wanted}, not ${typeName(value)}`);
  }
  if (typeof value === 'bigint') return value.toString(radix);
  if (value instanceof Float) {
    if (radix !== 10) raise('TypeError', `%${type} format: an integer is required, not float`);
    return BigInt(Math.trunc(value.value)).toString();
  }
  return toNumber(value).toString(radix);
}

function real(value: Value): number {
  if (isNumber(value)) return toNumber(value);
  if (value instanceof Undefined) value.fail();
  raise('TypeError', `must be real number, not ${typeName(value)}`);
}
