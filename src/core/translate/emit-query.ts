import type { Name, Query, QueryBody, SetOperation, SortKey, Values } from '../sql/ir.ts';
import { readsTable } from '../sql/reads-table.ts';
import { unreachable } from '../text/unreachable.ts';
import { renamed, unique } from './columns.ts';
import type { Context, EmittedQuery } from './context.ts';
import { CteScope } from './cte-scope.ts';
import { emitSelect } from './emit-select.ts';
import { to } from './emit-values.ts';
import { nullsFirst } from './emit-window.ts';
import { Scope } from './scope.ts';
import { quoteName, quoteText, type Typed } from './sql-text.ts';
import type { TableColumn } from './table.ts';
import { commonType, type ValueType } from './value-type.ts';

/** The engine's SQL for a query; `ctes` are those defined around it. */
export function emitQuery(cx: Context, query: Query, outer: Scope | undefined, ctes: CteScope): EmittedQuery {
  const inner = new CteScope(ctes);
  const definitions: string[] = [];
  let recursive = false;
  for (const cte of query.ctes) {
    if (cte.scalar === true) cx.refuse('WITH expression AS name is not available in a preview.', cte.span);
    const name = cx.fresh(`cte_${cte.name.text}_`);
    const refersToItself = query.recursive && readsTable(cte.query, cte.name.text);
    const emitted = refersToItself
      ? emitRecursive(cx, cte.query, cte.name, cte.columns, name, outer, inner)
      : emitQuery(cx, cte.query, outer, inner);
    recursive ||= refersToItself;
    const columns = renamed(unique(emitted.columns), cte.columns);
    const list = columns.map((column) => quoteName(column.name)).join(',');
    definitions.push(`${quoteName(name)}(${list}) as ${cte.materialized === true ? 'materialized ' : ''}(${emitted.sql})`);
    inner.written.push(definitions.at(-1) ?? '');
    inner.tables.set(cte.name.text.toLowerCase(), { physical: name, columns });
  }
  const body = cx.within(inner, () => emitBody(cx, query.body, query, outer, inner));
  const limit = emitLimit(cx, query, outer);
  const sql = body.sql + limit;
  return {
    sql: definitions.length === 0 ? sql : `with ${recursive ? 'recursive ' : ''}${definitions.join(', ')} ${sql}`,
    columns: body.columns,
  };
}

function emitLimit(cx: Context, query: Query, outer: Scope | undefined): string {
  const scope = new Scope(outer);
  const value = (expression: NonNullable<Query['limit']>): string => {
    const found = cx.emit(expression, scope);
    return found.type.kind === 'null' ? '-1' : found.sql;
  };
  if (query.limit === undefined && query.offset === undefined) return '';
  return ` limit ${query.limit === undefined ? '-1' : value(query.limit)}${query.offset === undefined ? '' : ` offset ${value(query.offset)}`}`;
}

function emitBody(cx: Context, body: QueryBody, query: Query, outer: Scope | undefined, ctes: CteScope): EmittedQuery {
  switch (body.kind) {
    case 'select':
      return emitSelect(cx, body, query.orderBy, outer, ctes);
    case 'set':
      return sorted(cx, emitSet(cx, body, outer, ctes), query.orderBy, outer);
    case 'values':
      return sorted(cx, emitValues(cx, body, outer), query.orderBy, outer);
    case 'nested': {
      const inner = emitQuery(cx, body.query, outer, ctes);
      return query.orderBy.length === 0 && query.limit === undefined && query.offset === undefined
        ? inner
        : sorted(cx, { ...inner, sql: `select * from (${inner.sql})` }, query.orderBy, outer);
    }
    case 'opaque-query':
      return cx.refuse(`This query could not be read: ${body.reason}.`, body.span);
    default:
      return unreachable(body);
  }
}

