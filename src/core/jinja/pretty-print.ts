import { repr, stringRepr } from './repr.ts';
import type { Value } from './values.ts';
import { Dict, PySet, Tuple } from './values.ts';
import { splitLines } from './whitespace.ts';

const width = 80;

/** Python's `pprint.pformat` of a value whose dicts are sorted already: on one line where it fits, else item by item. */
export function prettyPrint(value: Value): string {
  return format(value, 0, 0, 0);
}

function format(value: Value, indent: number, allowance: number, level: number): string {
  const whole = repr(value);
  if (whole.length <= width - indent - allowance) return whole;
  if (typeof value === 'string') return formatText(value, indent, allowance, level + 1);
  if (value instanceof Dict) return value.size === 0 ? '{}' : `{${formatEntries(value, indent, allowance + 1, level + 1)}}`;
  if (value instanceof Tuple) {
    const end = value.length === 1 ? ',)' : ')';
    return `(${formatItems(value, indent, allowance + end.length, level + 1)}${end}`;
  }
  if (Array.isArray(value)) return `[${formatItems(value, indent, allowance + 1, level + 1)}]`;
  if (value instanceof PySet && value.size > 0) return `{${formatItems(value.list(), indent, allowance + 1, level + 1)}}`;
  return whole;
}

function formatItems(items: readonly Value[], indent: number, allowance: number, level: number): string {
  return Array.from(items, (item, at) => format(item, indent + 1, at === items.length - 1 ? allowance : 1, level)).join(
    `,\n${' '.repeat(indent + 1)}`,
  );
}

function formatEntries(dict: Dict, indent: number, allowance: number, level: number): string {
  const entries = [...dict.entries()];
  return entries
    .map(([key, value], at) => {
      const name = repr(key);
      return `${name}: ${format(value, indent + 1 + name.length + 2, at === entries.length - 1 ? allowance : 1, level)}`;
    })
    .join(`,\n${' '.repeat(indent + 1)}`);
}

function formatText(text: string, givenIndent: number, givenAllowance: number, level: number): string {
  const indent = givenIndent + (level === 1 ? 1 : 0);
  const allowance = givenAllowance + (level === 1 ? 1 : 0);
  const chunks: string[] = [];
  const lines = splitLines(text, true);
  for (const [at, line] of lines.entries()) {
    const isLast = at === lines.length - 1;
    const room = width - indent;
    if (stringRepr(line).length <= room - (isLast ? allowance : 0)) {
      chunks.push(stringRepr(line));
      continue;
    }
    const parts = line.match(/\S+\s*|\s+/g) ?? [];
    let current = '';
    for (const [index, part] of parts.entries()) {
      const limit = room - (isLast && index === parts.length - 1 ? allowance : 0);
      if (stringRepr(current + part).length > limit) {
        if (current !== '') chunks.push(stringRepr(current));
        current = part;
      } else current += part;
    }
    if (current !== '') chunks.push(stringRepr(current));
  }
  if (chunks.length === 1) return stringRepr(text);
  const body = chunks.join(`\n${' '.repeat(indent)}`);
  return level === 1 ? `(${body})` : body;
}
