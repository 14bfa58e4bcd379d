import { checkSize } from './budget.ts';
import { PyBytes } from './bytes.ts';
import { raise } from './errors.ts';
import { formatBraces } from './format-spec.ts';
import type { Method, Methods } from './methods.ts';
import { argument, codePointLength, codePoints, isInt, isTruthy, iterate, required, toIndex } from './protocols.ts';
import { repr, toText } from './repr.ts';
import type { Keywords, Value } from './values.ts';
import { Dict, Tuple, toTuple, typeName, Undefined } from './values.ts';
import { isSpace, splitLines, splitWords, stripEnd, stripStart } from './whitespace.ts';

function text(value: Value | undefined, what = 'argument'): string {
  if (typeof value === 'string') return value;
  if (value instanceof Undefined) value.fail();
  raise('TypeError', `${what} must be str, not ${value === undefined ? 'NoneType' : typeName(value)}`);
}

/** Python's `strip`, `lstrip` and `rstrip`. */
export function stripText(self: string, characters: Value | undefined, left: boolean, right: boolean): string {
  const set = characters === undefined || characters === null ? undefined : new Set(text(characters, 'strip arg'));
  const points = codePoints(self);
  const drops = (character: string): boolean => (set ? set.has(character) : isSpace(character));
  let start = 0;
  let end = points.length;
  if (left) while (start < end && drops(points[start] as string)) start++;
  if (right) while (end > start && drops(points[end - 1] as string)) end--;
  return typeof points === 'string' ? points.slice(start, end) : points.slice(start, end).join('');
}

/** Python's `split` and `rsplit`. */
export function splitText(self: string, separator: Value | undefined, limit: Value | undefined, fromRight: boolean): string[] {
  const most = limit === undefined || limit === null ? -1 : toIndex(limit);
  if (separator === undefined || separator === null) return splitOnSpaces(self, most, fromRight);
  const parts = self.split(text(separator) === '' ? raise('ValueError', 'empty separator') : (separator as string));
  if (most < 0 || parts.length <= most + 1) return parts;
  const by = separator as string;
  const cut = parts.length - most;
  return fromRight ? [parts.slice(0, cut).join(by), ...parts.slice(cut)] : [...parts.slice(0, most), parts.slice(most).join(by)];
}

function splitOnSpaces(self: string, most: number, fromRight: boolean): string[] {
  if (most < 0) return splitWords(self);
  const parts: string[] = [];
  let rest = fromRight ? stripEnd(self) : stripStart(self);
  while (rest !== '' && parts.length < most) {
    let at = fromRight ? rest.length : 0;
    if (fromRight) while (at > 0 && !isSpace(rest[at - 1] as string)) at--;
    else while (at < rest.length && !isSpace(rest[at] as string)) at++;
    if (fromRight) {
      parts.unshift(rest.slice(at));
      rest = stripEnd(rest.slice(0, at));
    } else {
      parts.push(rest.slice(0, at));
      rest = stripStart(rest.slice(at));
    }
  }
  if (rest !== '') {
    if (fromRight) parts.unshift(rest);
    else parts.push(rest);
  }
  return parts;
}

/** Python's `replace`. */
export function replaceText(self: string, old: string, by: string, count: number): string {
  if (old === '') {
    const characters = Array.from(self);
    const most = count < 0 ? characters.length + 1 : Math.min(count, characters.length + 1);
    let out = '';
    for (let i = 0; i <= characters.length; i++) out += (i < most ? by : '') + (characters[i] ?? '');
    return out;
  }
  const parts = self.split(old);
  checkSize(self.length + parts.length * by.length);
  if (count < 0 || parts.length <= count + 1) return parts.join(by);
  return parts.slice(0, count + 1).join(by) + old + parts.slice(count + 1).join(old);
}

export function capitalize(self: string): string {
  const [first = '', ...rest] = Array.from(self);
  return titleCase(first) + rest.join('').toLowerCase();
}

function titleCase(character: string): string {
  const upper = character.toUpperCase();
  return upper.length > character.length ? (upper[0] ?? '') + upper.slice(1).toLowerCase() : upper;
}

function titleText(self: string): string {
  let out = '';
  let inWord = false;
  for (const character of self) {
    const isCased = isCasedCharacter(character);
    out += isCased ? (inWord ? character.toLowerCase() : titleCase(character)) : character;
    inWord = isCased;
  }
  return out;
}

function isCasedCharacter(character: string): boolean {
  return character.toLowerCase() !== character.toUpperCase();
}

/** Python's `center`: the odd space goes left where the width is odd. */
export function centerText(self: string, width: number, fill = ' '): string {
  checkSize(width);
  const padding = Math.max(0, width - codePointLength(self));
  const left = (padding >> 1) + (padding & width & 1);
  return fill.repeat(left) + self + fill.repeat(padding - left);
}

export function isUpperText(self: string): boolean {
  return (
    self !== self.toLowerCase() &&
    Array.from(self).every((character) => !isCasedCharacter(character) || character === character.toUpperCase())
  );
}

