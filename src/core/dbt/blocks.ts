import type { Span } from '../text/span.ts';

export type BlockKind = 'macro' | 'test' | 'snapshot' | 'docs' | 'materialization';

/** A top-level block of a file, cut out without reading what is in it, so that an error inside harms no other block. */
export interface TemplateBlock {
  readonly kind: BlockKind;
  /** As written after the tag: `star`, `not_null`; for a materialization its name without the adapter. */
  readonly name: string;
  /** From the opening `{%` to the closing `%}`. */
  readonly span: Span;
  /** Between the two tags. */
  readonly body: Span;
  /** The text of `body`. */
  readonly text: string;
}

export interface BlockScan {
  readonly blocks: readonly TemplateBlock[];
  /** What is wrong with the file as a whole: a block that never ends, or an end without a beginning. */
  readonly faults: readonly { readonly span: Span; readonly message: string }[];
}

const tagKinds: Readonly<Record<string, BlockKind>> = {
  macro: 'macro',
  test: 'test',
  data_test: 'test',
  snapshot: 'snapshot',
  docs: 'docs',
  materialization: 'materialization',
};

const opening = /\{#|\{\{|\{%[-+]?\s*([A-Za-z_]\w*)/g;

/** Finds the blocks of a file in order; text between them is allowed and ignored, as dbt does. */
export function scanBlocks(text: string): BlockScan {
  const blocks: TemplateBlock[] = [];
  const faults: { span: Span; message: string }[] = [];
  let open: { tag: string; kind: BlockKind; name: string; start: number; bodyStart: number } | undefined;
  opening.lastIndex = 0;
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const tag = match[1];
    if (tag === undefined) {
      opening.lastIndex = match[0] === '{#' ? endOfComment(text, match.index) : endOfTag(text, opening.lastIndex, '}}');
      continue;
    }
    const end = endOfTag(text, opening.lastIndex, '%}');
    if (tag === 'raw') {
      const closing = /\{%[-+]?\s*endraw\s*[-+]?%\}/g;
      closing.lastIndex = end;
      opening.lastIndex = closing.exec(text) ? closing.lastIndex : text.length;
      continue;
    }
    opening.lastIndex = end;
    const kind = tagKinds[tag];
    if (open === undefined) {
      if (kind === undefined) {
        const ended = tag.startsWith('end') ? tag.slice(3) : '';
        if (ended in tagKinds) faults.push({ span: { start: match.index, end }, message: `'${tag}' has no '${ended}' before it.` });
        continue;
      }
      const name = /^\s*(\w+)/.exec(text.slice(match.index + match[0].length, end))?.[1] ?? '';
      open = { tag, kind, name, start: match.index, bodyStart: end };
      continue;
    }
    if (tag === `end${open.tag}`) {
      const body = { start: open.bodyStart, end: match.index };
      blocks.push({
        kind: open.kind,
        name: open.name,
        span: { start: open.start, end },
        body,
        text: text.slice(body.start, body.end),
      });
      open = undefined;
    }
  }
  if (open)
    faults.push({
      span: { start: open.start, end: open.bodyStart },
      message: `'${open.tag} ${open.name}' is never closed: it needs an 'end${open.tag}'.`,
    });
  return { blocks, faults };
}

function endOfComment(text: string, from: number): number {
  const end = text.indexOf('#}', from + 2);
  return end === -1 ? text.length : end + 2;
}

/** The offset after the tag's end; quotes hide it. */
function endOfTag(text: string, from: number, close: string): number {
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '"' || character === "'") {
      const quoted = character === '"' ? /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y : /'[^'\\]*(?:\\[\s\S][^'\\]*)*'/y;
      quoted.lastIndex = at;
      if (quoted.test(text)) at = quoted.lastIndex - 1;
    } else if (text.startsWith(close, at)) return at + close.length;
  }
  return text.length;
}
