import { floatRepr } from './numbers.ts';
import type { Value } from './values.ts';
import { Dict, Float, Iter, Namespace, PyObject, PySet, Range, Tuple, Undefined, View } from './values.ts';
import { visit } from './work.ts';

/** Python's `str()`. */
export function toText(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof Undefined) return '';
  if (value instanceof PyObject && !(value instanceof Namespace)) return value.text();
  return repr(value);
}

const shortEscapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const unprintable = /[\p{C}\p{Z}\\'"]/gu;

/** Python's `repr()` of a string. */
export function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inside = text.replace(unprintable, (character) => {
    if (character === ' ') return character;
    if (character === '"' || character === "'") return character === quote ? `\\${character}` : character;
    const short = shortEscapes[character];
    if (short !== undefined) return short;
    const code = (character.codePointAt(0) ?? 0).toString(16);
    if (code.length <= 2) return `\\x${code.padStart(2, '0')}`;
    return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
  });
  return quote + inside + quote;
}

/** Python's `ascii()`: the repr with everything beyond ASCII escaped. */
export function asciiRepr(value: Value): string {
  return repr(value).replace(/[^\0-\x7f]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    if (code.length <= 2) return `\\x${code}`;
    return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
  });
}

const listReprs = new Set<object>();

/** Python's `repr()`; a list or dict that contains itself prints as dots where it comes again. */
export function repr(value: Value): string {
  switch (typeof value) {
    case 'string':
      return stringRepr(value);
    case 'number':
    case 'bigint':
      return String(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'function':
      return value.attributes ? `<Macro ${stringRepr(value.pyName ?? '')}>` : `<function ${value.pyName ?? 'function'}>`;
  }
  if (value === null) return 'None';
  if (value instanceof Float) return floatRepr(value.value);
  if (value instanceof Undefined) return 'Undefined';
  if (value instanceof Range)
    return value.step === 1 ? `range(${value.start}, ${value.stop})` : `range(${value.start}, ${value.stop}, ${value.step})`;
  if (value instanceof Iter) return `<${value.label} object>`;
  if (value instanceof PyObject && !(value instanceof Namespace)) return value.repr();
  visit();
  if (listReprs.has(value)) return Array.isArray(value) ? '[...]' : '{...}';
  listReprs.add(value);
  try {
    const text = reprItems(value);
    visit(text.length >> 5);
    return text;
  } finally {
    listReprs.delete(value);
  }
}

function reprItems(value: Value[] | Dict | PySet | View | PyObject): string {
  if (Array.isArray(value)) {
    const items = Array.from(value, repr).join(', ');
    if (!(value instanceof Tuple)) return `[${items}]`;
    if (value.type !== undefined) return `${value.type}(${value.map((item, at) => `${value.fields?.[at]}=${repr(item)}`).join(', ')})`;
    return value.length === 1 ? `(${items},)` : `(${items})`;
  }
  if (value instanceof Dict) return `{${Array.from(value.entries(), ([key, item]) => `${repr(key)}: ${repr(item)}`).join(', ')}}`;
  if (value instanceof PySet) return value.size > 0 ? `{${value.list().map(repr).join(', ')}}` : 'set()';
  if (value instanceof View) return `dict_${value.kind}([${value.list().map(repr).join(', ')}])`;
  return value instanceof Namespace ? `<Namespace ${repr(value.values)}>` : '';
}
