import type { ProjectNode } from '../../core/project/node.ts';
import { asData, asName, toPage } from './answer-text.ts';
import { type Asked, nameOf } from './asked.ts';

interface Hit {
  readonly rank: number;
  readonly text: string;
}

/** Nodes, columns and docs whose names or descriptions hold all words, the closest first. */
export function answerFind(asked: Asked): string {
  const query = asked.need('query', 'revenue');
  const words = query
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  const kind = asked.text('kind');
  const hits: Hit[] = [];
  for (const node of asked.snapshot.nodes.values()) {
    if (!node.enabled) continue;
    if (kind === undefined ? node.kind !== 'test' : kind === node.kind) addNode(hits, node, words);
  }
  if (kind === undefined || kind === 'column') addColumns(hits, asked, words);
  if (kind === undefined || kind === 'docs')
    for (const { name, path, line, text } of asked.snapshot.docs) {
      const rank = rankOf(words, name, text);
      if (rank > 0) hits.push({ rank: rank - 1, text: `docs ${asName(name)} ${asName(path)}:${line} ${asData(firstOf(text), 160)}` });
    }
  hits.sort((a, b) => b.rank - a.rank);
  if (hits.length === 0)
    return `Nothing has all of ${words.map((word) => `'${word}'`).join(', ')} in its name or description. Ask with fewer or shorter words.`;
  return toPage({ head: [`${hits.length} found`], items: hits.map(({ text }) => text), of: 'hits' }, asked.offset);
}

function addNode(hits: Hit[], node: ProjectNode, words: readonly string[]): void {
  const rank = rankOf(words, nameOf(node), `${node.description} ${node.tags.join(' ')}`);
  if (rank === 0) return;
  const description = node.description === '' ? '' : ` ${asData(firstOf(node.description), 160)}`;
  hits.push({
    rank: rank + (node.kind === 'model' ? 0.5 : 0),
    text: `${node.kind} ${asName(nameOf(node))} ${asName(node.path)}${description}`,
  });
}

function addColumns(hits: Hit[], { snapshot }: Asked, words: readonly string[]): void {
  for (const [id, columns] of snapshot.columns) {
    const node = snapshot.nodes.get(id);
    if (node === undefined || !node.enabled) continue;
    for (const column of columns) {
      const own = rankOf(words, column.name, column.description);
      const rank = own > 0 ? own : words.length > 1 ? rankOf(words, `${nameOf(node)}.${column.name}`, column.description) : 0;
      if (rank === 0) continue;
      const description = column.description === '' ? '' : ` ${asData(firstOf(column.description), 120)}`;
      const type = column.type === '' ? '' : ` ${asName(column.type)}`;
      hits.push({ rank: rank - 0.2, text: `column ${asName(`${nameOf(node)}.${column.name}`)}${type}${description}` });
    }
  }
}

/** 0 where a word is missing; more where the name is the words, begins with them or has them. */
function rankOf(words: readonly string[], name: string, text: string): number {
  const own = name.toLowerCase();
  const all = `${own} ${text.toLowerCase()}`;
  if (!words.every((word) => all.includes(word))) return 0;
  const phrase = words.join('_');
  if (own === phrase || own.endsWith(`.${phrase}`)) return 5;
  if (own.startsWith(phrase)) return 4;
  return words.every((word) => own.includes(word)) ? 3 : 1.2;
}

function firstOf(text: string): string {
  return (
    text
      .trim()
      .split(/\n\s*\n/)[0]
      ?.replace(/\s+/g, ' ') ?? ''
  );
}
