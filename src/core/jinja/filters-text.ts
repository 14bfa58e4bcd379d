import { raise } from './errors.ts';
import type { Filter, Filters } from './filters.ts';
import { formatPercent } from './format-percent.ts';
import { escapeHtml, linkify, quoteUrl, stripTags } from './html.ts';
import { Markup } from './markup.ts';
import { argument, codePoints, isIterable, isTruthy, iterate, lengthOf, required, toIndex } from './protocols.ts';
import { toText } from './repr.ts';
import { capitalize, centerText, replaceText, splitText, stripText } from './string-methods.ts';
import { wrapLine } from './text-wrap.ts';
import type { Value } from './values.ts';
import { Dict, toTuple, typeName, Undefined } from './values.ts';
import { splitLines } from './whitespace.ts';

const escapeText: Filter = (value, _args, _keywords, runtime) =>
  value instanceof Markup ? value : new Markup(escapeHtml(toText(value)), (text, name) => runtime.methodOf(text, name));

const escapeAgain: Filter = (value, _args, _keywords, runtime) =>
  new Markup(escapeHtml(toText(value)), (text, name) => runtime.methodOf(text, name));

function cut(text: string, length: number): string {
  const points = codePoints(text);
  return typeof points === 'string' ? points.slice(0, length) : points.slice(0, length).join('');
}

const truncate: Filter = (value, args, keywords) => {
  const length = toIndex(argument(args, keywords, 0, 'length') ?? 255);
  const end = toText(argument(args, keywords, 2, 'end') ?? '...');
  const leeway = toIndex(argument(args, keywords, 3, 'leeway') ?? 5);
  if (length < end.length) raise('AssertionError', `expected length >= ${end.length}, got ${length}`);
  if (leeway < 0) raise('AssertionError', `expected leeway >= 0, got ${leeway}`);
  if (lengthOf(value) <= length + leeway) return value;
  if (typeof value !== 'string') raise('TypeError', `a ${typeName(value)} cannot be cut short`);
  const kept = cut(value, length - end.length);
  return (isTruthy(argument(args, keywords, 1, 'killwords') ?? false) ? kept : (splitText(kept, ' ', 1, true)[0] ?? '')) + end;
};

const indent: Filter = (value, args, keywords) => {
  if (value instanceof Undefined) value.fail();
  if (typeof value !== 'string') raise('TypeError', `unsupported operand type(s) for +=: '${typeName(value)}' and 'str'`);
  const width = argument(args, keywords, 0, 'width') ?? 4;
  const by = typeof width === 'string' ? width : ' '.repeat(toIndex(width));
  const blank = isTruthy(argument(args, keywords, 2, 'blank') ?? false);
  const [head = '', ...rest] = splitLines(`${value}\n`);
  const indented = head + rest.map((line) => `\n${line !== '' || blank ? by : ''}${line}`).join('');
  return isTruthy(argument(args, keywords, 1, 'first') ?? false) ? by + indented : indented;
};

const wordWrap: Filter = (value, args, keywords) => {
  const width = toIndex(argument(args, keywords, 0, 'width') ?? 79);
  const breakLong = isTruthy(argument(args, keywords, 1, 'break_long_words') ?? true);
  const wrapWith = argument(args, keywords, 2, 'wrapstring') ?? null;
  const hyphens = isTruthy(argument(args, keywords, 3, 'break_on_hyphens') ?? true);
  const by = wrapWith === null ? '\n' : toText(wrapWith);
  if (value instanceof Undefined) value.fail();
  if (typeof value !== 'string') raise('AttributeError', `'${typeName(value)}' object has no attribute 'splitlines'`);
  return splitLines(value)
    .map((line) => wrapLine(line, width, breakLong, hyphens).join(by))
    .join(by);
};

const urlEncode: Filter = (value) => {
  if (typeof value === 'string' || !isIterable(value)) return quoteUrl(toText(value));
  const pairs = value instanceof Dict ? value.items() : iterate(value);
  return pairs
    .map((pair) =>
      iterate(pair)
        .map((part) => quoteUrl(toText(part), true))
        .join('='),
    )
    .join('&');
};

const urlize: Filter = (value, args, keywords) => {
  const trim = argument(args, keywords, 0, 'trim_url_limit') ?? null;
  const target = argument(args, keywords, 2, 'target') ?? null;
  const rel = argument(args, keywords, 3, 'rel') ?? null;
  const schemes = argument(args, keywords, 4, 'extra_schemes') ?? null;
  const relations = new Set(rel === null ? [] : toText(rel).split(/\s+/).filter(Boolean));
  if (isTruthy(argument(args, keywords, 1, 'nofollow') ?? false)) relations.add('nofollow');
  relations.add('noopener');
  return linkify(toText(value), {
    trim: trim === null ? undefined : toIndex(trim),
    rel: [...relations].sort().join(' '),
    target: target === null ? undefined : toText(target),
    schemes: schemes === null ? undefined : iterate(schemes).map(toText),
  });
};

const xmlAttributes: Filter = (value, args, keywords) => {
  if (!(value instanceof Dict)) raise('TypeError', 'xmlattr needs a mapping');
  for (const key of value.keys()) {
    if (typeof key !== 'string') raise('TypeError', `expected string or bytes-like object, got '${typeName(key)}'`);
    if (/[\s/>=]/.test(key)) raise('ValueError', `Invalid character in attribute name: '${key}'`);
  }
  const text = [...value.entries()]
    .filter(([, item]) => item !== null && !(item instanceof Undefined))
    .map(([key, item]) => `${escapeHtml(toText(key))}="${escapeHtml(toText(item))}"`)
    .join(' ');
  return isTruthy(argument(args, keywords, 0, 'autospace') ?? true) && text !== '' ? ` ${text}` : text;
};

function titleWords(text: string): string {
  return text
    .split(/([-\s({[<]+)/)
    .map((part) => {
      const [first = '', ...rest] = Array.from(part);
      return first.toUpperCase() + rest.join('').toLowerCase();
    })
    .join('');
}

function formatWith(value: Value, args: readonly Value[], keywords: ReadonlyMap<string, Value>): string {
  if (args.length > 0 && keywords.size > 0) raise('FilterArgumentError', "can't handle positional and keyword arguments at the same time");
  return formatPercent(toText(value), keywords.size > 0 ? new Dict(keywords) : toTuple(args));
}

/** Filters about texts. */
export const textFilters: Filters = {
  capitalize: (value) => capitalize(toText(value)),
  center: (value, args, keywords) => centerText(toText(value), toIndex(argument(args, keywords, 0, 'width') ?? 80)),
  e: escapeText,
  escape: escapeText,
  forceescape: escapeAgain,
  format: formatWith,
  indent,
  lower: (value) => toText(value).toLowerCase(),
  replace: (value, args, keywords) =>
    replaceText(
      toText(value),
      toText(required(args, keywords, 0, 'old', 'do_replace()')),
      toText(required(args, keywords, 1, 'new', 'do_replace()')),
      toIndex(argument(args, keywords, 2, 'count') ?? -1),
    ),
  striptags: (value) => stripTags(toText(value)),
  title: (value) => titleWords(toText(value)),
  trim: (value, args, keywords) => stripText(toText(value), argument(args, keywords, 0, 'chars'), true, true),
  truncate,
  upper: (value) => toText(value).toUpperCase(),
  urlencode: urlEncode,
  urlize,
  wordcount: (value) => (toText(value).match(/[\p{L}\p{N}_]+/gu) ?? []).length,
  wordwrap: wordWrap,
  xmlattr: xmlAttributes,
};
