import { isMap } from 'yaml';
import type { ProjectNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import { findStringArgument, meaningOfArgument, packageOf, wordAt } from './jinja-meaning.ts';
import type { Meaning } from './meaning.ts';
import type { YamlPlace } from './yaml-place.ts';
import { findYamlPlace } from './yaml-place.ts';

const kindsOfLists: Readonly<Record<string, ProjectNode['kind']>> = {
  models: 'model',
  seeds: 'seed',
  snapshots: 'snapshot',
  analyses: 'analysis',
  exposures: 'exposure',
  metrics: 'metric',
  semantic_models: 'semantic_model',
  saved_queries: 'saved_query',
  unit_tests: 'unit_test',
};

/** What a name in a properties file or in dbt_project.yml stands for. */
export function findYamlMeaning(snapshot: Snapshot, path: string, text: string, offset: number): Meaning | undefined {
  const place = findYamlPlace(text, offset);
  if (place === undefined) return undefined;
  const from = packageOf(snapshot, path);
  if (!place.isKey) {
    const argument = findStringArgument(text, offset, place.span.start);
    const called = argument === undefined ? undefined : meaningOfArgument(snapshot, argument, from);
    if (called !== undefined) return called;
    const macro = /\{\{|\{%/.test(place.text) ? wordAt(text, offset) : undefined;
    const found = macro === undefined ? undefined : snapshot.environment?.macros.find(macro.text, from);
    if (macro !== undefined && found !== undefined) return { kind: 'macro', macro: found, span: macro.span };
  }
  const { span } = place;
  const [list, second] = place.path;
  if (/(^|\/)dbt_project\.ya?ml$/.test(path))
    return list === 'vars' && place.isKey && place.path.length > 1 ? { kind: 'var', name: place.text, package: from, span } : undefined;
  const last = place.path[place.path.length - 1];
  if (list === 'macros' && last === 'name' && place.path.length === 3) {
    const macro = snapshot.macros.find((candidate) => candidate.name === place.text && candidate.package === from);
    return macro === undefined ? undefined : { kind: 'macro', macro, span };
  }
  const node = nodeOfPlace(snapshot, path, from, place);
  if (node === undefined) return undefined;
  const depth = list === 'sources' ? 4 : 2;
  const inside = place.path.slice(depth);
  if (inside[0] === 'name' && inside.length === 1) return { kind: 'node', node, span };
  if (list === 'sources' && typeof second === 'number' && place.path.length < depth) return undefined;
  return columnMeaning(snapshot, node, place, inside, from) ?? testMeaning(snapshot, place, inside, from);
}

/** The node that the entry around a place speaks of. */
export function nodeOfPlace(snapshot: Snapshot, path: string, from: string, place: YamlPlace): ProjectNode | undefined {
  const [list, , tables] = place.path;
  const name = nameIn(place.around[list === 'sources' ? 4 : 2]);
  if (name === undefined || typeof list !== 'string') return undefined;
  const nodes = [...snapshot.nodes.values()];
  if (list === 'sources') {
    const source = tables === 'tables' ? nameIn(place.around[2]) : undefined;
    return nodes.find((node) => node.kind === 'source' && node.sourceName === source && node.name === name && node.package === from);
  }
  const kind = kindsOfLists[list];
  const named = nodes.filter((node) => node.kind === kind && node.name === name);
  return named.find((node) => node.patch?.path === path || node.path === path) ?? named.find((node) => node.package === from) ?? named[0];
}

function nameIn(value: unknown): string | undefined {
  const name: unknown = isMap(value) ? value.get('name') : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** Columns by name: their own entries, and where tests, keys and unit tests name them. */
function columnMeaning(
  snapshot: Snapshot,
  node: ProjectNode,
  place: YamlPlace,
  inside: readonly (string | number)[],
  from: string,
): Meaning | undefined {
  const { span, text } = place;
  const last = inside[inside.length - 1];
  const toColumn = (owner: ProjectNode | undefined): Meaning | undefined => {
    if (owner === undefined || !isRelation(owner)) return undefined;
    const wanted = text.replace(/^["`]|["`]$/g, '').toLowerCase();
    const column = snapshot.columns.get(owner.id)?.find((candidate) => candidate.name.toLowerCase() === wanted);
    return column === undefined ? undefined : { kind: 'column', ref: { node: owner.id, column: column.name }, span };
  };
  if (inside[0] === 'columns' && inside.length === 3 && last === 'name' && !place.isKey) return toColumn(node);
  if (node.kind === 'unit_test' && place.isKey) {
    const rows = place.path.indexOf('rows');
    if (rows === -1 || inside.length < 3) return undefined;
    const given: unknown = place.around[rows];
    const input: unknown = isMap(given) ? given.get('input') : undefined;
    if (inside[0] === 'expect') return toColumn(node.model === undefined ? undefined : snapshot.nodes.get(node.model));
    return typeof input === 'string'
      ? toColumn(nodeOfCall(snapshot, input, from) ?? (input === 'this' && node.model ? snapshot.nodes.get(node.model) : undefined))
      : undefined;
  }
  if (place.isKey) return undefined;
  if (last === 'field') {
    const arguments_: unknown = place.around[place.around.length - 1];
    const to: unknown = isMap(arguments_) ? arguments_.get('to') : undefined;
    return typeof to === 'string' ? toColumn(nodeOfCall(snapshot, to, from)) : undefined;
  }
  const owner = node.kind === 'semantic_model' ? modelOf(snapshot, node) : node;
  const isColumnKey = typeof last === 'string' ? columnKeys.has(last) : columnKeys.has(String(inside[inside.length - 2] ?? ''));
  return isColumnKey || (node.kind === 'semantic_model' && last === 'name' && inside.length === 3) ? toColumn(owner) : undefined;
}

const columnKeys = new Set([
  'column_name',
  'columns',
  'combination_of_columns',
  'expr',
  'unique_key',
  'updated_at',
  'loaded_at_field',
  'agg_time_dimension',
  'primary_entity',
  'date_col',
]);

function modelOf(snapshot: Snapshot, node: ProjectNode): ProjectNode | undefined {
  const [parent] = snapshot.graph.parents(node.id);
  return parent === undefined ? undefined : snapshot.nodes.get(parent);
}

/** The relation that a `ref` or `source` in a properties file names. */
export function nodeOfCall(snapshot: Snapshot, call: string, from: string): ProjectNode | undefined {
  const open = call.indexOf('(');
  const argument = open === -1 ? undefined : findStringArgument(call, call.search(/['"][^'"]*['"]\s*\)/) + 1);
  const meant = argument === undefined ? undefined : meaningOfArgument(snapshot, argument, from);
  return meant?.kind === 'node' ? meant.node : undefined;
}

/** The macro of a generic test by the name under `tests` or `data_tests`. */
function testMeaning(snapshot: Snapshot, place: YamlPlace, inside: readonly (string | number)[], from: string): Meaning | undefined {
  const list = inside.findIndex((key) => key === 'tests' || key === 'data_tests');
  const isName = list !== -1 && (inside.length === list + 2 ? !place.isKey : inside.length === list + 3 && place.isKey);
  if (!isName) return undefined;
  const dot = place.text.lastIndexOf('.');
  const name = `${place.text.slice(0, dot + 1)}test_${place.text.slice(dot + 1)}`;
  const macro = snapshot.environment?.macros.find(name, from);
  return macro === undefined ? undefined : { kind: 'macro', macro, span: place.span };
}
