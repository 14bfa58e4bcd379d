import type { CallExpression, Expression, Select } from '../sql/ir.ts';
import { traitsOfColumns, valuesOf } from './column-traits.ts';
import { conjunctsOf, expressionsIn } from './conditions.ts';
import { JoinedRows, type RelationReader } from './joined-rows.ts';
import { anyColumn, namesOf, type Output, outputsOf } from './outputs.ts';
import {
  type Closure,
  closureOf,
  type Dependency,
  distinctKeys,
  distinctProofs,
  minimize,
  type Proof,
  type RelationFacts,
  type RowKey,
  unknownFacts,
} from './row-key.ts';
import { hasAggregate, Terms } from './terms.ts';

/** A SELECT with what is known of the rows that it reads. */
export interface SelectReading {
  readonly select: Select;
  readonly rows: JoinedRows;
  readonly terms: Terms;
  /** The terms of GROUP BY; undefined where rows are not grouped, or by several sets. */
  readonly groups: readonly string[] | undefined;
  readonly isGrouped: boolean;
  readonly facts: RelationFacts;
}

/** Works out what is known of the rows of a SELECT. */
export function readSelect(select: Select, reader: RelationReader): SelectReading {
  const rows = new JoinedRows(select.from, reader);
  const terms = new Terms(select, rows, reader);
  const conditions = conjunctsOf(select.where);
  rows.restrict(conditions, select.where?.span ?? select.span);
  const isGrouped =
    select.groupBy.length > 0 ||
    select.groupByAll ||
    select.items.some((item) => item.kind === 'item' && hasAggregate(item.expression)) ||
    hasAggregate(select.having);
  const outputs = outputsOf(select, rows, terms);
  const groups = isGrouped ? groupsOf(select, terms, outputs) : undefined;
  const found = { select, rows, terms, groups, isGrouped };
  if (select.connectBy !== undefined || select.as !== undefined) return { ...found, facts: { ...unknownFacts, columns: namesOf(outputs) } };
  const candidates = isGrouped ? groupKeys(select, groups, reader) : [rowKey(rows)];
  for (const { partition, term, span } of rankings(select, terms))
    if (term !== undefined && !isGrouped)
      candidates.push(sqlKey([...partition, term], reader.proof('row_number() counts the rows of a partition', span)));
  const qualified = qualifiedBy(select, terms, outputs);
  if (qualified !== undefined && !isGrouped)
    candidates.push(sqlKey(qualified.partition, reader.proof('only the first row of each partition is kept', qualified.span)));
  return { ...found, facts: project(select, outputs, candidates, rows, reader) };
}

function sqlKey(columns: readonly string[], proof: Proof): RowKey {
  return { columns, nulls: 'one', isDeclared: false, because: [proof] };
}

/** Without grouping the rows of all relations together tell a row apart. */
function rowKey(rows: JoinedRows): RowKey {
  return { columns: rows.whole, nulls: 'none', isDeclared: false, because: [] };
}

/** A group is told apart by what it is grouped by; without GROUP BY there is one. */
function groupKeys(select: Select, groups: readonly string[] | undefined, reader: RelationReader): RowKey[] {
  if (groups === undefined) return [];
  if (groups.length === 0)
    return [
      {
        columns: [],
        nulls: 'none',
        isDeclared: false,
        because: [reader.proof('an aggregate without GROUP BY gives one row', select.span)],
      },
    ];
  const [first] = select.groupBy;
  const span = first?.kind === 'expression' ? first.expression.span : select.span;
  return [sqlKey(groups, reader.proof('GROUP BY gives one row for each group', span))];
}

function groupsOf(select: Select, terms: Terms, outputs: readonly Output[]): readonly string[] | undefined {
  if (select.groupByAll)
    return outputs.filter(({ expression }) => expression === undefined || !hasAggregate(expression)).map(({ term }) => term);
  const groups: string[] = [];
  for (const grouping of select.groupBy) {
    if (grouping.kind !== 'expression') return undefined;
    const { expression } = grouping;
    if (expression.kind === 'literal' && expression.type === 'number') {
      const output = outputs[Number(expression.value) - 1];
      if (output === undefined) return undefined;
      groups.push(output.term);
    } else groups.push(terms.of(expression));
  }
  return groups;
}

