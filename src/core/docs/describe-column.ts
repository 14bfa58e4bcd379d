import type { ColumnRef } from '../lineage/questions.ts';
import type { Provenance } from '../project/node.ts';
import { toReadable } from '../project/node-text.ts';
import type { Column, Snapshot } from '../snapshot.ts';
import type { ResolvedColumn } from '../sql/resolve/columns.ts';
import { originsOf } from '../sql/resolve/columns.ts';
import { showType } from '../sql/types.ts';
import { withoutComments } from '../sql/without-comments.ts';
import type { NodeId } from '../text/ids.ts';
import type { Span } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import { below, count, toCode, toLink, toName, toPlace, toProse } from './markdown.ts';
import type { SqlReading } from './reading.ts';
import { findNodeOfTable, questionsOf, readSql } from './reading.ts';
import { sampleValues } from './sample-values.ts';
import type { SqlMeaning } from './sql-meaning.ts';
import { toTestWords } from './test-words.ts';

const originWords: Record<Column['origin'], string> = {
  sql: 'the SQL of the model',
  properties: 'a properties file',
  csv: 'the header of the CSV file',
  sqlite: 'the SQLite file',
  ddl: 'a CREATE TABLE statement',
  contract: "the model's contract",
  use: 'its use in SQL alone',
  snapshot: 'what a snapshot adds',
  markdown: 'a data dictionary',
};

/** A description with the column that has it: the asked one, or the nearest one that it copies. */
export interface FoundDescription {
  readonly text: string;
  readonly of: ColumnRef;
  readonly from?: Provenance;
}

export function findColumn(snapshot: Snapshot, { node, column }: ColumnRef): Column | undefined {
  const wanted = column.toLowerCase();
  return snapshot.columns.get(node)?.find((candidate) => candidate.name.toLowerCase() === wanted);
}

/** `orders.amount`; of a source's table `raw.orders.amount`. */
export function showColumn(snapshot: Snapshot, { node, column }: ColumnRef): string {
  return `${showNode(snapshot, node)}.${column}`;
}

export function showNode(snapshot: Snapshot, id: NodeId): string {
  const node = snapshot.nodes.get(id);
  return node === undefined ? id : node.kind === 'source' ? `${node.sourceName}.${node.name}` : node.name;
}

