import { findNear } from '../text/nearest.ts';
import type { Span } from '../text/span.ts';
import type { Dialect } from './dialect.ts';
import type { ColumnExpression, Cte, Expression, Name, OperatorExpression, Query, Select, SetOperation, TableRelation } from './ir.ts';
import type { ColumnSet } from './resolve/columns.ts';
import type { Reference, Scope } from './resolve/context.ts';
import type { Resolution } from './resolve.ts';
import type { TypeKind } from './types.ts';
import { showType } from './types.ts';

/** Something about the names and types of a query that a database would refuse, or that nobody needs. */
export interface SqlFinding {
  readonly code: 'column-unknown' | 'column-ambiguous' | 'union-columns' | 'union-types' | 'join-types' | 'cte-unused';
  readonly message: string;
  readonly span: Span;
  /** Texts of which one may stand in its place. */
  readonly instead?: readonly string[];
}

/** Columns that databases have without any table declaring them. */
const pseudoColumns =
  /^(_.*|rowid|oid|ctid|xmin|xmax|cmin|cmax|tableoid|rownum|level|metadata\$.*|filename|file_row_number|current_\w+|session_user|user|sysdate|systimestamp|localtime|localtimestamp|getdate|today|now|null|true|false|default|value|\$\d+|.*\$.*)$/i;

/** Whether a name that no relation has may be a value that the database gives, such as the current user. */
export function isPseudoColumn(name: string): boolean {
  return pseudoColumns.test(name);
}

/** Everything that is certainly wrong with the names in a query; what may be right is passed over. */
export function diagnoseQuery(query: Query, resolution: Resolution, dialect: Dialect): readonly SqlFinding[] {
  const found: SqlFinding[] = [];
  walk(query, { resolution, dialect, found }, undefined);
  return found.sort((a, b) => a.span.start - b.span.start);
}

interface Walk {
  readonly resolution: Resolution;
  readonly dialect: Dialect;
  readonly found: SqlFinding[];
}

/** Visits every part, knowing the scope it stands in. Pieces that could not be read, and lambdas, are passed over with all they hold. */
function walk(part: object, at: Walk, scope: Scope | undefined, seesOutput = false): void {
  const { kind } = part as { readonly kind?: string };
  let inner = scope;
  if (kind === 'opaque' || kind === 'opaque-query' || kind === 'opaque-relation' || kind === 'lambda') return;
  if (kind === 'pivot' || kind === 'unpivot') return;
  if (kind === 'select') inner = at.resolution.scopes.get(part as Select);
  if (kind === 'column') {
    diagnoseColumn(part as ColumnExpression, at, scope, seesOutput);
    return;
  }
  if (kind === 'query') diagnoseQueryParts(part as Query, at);
  if (kind === 'join' && 'on' in part && part.on !== undefined) diagnoseJoin(part.on as Expression, at);
  for (const key in part) {
    const value = (part as Record<string, unknown>)[key];
    if (key !== 'span' && typeof value === 'object' && value !== null)
      walk(value, at, inner, seesOutput || (kind === 'select' && behindItems.has(key)));
  }
}

/** The clauses in which many databases read the names of the SELECT list first. */
const behindItems = new Set(['groupBy', 'having', 'qualify']);

function diagnoseColumn(
  expression: ColumnExpression,
  { resolution, dialect, found }: Walk,
  scope: Scope | undefined,
  seesOutput: boolean,
): void {
  const reference = resolution.references.get(expression);
  const name = expression.parts[expression.parts.length - 1];
  if (reference === undefined || name === undefined || scope === undefined) return;
  if (reference.reason?.includes('is ambiguous') === true) {
    // What is only known from use may have been read from the other one.
    const sources = scope.sources.filter(
      (source) =>
        !source.isHidden && isWhole(source.columns) && source.columns.find(resolution.set.fold(name.text, name.quoted)) !== undefined,
    );
    // BigQuery reads the name of an array's element before columns of that name.
    const isElement = sources.some((source) => source.name.toLowerCase() === name.text.toLowerCase());
    // Snowflake takes the left one where tables are joined by USING.
    const isLeft = dialect === 'snowflake' && scope.merged.size > 0;
    if (isElement || isLeft || sources.length < 2 || isAlias(scope, name)) return;
    if (seesOutput && [...scope.aliases.keys()].some((alias) => alias.toLowerCase() === name.text.toLowerCase())) return;
    const names = sources.map((source) => source.name);
    found.push({
      code: 'column-ambiguous',
      message: `${names.join(' and ')} both have a column '${name.text}': write ${names.map((one) => `${one}.${name.text}`).join(' or ')}.`,
      span: expression.span,
      instead: names.map((one) => `${one}.${name.text}`),
    });
    return;
  }
  const missing = findMissing(expression, reference, name, scope, resolution);
  if (missing !== undefined) found.push({ code: 'column-unknown', span: name.span, ...missing });
}

