import type { ChangedAspect } from '../dbt/selector-methods.ts';
import { diffSnapshots, type ProjectDiff } from '../dbt/state.ts';
import { findNodeOfTable, readSql, readSqlOnce } from '../docs/reading.ts';
import { knownKeys } from '../keys/grain-answer.ts';
import { isGrainKept, keyInWords } from '../keys/grain-change.ts';
import { grainOf } from '../keys/project-grain.ts';
import type { Proof } from '../keys/row-key.ts';
import { readCsv } from '../project/csv.ts';
import { isRelation, type ProjectNode } from '../project/node.ts';
import { toReadableIncrement } from '../project/node-text.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { ChangeClass, NodeChange } from './change.ts';
import { explainRows } from './explain.ts';
import { Prints, type RelationPrint } from './prints.ts';
import { printText } from './query-prints.ts';

/** What became of every node between two states of a project. */
export function reviewNodes(before: Snapshot, now: Snapshot, diff = diffSnapshots(before, now)): readonly NodeChange[] {
  const made = [
    ...diff.added.map((id): NodeChange => whole(id, 'added', 'additive', now, placeOf(now, id))),
    ...diff.removed.map((id): NodeChange => whole(id, 'removed', 'schema', before, { text: 'It is no longer there.' })),
    ...[...diff.modified].map(([id, aspects]) => compare(before, now, id, aspects, diff)),
  ];
  return made.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function whole(id: NodeId, change: 'added' | 'removed', kind: ChangeClass, snapshot: Snapshot, because: Proof): NodeChange {
  const names = (snapshot.columns.get(id) ?? []).map((column) => ({ name: column.name, class: change }));
  const node = snapshot.nodes.get(id);
  const isData = node !== undefined && (isRelation(node) || node.kind === 'analysis');
  return { id, change, class: isData ? kind : 'none', columns: names, because: [because] };
}

function placeOf(snapshot: Snapshot, id: NodeId): Proof {
  const path = snapshot.nodes.get(id)?.path;
  return { text: 'It is new.', ...(path === undefined ? {} : { path, line: 1 }) };
}

function compare(before: Snapshot, now: Snapshot, id: NodeId, aspects: ReadonlySet<ChangedAspect>, diff: ProjectDiff): NodeChange {
  const [old, node] = [before.nodes.get(id), now.nodes.get(id)];
  const base = { id, change: 'changed' as const };
  if (old === undefined || node === undefined) return { ...base, class: 'unknown', columns: [], because: [] };
  if (node.kind === 'seed') return { ...base, ...compareSeeds(before, now, node) };
  if (!isRelation(node) && node.kind !== 'analysis')
    return {
      ...base,
      class: 'none',
      columns: [],
      because: [{ text: `Its ${[...aspects].sort().join(' and ')} changed, which no row depends on.`, path: node.path }],
    };
  const columns = diff.columns
    .filter((change) => change.node === id)
    .map((change) => ({ name: change.name, class: change.change, text: toColumnText(change) }));
  const line = firstChangedLine(before, now, id);
  const at = { path: node.path, ...(line === undefined ? {} : { line }) };
  const config = compareConfigs(old, node);
  const meaning = compareMeaning(before, now, id, aspects, columns);
  const reasons: Proof[] = meaning.reasons.map((text) => ({ text, ...at }));
  const classes = [...meaning.classes];
  for (const { class: kind, text } of columns) {
    classes.push(kind === 'added' ? 'additive' : 'schema');
    reasons.push({ text, ...at });
  }
  classes.push(...config.classes);
  reasons.push(...config.reasons.map((text) => ({ text, path: node.path })));
  const all = [
    ...columns.map(({ name, class: kind }) => ({ name, class: kind })),
    ...meaning.values.map((name) => ({ name, class: 'values' as const })),
  ];
  return { ...base, class: worst(classes), columns: all, because: reasons };
}

const order: readonly ChangeClass[] = ['grain', 'schema', 'unknown', 'rows', 'values', 'additive', 'cosmetic', 'none'];

function worst(classes: readonly ChangeClass[]): ChangeClass {
  return order.find((one) => classes.includes(one)) ?? 'none';
}

function toColumnText({ name, change, from, to }: ProjectDiff['columns'][number]): string {
  if (change === 'added') return `${name} is new.`;
  return change === 'removed'
    ? `${name} is gone.`
    : `${name} is ${to || 'of an unknown type'} now, it was ${from || 'of an unknown type'}.`;
}

/** What the change of a node's SQL means: that of its first run and, of incremental models, that of later ones. */
function compareMeaning(
  before: Snapshot,
  now: Snapshot,
  id: NodeId,
  aspects: ReadonlySet<ChangedAspect>,
  columns: readonly { readonly name: string; readonly class: string }[],
): { readonly classes: readonly ChangeClass[]; readonly reasons: readonly string[]; readonly values: readonly string[] } {
  const [classes, reasons, values] = [new Set<ChangeClass>(), new Set<string>(), new Set<string>()];
  const runs = [compareTexts(before, now, id, false), compareTexts(before, now, id, true)].filter((one) => one !== undefined);
  for (const texts of runs) {
    if (texts === 'unread') {
      if (!aspects.has('body') && !aspects.has('macros')) continue;
      classes.add('unknown');
      reasons.add('Its text cannot be read as a query, so that nobody can tell what the change does.');
      continue;
    }
    for (const name of texts.values) {
      if (columns.some((column) => column.name.toLowerCase() === name && column.class !== 'type')) continue;
      values.add(name);
      classes.add('values');
      reasons.add(texts.words.get(name) ?? `${name} is made in another way.`);
    }
    if (!texts.hasOtherRows) continue;
    classes.add('rows');
    const said = explainRows(texts.before.rows, texts.after.rows, texts.prints);
    for (const text of said.slice(0, 8)) reasons.add(`${text[0]?.toUpperCase()}${text.slice(1)}.`);
    if (said.length === 0) reasons.add('The rows come about in another way.');
  }
  const grain = classes.has('rows') ? compareGrain(before, now, id) : undefined;
  if (grain !== undefined) classes.add('grain');
  const isSame = runs.length > 0 && classes.size === 0 && columns.length === 0 && aspects.has('body');
  if (isSame) {
    classes.add('cosmetic');
    reasons.add('The query means what it meant: the same rows, the same expressions.');
  }
  return { classes: [...classes], reasons: [...(grain === undefined ? [] : [grain]), ...reasons], values: [...values] };
}

interface ComparedTexts {
  readonly before: RelationPrint;
  readonly after: RelationPrint;
  readonly prints: Prints;
  readonly hasOtherRows: boolean;
  readonly values: readonly string[];
  readonly words: ReadonlyMap<string, string>;
}

/** What two texts of a node mean, one beside the other; nothing where neither has one, or no later runs. */
function compareTexts(before: Snapshot, now: Snapshot, id: NodeId, isLater: boolean): ComparedTexts | 'unread' | undefined {
  const hasText = (snapshot: Snapshot): boolean => {
    const text = snapshot.texts.get(id);
    return text !== undefined && (!isLater || toReadableIncrement(text) !== undefined);
  };
  const [had, has] = [hasText(before), hasText(now)];
  // A model that is incremental in one state only has another setting, which says more than its text.
  if (isLater ? !had || !has : !had && !has) return undefined;
  const prints = new Prints();
  try {
    const [old, made] = [printNode(before, id, prints, isLater), printNode(now, id, prints, isLater)];
    if (old === undefined || made === undefined) return 'unread';
    const known = new Map(old.columns.map(({ name, print }) => [name, print]));
    const hasOtherRows = old.rows !== made.rows;
    // Where rows are others, a column that is written as before is no news of its own.
    const isNews = (was: string, is: string): boolean => was !== is && !(hasOtherRows && prints.textOf(was) === prints.textOf(is));
    const values = made.columns.filter(({ name, print }) => known.has(name) && isNews(known.get(name) ?? '', print));
    const words = new Map(
      values.map(({ name, print }) => {
        const [was, is] = [prints.textOf(known.get(name) ?? ''), prints.textOf(print)];
        return [
          name,
          was === is || is === '' ? `${name} is made of other rows or columns.` : `${name} is \`${short(is)}\`, it was \`${short(was)}\`.`,
        ] as const;
      }),
    );
    return { before: old, after: made, prints, hasOtherRows, values: values.map(({ name }) => name), words };
  } catch (error) {
    if (error instanceof RangeError) return 'unread';
    throw error;
  }
}

const short = (text: string): string => (text.length > 120 ? `${text.slice(0, 117)}…` : text);

function printNode(snapshot: Snapshot, id: NodeId, prints: Prints, isLater: boolean): RelationPrint | undefined {
  const reading = isLater ? readSql(snapshot, id, true) : readSqlOnce(snapshot, id);
  if (reading === undefined) return undefined;
  const table = (parts: readonly string[]): RelationPrint => {
    const node = findNodeOfTable(snapshot, parts, id);
    const name = node?.id ?? parts.join('.').toLowerCase();
    const rows = prints.of('table', [name], node?.name ?? name);
    const known = node === undefined ? undefined : snapshot.lineage.nodes.get(node.id);
    const columns = node === undefined ? [] : (snapshot.columns.get(node.id) ?? []);
    return {
      rows,
      columns: columns.map((column) => ({
        name: column.name.toLowerCase(),
        print: prints.of('column', [rows, column.name.toLowerCase()], column.name),
      })),
      isOpen: node === undefined || columns.length === 0 || known?.isOpen === true,
    };
  };
  return printText({ query: reading.query, sql: reading.sql, table }, prints);
}

/** In words, where the rows of a node stand for something else now. */
function compareGrain(before: Snapshot, now: Snapshot, id: NodeId): string | undefined {
  const [old, made] = [before, now].map((snapshot) =>
    knownKeys(grainOf(snapshot), id)
      .filter((key) => !key.isDeclared)
      .map((key) => key.columns),
  );
  if (old === undefined || made === undefined || old.length === 0) return undefined;
  if (isGrainKept(old, made)) return undefined;
  const [after] = made;
  return `What one row stands for changes: it was ${keyInWords(old[0] ?? [])}, now ${after === undefined ? 'no key is known' : keyInWords(after)}.`;
}

/** Settings that only say how or where a relation is kept. */
const keepsRows = new Set([
  'materialized',
  'schema',
  'database',
  'alias',
  'tags',
  'meta',
  'docs',
  'grants',
  'persist_docs',
  'group',
  'access',
  'enabled',
  'contract',
  'quoting',
  'column_types',
  'packages',
  'event_time',
  'cluster_by',
  'partition_by',
  'labels',
  'hours_to_expiration',
  'indexes',
  'dist',
  'sort',
  'file_format',
  'location_root',
  'snowflake_warehouse',
  'query_tag',
  'transient',
  'copy_grants',
  'static_analysis',
  'lookback',
  'concurrent_batches',
  'unlogged',
  'severity',
  'store_failures',
]);

function compareConfigs(
  old: ProjectNode,
  node: ProjectNode,
): { readonly classes: readonly ChangeClass[]; readonly reasons: readonly string[] } {
  const names = [...new Set([...Object.keys(old.config), ...Object.keys(node.config)])].sort();
  const changed = names.filter(
    (name) => name !== 'docs' && JSON.stringify(old.config[name] ?? null) !== JSON.stringify(node.config[name] ?? null),
  );
  const classes = changed.map((name): ChangeClass => (keepsRows.has(name) ? 'none' : 'unknown'));
  const show = (value: unknown): string =>
    value === undefined || value === null ? 'not set' : typeof value === 'string' ? value : JSON.stringify(value);
  return {
    classes,
    reasons: changed.map((name) => `The setting ${name} is ${show(node.config[name])}, it was ${show(old.config[name])}.`),
  };
}

/** What is other in a seed: its columns, its rows, or values in them. */
function compareSeeds(before: Snapshot, now: Snapshot, node: ProjectNode): Pick<NodeChange, 'class' | 'columns' | 'because'> {
  const read = (snapshot: Snapshot) => {
    const bytes = snapshot.sources.find(node.path)?.bytes ?? new Uint8Array();
    const csv = readCsv(bytes, { path: node.path });
    return { header: csv.header, rows: [...csv.rows()] };
  };
  const [old, made] = [read(before), read(now)];
  const lower = (names: readonly string[]): readonly string[] => names.map((name) => name.toLowerCase());
  const gone = lower(old.header).filter((name) => !lower(made.header).includes(name));
  const come = lower(made.header).filter((name) => !lower(old.header).includes(name));
  const shared = lower(made.header).filter((name) => lower(old.header).includes(name));
  const list = (file: typeof old): readonly string[][] =>
    file.rows.map((row) => shared.map((name) => row[lower(file.header).indexOf(name)] ?? ''));
  const [was, is] = [list(old), list(made)];
  const bag = (rows: readonly string[][]): string => JSON.stringify(rows.map((row) => JSON.stringify(row)).sort());
  const isSame = bag(was) === bag(is);
  const first = (rows: readonly string[][]): string => JSON.stringify(rows.map((row) => row[0] ?? '').sort());
  const isValues = !isSame && was.length === is.length && first(was) === first(is);
  const values = isValues
    ? shared.filter((_, at) => JSON.stringify(was.map((row) => row[at]).sort()) !== JSON.stringify(is.map((row) => row[at]).sort()))
    : [];
  const line = 2 + made.rows.findIndex((row, at) => JSON.stringify(row) !== JSON.stringify(old.rows[at]));
  const at = { path: node.path, ...(line > 1 ? { line } : {}) };
  const because: Proof[] = [
    ...gone.map((name) => ({ text: `${name} is gone.`, ...at })),
    ...come.map((name) => ({ text: `${name} is new.`, ...at })),
    ...(isSame
      ? gone.length + come.length === 0
        ? [{ text: 'The file holds the same rows.', ...at }]
        : []
      : isValues
        ? [{ text: `Values of ${values.join(', ') || 'some rows'} changed.`, ...at }]
        : [{ text: `The file has ${is.length.toLocaleString('en')} rows, it had ${was.length.toLocaleString('en')}.`, ...at }]),
  ];
  const classes: ChangeClass[] = [
    gone.length > 0 ? 'schema' : 'none',
    come.length > 0 ? 'additive' : 'none',
    isSame ? (gone.length + come.length === 0 ? 'cosmetic' : 'none') : isValues ? 'values' : 'rows',
  ];
  const columns = [
    ...gone.map((name) => ({ name, class: 'removed' as const })),
    ...come.map((name) => ({ name, class: 'added' as const })),
    ...values.map((name) => ({ name, class: 'values' as const })),
  ];
  return { class: worst(classes), columns, because };
}

/** The first line of a file that is another now. */
function firstChangedLine(before: Snapshot, now: Snapshot, id: NodeId): number | undefined {
  const path = now.texts.get(id)?.path ?? now.nodes.get(id)?.path ?? '';
  const [old, text] = [before.sources.find(path)?.text?.split('\n') ?? [], now.sources.find(path)?.text?.split('\n') ?? []];
  const at = text.findIndex((line, index) => line !== old[index]);
  return at === -1 ? undefined : at + 1;
}
