import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import { packageOf } from './jinja-meaning.ts';
import type { Meaning } from './meaning.ts';

/** The docs block, relation or `relation.column` that a name in a Markdown file stands for. */
export function findMarkdownMeaning(snapshot: Snapshot, path: string, text: string, offset: number): Meaning | undefined {
  let start = offset;
  while (start > 0 && /[\w.]/.test(text[start - 1] ?? '')) start--;
  let end = offset;
  while (end < text.length && /[\w.]/.test(text[end] ?? '')) end++;
  const word = text.slice(start, end).replace(/\.+$/, '');
  if (word === '') return undefined;
  const span = { start, end: start + word.length };
  if (/\{%[-+]?\s*docs\s+$/.test(text.slice(Math.max(0, start - 40), start))) {
    const own = packageOf(snapshot, path);
    const block = snapshot.docs.find((candidate) => candidate.name === word && candidate.package === own);
    return block === undefined ? undefined : { kind: 'docs', block, span };
  }
  const [head = '', tail] = word.split('.');
  const named = [...snapshot.nodes.values()].filter((node) => isRelation(node) && node.enabled && node.name === head);
  const [node] = named;
  // In running text a word names a relation only when it cannot be taken for an ordinary word.
  const isCode = text[start - 1] === '`' || /_/.test(head) || tail !== undefined;
  if (node === undefined || named.length > 1 || !isCode) return undefined;
  if (tail === undefined) return { kind: 'node', node, span };
  const column = snapshot.columns.get(node.id)?.find((candidate) => candidate.name.toLowerCase() === tail.toLowerCase());
  return column === undefined
    ? { kind: 'node', node, span: { start, end: start + head.length } }
    : { kind: 'column', ref: { node: node.id, column: column.name }, span };
}
