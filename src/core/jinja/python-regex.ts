import { raise } from './errors.ts';
import { argument, toIndex } from './protocols.ts';
import type { Allowance } from './regex-matcher.ts';
import { mayRunAway, RegexMatcher } from './regex-matcher.ts';
import { stringRepr, toText } from './repr.ts';
import type { Callable, Keywords, Value } from './values.ts';
import { Dict, Iter, PyModule, PyObject, toTuple, typeName, Undefined } from './values.ts';

const flagValues: Readonly<Record<string, number>> = {
  IGNORECASE: 2,
  I: 2,
  MULTILINE: 8,
  M: 8,
  DOTALL: 16,
  S: 16,
  UNICODE: 32,
  U: 32,
  VERBOSE: 64,
  X: 64,
  ASCII: 256,
  A: 256,
};
const inlineFlags: Readonly<Record<string, number>> = { i: 2, m: 8, s: 16, u: 32, x: 64, a: 256, L: 0 };
const classes: Readonly<Record<string, string>> = { d: '\\p{Nd}', w: '\\p{L}\\p{N}_', s: '\\s' };
const negatedClasses: Readonly<Record<string, string>> = { D: '\\P{Nd}', W: '[^\\p{L}\\p{N}_]', S: '\\S' };

/** A pattern of Python's `re` as a JavaScript expression; fails as `re.error` where it is none. */
function translate(source: string, flags: number): { source: string; flags: string } {
  let effective = flags;
  const inline = /^(?:\(\?[aimsuxL]+\))+/.exec(source);
  for (const flag of inline?.[0].replace(/[(?)]/g, '') ?? '') effective |= inlineFlags[flag] ?? 0;
  const pattern = inline ? source.slice(inline[0].length) : source;
  const verbose = (effective & 64) !== 0;
  const multiline = (effective & 8) !== 0;
  let out = '';
  let inClass = false;
  let classStart = 0;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string;
    if (character === '\\') {
      const next = pattern[++at] ?? raise('error', 'bad escape (end of pattern)');
      if (classes[next]) out += inClass ? classes[next] : `[${classes[next]}]`;
      else if (negatedClasses[next]) out += negatedClasses[next];
      else if (next === 'A') out += '(?<![\\s\\S])';
      else if (next === 'Z') out += '(?![\\s\\S])';
      else if (next === 'b' && !inClass) out += '(?:(?<=[\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_])|(?<![\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_]))';
      else if (next === 'B' && !inClass) out += '(?:(?<=[\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_])|(?<![\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_]))';
      else if (next === 'a') out += '\\x07';
      else if (next === 'U') {
        out += `\\u{${pattern.slice(at + 1, at + 9)}}`;
        at += 8;
      } else if (/[fnrtvxubk\d]/.test(next)) out += `\\${next}`;
      else if (/[\^$\\.*+?()[\]{}|/]/.test(next) || (inClass && next === '-')) out += `\\${next}`;
      else if (/[a-zA-Z]/.test(next)) raise('error', `bad escape \\${next} at position ${at - 1}`);
      else out += next;
    } else if (inClass) {
      if (character === ']' && at > classStart) inClass = false;
      out += character === '[' || (character === ']' && inClass) ? `\\${character}` : character;
    } else if (character === '[') {
      inClass = true;
      out += character;
      if (pattern[at + 1] === '^') {
        out += '^';
        at++;
      }
      classStart = at + 1;
    } else if (verbose && /\s/.test(character)) {
    } else if (verbose && character === '#') {
      while (at < pattern.length && pattern[at] !== '\n') at++;
    } else if (character === '$') out += multiline ? '(?=\\n|(?![\\s\\S]))' : '(?=\\n?(?![\\s\\S]))';
    else if (character === '^') out += multiline ? '(?<=\\n|(?<![\\s\\S]))' : '(?<![\\s\\S])';
    else if (character === '.') out += (effective & 16) !== 0 ? '[\\s\\S]' : '[^\\n]';
    else if (character === '(' && pattern.startsWith('?P<', at + 1)) {
      out += '(?<';
      at += 3;
    } else if (character === '(' && pattern.startsWith('?P=', at + 1)) {
      const close = pattern.indexOf(')', at);
      out += `\\k<${pattern.slice(at + 4, close)}>`;
      at = close;
    } else if (character === '(' && pattern.startsWith('?#', at + 1)) at = pattern.indexOf(')', at);
    else if (character === '{' && !/^\{\d*(,\d*)?\}/.test(pattern.slice(at))) out += '\\{';
    else if (character === '{' && pattern.startsWith('{,', at)) {
      out += '{0,';
      at++;
    } else if (character === '}' && !/\{\d*(,\d*)?$/.test(pattern.slice(0, at))) out += '\\}';
    else if (character === ']') out += '\\]';
    else out += character;
  }
  return { source: out, flags: `u${(effective & 2) !== 0 ? 'i' : ''}` };
}