/** Sorts what is not a SELECT by its own columns. */
function sorted(cx: Context, emitted: EmittedQuery, keys: readonly SortKey[], outer: Scope | undefined): EmittedQuery {
  if (keys.length === 0) return emitted;
  const columns = unique(emitted.columns);
  const name = cx.fresh('s');
  const scope = new Scope(outer);
  scope.relations.push({
    names: [],
    columns: columns.map((column) => ({ ...column, sql: cx.placed(`${name}.${quoteName(column.name)}`, column.type) })),
  });
  const list = keys.map((key) => {
    const position =
      key.expression.kind === 'literal' && key.expression.type === 'number' ? columns[Number(key.expression.value) - 1] : undefined;
    const sql = position === undefined ? cx.emit(key.expression, scope).sql : `${name}.${quoteName(position.name)}`;
    return `${sql}${key.descending ? ' desc' : ''} nulls ${nullsFirst(cx, key) ? 'first' : 'last'}`;
  });
  const cte = cx.fresh('u');
  const names = columns.map((column) => quoteName(column.name)).join(',');
  return {
    sql: `select * from (with ${cte}(${names}) as (${emitted.sql}) select * from ${cte}) as ${name} order by ${list.join(',')}`,
    columns,
  };
}

function emitSet(cx: Context, body: SetOperation, outer: Scope | undefined, ctes: CteScope): EmittedQuery {
  const left = emitQuery(cx, body.left, outer, ctes);
  const right = emitQuery(cx, body.right, outer, ctes);
  const [a, b] = body.byName ? byName(cx, left, right) : [left, right];
  if (a.columns.length !== b.columns.length)
    cx.refuse(`The two sides of ${body.operator.toUpperCase()} have ${a.columns.length} and ${b.columns.length} columns.`, body.span);
  const common = a.columns.map((column, i) => ({ name: column.name, type: commonType([column.type, b.columns[i]?.type ?? column.type]) }));
  const operator = body.operator;
  if (body.all && operator !== 'union') return emitBag(cx, operator, converted(cx, a, common), converted(cx, b, common), common);
  return { sql: `${converted(cx, a, common)} ${operator}${body.all ? ' all' : ''} ${converted(cx, b, common)}`, columns: common };
}

/** Whether a struct has to take the names that the first side's has. */
function renamesFields(own: ValueType, common: ValueType | undefined): boolean {
  return (
    own.kind === 'struct' &&
    common?.kind === 'struct' &&
    own.fields.length === common.fields.length &&
    own.fields.some((field, i) => field.name !== common.fields[i]?.name)
  );
}

function toCommon(cx: Context, value: Typed, common: ValueType): string {
  if (common.kind === 'struct' && renamesFields(value.type, common))
    return `hw_rename_fields(${value.sql},${quoteText(JSON.stringify(common.fields.map((field) => field.name)))})`;
  return to(cx, value, common);
}

/** A side of a set operation with its columns brought to the common types, as SQLite wants it: a plain SELECT. */
function converted(cx: Context, side: EmittedQuery, types: readonly TableColumn[]): string {
  const same = side.columns.every(
    (column, i) =>
      (column.type.kind === types[i]?.type.kind && !renamesFields(column.type, types[i]?.type)) ||
      column.type.kind === 'null' ||
      (types[i]?.type.kind === 'float' && column.type.kind !== 'string'),
  );
  if (same && /^select /.test(side.sql) && !/ (union|intersect|except|limit|order by) /.test(side.sql)) return side.sql;
  const cte = cx.fresh('v');
  const columns = unique(side.columns);
  const list = columns.map((column, i) => {
    const type = types[i]?.type ?? column.type;
    const value = { sql: cx.placed(`${cte}.${quoteName(column.name)}`, column.type), type: column.type };
    return `${cx.filled({ sql: toCommon(cx, value, type), type })} as ${quoteName(column.name)}`;
  });
  return `select ${list.join(',')} from (with ${cte}_(${columns.map((column) => quoteName(column.name)).join(',')}) as (${side.sql}) select * from ${cte}_) as ${cte}`;
}

