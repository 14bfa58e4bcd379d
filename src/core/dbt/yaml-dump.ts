import { raise } from '../jinja/errors.ts';
import { compare } from '../jinja/operations.ts';
import { isInt } from '../jinja/protocols.ts';
import { DateTime } from '../jinja/python-datetime.ts';
import { toText } from '../jinja/repr.ts';
import type { Value } from '../jinja/values.ts';
import { Dict, Float, PySet, typeName } from '../jinja/values.ts';
import { resolveScalar } from './yaml-load.ts';

/** `toyaml`: a value in PyYAML's block style, byte for byte; fails for what PyYAML's safe writer does not know. */
export function toYaml(value: Value, sortKeys: boolean): string {
  const writer = new YamlWriter(sortKeys);
  writer.count(value);
  writer.document(value);
  return writer.text;
}

const bestWidth = 80;
const breaks = '\n\u0085\u2028\u2029';
const blanks = `\0 \t\r${breaks}`;

interface Analysis {
  readonly allowsPlain: boolean;
  readonly allowsSingle: boolean;
  readonly isMultiline: boolean;
}

class YamlWriter {
  text = '';
  #column = 0;
  /** Whether what was written last is white space, or only indentation since the line began. */
  #afterBlank = true;
  #isIndented = true;
  readonly #times = new Map<object, number>();
  readonly #anchors = new Map<object, string>();

  constructor(private readonly sortKeys: boolean) {}

  /** Counts how often a list or a mapping stands in the value: the second time it is written as an alias. */
  count(value: Value): void {
    const items = Array.isArray(value) ? value : value instanceof Dict ? value.values() : [];
    if (!Array.isArray(value) && !(value instanceof Dict)) return;
    const times = this.#times.get(value) ?? 0;
    this.#times.set(value, times + 1);
    if (times === 0) for (const item of items) this.count(item);
  }

  document(value: Value): void {
    this.#node(value, { indent: -1, inMapping: false, isKey: false });
    this.#lineBreakIfNeeded();
    const isPlain = !Array.isArray(value) && !(value instanceof Dict) && !/^['"]/.test(this.text);
    if (isPlain) this.text += '...\n';
  }

  #lineBreakIfNeeded(): void {
    if (this.#column > 0) this.#lineBreak();
  }

  #node(value: Value, at: { readonly indent: number; readonly inMapping: boolean; readonly isKey: boolean }): void {
    if (Array.isArray(value) || value instanceof Dict) {
      const anchor = this.#anchors.get(value);
      if (anchor !== undefined) {
        this.#indicator(`*${anchor}`, true);
        return;
      }
      const size = Array.isArray(value) ? value.length : value.size;
      if ((this.#times.get(value) ?? 0) > 1) {
        const name = `id${String(this.#anchors.size + 1).padStart(3, '0')}`;
        this.#anchors.set(value, name);
        this.#indicator(`&${name}`, true);
      }
      if (size === 0) this.#indicator(Array.isArray(value) ? '[]' : '{}', true);
      else if (Array.isArray(value)) this.#sequence(value, at.indent, at.inMapping && !this.#isIndented);
      else this.#mapping(value, at.indent);
      return;
    }
    this.#scalar(value, Math.max(at.indent, 0) + 2, at.isKey);
  }

  #sequence(items: readonly Value[], indent: number, isIndentless: boolean): void {
    const own = isIndentless ? indent : indent < 0 ? 0 : indent + 2;
    for (const item of items) {
      this.#indent(own);
      this.#indicator('-', true, true);
      this.#node(item, { indent: own, inMapping: false, isKey: false });
    }
  }

