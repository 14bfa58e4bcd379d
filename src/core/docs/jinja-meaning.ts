import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Span } from '../text/span.ts';
import type { Meaning } from './meaning.ts';
import { nodesInFile } from './reading.ts';

// Comments and raw blocks come first in the alternation, so that what they hold is passed over.
const tags =
  /\{#[\s\S]*?#\}|\{%[-+]?\s*raw\s*[-+]?%\}[\s\S]*?\{%[-+]?\s*endraw\s*[-+]?%\}|(?<tag>\{\{[\s\S]*?(?:\}\}|$)|\{%[\s\S]*?(?:%\}|$))/g;

/** The tag around an offset, its marks included; a tag that is still open ends with the text. */
export function findTag(text: string, offset: number): (Span & { readonly text: string }) | undefined {
  for (const found of text.matchAll(tags)) {
    if (found.index > offset) return undefined;
    const end = found.index + found[0].length;
    if (offset < end || (offset === end && !/[}]$/.test(found[0])))
      return found.groups?.tag === undefined ? undefined : { start: found.index, end, text: found[0] };
  }
  return undefined;
}

/** A string inside a call: the function's name, the place among its arguments and the arguments before it. */
export interface ArgumentPlace {
  readonly callee: string;
  readonly index: number;
  /** Of the argument itself, without quotes. */
  readonly span: Span;
  readonly text: string;
  /** The texts of the string arguments of the same call, in order, where they are whole. */
  readonly all: readonly string[];
}

