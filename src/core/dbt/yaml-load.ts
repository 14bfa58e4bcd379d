import { FAILSAFE_SCHEMA, Type } from 'js-yaml';
import { BudgetError } from '../jinja/budget.ts';
import { toInt } from '../jinja/protocols.ts';
import { buildDateTime } from '../jinja/python-datetime.ts';
import { Zone } from '../jinja/python-zone.ts';
import type { Value } from '../jinja/values.ts';
import { Dict, Float } from '../jinja/values.ts';
import { visit } from '../jinja/work.ts';
import { loadYaml } from '../text/load-yaml.ts';

/** A scalar without quotes, whose type its text decides; as a key, js-yaml asks it for its text. */
class PlainScalar {
  constructor(readonly text: string) {}

  // js-yaml takes any other object for a mapping that cannot be a key.
  get [Symbol.toStringTag](): string {
    return 'PlainScalar';
  }

  toString(): string {
    return mark + this.text;
  }
}

const mark = '\u0000plain ';

const schema = FAILSAFE_SCHEMA.extend({
  implicit: [
    new Type('tag:yaml.org,2002:merge', { kind: 'scalar', resolve: (text: unknown) => text === '<<' }),
    new Type('tag:headwater,2024:plain', {
      kind: 'scalar',
      resolve: (text: unknown) => text !== null,
      construct: (text: string) => new PlainScalar(text),
    }),
  ],
});

/** `fromyaml`, which reads YAML 1.1 as PyYAML does: `yes` is true, `014` is twelve, a date is a date. Undefined where the text is no YAML. */
export function parseYaml(text: string): Value | undefined {
  try {
    return withoutAddedEnd(toValue(loadYaml(text, { schema }) ?? null), text);
  } catch (error) {
    if (error instanceof BudgetError) throw error;
    return undefined;
  }
}

/** js-yaml ends a block scalar with a line break even where the text does not; PyYAML takes what is there. */
function withoutAddedEnd(value: Value, text: string): Value {
  if (text.endsWith('\n')) return value;
  if (typeof value === 'string') {
    const last = value.trimEnd().split(/\s/).at(-1) ?? '';
    return value.endsWith('\n') && last !== '' && text.endsWith(last) ? value.slice(0, -1) : value;
  }
  if (Array.isArray(value) && value.length > 0) value[value.length - 1] = withoutAddedEnd(value.at(-1) ?? null, text);
  else if (value instanceof Dict) {
    const key = value.keys().at(-1);
    if (key !== undefined) value.set(key, withoutAddedEnd(value.get(key) ?? null, text));
  }
  return value;
}

function toValue(value: unknown): Value {
  if (value instanceof PlainScalar) return resolveScalar(value.text);
  visit();
  if (Array.isArray(value)) return value.map(toValue);
  if (typeof value === 'object' && value !== null)
    return new Dict(
      Object.entries(value).map(([key, item]) => [key.startsWith(mark) ? resolveScalar(key.slice(mark.length)) : key, toValue(item)]),
    );
  return typeof value === 'string' ? value : null;
}

/** The value of a scalar without quotes, by the rules of YAML 1.1. */
export function resolveScalar(text: string): Value {
  if (/^(~|null|Null|NULL|)$/.test(text)) return null;
  if (/^(yes|Yes|YES|true|True|TRUE|on|On|ON)$/.test(text)) return true;
  if (/^(no|No|NO|false|False|FALSE|off|Off|OFF)$/.test(text)) return false;
  return findInteger(text) ?? findFloat(text) ?? findMoment(text) ?? text;
}

const integers = /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][\d_]*)|[-+]?0x[\da-fA-F_]+|[-+]?[1-9][\d_]*(?::[0-5]?\d)+)$/;
const floats =
  /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const moments =
  /^(\d{4})-(\d\d)-(\d\d)$|^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|([-+])(\d\d?)(?::(\d\d))?))?$/;

function findInteger(text: string): Value | undefined {
  if (!integers.test(text)) return undefined;
  const bare = text.replace(/_/g, '');
  const sign = bare.startsWith('-') ? -1n : 1n;
  const digits = bare.replace(/^[-+]/, '');
  if (digits.includes(':')) return toInt(sign * digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n));
  const isOctal = /^0[0-7]+$/.test(digits);
  return toInt(sign * BigInt(isOctal ? `0o${digits.slice(1)}` : digits));
}

function findFloat(text: string): Value | undefined {
  if (!floats.test(text)) return undefined;
  const bare = text.replace(/_/g, '').toLowerCase();
  const sign = bare.startsWith('-') ? -1 : 1;
  const digits = bare.replace(/^[-+]/, '');
  if (digits === '.inf') return new Float(sign * Number.POSITIVE_INFINITY);
  if (digits === '.nan') return new Float(Number.NaN);
  return new Float(sign * digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0));
}

function findMoment(text: string): Value | undefined {
  const match = moments.exec(text);
  if (match === null) return undefined;
  if (match[1] !== undefined) return buildDateTime(match.slice(1, 4).map(Number), true);
  const fraction = (match[10] ?? '').slice(0, 6).padEnd(6, '0');
  const parts = [...match.slice(4, 10), fraction].map(Number);
  if (match[11] === undefined) return buildDateTime(parts, false);
  const offset = match[11] === 'Z' ? 'Z' : `${match[12]}${(match[13] ?? '').padStart(2, '0')}:${match[14] ?? '00'}`;
  return buildDateTime(parts, false, Zone.fixed(offset));
}