/** The column's own description, else that of the nearest column which it copies under this or another name. */
export function findDescription(snapshot: Snapshot, ref: ColumnRef): FoundDescription | undefined {
  const questions = questionsOf(snapshot);
  const seen = new Set<string>();
  let frontier: readonly ColumnRef[] = [ref];
  while (frontier.length > 0 && seen.size < 500) {
    const next: ColumnRef[] = [];
    for (const at of frontier) {
      const key = `${at.node} ${at.column.toLowerCase()}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const column = findColumn(snapshot, at);
      if (column !== undefined && column.description !== '') {
        const from = column.descriptionFrom;
        return { text: column.description, of: { node: at.node, column: column.name }, ...(from === undefined ? {} : { from }) };
      }
      const inputs = questions.inputs(at).filter((edge) => edge.confidence !== 'opaque');
      // What is made from several columns is none of them.
      if (inputs.length === 1)
        for (const { kind, from: node, fromColumn } of inputs)
          if (kind === 'copied' || kind === 'renamed') next.push({ node, column: fromColumn });
    }
    frontier = next;
  }
  return undefined;
}

/** What computes a column of a node, in the rendered SQL, and where that stands; undefined where it is copied by a star or by name. */
export function findExpression(
  snapshot: Snapshot,
  ref: ColumnRef,
): { readonly text: string; readonly reading: SqlReading; readonly column: ResolvedColumn } | undefined {
  const reading = readSql(snapshot, ref.node);
  const wanted = ref.column.toLowerCase();
  let column = reading?.resolution.columns.find((candidate) => !candidate.isStar && candidate.name.toLowerCase() === wanted);
  if (reading === undefined) return undefined;
  for (let step = 0; column !== undefined && step < 200; step++) {
    const { expression } = column;
    const [input, ...others] = column.inputs;
    const isPlain = expression === undefined || expression.kind === 'column';
    if (isPlain && input !== undefined && others.length === 0 && input.column.table === undefined) {
      column = input.column;
      continue;
    }
    return expression === undefined ? undefined : { text: textOf(reading, expression.span), reading, column };
  }
  return undefined;
}

/** An expression as it stands in the SQL, without the comments in it. */
function textOf(reading: SqlReading, span: Span): string {
  return withoutComments(reading.sql.slice(span.start, span.end));
}

/** The first line of a hover about a column. */
export function columnTitle(name: string, type: string, where: string): string {
  return `**${toName(name)}**${type === '' || type === 'unknown' ? '' : ` · ${toCode(type.toLowerCase())}`} · ${where}`;
}

/** Everything about a column of a node. */
export function describeColumn(snapshot: Snapshot, ref: ColumnRef): string {
  const node = snapshot.nodes.get(ref.node);
  const column = findColumn(snapshot, ref);
  if (node === undefined || column === undefined) return '';
  const facts = factsOf(snapshot, column);
  const title = columnTitle(column.name, column.type, `${node.kind} ${toLink(showNode(snapshot, ref.node), node.path)}`);
  return [
    `${title}${facts === '' ? '' : ` · ${facts}`}`,
    describeMeaning(snapshot, ref),
    describeOrigin(snapshot, ref),
    describeUse(snapshot, ref),
    column.origin === 'sql' ? '' : `*Known from ${originWords[column.origin]}.*`,
    describeSample(snapshot, ref),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function factsOf(snapshot: Snapshot, column: Column): string {
  const tests = column.tests.flatMap((id) => toTestWords(snapshot, id) ?? []);
  const facts = [...new Set(tests)].map((fact) => toProse(fact));
  if (column.nullable === true && !facts.includes('not null')) facts.push('may be null');
  return facts.join(' · ');
}

/** The description and where it was written. */
export function describeMeaning(snapshot: Snapshot, ref: ColumnRef): string {
  const found = findDescription(snapshot, ref);
  if (found === undefined) return '';
  const isOwn = found.of.node === ref.node && found.of.column.toLowerCase() === ref.column.toLowerCase();
  const where = found.from === undefined ? '' : toPlace(found.from);
  const from = isOwn ? where : `inherited from ${toCode(showColumn(snapshot, found.of))}${where === '' ? '' : ` ${where}`}`;
  return `${toProse(found.text)}${from === '' ? '' : ` — *${from}*`}`;
}

/** The ends of a chain that its first line names, and the hops below it. */
const mostEnds = 4;
const mostHops = 3;

/** One line that answers, and the chain with the expression at each hop below it. */
export function describeOrigin(snapshot: Snapshot, ref: ColumnRef): string {
  const questions = questionsOf(snapshot);
  const reached = questions.ancestors(ref);
  const lost = [ref, ...reached].flatMap((at) => lostReasons(snapshot, at));
  if (reached.length === 0) return lost.length === 0 ? '' : `*Origin not known: ${toProse(lost.slice(0, 3).join('; '))}.*`;
  const ends = reached.filter((at) => questions.inputs(at).length === 0);
  const named = ends.slice(0, mostEnds).map((at) => hopLine(snapshot, at));
  const shown = ends.length === 0 ? '' : `${named.join(', ')}${ends.length > mostEnds ? ` and ${ends.length - mostEnds} more` : ''}`;
  const lines: string[] = [];
  const done = new Set<string>();
  // What the first line names is not said again below it.
  const rows: readonly ColumnRef[] = [ref, ...reached.filter((at) => !ends.slice(0, mostEnds).includes(at))];
  for (const at of rows) {
    const key = `${at.node} ${at.column.toLowerCase()}`;
    if (done.has(key)) continue;
    done.add(key);
    if (lines.length === mostHops) {
      lines.push(`- …and ${count(rows.length - mostHops, 'more column')}`);
      break;
    }
    lines.push(`- ${hopLine(snapshot, at)}`);
  }
  const doubtful = reached.filter(({ by }) => by.confidence !== 'exact').flatMap(({ by }) => by.reason ?? []);
  const doubts = [...new Set([...doubtful, ...lost])].slice(0, 3);
  const doubt = doubts.map((reason) => `\n\n*Not certain: ${toProse(reason)}.*`).join('');
  return below(`Made from ${shown === '' ? count(reached.length, 'column') : shown}`, lines.join('\n') + doubt);
}

/** Why something that goes into a column is not known. */
function lostReasons(snapshot: Snapshot, { node, column }: ColumnRef): readonly string[] {
  const lost = snapshot.lineage.nodes.get(node)?.lost ?? [];
  return lost.filter(({ toColumn }) => toColumn.toLowerCase() === column.toLowerCase()).map(({ reason }) => reason);
}

function hopLine(snapshot: Snapshot, at: ColumnRef): string {
  const name = showColumn(snapshot, at);
  const node = snapshot.nodes.get(at.node);
  const inputs = questionsOf(snapshot).inputs(at);
  const found = findExpression(snapshot, at);
  const span = found?.column.expression?.span;
  const text = found === undefined || span === undefined ? undefined : snapshot.sources.find(found.reading.text.path)?.text;
  const line =
    found === undefined || span === undefined || text === undefined
      ? undefined
      : new LineMap(text).position(found.reading.map.locate(span.start).span.start).line;
  const link = node === undefined ? toCode(name) : toLink(name, node.path, line);
  const kinds = [...new Set(inputs.map((edge) => edge.kind))].join(', ');
  if (inputs.length === 0) {
    const made = found === undefined || found.column.expression?.kind === 'column' ? '' : ` = ${toCode(found.text, 110)}`;
    return node === undefined ? link : `${link} · ${node.kind}${made === '' ? whyItEnds(snapshot, node.id) : made}`;
  }
  return found === undefined || found.column.expression?.kind === 'column' ? `${link} · ${kinds}` : `${link} = ${toCode(found.text, 110)}`;
}

/** Why nothing is known of what a model is made from. */
function whyItEnds(snapshot: Snapshot, id: NodeId): string {
  const text = snapshot.texts.get(id);
  if (text === undefined) return '';
  if (toReadable(text).status !== 'rendered' || readSql(snapshot, id) === undefined)
    return ', whose SQL depends on what a query answers, or cannot be read: it may have more columns';
  return '';
}

/** Five values, and shares of nulls and of different values, where a file holds the rows. */
export function describeSample(snapshot: Snapshot, ref: ColumnRef): string {
  const sample = sampleValues(snapshot, ref);
  if (sample === undefined) return '';
  if (sample.rows === 0) return `No rows in ${toLink(sample.path, sample.path)}.`;
  const filled = sample.rows - sample.nulls;
  const values = sample.values.map((value) => toCode(value === '' ? "''" : value, 40)).join(' ');
  const shares = [`${share(sample.nulls, sample.rows)} null`, filled === 0 ? '' : `${share(sample.distinct, filled)} distinct`].filter(
    (part) => part !== '',
  );
  const rows = sample.complete ? count(sample.rows, 'row') : `the first ${sample.rows.toLocaleString('en')} rows`;
  const whose = sample.of.node === ref.node ? '' : ` of ${toCode(showColumn(snapshot, sample.of))}`;
  return `${values} · ${shares.join(' · ')} · ${rows}${whose}`;
}

function share(part: number, whole: number): string {
  const percent = (100 * part) / whole;
  return `${percent === 0 || percent === 100 ? percent : percent < 1 ? '<1' : percent > 99 ? '>99' : Math.round(percent)} %`;
}

function describeUse(snapshot: Snapshot, ref: ColumnRef): string {
  const { columns, uses } = questionsOf(snapshot).impact(ref);
  const nodes = new Set(columns.map((column) => column.node));
  for (const use of uses) nodes.add(use.to);
  if (nodes.size === 0) return 'Nothing downstream reads it.';
  const direct = questionsOf(snapshot).outputs(ref);
  const flows = direct.slice(0, 8).map((edge) => {
    const path = snapshot.nodes.get(edge.to)?.path;
    const name = showColumn(snapshot, { node: edge.to, column: edge.toColumn });
    return `- ${path === undefined ? toCode(name) : toLink(name, path)} · ${edge.kind}`;
  });
  const deciding = [...new Map(uses.filter((use) => use.from === ref.node).map((use) => [`${use.to} ${use.kind}`, use])).values()];
  const decides = deciding.slice(0, 6).map((use) => {
    const path = snapshot.nodes.get(use.to)?.path;
    return `- ${path === undefined ? toCode(showNode(snapshot, use.to)) : toLink(showNode(snapshot, use.to), path)} · ${useWords[use.kind]}`;
  });
  const downstream = `${count(nodes.size, 'relation')} downstream ${nodes.size === 1 ? 'depends' : 'depend'} on it`;
  return [
    columns.length === 0 ? '' : below(`Flows into ${count(columns.length, 'column')}; ${downstream}`, flows.join('\n')),
    // Its value goes nowhere by these, but which rows there are depends on it.
    decides.length === 0 ? '' : below(columns.length === 0 ? `Decides rows; ${downstream}` : 'Decides rows', decides.join('\n')),
    columns.length === 0 && decides.length === 0 ? `${downstream[0]?.toUpperCase()}${downstream.slice(1)}.` : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const useWords = {
  filter: 'filters rows by it',
  join: 'joins on it',
  group: 'groups by it',
  order: 'orders by it',
  partition: 'partitions by it',
} as const;

/** A column inside a query: of a CTE, a subquery, or of a table that is read. */
export function describeResolved(
  snapshot: Snapshot,
  reading: SqlReading,
  name: string,
  columns: readonly ResolvedColumn[],
  reason?: string,
): string {
  const [column] = columns;
  if (column === undefined) return '';
  const refs = [
    ...new Map(columns.flatMap((one) => refsOf(snapshot, one)).map((ref) => [`${ref.node} ${ref.column.toLowerCase()}`, ref])).values(),
  ];
  const own =
    columns.length === 1 && isOutput(reading, column) ? findColumn(snapshot, { node: reading.node.id, column: column.name }) : undefined;
  if (own !== undefined) return describeColumn(snapshot, { node: reading.node.id, column: own.name });
  const doubt = reason === undefined ? '' : `*Not certain: ${toProse(reason)}.*`;
  if (columns.length === 1 && column.table !== undefined) {
    const node = findNodeOfTable(snapshot, column.table.parts);
    const text = node === undefined ? '' : describeColumn(snapshot, { node: node.id, column: column.name });
    if (text !== '') return [text, doubt].filter((part) => part !== '').join('\n\n');
    return [columnTitle(name, '', `of ${toCode(column.table.name)}, whose columns are not known`), doubt]
      .filter((part) => part !== '')
      .join('\n\n');
  }
  const where =
    columns.length > 1
      ? `one of ${count(columns.length, 'column')}`
      : column.relation === undefined
        ? 'made here'
        : `CTE ${toCode(column.relation)}`;
  const type = showType(column.type, snapshot.project.dialect);
  const parts = [`${columnTitle(column.name, type, where)}${column.nullable === true ? ' · may be null' : ''}`];
  const copied = copiedRef(snapshot, column);
  if (copied !== undefined) {
    const meaning = describeMeaning(snapshot, copied);
    const own = findColumn(snapshot, copied);
    if (meaning !== '')
      parts.push(
        meaning.includes('*inherited') || own?.description === ''
          ? meaning
          : `${meaning.replace(/ — \*([^*]*)\*$/, '')} — *inherited from ${toCode(showColumn(snapshot, copied))}*`,
      );
  }
  if (column.expression !== undefined && column.expression.kind !== 'column')
    parts.push(`= ${toCode(textOf(reading, column.expression.span), 160)}`);
  if (refs.length > 0) {
    const lines = refs.slice(0, 10).map((ref) => `- ${hopLine(snapshot, ref)}`);
    const names = refs.slice(0, 4).map((ref) => toCode(showColumn(snapshot, ref)));
    parts.push(below(`Made from ${names.join(', ')}${refs.length > 4 ? ` and ${refs.length - 4} more` : ''}`, lines.join('\n')));
  } else if (column.expression?.kind !== 'column') parts.push('No column of a relation goes into it.');
  if (copied !== undefined) {
    const sample = describeSample(snapshot, copied);
    if (sample !== '') parts.push(sample);
  }
  if (doubt !== '') parts.push(doubt);
  return parts.join('\n\n');
}

/** A field of a struct: what is known is its type, and the column that holds it. */
export function describeField(snapshot: Snapshot, reading: SqlReading, field: Extract<SqlMeaning, { kind: 'field' }>): string {
  const isWhole = field.expression.parts.at(-1)?.span === field.span;
  const type = isWhole ? reading.resolution.types.get(field.expression)?.type : undefined;
  const shown = type === undefined ? '' : showType(type, snapshot.project.dialect);
  const title = columnTitle(field.name, shown, `field of ${toCode(field.of)}`);
  return [title, describeResolved(snapshot, reading, field.of, field.columns)].filter((part) => part !== '').join('\n\n');
}

/** The columns of relations of the project that a column inside a query is made from. */
export function refsOf(snapshot: Snapshot, column: ResolvedColumn): readonly ColumnRef[] {
  return [...originsOf(column).keys()].flatMap((base) => {
    const node = base.table === undefined || base.isStar ? undefined : findNodeOfTable(snapshot, base.table.parts);
    return node === undefined ? [] : [{ node: node.id, column: base.name }];
  });
}

/** The one column of a relation that a column inside a query copies. */
export function copiedRef(snapshot: Snapshot, column: ResolvedColumn): ColumnRef | undefined {
  const origins = [...originsOf(column)];
  const [first] = origins;
  if (first === undefined || origins.length > 1) return undefined;
  const [base, { kind, confidence }] = first;
  if ((kind !== 'copied' && kind !== 'renamed') || confidence === 'opaque' || base.isStar) return undefined;
  const node = base.table === undefined ? undefined : findNodeOfTable(snapshot, base.table.parts);
  return node === undefined ? undefined : { node: node.id, column: base.name };
}

/** Whether a column is one of those that the node itself has. */
export function isOutput(reading: SqlReading, column: ResolvedColumn): boolean {
  return reading.resolution.columns.includes(column);
}