/** `re.compile(…)`. */
class Pattern extends PyObject {
  readonly #translated: { source: string; flags: string };

  constructor(
    readonly pattern: string,
    readonly flags: number,
    readonly allowance: Allowance,
  ) {
    super();
    this.#translated = translate(pattern, flags);
    this.expression('g');
  }

  expression(extra: string, wrap: (source: string) => string = (source) => source): RegExp {
    try {
      return new RegExp(wrap(this.#translated.source), this.#translated.flags + extra);
    } catch (error) {
      raise('error', `${stringRepr(this.pattern)} is not a pattern: ${error instanceof Error ? error.message.replace(/^.*: /, '') : ''}`);
    }
  }

  /** The first match in a text; at its beginning only, or of the whole of it. */
  first(text: string, where: 'anywhere' | 'start' | 'whole'): RegExpMatchArray | null {
    const wrap = (source: string): string => (where === 'whole' ? `(?:${source})$` : source);
    const { source, flags } = this.#translated;
    if (mayRunAway(source, text.length)) return new RegexMatcher(wrap(source), flags, this.allowance).exec(text, 0, where !== 'anywhere');
    return this.expression(where === 'anywhere' ? '' : 'y', wrap).exec(text);
  }

  /** Every match in a text, one after another. */
  *all(text: string): Generator<RegExpMatchArray> {
    const { source, flags } = this.#translated;
    if (!mayRunAway(source, text.length)) {
      yield* text.matchAll(this.expression('g'));
      return;
    }
    const matcher = new RegexMatcher(source, flags, this.allowance);
    for (let at = 0; at <= text.length; ) {
      const match = matcher.exec(text, at, false);
      if (match === null) return;
      yield match;
      const end = (match.index ?? 0) + match[0].length;
      at = match[0] === '' ? end + 1 : end;
    }
  }

  override get typeName(): string {
    return 're.Pattern';
  }

  override repr(): string {
    return `re.compile(${stringRepr(this.pattern)})`;
  }

  override attribute(name: string): Value | undefined {
    if (name === 'pattern') return this.pattern;
    if (name === 'flags') return this.flags | 32;
    const operation = operations[name];
    return operation && ((args, keywords) => operation(this, args, keywords));
  }
}

class Match extends PyObject {
  constructor(readonly match: RegExpMatchArray) {
    super();
  }

  override get typeName(): string {
    return 're.Match';
  }

  override repr(): string {
    const start = this.match.index ?? 0;
    return `<re.Match object; span=(${start}, ${start + this.match[0].length}), match=${stringRepr(this.match[0])}>`;
  }

  group(key: Value): Value {
    if (typeof key === 'string') {
      if (!this.match.groups || !Object.hasOwn(this.match.groups, key)) raise('IndexError', 'no such group');
      return this.match.groups[key] ?? null;
    }
    const index = toIndex(key);
    if (index < 0 || index >= this.match.length) raise('IndexError', 'no such group');
    return this.match[index] ?? null;
  }

  override item(key: Value): Value | undefined {
    return typeof key === 'string' || typeof key === 'number' ? this.group(key) : undefined;
  }

  override attribute(name: string): Value | undefined {
    const { match } = this;
    const start = match.index ?? 0;
    const at = (args: readonly Value[]): number => {
      const [key = 0] = args;
      if (key === 0) return start;
      const text = this.group(key);
      return text === null ? -1 : start + match[0].indexOf(toText(text));
    };
    const endAt = (args: readonly Value[]): number => (at(args) === -1 ? -1 : at(args) + toText(this.group(args[0] ?? 0)).length);
    switch (name) {
      case 'group':
        return (args) => (args.length > 1 ? toTuple(args.map((key) => this.group(key))) : this.group(args[0] ?? 0));
      case 'groups':
        return (args) => toTuple(match.slice(1).map((text) => text ?? args[0] ?? null));
      case 'groupdict':
        return () => Dict.of(Object.fromEntries(Object.entries(match.groups ?? {}).map(([key, text]) => [key, text ?? null])));
      case 'start':
        return at;
      case 'end':
        return endAt;
      case 'span':
        return (args) => toTuple([at(args), endAt(args)]);
      case 'string':
        return match.input ?? '';
      case 'expand':
        return (args) => expand(toText(args[0] ?? ''), match);
      case 'lastindex': {
        const last = match.findLastIndex((text, at) => at > 0 && text !== undefined);
        return last === -1 ? null : last;
      }
      case 'pos':
        return 0;
      case 'endpos':
        return (match.input ?? '').length;
      default:
        return undefined;
    }
  }
}

type Operation = (pattern: Pattern, args: readonly Value[], keywords: Keywords) => Value;

function subject(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  if (value instanceof Undefined) value.fail();
  raise('TypeError', `expected string or bytes-like object, got '${value === undefined ? 'NoneType' : typeName(value)}'`);
}

const toMatch = (match: RegExpMatchArray | null): Value => (match ? new Match(match) : null);

const found = (match: RegExpMatchArray): Value => {
  if (match.length === 1) return match[0];
  return match.length === 2 ? (match[1] ?? '') : toTuple(match.slice(1).map((text) => text ?? ''));
};

/** What a replacement text such as `\1-\g<name>` stands for in a match. */
function expand(template: string, match: RegExpMatchArray): string {
  return template.replace(
    /\\(?:g<(\w+)>|([1-9]\d?)|([abfnrtv\\])|([\s\S]))/g,
    (written, name?: string, number?: string, letter?: string) => {
      if (name !== undefined && !/^\d+$/.test(name)) return match.groups?.[name] ?? raise('IndexError', `unknown group name '${name}'`);
      const index = name ?? number;
      if (index !== undefined) {
        if (Number(index) >= match.length) raise('error', `invalid group reference ${index}`);
        return match[Number(index)] ?? '';
      }
      if (letter !== undefined) return { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' }[letter] ?? written;
      return written;
    },
  );
}

function substitute(pattern: Pattern, args: readonly Value[], keywords: Keywords): { text: string; count: number } {
  const replacement = argument(args, keywords, 0, 'repl') ?? '';
  const text = subject(argument(args, keywords, 1, 'string'));
  const most = toIndex(argument(args, keywords, 2, 'count') ?? 0);
  let out = '';
  let last = 0;
  let count = 0;
  for (const match of pattern.all(text)) {
    if (most > 0 && count >= most) break;
    const by = typeof replacement === 'function' ? toText(replacement([new Match(match)], new Map())) : expand(subject(replacement), match);
    out += text.slice(last, match.index) + by;
    last = (match.index ?? 0) + match[0].length;
    count++;
  }
  return { text: out + text.slice(last), count };
}

const operations: Readonly<Record<string, Operation>> = {
  match: (pattern, args) => toMatch(pattern.first(subject(args[0]), 'start')),
  fullmatch: (pattern, args) => toMatch(pattern.first(subject(args[0]), 'whole')),
  search: (pattern, args) => toMatch(pattern.first(subject(args[0]), 'anywhere')),
  findall: (pattern, args) => [...pattern.all(subject(args[0]))].map(found),
  finditer: (pattern, args) => new Iter([...pattern.all(subject(args[0]))].map(toMatch), 'callable_iterator'),
  sub: (pattern, args, keywords) => substitute(pattern, args, keywords).text,
  subn: (pattern, args, keywords) => {
    const { text, count } = substitute(pattern, args, keywords);
    return toTuple([text, count]);
  },
  split: (pattern, args, keywords) => {
    const text = subject(args[0]);
    const most = toIndex(argument(args, keywords, 1, 'maxsplit') ?? 0);
    const parts: Value[] = [];
    let last = 0;
    let count = 0;
    for (const match of pattern.all(text)) {
      if (most > 0 && count++ >= most) break;
      parts.push(text.slice(last, match.index), ...match.slice(1).map((group) => group ?? null));
      last = (match.index ?? 0) + match[0].length;
    }
    return [...parts, text.slice(last)];
  },
};

function toPattern(value: Value | undefined, flags: Value | undefined, allowance: Allowance): Pattern {
  return value instanceof Pattern ? value : new Pattern(subject(value), flags === undefined ? 0 : toIndex(flags), allowance);
}

/** Where each function of the module takes its flags. */
const flagPositions: Readonly<Record<string, number>> = { sub: 4, subn: 4, split: 3 };

function moduleFunction(name: string, operation: Operation, allowance: Allowance): Callable {
  return (args, keywords) => {
    const position = flagPositions[name] ?? 2;
    const pattern = toPattern(argument(args, keywords, 0, 'pattern'), argument(args, keywords, position, 'flags'), allowance);
    const rest = args.slice(1, position);
    return operation(pattern, rest.length === 0 && keywords.has('string') ? [keywords.get('string') as Value] : rest, keywords);
  };
}

/** `modules.re`. */
export function buildRegexModule(): PyModule {
  const allowance: Allowance = { steps: 2_000_000 };
  const functions = Object.entries(operations).map(([name, operation]) => [name, moduleFunction(name, operation, allowance)] as const);
  const compile: Callable = (args, keywords) => toPattern(args[0], argument(args, keywords, 1, 'flags'), allowance);
  const escapeAll: Callable = (args) => subject(args[0]).replace(/[-()[\]{}?*+|^$\\.&~# \t\n\r\v\f]/g, '\\$&');
  return new PyModule('re', { ...Object.fromEntries(functions), ...flagValues, compile, escape: escapeAll });
}