/** The string argument at an offset of a text, as in `ref('or|ders')`. */
export function findStringArgument(text: string, offset: number, from = 0): ArgumentPlace | undefined {
  const before = text.slice(Math.max(from, offset - 400), offset);
  const open = /([\w.]+)\s*\(\s*((?:(?:'[^'\n]*'|"[^"\n]*")\s*,\s*)*)(['"])([^'"\n]*)$/.exec(before);
  if (open === null) return undefined;
  const [, callee = '', earlier = '', quote = "'", typed = ''] = open;
  const start = offset - typed.length;
  const rest = new RegExp(`^[^${quote}\\n]*`).exec(text.slice(offset))?.[0] ?? '';
  const closed = text[offset + rest.length] === quote;
  const end = closed ? offset + rest.length : offset + (/^[\w.-]*/.exec(text.slice(offset))?.[0].length ?? 0);
  const previous = [...earlier.matchAll(/'([^']*)'|"([^"]*)"/g)].map((found) => found[1] ?? found[2] ?? '');
  const following = closed ? (/^\s*,\s*(?:'([^'\n]*)'|"([^"\n]*)")/.exec(text.slice(end + 1)) ?? undefined) : undefined;
  const next = following === undefined ? [] : [following[1] ?? following[2] ?? ''];
  return {
    callee,
    index: previous.length,
    span: { start, end },
    text: text.slice(start, end),
    all: [...previous, text.slice(start, end), ...next],
  };
}

/** What a name inside Jinja stands for. */
export function findJinjaMeaning(snapshot: Snapshot, path: string, text: string, offset: number): Meaning | undefined {
  const tag = findTag(text, offset);
  if (tag === undefined) return undefined;
  const owner = nodesInFile(snapshot, path)[0];
  const from = owner?.package ?? packageOf(snapshot, path);
  const argument = findStringArgument(text, offset, tag.start);
  const called = argument === undefined ? undefined : meaningOfArgument(snapshot, argument, from);
  if (called !== undefined) return called;
  const name = argument === undefined ? wordAt(text, offset) : undefined;
  if (name !== undefined) {
    const macro = snapshot.environment?.macros.find(name.text, from) ?? definedHere(snapshot, path, name.span);
    if (macro !== undefined) return { kind: 'macro', macro, span: name.span };
    const call = /^\s*\(\s*(['"])([^'"]*)\1(?:\s*,\s*(['"])([^'"]*)\3)?/.exec(text.slice(name.span.end, name.span.end + 300));
    if (call !== null && (name.text === 'ref' || name.text === 'source' || name.text === 'var' || name.text === 'doc')) {
      const all = [call[2] ?? '', ...(call[4] === undefined ? [] : [call[4]])];
      const meant = meaningOfArgument(
        snapshot,
        { callee: name.text, index: all.length - 1, span: name.span, text: all.at(-1) ?? '', all },
        from,
      );
      if (meant !== undefined) return meant;
    }
  }
  return tag.text.startsWith('{{') ? meaningOfExpression(snapshot, path, tag) : undefined;
}

/** What the argument of `ref`, `source`, `var` or `doc` names. */
export function meaningOfArgument(snapshot: Snapshot, argument: ArgumentPlace, from: string): Meaning | undefined {
  const { callee, index, span, all, text } = argument;
  const nodes = [...snapshot.nodes.values()];
  switch (callee.replace(/^builtins\./, '')) {
    case 'ref': {
      const name = all[all.length - 1] ?? '';
      const where = all.length > 1 ? all[0] : undefined;
      const named = nodes.filter(
        (node) => isRelation(node) && node.kind !== 'source' && node.name === name && (where === undefined || node.package === where),
      );
      const node = named.find((candidate) => candidate.package === from) ?? named.find((candidate) => candidate.enabled) ?? named[0];
      return node === undefined ? { kind: 'missing', what: 'model', name, span } : { kind: 'node', node, span };
    }
    case 'source': {
      const [source = '', table = ''] = all;
      const node = nodes.find(
        (candidate) =>
          candidate.kind === 'source' && candidate.sourceName === source && (index === 0 && table === '' ? true : candidate.name === table),
      );
      return node === undefined ? { kind: 'missing', what: 'source', name: all.join('.'), span } : { kind: 'node', node, span };
    }
    case 'var':
      return index === 0 ? { kind: 'var', name: text, package: from, span } : undefined;
    case 'doc': {
      const name = all[all.length - 1] ?? '';
      const block = snapshot.docs.find((candidate) => candidate.name === name && (all.length < 2 || candidate.package === all[0]));
      return block === undefined ? { kind: 'missing', what: 'docs block', name, span } : { kind: 'docs', block, span };
    }
    default:
      return undefined;
  }
}

/** The package whose folder a file lies in. */
export function packageOf(snapshot: Snapshot, path: string): string {
  const inside = snapshot.project.packages.filter(({ root }) => root === '' || path.startsWith(`${root}/`));
  return inside.sort((a, b) => b.root.length - a.root.length)[0]?.name ?? snapshot.project.name;
}

/** A dotted name around an offset of a text. */
export function wordAt(text: string, offset: number): { readonly text: string; readonly span: Span } | undefined {
  let start = offset;
  while (start > 0 && /[\w.]/.test(text[start - 1] ?? '')) start--;
  let end = offset;
  while (end < text.length && /\w/.test(text[end] ?? '')) end++;
  const word = text.slice(start, end);
  return /^[A-Za-z_]/.test(word) ? { text: word, span: { start, end } } : undefined;
}

function definedHere(snapshot: Snapshot, path: string, span: Span) {
  return snapshot.macros.find(
    (macro) =>
      macro.path === path && macro.span.start <= span.start && macro.file.slice(macro.span.start, span.start).match(/^\{%[-+]?\s*\w+\s+$/),
  );
}

/** What an expression printed, each time it was reached. */
function meaningOfExpression(snapshot: Snapshot, path: string, tag: Span & { readonly text: string }): Meaning | undefined {
  for (const node of nodesInFile(snapshot, path)) {
    const text = snapshot.texts.get(node.id);
    if (text === undefined || tag.start < text.offset || tag.end > text.offset + text.source.length) continue;
    for (const rendering of [text.rendering, text.incremental]) {
      if (rendering === undefined) continue;
      const results = renderedFrom(rendering.sql, (at) => rendering.map.locate(at), tag);
      if (results.length > 0) return { kind: 'rendered', source: tag.text, results, span: { start: tag.start, end: tag.end } };
    }
  }
  return undefined;
}

function renderedFrom(sql: string, locate: (at: number) => { readonly span: Span; readonly verbatim: boolean }, tag: Span): string[] {
  const found: string[] = [];
  let run = -1;
  for (let at = 0; at <= sql.length; at++) {
    const origin = at < sql.length ? locate(at) : undefined;
    const inside = origin !== undefined && !origin.verbatim && origin.span.start >= tag.start && origin.span.end <= tag.end;
    if (inside && run === -1) run = at;
    if (!inside && run !== -1) {
      found.push(sql.slice(run, at));
      run = -1;
    }
  }
  return found;
}