/** Says that a column does not exist, when everything that might have it is wholly known. */
function findMissing(
  expression: ColumnExpression,
  reference: Reference,
  name: Name,
  scope: Scope,
  resolution: Resolution,
): Pick<SqlFinding, 'message' | 'instead'> | undefined {
  const { fold } = resolution.set;
  if (pseudoColumns.test(name.text)) return undefined;
  const [column] = reference.columns;
  const isMadeUp =
    reference.path.length === 0 &&
    reference.columns.length === 1 &&
    column?.table?.isKnown === true &&
    !column.table.columns.columns.includes(column);
  if (reference.kind !== 'unresolved' && !isMadeUp) return undefined;
  const qualifier = expression.parts.length === 2 ? expression.parts[0] : undefined;
  if (expression.parts.length > 2) return undefined;
  const scopes: Scope[] = [];
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) scopes.push(at);
  const inSight = scopes.flatMap((at) => at.sources);
  const sources = qualifier === undefined ? inSight : inSight.filter((source) => source.folded === fold(qualifier.text, qualifier.quoted));
  // Without FROM, and behind an unknown qualifier, the name may be a word that we do not know.
  if (sources.length === 0 || sources.some(({ columns }) => !isWhole(columns))) return undefined;
  const wanted = name.text.toLowerCase();
  if (sources.some(({ columns }) => columns.columns.some((one) => one.name.toLowerCase() === wanted || one.type.kind === 'struct')))
    return undefined;
  if (sources.some((source) => source.name.toLowerCase() === wanted)) return undefined;
  if (qualifier === undefined && scopes.some((at) => isAlias(at, name) || at.parameters.has(wanted))) return undefined;
  const candidates = sources.flatMap(({ columns }) => columns.columns.map((one) => one.name));
  const instead = findNear(name.text, candidates, 3);
  const [near] = instead;
  const owners = [...new Set(sources.map((source) => source.name))].filter((one) => one !== '');
  const who =
    owners.length === 0 ? 'what is selected from' : owners.length === 1 ? `'${owners[0]}'` : `any of ${owners.slice(0, 4).join(', ')}`;
  const elsewhere = near === undefined && candidates.length <= 12 ? ` It has ${candidates.join(', ')}.` : '';
  return {
    message: `There is no column '${name.text}' in ${who}.${near === undefined ? elsewhere : ` Did you mean '${near}'?`}`,
    instead,
  };
}

/** Whether an item of the SELECT list bears a name that it does not itself take from a column. */
function isAlias(scope: Scope, name: Name): boolean {
  const wanted = name.text.toLowerCase();
  for (const [alias, { expression }] of scope.aliases) {
    if (alias.toLowerCase() !== wanted) continue;
    if (expression?.kind !== 'column' || expression.parts.at(-1)?.text.toLowerCase() !== wanted) return true;
  }
  return false;
}

/** Whether every column of a relation is known. */
function isWhole(columns: ColumnSet): boolean {
  return !columns.isOpen && columns.columns.length > 0 && columns.columns.every((column) => !column.isStar && column.name !== '*');
}

function diagnoseQueryParts(query: Query, at: Walk): void {
  const { fold } = at.resolution.set;
  const parts: readonly object[] = [...query.ctes.map((cte: Cte) => cte.query), query.body, query.orderBy];
  const readers = query.ctes.length === 0 ? undefined : readersOf(parts, fold);
  for (const [index, cte] of query.ctes.entries()) {
    if (cte.scalar === true || cte.name.text.startsWith('__dbt__cte__')) continue;
    const by = [...(readers?.get(fold(cte.name.text, cte.name.quoted)) ?? []), ...(readers?.get(anything) ?? [])];
    if (by.some((reader) => reader !== index)) continue;
    at.found.push({ code: 'cte-unused', message: `Nothing reads the CTE '${cte.name.text}'.`, span: cte.name.span });
  }
  if (query.body.kind === 'set') diagnoseUnion(query.body, at);
}

/** What a part of which something could not be read may read. */
const anything = Symbol('anything');

/** Which parts of a query, by their numbers, read a relation of each plain name. */
function readersOf(parts: readonly object[], fold: ColumnSet['fold']): ReadonlyMap<string | symbol, ReadonlySet<number>> {
  const readers = new Map<string | symbol, Set<number>>();
  const note = (name: string | symbol, index: number) => {
    const known = readers.get(name);
    if (known === undefined) readers.set(name, new Set([index]));
    else known.add(index);
  };
  for (const [index, root] of parts.entries()) {
    const pending: object[] = [root];
    for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
      const { kind } = part as { readonly kind?: string };
      if (kind?.startsWith('opaque') === true) {
        note(anything, index);
        continue;
      }
      if (kind === 'table') {
        const [first, ...rest] = (part as TableRelation).parts;
        if (first !== undefined && rest.length === 0) note(fold(first.text, first.quoted), index);
      }
      for (const key in part) {
        const value = (part as Record<string, unknown>)[key];
        // Most of a tree is places in the text, in which no relation is named.
        if (key !== 'span' && typeof value === 'object' && value !== null) pending.push(value);
      }
    }
  }
  return readers;
}

