import type { Node, Pair } from 'yaml';
import { isMap, isScalar, isSeq, stringify, type YAMLMap, type YAMLSeq } from 'yaml';

// dbt reads YAML 1.1, in which a plain `yes`, `12:30` or `2024-01-01` is no text.
const older = { version: '1.1', lineWidth: 0 } as const;

/** A value on one line, as YAML writes it. */
export function flow(value: unknown): string {
  return stringify(value, { ...older, collectionStyle: 'flow', flowCollectionPadding: false }).trimEnd();
}

/** A text as a YAML scalar, quoted where it has to be. */
export function scalar(text: string): string {
  return stringify(text, older).trimEnd();
}

/** Puts text before the bracket that closes a list or mapping on one line. */
export function insertInFlow(text: string, node: YAMLMap | YAMLSeq, added: string): string {
  const end = (node.range?.[1] ?? 0) - 1;
  const before = text.slice(0, end);
  const content = before.trimEnd();
  // A list over several lines may end in a comma already.
  const joined = content.endsWith(',') ? ` ${added.replace(/^, /, '')}` : added;
  return content + joined + before.slice(content.length) + text.slice(end);
}

/** Puts lines below the last line of what a node holds. */
export function insertAfter(text: string, node: Node, lines: string): string {
  const last = endOf(node);
  const end = text[last - 1] === '\n' ? last : text.indexOf('\n', last) === -1 ? text.length : text.indexOf('\n', last) + 1;
  const before = text.slice(0, end);
  return withLineEnd(before) + lines + text.slice(end);
}

/** Where the last value of a node ends, without the comments and empty lines behind it. */
export function endOf(node: Node): number {
  if (isMap(node) && !node.flow) {
    const pair = node.items.at(-1) as Pair<Node, Node | null> | undefined;
    const last = pair?.value ?? pair?.key;
    if (last !== undefined && last !== null) return isScalar(last) && last.value === null ? endOf(pair?.key ?? last) : endOf(last);
  }
  if (isSeq(node) && !node.flow) {
    const last = node.items.at(-1) as Node | undefined;
    if (last !== undefined) return endOf(last);
  }
  return node.range?.[1] ?? 0;
}

/** The blanks before the keys of a mapping. */
export function indentOfKeys(text: string, map: YAMLMap): string {
  return ' '.repeat(columnOf(text, map.range?.[0] ?? 0));
}

/** The blanks before the dashes of a list. */
export function indentOfItems(text: string, list: YAMLSeq): string {
  const first = (list.items[0] as Node | undefined)?.range?.[0] ?? 0;
  const line = text.lastIndexOf('\n', first - 1) + 1;
  const dash = text.slice(line, first).lastIndexOf('-');
  return ' '.repeat(dash === -1 ? columnOf(text, list.range?.[0] ?? 0) : dash);
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** A text that ends its last line. */
export function withLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
