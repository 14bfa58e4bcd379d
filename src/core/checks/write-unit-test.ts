import { isMap, isSeq, parseDocument } from 'yaml';
import { flow, indentOfItems, insertAfter, scalar, withLineEnd } from './yaml-insert.ts';

type Row = Readonly<Record<string, unknown>>;

/** A unit test to be written into a properties file. */
export interface WrittenUnitTest {
  readonly name: string;
  readonly description: string;
  readonly model: string;
  readonly given: readonly { readonly input: string; readonly rows: readonly Row[] }[];
  readonly expect: readonly Row[];
}

/**
 * The text of a properties file with a unit test added below those that it has. What stands there stays as it is; a name that is taken gets
 * a number. Undefined where the file is no YAML that can be added to.
 */
export function writeUnitTest(text: string, test: WrittenUnitTest): string | undefined {
  if (text.trim() === '') return `version: 2\n\nunit_tests:\n${itemLines(test, test.name, '  ')}`;
  const document = parseDocument(text, { keepSourceTokens: true });
  const root: unknown = document.contents;
  if (document.errors.length > 0 || !isMap(root) || root.flow) return undefined;
  const list: unknown = root.get('unit_tests');
  if (!isSeq(list) || list.items.length === 0)
    return root.has('unit_tests') ? undefined : `${withLineEnd(text)}\nunit_tests:\n${itemLines(test, test.name, '  ')}`;
  if (list.flow) return undefined;
  const taken = new Set(list.items.map((item) => (isMap(item) ? String(item.get('name')) : '')));
  return insertAfter(text, list, itemLines(test, toFreeName(test.name, taken), indentOfItems(text, list)));
}

function toFreeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}_${number}`;
  return free;
}

function itemLines(test: WrittenUnitTest, name: string, indent: string): string {
  const lines = [
    `- name: ${scalar(name)}`,
    `  description: ${scalar(test.description)}`,
    `  model: ${scalar(test.model)}`,
    test.given.length === 0 ? '  given: []' : '  given:',
    ...test.given.flatMap(({ input, rows }) => [`    - input: ${input}`, ...rowLines(rows, '      ')]),
    '  expect:',
    ...rowLines(test.expect, '    '),
  ];
  return lines.map((line) => `${indent}${line}\n`).join('');
}

function rowLines(rows: readonly Row[], indent: string): readonly string[] {
  return rows.length === 0 ? [`${indent}rows: []`] : [`${indent}rows:`, ...rows.map((row) => `${indent}  - ${rowText(row)}`)];
}

function rowText(row: Row): string {
  return `{${Object.entries(row)
    .map(([name, value]) => `${inFlow(name)}: ${inFlow(value)}`)
    .join(', ')}}`;
}

/** A value as it stands in a list on one line, where commas and brackets have to be quoted. */
const inFlow = (value: unknown): string => flow([value]).slice(1, -1);
