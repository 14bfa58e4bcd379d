import type { Node, Pair } from 'yaml';
import { isMap, isScalar, isSeq, parseDocument, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import type { ProjectNode } from '../project/node.ts';

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
export function writeTests(
  text: string,
  section: 'models' | 'seeds' | 'snapshots',
  name: string,
  tests: readonly WrittenTest[],
): string | undefined {
  let result = text;
  for (const test of tests) {
    const next = writeTest(result, section, name, test);
    if (next === undefined) return undefined;
    result = next;
  }
  return result;
}

function writeTest(text: string, section: string, name: string, test: WrittenTest): string | undefined {
  if (text.trim() === '')
    return `version: 2\n\n${section}:\n  - name: ${scalar(name)}\n    columns:\n${columnLines(test, 'data_tests', '      ')}`;
  const document = parseDocument(text, { keepSourceTokens: true });
  const root: Node | null = document.contents;
  if (document.errors.length > 0 || !isMap(root)) return undefined;
  const key = /^\s*tests\s*:/m.test(text) && !/^\s*data_tests\s*:/m.test(text) ? 'tests' : 'data_tests';
  const list: unknown = root.get(section);
  if (!isSeq(list))
    return `${withLineEnd(text)}\n${section}:\n  - name: ${scalar(name)}\n    columns:\n${columnLines(test, key, '      ')}`;
  const entry = list.items.find((item): item is YAMLMap => isMap(item) && item.get('name') === name);
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

function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trimEnd();
}

function scalar(text: string): string {
  return stringify(text).trimEnd();
}

function insertInFlow(text: string, node: YAMLMap | YAMLSeq, added: string): string {
  const end = (node.range?.[1] ?? 0) - 1;
  const before = text.slice(0, end);
  const content = before.trimEnd();
  // A list over several lines may end in a comma already.
  const joined = content.endsWith(',') ? ` ${added.replace(/^, /, '')}` : added;
  return content + joined + before.slice(content.length) + text.slice(end);
}

/** Puts lines below the last line of what a node holds. */
function insertAfter(text: string, node: Node, lines: string): string {
  const last = endOf(node);
  const end = text[last - 1] === '\n' ? last : text.indexOf('\n', last) === -1 ? text.length : text.indexOf('\n', last) + 1;
  const before = text.slice(0, end);
  return withLineEnd(before) + lines + text.slice(end);
}

/** Where the last value of a node ends, without the comments and empty lines behind it. */
function endOf(node: Node): number {
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

function indentOfKeys(text: string, map: YAMLMap): string {
  return ' '.repeat(columnOf(text, map.range?.[0] ?? 0));
}

function indentOfItems(text: string, list: YAMLSeq): string {
  const first = (list.items[0] as Node | undefined)?.range?.[0] ?? 0;
  const line = text.lastIndexOf('\n', first - 1) + 1;
  const dash = text.slice(line, first).lastIndexOf('-');
  return ' '.repeat(dash === -1 ? columnOf(text, list.range?.[0] ?? 0) : dash);
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function withLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** Where a node's tests are written: the file that describes it already, else one of its own beside it. */
export function propertiesPathOf(node: Pick<ProjectNode, 'path' | 'patch'>): string {
  return node.patch?.path ?? node.path.replace(/\.\w+$/, '.yml');
}

/** The section of a properties file that describes a node; undefined for what has none of its own. */
export function sectionOf(node: ProjectNode): 'models' | 'seeds' | 'snapshots' | undefined {
  return node.kind === 'model' ? 'models' : node.kind === 'seed' ? 'seeds' : node.kind === 'snapshot' ? 'snapshots' : undefined;
}
