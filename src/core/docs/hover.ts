import type { ProjectNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { Column, Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { Position } from '../text/span.ts';
import type { Word } from './word.ts';
import { findWord } from './word.ts';

/** Markdown about the name at a position, and the range it speaks of. */
export interface HoverText {
  readonly markdown: string;
  readonly start: Position;
  readonly end: Position;
}

/** A column of a relation that a name may mean. */
export interface ColumnMeaning {
  readonly node: ProjectNode;
  readonly column: Column;
}

/** Documentation of the column, model, seed, source or macro at a position of a SQL or properties file. */
export function hoverAt(snapshot: Snapshot, path: string, position: Position): HoverText | undefined {
  const text = snapshot.sources.find(path)?.text;
  const word = text === undefined ? undefined : findWord(text, position);
  if (text === undefined || word === undefined) return undefined;
  const markdown = describe(snapshot, path, text, word);
  return markdown === undefined ? undefined : { markdown, start: word.start, end: word.end };
}

/** The relations that a name inside `ref(…)` or `source(…)` means, or that is the name of a node where names stand alone. */
export function findNamedNodes(snapshot: Snapshot, path: string, text: string, word: Word): readonly ProjectNode[] {
  const line = text.split('\n')[word.start.line - 1] ?? '';
  const before = line.slice(0, word.start.column - 1);
  const after = line.slice(word.end.column - 1);
  const named = (node: ProjectNode): boolean => node.name.toLowerCase() === word.text.toLowerCase();
  const inSource = /source\s*\(\s*(['"])([^'"]*)\1\s*,\s*['"]$/.exec(before);
  const all = [...snapshot.nodes.values()].filter(isRelation);
  if (inSource !== null) return all.filter((node) => node.kind === 'source' && node.sourceName === inSource[2] && named(node));
  const firstOfSource = /source\s*\(\s*['"]$/.test(before) ? /^['"]\s*,\s*['"]([^'"]+)/.exec(after) : null;
  if (firstOfSource !== null)
    return all.filter((node) => node.kind === 'source' && node.sourceName === word.text && node.name === firstOfSource[1]);
  if (/ref\s*\(\s*(['"][^'"]*['"]\s*,\s*)?['"]$/.test(before)) return all.filter((node) => node.kind !== 'source' && named(node));
  if (/\.ya?ml$/i.test(path))
    return /^\s*-?\s*name:\s*['"]?$/.test(before) ? all.filter((node) => named(node) && node.patch?.path === path) : [];
  return snapshot.project.kind === 'sql' ? all.filter(named) : [];
}

/** The columns that a name in a file may mean: those of the relations the file reads, else of what it makes. */
export function findColumns(snapshot: Snapshot, path: string, word: Word): readonly ColumnMeaning[] {
  const own = [...snapshot.nodes.values()].filter((node) => isRelation(node) && (node.path === path || node.patch?.path === path));
  const isProperties = /\.ya?ml$/i.test(path);
  const wanted = word.text.toLowerCase();
  const meanings = (ids: Iterable<NodeId>): ColumnMeaning[] =>
    [...ids].flatMap((id) => {
      const node = snapshot.nodes.get(id);
      const column = snapshot.columns.get(id)?.find((candidate) => candidate.name.toLowerCase() === wanted);
      return node === undefined || column === undefined ? [] : [{ node, column }];
    });
  const made = meanings(own.map((node) => node.id));
  if (isProperties) return made;
  const parents = [...new Set(own.flatMap((node) => snapshot.graph.parents(node.id)))];
  const read = meanings(parents);
  const qualified = read.filter(({ node }) => node.name.toLowerCase() === word.qualifier?.toLowerCase());
  if (qualified.length > 0) return qualified;
  return word.qualifier === undefined && made.length > 0 ? [...made, ...read] : read.length > 0 ? read : made;
}

function describe(snapshot: Snapshot, path: string, text: string, word: Word): string | undefined {
  const [named] = findNamedNodes(snapshot, path, text, word);
  if (named !== undefined) return toNodeText(snapshot, named, 12);
  const columns = findColumns(snapshot, path, word);
  if (columns.length > 0) return describeColumns(snapshot, columns);
  const macro = snapshot.macros.find((candidate) => candidate.name === word.text);
  return macro === undefined ? undefined : `**${macro.name}** · macro of \`${macro.package}\``;
}

/** Everything that is documented of a node, as Markdown. */
export function describeNode(snapshot: Snapshot, id: NodeId): string {
  const node = snapshot.nodes.get(id);
  return node === undefined ? '' : toNodeText(snapshot, node, Number.POSITIVE_INFINITY);
}

function toNodeText(snapshot: Snapshot, node: ProjectNode, most: number): string {
  const columns = snapshot.columns.get(node.id) ?? [];
  const kind = isRelation(node) && node.kind === 'model' ? `${node.materialized} model` : node.kind;
  const parents = snapshot.graph.parents(node.id).length;
  const children = snapshot.graph.children(node.id).filter((id) => snapshot.nodes.get(id)?.kind !== 'test').length;
  const lines = [`**${node.name}** · ${kind}`, node.description, `${parents} parents · ${children} children · ${columns.length} columns`];
  if (columns.length > 0) {
    const rows = columns
      .slice(0, 12)
      .map((column) => `| \`${column.name}\` | ${column.type.toLowerCase()} | ${toCell(column.description)} |`);
    const more = columns.length > most ? `\n\n…and ${columns.length - most} more` : '';
    lines.push(`| column | type | |\n|---|---|---|\n${rows.join('\n')}${more}`);
  }
  lines.push(`\`${node.path}\``);
  return lines.filter((line) => line !== '').join('\n\n');
}

/** The first meaning in full; others by name, because the same name may come from several relations. */
function describeColumns(snapshot: Snapshot, columns: readonly ColumnMeaning[]): string {
  const documented = columns.find(({ column }) => column.description !== '');
  const [first = documented] = columns;
  if (first === undefined) return '';
  const { node, column } = first;
  const type = column.type === '' ? '' : ` \`${column.type.toLowerCase()}\``;
  const lines = [`**${column.name}**${type} · ${node.name}`];
  if (column.description !== '') lines.push(column.description);
  else if (documented !== undefined)
    lines.push(`${documented.column.description}\n\n*Described in ${documented.node.name}; ${node.name} has no description of its own.*`);
  const facts = column.tests.flatMap((id) => toTestWords(snapshot, id) ?? []);
  if (facts.length > 0) lines.push(facts.join(' · '));
  const others = columns.filter((other) => other !== first).map((other) => other.node.name);
  if (others.length > 0) lines.push(`Also a column of ${[...new Set(others)].slice(0, 5).join(', ')}`);
  const from = column.descriptionFrom;
  lines.push(from === undefined ? `*known from ${originWords[column.origin]}*` : `\`${from.path}:${from.line}\``);
  return lines.join('\n\n');
}

const originWords: Record<Column['origin'], string> = {
  sql: 'the SQL of the model',
  properties: 'a properties file',
  csv: 'the header of the CSV file',
  sqlite: 'the SQLite file',
  ddl: 'a CREATE TABLE statement',
  contract: "the model's contract",
  use: 'its use in SQL',
  snapshot: 'what a snapshot adds',
  markdown: 'a data dictionary',
};

/** A test in words: `unique`, `not null`, `→ customers.id`. */
export function toTestWords(snapshot: Snapshot, id: NodeId): string | undefined {
  const test = snapshot.nodes.get(id);
  if (test?.kind !== 'test' || test.generic === undefined) return undefined;
  const { macro, arguments: given } = test.generic;
  if (macro === 'not_null') return 'not null';
  if (macro === 'relationships') {
    const target = [...String(given['to'] ?? '').matchAll(/['"]([^'"]+)['"]/g)].map((found) => found[1]).join('.');
    return `→ ${target || String(given['to'] ?? '')}.${String(given['field'] ?? '')}`;
  }
  if (macro === 'accepted_values' && Array.isArray(given['values'])) return `one of ${given['values'].join(', ')}`;
  return macro;
}

function toCell(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
}