function byName(cx: Context, left: EmittedQuery, right: EmittedQuery): [EmittedQuery, EmittedQuery] {
  const names = [...new Map([...left.columns, ...right.columns].map((column) => [column.name.toLowerCase(), column])).values()];
  const arrange = (side: EmittedQuery): EmittedQuery => {
    const alias = cx.fresh('n');
    const columns = names.map(
      (wanted) =>
        side.columns.find((column) => column.name.toLowerCase() === wanted.name.toLowerCase()) ?? {
          name: wanted.name,
          type: { kind: 'null' } as const,
        },
    );
    const list = columns.map((column) =>
      column.type.kind === 'null' ? `null as ${quoteName(column.name)}` : `${alias}.${quoteName(column.name)}`,
    );
    return { sql: `select ${list.join(',')} from (${side.sql}) as ${alias}`, columns };
  };
  return [arrange(left), arrange(right)];
}

/** INTERSECT ALL and EXCEPT ALL: rows are numbered within their equals, which makes a set of the bag. */
function emitBag(cx: Context, operator: string, left: string, right: string, columns: readonly TableColumn[]): EmittedQuery {
  const names = unique(columns).map((column) => quoteName(column.name));
  const numbered = (sql: string): string => {
    const cte = cx.fresh('b');
    return `select ${names.join(',')},row_number() over (partition by ${names.join(',')}) as "hw:n" from (with ${cte}(${names.join(',')}) as (${sql}) select * from ${cte})`;
  };
  return { sql: `select ${names.join(',')} from (${numbered(left)} ${operator} ${numbered(right)})`, columns: unique(columns) };
}

function emitValues(cx: Context, body: Values, outer: Scope | undefined): EmittedQuery {
  if (body.rows.length === 0 || body.rows.some((row) => row.length === 0)) cx.refuse('VALUES has no values here.', body.span);
  const scope = new Scope(outer);
  const rows = body.rows.map((row) => row.map((item) => cx.emit(item, scope)));
  const width = rows[0]?.length ?? 0;
  const name =
    cx.dialect === 'duckdb' || cx.dialect === 'databricks' || cx.dialect === 'spark'
      ? (i: number) => `col${cx.dialect === 'duckdb' ? i : i + 1}`
      : cx.dialect === 'trino'
        ? (i: number) => `_col${i}`
        : (i: number) => `column${i + 1}`;
  const columns = Array.from({ length: width }, (_, i) => ({
    name: name(i),
    type: commonType(rows.map((row) => row[i]?.type ?? { kind: 'null' as const })),
  }));
  const list = rows.map((row) => {
    const items = row.map((item, i) => {
      const type = columns[i]?.type ?? item.type;
      return cx.filled({ sql: to(cx, item, type), type });
    });
    return `(${items.join(',')})`;
  });
  return {
    sql: `select ${columns.map((column, i) => `column${i + 1} as ${quoteName(column.name)}`).join(',')} from (values ${list.join(',')})`,
    columns,
  };
}

/** WITH RECURSIVE: the first branch gives the columns, under which the second finds its own table. */
function emitRecursive(
  cx: Context,
  query: Query,
  name: Name,
  names: readonly Name[],
  physical: string,
  outer: Scope | undefined,
  ctes: CteScope,
): EmittedQuery {
  const body = query.body.kind === 'nested' ? query.body.query.body : query.body;
  if (body.kind !== 'set' || body.operator !== 'union')
    return cx.refuse('A recursive query must be a UNION of its start and its step.', query.span);
  const inner = new CteScope(ctes);
  for (const cte of query.ctes) {
    const emitted = emitQuery(cx, cte.query, outer, inner);
    inner.tables.set(cte.name.text.toLowerCase(), { physical: `(${emitted.sql})`, columns: renamed(unique(emitted.columns), cte.columns) });
  }
  const start = emitQuery(cx, body.left, outer, inner);
  const columns = renamed(unique(start.columns), names);
  inner.tables.set(name.text.toLowerCase(), { physical, columns });
  const step = emitQuery(cx, body.right, outer, inner);
  if (/^with /.test(step.sql)) return cx.refuse('A recursive step with CTEs of its own is not available in a preview.', body.right.span);
  return { sql: `${start.sql} union${body.all ? ' all' : ''} ${step.sql}`, columns };
}
