import { isRelation, type ProjectNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Span } from '../text/span.ts';
import { completeArgument } from './complete-jinja.ts';
import type { Suggestion } from './completion.ts';
import { findDescription } from './describe-column.ts';
import { signatureOf } from './describe-jinja.ts';
import { findStringArgument, packageOf } from './jinja-meaning.ts';
import { keysAt } from './yaml-keys.ts';

/** What may stand at an offset of a properties file: keys, names of nodes and columns, tests, and arguments of `ref`. */
export function completeYaml(
  snapshot: Snapshot,
  path: string,
  text: string,
  offset: number,
): { readonly items: readonly Suggestion[]; readonly span: Span } | undefined {
  const from = packageOf(snapshot, path);
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const argument = findStringArgument(text, offset, lineStart);
  if (argument !== undefined) return { items: completeArgument(snapshot, argument, from, path), span: argument.span };
  const line = text.slice(lineStart, offset);
  let start = offset;
  while (start > lineStart && /[\w.]/.test(text[start - 1] ?? '')) start--;
  const span = { start, end: offset + (/^\w*/.exec(text.slice(offset))?.[0].length ?? 0) };
  const above = contextAt(text, lineStart, line);
  const value = /^\s*(?:-\s+)?(\w+):\s*["']?[\w.]*$/.exec(line)?.[1];
  if (value !== undefined) return { items: values(snapshot, path, above, value, from), span };
  if (!/^\s*(?:-\s*)?[\w.]*$/.test(line)) return undefined;
  const last = above.keys[above.keys.length - 1];
  if (last === 'tests' || last === 'data_tests') return { items: testNames(snapshot), span };
  if (last === 'combination_of_columns' || last === 'columns_to_check')
    return { items: columnNames(snapshot, above, from, path, false), span };
  const keys = keysAt(above.keys);
  return keys === undefined
    ? undefined
    : { items: keys.map(([label, detail]) => ({ label, kind: 'key', detail, insert: `${label}: `, rank: 0 })), span };
}

interface YamlContext {
  /** The keys around the line, from the outermost inwards, without positions. */
  readonly keys: readonly string[];
  /** The `name` of the entry around it in each of these lists. */
  readonly names: readonly (string | undefined)[];
  /** The names that the lists around it already hold. */
  readonly siblings: ReadonlySet<string>;
}

/** Reads upwards by indentation, so that a file that cannot be parsed while it is typed still tells where one is. */
function contextAt(text: string, lineStart: number, line: string): YamlContext {
  const rows = text.slice(0, lineStart).split('\n').slice(0, -1);
  const keys: string[] = [];
  const names: (string | undefined)[] = [];
  const siblings = new Set<string>();
  const own = /^\s*(?:-\s+)?/.exec(line.replace(/-$/, '- '))?.[0].length ?? 0;
  let depth = own;
  let name: string | undefined;
  for (const row of rows.reverse()) {
    const found = /^(\s*(?:-\s+)?)["']?([\w.]+)["']?:\s*(.*)$/.exec(row);
    if (found === null || row.trim().startsWith('#')) continue;
    const [, indent = '', word = '', rest = ''] = found;
    if (indent.length === depth && word === 'name') {
      name ??= rest.trim();
      if (keys.length === 0) siblings.add(rest.trim().toLowerCase());
    }
    if (indent.length >= depth || rest.trim() !== '') continue;
    keys.unshift(word);
    names.unshift(name);
    name = undefined;
    depth = indent.length;
  }
  for (const row of text.slice(lineStart).split('\n').slice(1)) {
    const indent = /^\s*(?:-\s+)?/.exec(row)?.[0].length ?? 0;
    if (row.trim() !== '' && indent < own) break;
    const sibling = indent === own ? /name:\s*(\S+)/.exec(row)?.[1] : undefined;
    if (sibling !== undefined) siblings.add(sibling.toLowerCase());
  }
  return { keys, names, siblings };
}

function nodeOf(snapshot: Snapshot, { keys }: YamlContext, name: string | undefined, from: string): ProjectNode | undefined {
  const kind = keys[0] === 'sources' ? 'source' : keys[0] === 'seeds' ? 'seed' : keys[0] === 'snapshots' ? 'snapshot' : 'model';
  return [...snapshot.nodes.values()].find(
    (node) => node.kind === kind && node.name === name && (node.package === from || kind === 'source'),
  );
}

function values(snapshot: Snapshot, path: string, above: YamlContext, key: string, from: string): readonly Suggestion[] {
  const [list] = above.keys;
  const last = above.keys[above.keys.length - 1];
  if (key === 'name' && last === 'columns') return columnNames(snapshot, above, from, path, true);
  if (key === 'column_name' || key === 'unique_key' || key === 'updated_at') return columnNames(snapshot, above, from, path, false);
  if (key === 'name' && above.keys.length === 1 && (list === 'models' || list === 'seeds' || list === 'snapshots'))
    return [...snapshot.nodes.values()].flatMap((node): Suggestion[] =>
      `${node.kind}s` === list && node.package === from && node.patch === undefined
        ? [{ label: node.name, kind: 'relation', detail: `${node.kind} without properties`, rank: 0 }]
        : [],
    );
  if (key === 'materialized') return ['view', 'table', 'incremental', 'ephemeral', 'materialized_view'].map(toValue);
  if (key === 'severity') return ['warn', 'error'].map(toValue);
  if (key === 'access') return ['private', 'protected', 'public'].map(toValue);
  if (key === 'type' && list === 'exposures') return ['dashboard', 'notebook', 'analysis', 'ml', 'application'].map(toValue);
  if (key === 'enabled' || key === 'enforced' || key === 'quote') return ['true', 'false'].map(toValue);
  return [];
}

function toValue(label: string): Suggestion {
  return { label, kind: 'value', detail: '', rank: 0 };
}

function columnNames(snapshot: Snapshot, above: YamlContext, from: string, path: string, fresh: boolean): readonly Suggestion[] {
  const name = above.names.find((one) => one !== undefined && nodeOf(snapshot, above, one, from) !== undefined);
  const node = nodeOf(snapshot, above, name, from);
  if (node === undefined || !isRelation(node)) return [];
  return (snapshot.columns.get(node.id) ?? []).flatMap((column, rank): Suggestion[] => {
    if (fresh && (above.siblings.has(column.name.toLowerCase()) || (column.origin === 'properties' && node.patch?.path === path)))
      return [];
    const description = findDescription(snapshot, { node: node.id, column: column.name })?.text;
    return [
      {
        label: column.name,
        kind: 'column',
        detail: column.type.toLowerCase(),
        rank,
        ...(description === undefined ? {} : { documentation: description }),
      },
    ];
  });
}

function testNames(snapshot: Snapshot): readonly Suggestion[] {
  const items: Suggestion[] = [];
  for (const name of ['unique', 'not_null', 'accepted_values', 'relationships'])
    items.push({ label: name, kind: 'macro', detail: "dbt's own test", rank: 0 });
  for (const macro of snapshot.macros) {
    if (macro.kind !== 'test' || macro.package === 'dbt') continue;
    const own = macro.name.replace(/^test_/, '');
    items.push({
      label: macro.package === snapshot.project.name ? own : `${macro.package}.${own}`,
      kind: 'macro',
      detail: signatureOf(macro).label,
      rank: 1,
    });
  }
  return items;
}
