import type { Node } from 'yaml';
import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { ProjectNode } from '../project/node.ts';
import { type EntryName, findEntry } from './write-columns.ts';
import { flow, indentOfItems, indentOfKeys, insertAfter, insertInFlow, scalar, withLineEnd } from './yaml-insert.ts';

/** A test to be written under a column: its name, and its arguments where it has any. */
export interface WrittenTest {
  readonly column: string;
  readonly name: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/**
 * The text of a properties file with tests added below the columns of an entry. Only lines are put in: comments, order and style of what
 * stands there stay as they are. Undefined where the file is no YAML that can be added to.
 */
export function writeTests(text: string, entry: EntryName, tests: readonly WrittenTest[]): string | undefined {
  let result = text;
  for (const test of tests) {
    const next = writeTest(result, entry, test);
    if (next === undefined) return undefined;
    result = next;
  }
  return result;
}

function writeTest(text: string, wanted: EntryName, test: WrittenTest): string | undefined {
  const { section, name } = wanted;
  if (text.trim() === '')
    return section === 'sources'
      ? undefined
      : `version: 2\n\n${section}:\n  - name: ${scalar(name)}\n    columns:\n${columnLines(test, 'data_tests', '      ')}`;
  const document = parseDocument(text, { keepSourceTokens: true });
  const root: Node | null = document.contents;
  if (document.errors.length > 0 || !isMap(root)) return undefined;
  const key = /^\s*tests\s*:/m.test(text) && !/^\s*data_tests\s*:/m.test(text) ? 'tests' : 'data_tests';
  const list: unknown = root.get(section);
  const entry = findEntry(root, wanted);
  // A source is declared before its columns are tested.
  if (entry === undefined && section === 'sources') return undefined;
  if (!isSeq(list))
    return `${withLineEnd(text)}\n${section}:\n  - name: ${scalar(name)}\n    columns:\n${columnLines(test, key, '      ')}`;
  if (entry === undefined) {
    const indent = indentOfItems(text, list);
    return insertAfter(text, list, `${indent}- name: ${scalar(name)}\n${indent}  columns:\n${columnLines(test, key, `${indent}    `)}`);
  }
  const columns: unknown = entry.get('columns');
  if (!isSeq(columns) || columns.items.length === 0) {
    const indent = indentOfKeys(text, entry);
    return insertAfter(text, entry, `${indent}columns:\n${columnLines(test, key, `${indent}  `)}`);
  }
  const column = columns.items.find(
    (item): item is YAMLMap => isMap(item) && String(item.get('name')).toLowerCase() === test.column.toLowerCase(),
  );
  if (column === undefined) {
    const indent = indentOfItems(text, columns);
    return insertAfter(text, columns, columnLines(test, key, indent));
  }
  return writeUnderColumn(text, column, key, test);
}

function writeUnderColumn(text: string, column: YAMLMap, key: string, test: WrittenTest): string {
  const own: unknown = column.get('data_tests') ?? column.get('tests');
  if (isSeq(own) && own.flow) return insertInFlow(text, own, own.items.length > 0 ? `, ${flowText(test)}` : flowText(test));
  if (isSeq(own) && own.items.length > 0) return insertAfter(text, own, itemLines(test, indentOfItems(text, own)));
  if (column.flow) return insertInFlow(text, column, `, ${key}: [${flowText(test)}]`);
  const indent = indentOfKeys(text, column);
  return insertAfter(text, column, `${indent}${key}:\n${itemLines(test, `${indent}  `)}`);
}

/** A column with one test, as an item of a list. */
function columnLines(test: WrittenTest, key: string, indent: string): string {
  return `${indent}- name: ${scalar(test.column)}\n${indent}  ${key}:\n${itemLines(test, `${indent}    `)}`;
}

function itemLines(test: WrittenTest, indent: string): string {
  if (test.arguments === undefined) return `${indent}- ${test.name}\n`;
  const lines = Object.entries(test.arguments).map(([name, value]) => `${indent}      ${name}: ${flow(value)}\n`);
  return `${indent}- ${test.name}:\n${indent}    arguments:\n${lines.join('')}`;
}

function flowText(test: WrittenTest): string {
  if (test.arguments === undefined) return test.name;
  const inner = Object.entries(test.arguments).map(([name, value]) => `${name}: ${flow(value)}`);
  return `{${test.name}: {arguments: {${inner.join(', ')}}}}`;
}

/** Where a node's tests are written: the file that describes it already, else one of its own beside it. */
export function propertiesPathOf(node: Pick<ProjectNode, 'path' | 'patch'>): string {
  return node.patch?.path ?? node.path.replace(/\.\w+$/, '.yml');
}

/** The section of a properties file that describes a node; undefined for what has none of its own. */
export function sectionOf(node: ProjectNode): 'models' | 'seeds' | 'snapshots' | undefined {
  return node.kind === 'model' ? 'models' : node.kind === 'seed' ? 'seeds' : node.kind === 'snapshot' ? 'snapshots' : undefined;
}