interface Ranking {
  readonly partition: readonly string[];
  /** The term of the number itself, where it is a column of the result. */
  readonly term: string | undefined;
  readonly span: { readonly start: number; readonly end: number };
}

/** The columns that count the rows of a partition. */
function rankings(select: Select, terms: Terms): readonly Ranking[] {
  return select.items.flatMap((item) => {
    const call = item.kind === 'item' ? rowNumberOf(item.expression) : undefined;
    const partition = call && partitionOf(call, select, terms);
    if (item.kind !== 'item' || call === undefined || partition === undefined) return [];
    return [{ partition, term: terms.of(item.expression), span: item.span }];
  });
}

function rowNumberOf(expression: Expression): CallExpression | undefined {
  let at = expression;
  while (at.kind === 'cast') at = at.operand;
  return at.kind === 'call' && at.name === 'row_number' && at.over !== undefined ? at : undefined;
}

function partitionOf({ over }: CallExpression, select: Select, terms: Terms): readonly string[] | undefined {
  if (over === undefined) return undefined;
  const base =
    over.base === undefined
      ? undefined
      : select.windows.find(({ name }) => name.text.toLowerCase() === over.base?.text.toLowerCase())?.window;
  if (over.base !== undefined && base === undefined) return undefined;
  return [...(base?.partitionBy ?? []), ...over.partitionBy].map((one) => terms.of(one));
}

/** The partition of which QUALIFY keeps the first row. */
function qualifiedBy(select: Select, terms: Terms, outputs: readonly Output[]): Ranking | undefined {
  for (const part of conjunctsOf(select.qualify)) {
    if (part.kind !== 'operator' || !['=', '<=', '<'].includes(part.operator)) continue;
    const [a, b] = part.operands;
    if (a === undefined || b?.kind !== 'literal' || b.value !== (part.operator === '<' ? '2' : '1')) continue;
    const aliased =
      a.kind === 'column' && a.parts.length === 1
        ? outputs.find(({ name }) => name === a.parts[0]?.text.toLowerCase())?.expression
        : undefined;
    const call = rowNumberOf(a) ?? (aliased && rowNumberOf(aliased));
    const partition = call && partitionOf(call, select, terms);
    if (partition !== undefined) return { partition, term: undefined, span: part.span };
  }
  return undefined;
}

/** The keys among the columns of the result, and what decides what among them. */
function project(
  select: Select,
  outputs: readonly Output[],
  candidates: readonly RowKey[],
  rows: JoinedRows,
  reader: RelationReader,
): RelationFacts {
  const { dependencies } = rows;
  const columns = namesOf(outputs);
  const terms = [...new Set(outputs.map(({ term }) => term))].filter((term) => term !== anyColumn);
  const names = new Map<string, string>();
  const times = new Map<string, number>();
  for (const { name } of outputs) times.set(name, (times.get(name) ?? 0) + 1);
  // A name that two columns bear means neither of them to whoever reads it.
  for (const { name, term } of outputs) if (times.get(name) === 1 && !names.has(term) && name !== anyColumn) names.set(term, name);
  const usable = terms.filter((term) => names.has(term) || term.endsWith('\u0001#'));
  const keys: RowKey[] = [];
  const everything = candidates.length === 0 ? undefined : closureOf(usable, dependencies);
  for (const candidate of candidates) {
    if (everything === undefined || !candidate.columns.every((column) => everything.columns.has(column))) continue;
    for (const start of startsOf(candidate, usable, dependencies)) {
      const key = reduce(start, candidate, dependencies);
      const named = key.columns.map((term) => names.get(term));
      if (named.every((name) => name !== undefined)) keys.push({ ...key, columns: named });
    }
  }
  const among = dependenciesAmong(terms, names, dependencies);
  if (select.distinct === true && columns !== undefined) {
    const all: RowKey = {
      columns: [...new Set(columns)],
      nulls: 'one',
      isDeclared: false,
      because: [reader.proof('SELECT DISTINCT gives every row once', select.span)],
    };
    keys.push(minimize(all, among));
  }
  if (Array.isArray(select.distinct)) {
    const on = select.distinct.map(
      (one: Expression) => outputs.find(({ expression }) => expression !== undefined && sameText(expression, one, reader))?.name,
    );
    if (on.every((name) => name !== undefined))
      keys.push({
        columns: on,
        nulls: 'one',
        isDeclared: false,
        because: [reader.proof('DISTINCT ON gives one row for each value', select.span)],
      });
  }
  const traits = traitsOfColumns(select, outputs, rows, reader);
  return {
    columns,
    keys: distinctKeys(
      keys.map((key) => (key.columns.every((column) => traits.notNull.has(column)) ? { ...key, nulls: 'none' as const } : key)),
    ),
    dependencies: among,
    values: valuesOf(outputs),
    ...traits,
  };
}

