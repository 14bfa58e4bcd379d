import type { Document, Node, Pair } from 'yaml';
import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Span } from '../text/span.ts';

/** A place in a YAML file: the keys and positions that lead to it, and the scalar that stands there. */
export interface YamlPlace {
  readonly path: readonly (string | number)[];
  /** Whether the scalar is a key; then `path` ends with it. */
  readonly isKey: boolean;
  readonly text: string;
  readonly span: Span;
  /** The values of everything around it, from the outermost inwards: one more than the path is long. */
  readonly around: readonly unknown[];
}

const documents = new Map<string, Document.Parsed>();

/** A YAML text as a tree with places; the last few are kept. */
export function readYamlTree(text: string): Document.Parsed {
  const known = documents.get(text);
  if (known !== undefined) return known;
  const made = parseDocument(text, { keepSourceTokens: true, lineCounter: new LineCounter() });
  if (documents.size >= 8) documents.delete(documents.keys().next().value ?? '');
  documents.set(text, made);
  return made;
}

/** The scalar at an offset of a YAML text. */
export function findYamlPlace(text: string, offset: number): YamlPlace | undefined {
  const document = readYamlTree(text);
  const path: (string | number)[] = [];
  const around: unknown[] = [];
  let at: unknown = document.contents;
  while (at !== null && at !== undefined) {
    if (isMap(at)) {
      around.push(at);
      const pair: Pair | undefined =
        at.items.find((item) => isPair(item) && holds(item.key, offset)) ?? at.items.find((item) => holds(item.value, offset));
      if (pair === undefined) return undefined;
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      path.push(key);
      if (isScalar(pair.key) && holds(pair.key, offset)) return toPlace(pair.key, path, around, true);
      at = pair.value;
    } else if (isSeq(at)) {
      around.push(at);
      const index: number = at.items.findIndex((item) => holds(item, offset));
      if (index === -1) return undefined;
      path.push(index);
      at = at.items[index];
    } else return isScalar(at) ? toPlace(at, path, around, false) : undefined;
  }
  return undefined;
}

function holds(node: unknown, offset: number): boolean {
  const range = (node as Node | null)?.range;
  return range !== undefined && range !== null && range[0] <= offset && offset <= range[1];
}

function toPlace(
  node: { readonly value: unknown; range?: readonly number[] | null | undefined; type?: string | undefined },
  path: readonly (string | number)[],
  around: readonly unknown[],
  isKey: boolean,
): YamlPlace {
  const [start = 0, end = 0] = node.range ?? [];
  const quoted = node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE';
  return { path, isKey, text: String(node.value), span: quoted ? { start: start + 1, end: end - 1 } : { start, end }, around };
}
