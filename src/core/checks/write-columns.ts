import type { Node, YAMLMap } from 'yaml';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { indentOfItems, indentOfKeys, insertAfter, insertInFlow, scalar, withLineEnd } from './yaml-insert.ts';

/** A column to be listed in a properties file. */
export interface WrittenColumn {
  readonly name: string;
  readonly description?: string;
  /** Written as `data_type`. */
  readonly type?: string;
}

/** The entry of a properties file that describes a relation: in a section, or a table of a source. */
export interface EntryName {
  readonly section: 'models' | 'seeds' | 'snapshots' | 'sources';
  readonly name: string;
  /** The name of the source whose table it is. */
  readonly source?: string;
}

/**
 * The text of a properties file with columns added below those of an entry, and with the entry where there was none. Comments, order and
 * style of what stands there stay as they are. Undefined where the file is no YAML that can be added to.
 */
export function writeColumns(text: string, entry: EntryName, columns: readonly WrittenColumn[]): string | undefined {
  if (columns.length === 0) return text;
  if (text.trim() === '')
    return entry.section === 'sources'
      ? undefined
      : `version: 2\n\n${entry.section}:\n  - name: ${scalar(entry.name)}\n    columns:\n${columnLines(columns, '      ')}`;
  const document = parseDocument(text, { keepSourceTokens: true });
  const root: Node | null = document.contents;
  if (document.errors.length > 0 || !isMap(root)) return undefined;
  const found = findEntry(root, entry);
  if (found === undefined) {
    if (entry.section === 'sources') return undefined;
    const list: unknown = root.get(entry.section);
    if (!isSeq(list))
      return `${withLineEnd(text)}\n${entry.section}:\n  - name: ${scalar(entry.name)}\n    columns:\n${columnLines(columns, '      ')}`;
    const indent = indentOfItems(text, list);
    return insertAfter(text, list, `${indent}- name: ${scalar(entry.name)}\n${indent}  columns:\n${columnLines(columns, `${indent}    `)}`);
  }
  if (found.flow) return undefined;
  const own: unknown = found.get('columns');
  if (isSeq(own) && own.flow) {
    const items = columns.map(
      ({ name, description, type }) =>
        `{name: ${scalar(name)}${type === undefined ? '' : `, data_type: ${JSON.stringify(type)}`}${description === undefined ? '' : `, description: ${JSON.stringify(description)}`}}`,
    );
    return insertInFlow(text, own, `${own.items.length > 0 ? ', ' : ''}${items.join(', ')}`);
  }
  if (isSeq(own) && own.items.length > 0) return insertAfter(text, own, columnLines(columns, indentOfItems(text, own)));
  if (own !== undefined && own !== null) return undefined;
  const indent = indentOfKeys(text, found);
  // An empty `columns:` is filled, not written twice.
  const key = found.items.find((pair) => isScalar(pair.key) && pair.key.value === 'columns')?.key;
  const at = isScalar(key) ? (key.range?.[0] ?? 0) : -1;
  if (at >= 0) {
    const end = text.indexOf('\n', at);
    const line = end === -1 ? text.length : end + 1;
    return `${withLineEnd(text.slice(0, line))}${columnLines(columns, `${indent}  `)}${text.slice(line)}`;
  }
  return insertAfter(text, found, `${indent}columns:\n${columnLines(columns, `${indent}  `)}`);
}

/** The mapping of an entry. */
export function findEntry(root: YAMLMap, { section, name, source }: EntryName): YAMLMap | undefined {
  const named = (list: unknown, wanted: string): YAMLMap | undefined =>
    isSeq(list) ? list.items.find((item): item is YAMLMap => isMap(item) && item.get('name') === wanted) : undefined;
  if (section !== 'sources') return named(root.get(section), name);
  const sources: unknown = root.get('sources');
  if (!isSeq(sources)) return undefined;
  for (const item of sources.items) {
    const table = isMap(item) && item.get('name') === source ? named(item.get('tables'), name) : undefined;
    if (table !== undefined) return table;
  }
  return undefined;
}

function columnLines(columns: readonly WrittenColumn[], indent: string): string {
  return columns
    .map(({ name, description, type }) => {
      const typed = type === undefined ? '' : `${indent}  data_type: ${scalar(type)}\n`;
      const more = description === undefined ? '' : `${indent}  description: ${toDescription(description, `${indent}    `)}\n`;
      return `${indent}- name: ${scalar(name)}\n${typed}${more}`;
    })
    .join('');
}

/** A description on its line, or as a block below the key where it has several lines. */
export function toDescription(text: string, indent: string): string {
  const plain = text.trim();
  if (!plain.includes('\n')) return scalar(plain).includes('\n') ? JSON.stringify(plain) : scalar(plain);
  return `|\n${plain
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : `${indent}${line}`))
    .join('\n')}`;
}