/** The branches of a set operation have as many columns each. */
function diagnoseUnion(body: SetOperation, { resolution, dialect, found }: Walk): void {
  if (body.byName || body.left.body.kind === 'opaque-query') return;
  const left = widthOf(body.left, resolution);
  const right = widthOf(body.right, resolution);
  if (left === undefined || right === undefined) return;
  if (left === right) {
    diagnoseUnionTypes(body, resolution, dialect, found);
    return;
  }
  const start = firstSelect(body.right)?.span ?? body.right.span;
  found.push({
    code: 'union-columns',
    message: `This branch of ${body.operator.toUpperCase()} has ${columnCount(right)}, the one before it ${columnCount(left)}.`,
    span: { start: start.start, end: Math.min(start.end, start.start + 6) },
  });
}

/** Branches whose values no database brings to one type, item by item. */
function diagnoseUnionTypes(body: SetOperation, resolution: Resolution, dialect: Dialect, found: SqlFinding[]): void {
  if (dialect === 'sqlite') return;
  const columns = resolution.results.get(firstQuery(body.left))?.columns ?? [];
  const select = firstSelect(body.right);
  if (select === undefined || body.right.body.kind === 'set' || select.items.length !== columns.length) return;
  for (const [index, item] of select.items.entries()) {
    const column = columns[index];
    if (item.kind !== 'item' || column === undefined || item.expression.kind === 'literal') continue;
    const [a, b] = [column.type, resolution.types.get(item.expression)?.type];
    const [familyA, familyB] = [families[a.kind], families[b?.kind ?? 'unknown']];
    if (b === undefined || familyA === undefined || familyB === undefined || familyA === familyB) continue;
    if (column.expression?.kind === 'literal' || (convertsText.has(dialect) && (familyA === 'text' || familyB === 'text'))) continue;
    found.push({
      code: 'union-types',
      message: `Column ${index + 1}, '${column.name}', is ${showType(a, dialect)} in the branch before and ${showType(b, dialect)} here: cast one of them.`,
      span: item.expression.span,
    });
  }
}

function firstQuery(query: Query): Query {
  if (query.body.kind === 'nested') return firstQuery(query.body.query);
  return query.body.kind === 'set' ? firstQuery(query.body.left) : query;
}

function columnCount(many: number): string {
  return many === 1 ? '1 column' : `${many} columns`;
}

function widthOf(query: Query, resolution: Resolution): number | undefined {
  if (query.body.kind === 'set') return query.body.byName ? undefined : widthOf(query.body.left, resolution);
  if (query.body.kind === 'nested') return widthOf(query.body.query, resolution);
  if (
    query.body.kind === 'select' &&
    (query.body.as !== undefined || query.body.items.some((item) => item.kind === 'item' && item.expression.kind === 'opaque'))
  )
    return undefined;
  const result = resolution.results.get(query);
  return result !== undefined && isWhole(result) ? result.columns.length : undefined;
}

function firstSelect(query: Query): Select | undefined {
  if (query.body.kind === 'select') return query.body;
  if (query.body.kind === 'nested') return firstSelect(query.body.query);
  return query.body.kind === 'set' ? firstSelect(query.body.left) : undefined;
}

/** Columns of types that no database compares by themselves, made equal in a join. */
function diagnoseJoin(on: Expression, at: Walk): void {
  if (on.kind !== 'operator') return;
  if (on.operator === 'and') {
    for (const operand of on.operands) diagnoseJoin(operand, at);
    return;
  }
  const [left, right] = on.operands;
  if (on.operator !== '=' || left?.kind !== 'column' || right?.kind !== 'column') return;
  diagnosePair(on, left, right, at);
}

const families: Readonly<Partial<Record<TypeKind, string>>> = {
  integer: 'number',
  decimal: 'number',
  float: 'number',
  string: 'text',
  boolean: 'boolean',
  date: 'time',
  datetime: 'time',
  timestamp: 'time',
};

/** The dialects that turn text into the type that it is compared with. */
const convertsText: ReadonlySet<Dialect> = new Set(['snowflake', 'databricks', 'spark', 'hive', 'mysql', 'tsql', 'redshift', 'generic']);

function diagnosePair(on: OperatorExpression, left: ColumnExpression, right: ColumnExpression, { resolution, dialect, found }: Walk): void {
  const [a, b] = [resolution.types.get(left)?.type, resolution.types.get(right)?.type];
  const [familyA, familyB] = [families[a?.kind ?? 'unknown'], families[b?.kind ?? 'unknown']];
  if (a === undefined || b === undefined || familyA === undefined || familyB === undefined || familyA === familyB) return;
  // SQLite compares whatever it is given, and keeps times as text.
  if (dialect === 'sqlite' || (convertsText.has(dialect) && (familyA === 'text' || familyB === 'text'))) return;
  const name = (expression: ColumnExpression): string => expression.parts.map((part) => part.text).join('.');
  found.push({
    code: 'join-types',
    message: `${name(left)} is ${showType(a, dialect)} and ${name(right)} is ${showType(b, dialect)}: cast one of them, or the join finds nothing or fails.`,
    span: on.span,
  });
}