  #mapping(dict: Dict, indent: number): void {
    const own = indent < 0 ? 0 : indent + 2;
    for (const [key, value] of this.#entriesOf(dict)) {
      this.#indent(own);
      if (isSimpleKey(key)) {
        this.#node(key, { indent: own, inMapping: true, isKey: true });
        this.#indicator(':', false);
      } else {
        this.#indicator('?', true, true);
        this.#node(key, { indent: own, inMapping: true, isKey: false });
        this.#indent(own);
        this.#indicator(':', true, true);
      }
      this.#node(value, { indent: own, inMapping: true, isKey: false });
    }
  }

  #entriesOf(dict: Dict): readonly (readonly [Value, Value])[] {
    const entries = [...dict.entries()];
    if (!this.sortKeys) return entries;
    try {
      return entries.sort(([a], [b]) => compare(a, b, '<'));
    } catch {
      return entries;
    }
  }

  #scalar(value: Value, indent: number, isKey: boolean): void {
    if (typeof value !== 'string') {
      this.#plain(textOf(value), indent, !isKey);
      return;
    }
    const analysis = analyze(value);
    const isText = typeof resolveScalar(value) === 'string' && !/^(<<|=)$/.test(value);
    if (isText && analysis.allowsPlain && !(isKey && (value === '' || analysis.isMultiline))) this.#plain(value, indent, !isKey);
    else if (analysis.allowsSingle && !(isKey && analysis.isMultiline)) this.#single(value, indent, !isKey);
    else this.#double(value, indent, !isKey);
  }

  #write(data: string): void {
    this.text += data;
    this.#column += Array.from(data).length;
  }

  #indicator(data: string, needsBlank: boolean, keepsIndent = false): void {
    this.#write(this.#afterBlank || !needsBlank ? data : ` ${data}`);
    this.#afterBlank = false;
    this.#isIndented = this.#isIndented && keepsIndent;
  }

  #lineBreak(data = '\n'): void {
    this.text += data;
    this.#column = 0;
    this.#afterBlank = true;
    this.#isIndented = true;
  }

  #indent(indent: number): void {
    if (!this.#isIndented || this.#column > indent || (this.#column === indent && !this.#afterBlank)) this.#lineBreak();
    if (this.#column >= indent) return;
    this.#afterBlank = true;
    this.#write(' '.repeat(indent - this.#column));
  }

  #plain(text: string, indent: number, mayFold: boolean): void {
    if (text === '') return;
    if (!this.#afterBlank) this.#write(' ');
    this.#afterBlank = false;
    this.#isIndented = false;
    for (const piece of text.match(/ +|[^ ]+/g) ?? []) {
      if (piece === ' ' && this.#column > bestWidth && mayFold) {
        this.#indent(indent);
        this.#afterBlank = false;
        this.#isIndented = false;
      } else this.#write(piece);
    }
  }

  #single(text: string, indent: number, mayFold: boolean): void {
    this.#indicator("'", true);
    let at = 0;
    for (const piece of text.match(/ +|[\n\u0085\u2028\u2029]+|[^ \n\u0085\u2028\u2029]+/g) ?? []) {
      const end = at + piece.length;
      if (piece === ' ' && this.#column > bestWidth && mayFold && at !== 0 && end !== text.length) this.#indent(indent);
      else if (breaks.includes(piece[0] as string)) {
        if (piece.startsWith('\n')) this.#lineBreak();
        for (const one of piece) this.#lineBreak(one);
        this.#indent(indent);
      } else this.#write(piece.replaceAll("'", "''"));
      at = end;
    }
    this.#indicator("'", false);
  }

  #double(text: string, indent: number, mayFold: boolean): void {
    this.#indicator('"', true);
    const points = Array.from(text);
    let start = 0;
    for (let end = 0; end <= points.length; end++) {
      const point = points[end];
      if (point === undefined || !/[ !#-[\]-~]/.test(point)) {
        if (start < end) this.#write(points.slice(start, end).join(''));
        start = end;
        if (point !== undefined) {
          this.#write(escaped(point));
          start = end + 1;
        }
      }
      const isLong = this.#column + (end - start) > bestWidth;
      if (end > 0 && end < points.length - 1 && (point === ' ' || start >= end) && isLong && mayFold) {
        this.#write(`${points.slice(start, end).join('')}\\`);
        if (start < end) start = end;
        this.#indent(indent);
        this.#afterBlank = false;
        this.#isIndented = false;
        if (points[start] === ' ') this.#write('\\');
      }
    }
    this.#indicator('"', false);
  }
}

function isSimpleKey(key: Value): boolean {
  if (typeof key === 'string') return key !== '' && key.length < 128 && !/[\n\u0085\u2028\u2029]/.test(key);
  return !Array.isArray(key);
}

function textOf(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (isInt(value)) return String(value);
  if (value instanceof Float) {
    if (Number.isNaN(value.value)) return '.nan';
    if (!Number.isFinite(value.value)) return value.value > 0 ? '.inf' : '-.inf';
    const text = toText(value).toLowerCase();
    return text.includes('.') || !text.includes('e') ? text : text.replace('e', '.0e');
  }
  if (value instanceof DateTime) return value.iso(' ');
  const kind = value instanceof PySet ? 'set' : typeName(value);
  raise('RepresenterError', `cannot represent an object of type '${kind}'`);
}

const escapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u00a0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function escaped(point: string): string {
  const known = escapes[point];
  if (known !== undefined) return known;
  const code = point.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  return code <= 0xff ? `\\x${hex.padStart(2, '0')}` : code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** In which styles a text can be written outside of flow collections. */
function analyze(text: string): Analysis {
  if (text === '') return { allowsPlain: true, allowsSingle: true, isMultiline: false };
  const isBlank = (index: number) => index >= text.length || blanks.includes(text[index] as string);
  let hasIndicators = /^(---|\.\.\.)/.test(text);
  let hasSpecial = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (at === 0)
      hasIndicators ||=
        '#,[]{}&*!|>\'"%@`'.includes(character) || ((character === '?' || character === ':' || character === '-') && isBlank(1));
    else hasIndicators ||= (character === ':' && isBlank(at + 1)) || (character === '#' && isBlank(at - 1));
    hasSpecial ||= character !== '\n' && !(character >= ' ' && character <= '~');
  }
  const isMultiline = /[\n\u0085\u2028\u2029]/.test(text);
  const hasEdges = /^[ \n]|[ \n]$/.test(text);
  const breakSpace = /\n /.test(text);
  const spaceBreak = / \n/.test(text);
  return {
    allowsPlain: !(hasIndicators || hasSpecial || isMultiline || hasEdges || breakSpace || spaceBreak),
    allowsSingle: !(hasSpecial || breakSpace || spaceBreak),
    isMultiline,
  };
}