export function isLowerText(self: string): boolean {
  return (
    self !== self.toUpperCase() &&
    Array.from(self).every((character) => !isCasedCharacter(character) || character === character.toLowerCase())
  );
}

function pad(self: string, args: readonly Value[], left: boolean): string {
  const width = toIndex(args[0]);
  checkSize(width);
  const fill = args[1] === undefined ? ' ' : text(args[1]);
  if (codePointLength(fill) !== 1) raise('TypeError', 'The fill character must be exactly one character long');
  const padding = fill.repeat(Math.max(0, width - codePointLength(self)));
  return left ? padding + self : self + padding;
}

/** Looks for a part within the bounds that `find`, `index` and `count` take. */
function bounded(self: string, args: readonly Value[]): { readonly from: number; readonly to: number; readonly inside: string } {
  const points = codePoints(self);
  const clamp = (value: Value | undefined, otherwise: number): number => {
    if (value === undefined || value === null) return otherwise;
    const index = toIndex(value);
    return index < 0 ? Math.max(0, index + points.length) : Math.min(index, points.length);
  };
  const start = clamp(args[1], 0);
  const end = clamp(args[2], points.length);
  const tooFar = isInt(args[1]) && Number(args[1]) > points.length;
  const cut = (from: number, to?: number): string =>
    typeof points === 'string' ? points.slice(from, to) : points.slice(from, to).join('');
  return { from: tooFar ? -1 : start, to: end, inside: start <= end && !tooFar ? cut(start, end) : '' };
}

function find(self: string, args: readonly Value[], last: boolean): number {
  const part = text(args[0]);
  const { from, to, inside } = bounded(self, args);
  if (from === -1 || from > to) return -1;
  const at = last ? inside.lastIndexOf(part) : inside.indexOf(part);
  return at === -1 ? -1 : from + codePointLength(inside.slice(0, at));
}

function findOrRaise(self: string, args: readonly Value[], last: boolean): number {
  const at = find(self, args, last);
  return at === -1 ? raise('ValueError', 'substring not found') : at;
}

function count(self: string, args: readonly Value[]): number {
  const part = text(args[0]);
  const { from, to, inside } = bounded(self, args);
  if (from === -1 || from > to) return 0;
  return part === '' ? codePointLength(inside) + 1 : inside.split(part).length - 1;
}

function hasAffix(self: string, args: readonly Value[], atStart: boolean): boolean {
  const { inside, from } = bounded(self, args);
  const affixes = args[0] instanceof Tuple ? args[0] : [args[0]];
  return affixes.some((affix) => {
    const part = text(affix, `${atStart ? 'startswith' : 'endswith'} first arg`);
    return from !== -1 && (atStart ? inside.startsWith(part) : inside.endsWith(part));
  });
}

function expandTabs(self: string, size: number): string {
  let column = 0;
  let out = '';
  for (const character of self) {
    if (character === '\t') {
      const width = size > 0 ? size - (column % size) : 0;
      out += ' '.repeat(width);
      column += width;
    } else {
      out += character;
      column = character === '\n' || character === '\r' ? 0 : column + 1;
    }
  }
  return out;
}

function join(self: string, args: readonly Value[]): string {
  const items = iterate(required(args, new Map(), 0, 'iterable', 'str.join()'));
  return items
    .map((item, i) => {
      if (typeof item === 'string') return item;
      return raise('TypeError', `sequence item ${i}: expected str instance, ${typeName(item)} found`);
    })
    .join(self);
}

function translate(self: string, args: readonly Value[]): string {
  const table = args[0];
  if (!(table instanceof Dict)) raise('TypeError', "'translate' needs a mapping");
  return Array.from(self, (character) => {
    const mapped = table.get(character.codePointAt(0) ?? 0);
    if (mapped === undefined) return character;
    return mapped === null ? '' : isInt(mapped) ? String.fromCodePoint(Number(mapped)) : toText(mapped);
  }).join('');
}

function makeTrans(args: readonly Value[]): Dict {
  const table = new Dict();
  if (args[0] instanceof Dict) {
    for (const [key, value] of args[0].entries()) table.set(typeof key === 'string' ? (key.codePointAt(0) ?? 0) : key, value);
    return table;
  }
  const to = Array.from(text(args[1]));
  for (const [i, character] of Array.from(text(args[0])).entries())
    table.set(character.codePointAt(0) ?? 0, (to[i] ?? '').codePointAt(0) ?? 0);
  for (const character of typeof args[2] === 'string' ? args[2] : '') table.set(character.codePointAt(0) ?? 0, null);
  return table;
}

function partition(self: string, args: readonly Value[], last: boolean): Tuple {
  const separator = text(args[0]);
  if (separator === '') raise('ValueError', 'empty separator');
  const at = last ? self.lastIndexOf(separator) : self.indexOf(separator);
  if (at === -1) return toTuple(last ? ['', '', self] : [self, '', '']);
  return toTuple([self.slice(0, at), separator, self.slice(at + separator.length)]);
}

