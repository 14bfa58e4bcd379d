import { isMap, isSeq, type Node } from 'yaml';
import { type EntryName, toDescription, writeColumns } from '../checks/write-columns.ts';
import { propertiesPathOf, sectionOf, type WrittenTest, writeTests } from '../checks/write-tests.ts';
import { findColumn, findDescription, showColumn } from '../docs/describe-column.ts';
import { packageOf } from '../docs/jinja-meaning.ts';
import { findMeaning } from '../docs/meaning.ts';
import { nodesInFile } from '../docs/reading.ts';
import { sampleValues } from '../docs/sample-values.ts';
import { findYamlPlace, readYamlTree } from '../docs/yaml-place.ts';
import type { ColumnRef } from '../lineage/questions.ts';
import type { ProjectNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { Column, Snapshot } from '../snapshot.ts';
import type { Problem } from '../text/problem.ts';
import type { Fix, FixPlace } from './fix.ts';
import { changeAt, changeOf, toFix } from './fix.ts';

/** What can be written into properties files about the column or model at a place. */
export function fixesOfColumns(place: FixPlace): readonly Fix[] {
  const { snapshot, path, span } = place;
  const meaning = findMeaning(snapshot, path, span.start);
  const ref = meaning?.kind === 'column' ? meaning.ref : ownColumn(place);
  const fixes: Fix[] = [];
  if (ref !== undefined) fixes.push(...describeFrom(snapshot, ref), ...addTests(snapshot, ref));
  const node =
    meaning?.kind === 'node' && /\.ya?ml$/i.test(path) ? meaning.node : nodesInFile(snapshot, path).find((one) => one.kind === 'model');
  if (node !== undefined && (ref === undefined || ref.node === node.id)) fixes.push(...addColumns(snapshot, node));
  return fixes;
}

/** The column of the file's own model that is named at a place of its SQL. */
function ownColumn({ snapshot, path, span }: FixPlace): ColumnRef | undefined {
  const meaning = findMeaning(snapshot, path, span.start);
  if (meaning?.kind !== 'sql' || meaning.meaning.kind !== 'column') return undefined;
  const { reading } = meaning;
  const at = meaning.meaning.span;
  const made = reading.resolution.columns.find(
    ({ span: item, expression }) =>
      item !== undefined &&
      item.start <= at.start &&
      at.end <= item.end &&
      // The name that is given, or the one that is read where none is given.
      (at.end === item.end || (expression?.kind === 'column' && expression.span.end === at.end && item.end === at.end)),
  );
  const found = made === undefined ? undefined : findColumn(snapshot, { node: reading.node.id, column: made.name });
  return found === undefined ? undefined : { node: reading.node.id, column: found.name };
}

/** Where a node is described, and as what; undefined for nodes of packages and for those that no properties file describes. */
function entryOf(snapshot: Snapshot, node: ProjectNode): { readonly path: string; readonly entry: EntryName } | undefined {
  if (node.package !== snapshot.project.name || snapshot.project.kind !== 'dbt' || !isRelation(node)) return undefined;
  if (node.kind === 'source') return { path: node.path, entry: { section: 'sources', name: node.name, source: node.sourceName } };
  const section = sectionOf(node);
  const path = propertiesPathOf(node);
  return section === undefined || packageOf(snapshot, path) !== snapshot.project.name
    ? undefined
    : { path, entry: { section, name: node.name } };
}

/** A change of a properties file, or the file itself where there is none yet. */
function written(
  snapshot: Snapshot,
  path: string,
  title: string,
  write: (text: string) => string | undefined,
  more: Partial<Fix> = {},
): readonly Fix[] {
  const before = snapshot.sources.find(path)?.text;
  const after = write(before ?? '');
  if (after === undefined || after === before) return [];
  if (before === undefined) return [toFix(title, 'quickfix', [], { ...more, created: [{ path, text: after }] })];
  const change = changeOf(snapshot, path, after);
  return change === undefined ? [] : [toFix(title, 'quickfix', [change], more)];
}

/** The text that a column's description is written with: a docs block by its call. */
function descriptionOf(snapshot: Snapshot, ref: ColumnRef): { readonly text: string; readonly from: string } | undefined {
  const found = findDescription(snapshot, ref);
  if (found === undefined) return undefined;
  const block = snapshot.docs.find((one) => one.text.trim() === found.text.trim());
  return { text: block === undefined ? found.text : `{{ doc('${block.name}') }}`, from: showColumn(snapshot, found.of) };
}

function describeFrom(snapshot: Snapshot, ref: ColumnRef): readonly Fix[] {
  const node = snapshot.nodes.get(ref.node);
  const column = findColumn(snapshot, ref);
  const place = node === undefined ? undefined : entryOf(snapshot, node);
  const found = descriptionOf(snapshot, ref);
  if (node === undefined || column === undefined || place === undefined || column.description !== '' || found === undefined) return [];
  const title = `Take the description of ${found.from}`;
  const isListed = node.columns.some((one) => one.name.toLowerCase() === ref.column.toLowerCase() && one.from.kind === 'properties');
  if (!isListed)
    return written(snapshot, place.path, title, (text) =>
      writeColumns(text, place.entry, [{ name: column.name, description: found.text }]),
    );
  return written(snapshot, place.path, title, (text) => withDescription(text, place.entry, column.name, found.text));
}

/** A properties file in which a column that is listed has a description. */
function withDescription(text: string, { section, name, source }: EntryName, column: string, description: string): string | undefined {
  for (const match of text.matchAll(new RegExp(`name:[ \\t]*["']?${column.replace(/\W/g, '\\$&')}["']?[ \\t]*(?=#|\\r?\\n|$)`, 'gi'))) {
    const at = findYamlPlace(text, match.index + match[0].search(/[^\s:"']+["']?[ \t]*$/));
    const [list, , tables] = at?.path ?? [];
    const entry: unknown = at?.around[section === 'sources' ? 4 : 2];
    const owner: unknown = at?.around[2];
    if (at === undefined || list !== section || !isMap(entry) || entry.get('name') !== name) continue;
    if (section === 'sources' && (tables !== 'tables' || !isMap(owner) || owner.get('name') !== source)) continue;
    const item: unknown = at.around.at(-1);
    if (at.path.at(-3) !== 'columns' || !isMap(item) || item.flow || item.has('description')) continue;
    const lineStart = text.lastIndexOf('\n', match.index) + 1;
    const indent = ' '.repeat(match.index - lineStart);
    const end = text.indexOf('\n', match.index);
    const line = end === -1 ? text.length : end + 1;
    const head = text.slice(0, line);
    return `${head.endsWith('\n') ? head : `${head}\n`}${indent}description: ${toDescription(description, `${indent}  `)}\n${text.slice(line)}`;
  }
  return undefined;
}

/** Lists the columns that a properties file leaves out, with the descriptions of what they copy. */
export function addColumns(snapshot: Snapshot, node: ProjectNode, problem?: Problem): readonly Fix[] {
  const place = entryOf(snapshot, node);
  const listed = new Set(node.columns.map((column) => column.name.replace(/["`]/g, '').toLowerCase()));
  const missing = (snapshot.columns.get(node.id) ?? []).filter(
    (column) =>
      !listed.has(column.name.toLowerCase()) && column.origin !== 'use' && !(node.kind === 'snapshot' && /^dbt_/.test(column.name)),
  );
  if (place === undefined || missing.length === 0) return [];
  const columns = missing.map((column) => {
    const found = descriptionOf(snapshot, { node: node.id, column: column.name });
    return found === undefined ? { name: column.name } : { name: column.name, description: found.text };
  });
  const file = place.path.split('/').at(-1);
  const title = missing.length === 1 ? `Add the column '${missing[0]?.name}' to ${file}` : `Add ${missing.length} columns to ${file}`;
  const mends =
    problem === undefined
      ? {}
      : { isPreferred: true, mends: { code: problem.code, location: { path: problem.path, start: problem.start, end: problem.end } } };
  return written(snapshot, place.path, title, (text) => writeColumns(text, place.entry, columns), mends);
}

function addTests(snapshot: Snapshot, ref: ColumnRef): readonly Fix[] {
  const node = snapshot.nodes.get(ref.node);
  const column = findColumn(snapshot, ref);
  const place = node === undefined ? undefined : entryOf(snapshot, node);
  if (column === undefined || place === undefined) return [];
  const has = new Set(column.tests.flatMap((id) => macroOf(snapshot, id) ?? []));
  return testsFor(snapshot, ref, column)
    .filter((test) => !has.has(test.name))
    .flatMap((test) => written(snapshot, place.path, toTitle(test), (text) => writeTests(text, place.entry, [test])));
}

function toTitle({ name, column, arguments: given }: WrittenTest): string {
  const more =
    name === 'relationships' ? ` to ${String(given?.to)}` : name === 'accepted_values' ? ` (${[given?.values].flat().join(', ')})` : '';
  return `Add the test '${name}'${more} to ${column}`;
}

function macroOf(snapshot: Snapshot, id: Column['tests'][number]): string | undefined {
  const test = snapshot.nodes.get(id);
  return test?.kind === 'test' ? test.generic?.macro : undefined;
}

function testsFor(snapshot: Snapshot, ref: ColumnRef, { name: column, type }: Column): readonly WrittenTest[] {
  const tests: WrittenTest[] = [
    { column, name: 'not_null' },
    { column, name: 'unique' },
  ];
  const parent = findParent(snapshot, ref);
  if (parent !== undefined) tests.push({ column, name: 'relationships', arguments: parent });
  const sample = sampleValues(snapshot, ref);
  // Only where all values there are have been seen.
  if (sample?.complete === true && sample.distinct >= 2 && sample.distinct === sample.values.length && /char|text|string|^$/i.test(type))
    tests.push({ column, name: 'accepted_values', arguments: { values: [...sample.values].sort() } });
  return tests;
}

/** The relation that has a column of that name, or of the name `id` behind its own, which a test calls unique. */
function findParent(snapshot: Snapshot, { node: id, column }: ColumnRef): { readonly to: string; readonly field: string } | undefined {
  const wanted = column.toLowerCase();
  if (!/_(id|key|uuid|sk)$/.test(wanted)) return undefined;
  const stem = wanted.replace(/_(id|key|uuid|sk)$/, '');
  const below = snapshot.graph.descendants(id);
  for (const node of snapshot.nodes.values()) {
    if (!isRelation(node) || node.kind === 'source' || node.id === id || !node.enabled || below.has(node.id)) continue;
    for (const other of snapshot.columns.get(node.id) ?? []) {
      const name = other.name.toLowerCase();
      if (name !== wanted && !(name === 'id' && new RegExp(`(^|_)${stem.replace(/\W/g, '')}(s|es)?$`).test(node.name.toLowerCase())))
        continue;
      if (other.tests.some((test) => macroOf(snapshot, test) === 'unique')) return { to: `ref('${node.name}')`, field: other.name };
    }
  }
  return undefined;
}

/** Takes the entry of a column away that its relation does not have. */
export function removeColumn(place: FixPlace, problem: Problem): readonly Fix[] {
  const { text, lines } = place;
  const at = findYamlPlace(text, lines.offset(problem.start));
  if (at === undefined || at.path.at(-3) !== 'columns') return [];
  const list: unknown = readYamlTree(text).getIn(at.path.slice(0, -2), true);
  const index = at.path.at(-2);
  if (!isSeq(list) || list.flow || typeof index !== 'number') return [];
  const item = list.items[index] as Node | undefined;
  const [begin, end] = item?.range ?? [];
  if (begin === undefined || end === undefined || !isMap(item) || item.flow) return [];
  // Where it is the only one, an empty list would be left behind.
  const isOnly = list.items.length === 1;
  const key = isOnly ? text.lastIndexOf('columns', begin) : begin;
  const start = text.lastIndexOf('\n', key - 1) + 1;
  const last = end > 0 && text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1 || text.length;
  const name = String(item.get('name'));
  const location = { path: problem.path, start: problem.start, end: problem.end };
  return [
    toFix(`Remove '${name}' from the properties`, 'quickfix', [changeAt(place, { start, end: last }, '')], {
      mends: { code: problem.code, location },
    }),
  ];
}

/** The model that a problem of a properties file speaks of. */
export function addColumnsOfProblem(place: FixPlace, problem: Problem): readonly Fix[] {
  const meaning = findMeaning(place.snapshot, place.path, place.lines.offset(problem.start));
  return meaning?.kind === 'node' ? addColumns(place.snapshot, meaning.node, problem) : [];
}