function sameText(a: Expression, b: Expression, { sql }: RelationReader): boolean {
  const text = ({ span }: Expression): string => sql.slice(span.start, span.end).toLowerCase();
  return text(a) === text(b);
}

/** The sets of terms to begin with: those that a key names itself, and all there are. */
function startsOf(candidate: RowKey, usable: readonly string[], dependencies: readonly Dependency[]): readonly (readonly string[])[] {
  const own = candidate.columns.filter((column) => usable.includes(column));
  const starts: (readonly string[])[] = [];
  if (own.length === candidate.columns.length) starts.push(own);
  // A single column that decides everything is the key that people look for.
  for (const term of usable.slice(0, 400)) {
    const { columns } = closureOf([term], dependencies);
    if (candidate.columns.every((column) => columns.has(column))) starts.push([term]);
    if (starts.length > 4) break;
  }
  if (starts.length === 0) starts.push(usable.slice(0, 60));
  return starts;
}

/** The fewest of some terms that decide all of a key. */
function reduce(start: readonly string[], candidate: RowKey, dependencies: readonly Dependency[]): RowKey {
  const reaches = (terms: readonly string[]): Closure | undefined => {
    const closure = closureOf(terms, dependencies);
    return candidate.columns.every((column) => closure.columns.has(column)) ? closure : undefined;
  };
  let columns = [...new Set(start)];
  for (const term of [...columns].reverse()) {
    const others = columns.filter((one) => one !== term);
    if (reaches(others) !== undefined) columns = others;
  }
  const used = reaches(columns)?.used ?? [];
  return {
    columns,
    nulls: candidate.nulls === 'none' ? nullsOf(columns) : candidate.nulls,
    isDeclared: candidate.isDeclared || used.some((one) => one.isDeclared),
    because: distinctProofs([...candidate.because, ...used.flatMap((one) => one.because)]),
  };
}

/** The rows of relations are told apart with NULL in them too, but nothing says that there is none. */
function nullsOf(columns: readonly string[]): RowKey['nulls'] {
  return columns.length === 0 ? 'none' : 'one';
}

/** The dependencies that hold among the columns of the result. */
function dependenciesAmong(
  terms: readonly string[],
  names: ReadonlyMap<string, string>,
  dependencies: readonly Dependency[],
): readonly Dependency[] {
  const found: Dependency[] = [];
  const mine = terms.filter((term) => names.has(term));
  for (const { from } of dependencies) {
    if (found.length >= 40) break;
    if (from.length === 0 || from.length > 4 || !from.every((term) => names.has(term))) continue;
    const { columns, used } = closureOf(from, dependencies);
    const to = mine.filter((term) => columns.has(term) && !from.includes(term)).map((term) => names.get(term) ?? term);
    if (to.length === 0) continue;
    found.push({
      from: from.map((term) => names.get(term) ?? term),
      to,
      isDeclared: used.some((one) => one.isDeclared),
      because: distinctProofs(used.flatMap((one) => one.because)).slice(0, 6),
    });
  }
  return found;
}

/** Whether a SELECT reads a function that gives several rows for one in its list. */
export function hasRowFunctions(select: Select): boolean {
  for (const part of expressionsIn(select.items))
    if (
      part.kind === 'call' &&
      /^(unnest|explode|explode_outer|posexplode|generate_series|json_array_elements|jsonb_array_elements|regexp_split_to_table|flatten|inline|stack)$/.test(
        part.name,
      )
    )
      return true;
  return false;
}