function zeroFill(self: string, args: readonly Value[]): string {
  const sign = /^[+-]/.exec(self)?.[0] ?? '';
  const width = toIndex(args[0]);
  checkSize(width);
  return sign + '0'.repeat(Math.max(0, width - codePointLength(self))) + self.slice(sign.length);
}

const swapCase = (self: string): string =>
  Array.from(self, (character) => (character === character.toUpperCase() ? character.toLowerCase() : character.toUpperCase())).join('');

const splitArguments = (args: readonly Value[], keywords: Keywords): [Value | undefined, Value | undefined] => [
  argument(args, keywords, 0, 'sep'),
  argument(args, keywords, 1, 'maxsplit'),
];

/** The methods of `str`. */
export const stringMethods: Methods<string> = new Map<string, Method<string>>([
  ['upper', (self) => self.toUpperCase()],
  ['lower', (self) => self.toLowerCase()],
  ['casefold', (self) => self.toLowerCase().replace(/ß/g, 'ss')],
  ['title', titleText],
  ['capitalize', capitalize],
  ['swapcase', swapCase],
  ['strip', (self, args) => stripText(self, args[0], true, true)],
  ['lstrip', (self, args) => stripText(self, args[0], true, false)],
  ['rstrip', (self, args) => stripText(self, args[0], false, true)],
  ['split', (self, args, keywords) => splitText(self, ...splitArguments(args, keywords), false)],
  ['rsplit', (self, args, keywords) => splitText(self, ...splitArguments(args, keywords), true)],
  ['splitlines', (self, args, keywords) => splitLines(self, isTruthy(argument(args, keywords, 0, 'keepends') ?? false))],
  ['join', join],
  [
    'replace',
    (self, args, keywords) => {
      if (args.length < 2) raise('TypeError', `replace expected at least 2 arguments, got ${args.length}`);
      return replaceText(
        self,
        text(args[0], 'replace() argument 1'),
        text(args[1], 'replace() argument 2'),
        toIndex(argument(args, keywords, 2, 'count') ?? -1),
      );
    },
  ],
  ['startswith', (self, args) => hasAffix(self, args, true)],
  ['endswith', (self, args) => hasAffix(self, args, false)],
  ['find', (self, args) => find(self, args, false)],
  ['rfind', (self, args) => find(self, args, true)],
  ['index', (self, args) => findOrRaise(self, args, false)],
  ['rindex', (self, args) => findOrRaise(self, args, true)],
  ['count', count],
  ['partition', (self, args) => partition(self, args, false)],
  ['rpartition', (self, args) => partition(self, args, true)],
  ['zfill', zeroFill],
  ['ljust', (self, args) => pad(self, args, false)],
  ['rjust', (self, args) => pad(self, args, true)],
  ['center', (self, args) => centerText(self, toIndex(args[0]), args[1] === undefined ? ' ' : text(args[1]))],
  ['expandtabs', (self, args, keywords) => expandTabs(self, toIndex(argument(args, keywords, 0, 'tabsize') ?? 8))],
  ['isdigit', (self) => /^[\p{Nd}²³¹⁰⁴-⁹₀-₉]+$/u.test(self)],
  ['isnumeric', (self) => /^\p{N}+$/u.test(self)],
  ['isdecimal', (self) => /^\p{Nd}+$/u.test(self)],
  ['isalpha', (self) => /^\p{L}+$/u.test(self)],
  ['isalnum', (self) => /^[\p{L}\p{N}]+$/u.test(self)],
  ['isascii', (self) => Array.from(self).every((character) => (character.codePointAt(0) ?? 0) < 128)],
  ['isspace', (self) => self !== '' && Array.from(self).every(isSpace)],
  ['isprintable', (self) => !/[\p{C}\p{Z}]/u.test(self.replace(/ /g, ''))],
  ['isupper', isUpperText],
  ['islower', isLowerText],
  ['istitle', (self) => self.toLowerCase() !== self.toUpperCase() && self === titleText(self)],
  ['isidentifier', (self) => /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u.test(self)],
  ['removeprefix', (self, args) => (self.startsWith(text(args[0])) ? self.slice(text(args[0]).length) : self)],
  ['removesuffix', (self, args) => (args[0] !== '' && self.endsWith(text(args[0])) ? self.slice(0, -text(args[0]).length) : self)],
  ['encode', (self) => new PyBytes(self)],
  ['translate', translate],
  ['maketrans', (_self, args) => makeTrans(args)],
  ['format', (self, args, keywords, runtime) => formatBraces(self, args, keywords, runtime)],
  [
    'format_map',
    (self, args, _keywords, runtime) => {
      const map = args[0];
      if (!(map instanceof Dict)) raise('TypeError', 'format_map() argument must be a mapping');
      return formatBraces(
        self,
        [],
        new Map(Array.from(map.entries(), ([key, value]) => [typeof key === 'string' ? key : repr(key), value])),
        runtime,
      );
    },
  ],
]);
