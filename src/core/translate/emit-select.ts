import { traitsOf } from '../sql/dialect-traits.ts';
import type { Expression, Name, Select, SelectItem, SortKey } from '../sql/ir.ts';
import { unique } from './columns.ts';
import type { Context, EmittedQuery } from './context.ts';
import type { CteScope } from './cte-scope.ts';
import { hasAggregate } from './emit-aggregate.ts';
import { emitConnect } from './emit-connect.ts';
import { checkGrouped, emitGroups, ungroup } from './emit-grouping.ts';
import { emitFrom } from './emit-relation.ts';
import { emitItems, type Item } from './emit-star.ts';
import { emitCondition } from './emit-values.ts';
import { nullsFirst } from './emit-window.ts';
import { withRowFunctions } from './row-functions.ts';
import { Scope } from './scope.ts';
import { quoteName, quoteText, type Typed } from './sql-text.ts';
import type { TableColumn } from './table.ts';
import type { ValueType } from './value-type.ts';

/** The engine's SQL for a SELECT with the ORDER BY that belongs to it. */
export function emitSelect(
  cx: Context,
  written: Select,
  orderBy: readonly SortKey[],
  outer: Scope | undefined,
  ctes: CteScope,
): EmittedQuery {
  const select = withRowFunctions(cx, withWindows(written));
  const from =
    select.connectBy === undefined
      ? emitFrom(cx, select.from, outer, ctes)
      : emitConnect(cx, { ...select, connectBy: select.connectBy }, orderBy, outer, ctes);
  const { scope } = from;
  const conditions = [...from.conditions];
  const lateral = traitsOf(cx.dialect).lateralAlias !== 'never';
  if (lateral) prepareAliases(cx, select.items, scope);
  if (select.where !== undefined) conditions.push(emitCondition(cx, select.where, scope));
  const items = emitItems(cx, select.items, scope);
  if (items.length === 0)
    cx.refuse('This star stands for no column: nothing is known of the columns of what it reads.', select.items[0]?.span ?? select.span);
  const aliases = new Scope(scope);
  for (const item of items) if (!aliases.aliases.has(item.name.toLowerCase())) aliases.aliases.set(item.name.toLowerCase(), item.value);
  for (const item of items)
    if (!scope.aliases.has(item.name.toLowerCase()) && item.expression !== undefined)
      scope.aliases.set(item.name.toLowerCase(), item.value);
  const groups = emitGroups(cx, select, items, scope);
  const source = `${from.sql === '' ? '' : ` from ${from.sql}`}${conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`}`;
  const having = select.having === undefined ? undefined : emitCondition(cx, select.having, scope);
  const qualify = select.qualify === undefined ? undefined : emitCondition(cx, select.qualify, scope);
  const keys = orderBy.map((key) => ({
    sql: sortValue(cx, key, items, aliases),
    tail: `${key.descending ? ' desc' : ''} nulls ${nullsFirst(cx, key) ? 'first' : 'last'}`,
  }));
  checkGrouped(cx, select, items, groups, scope);
  const columns = unique(items.map((item) => ({ name: item.name, type: item.value.type })));
  return assemble(cx, groupedOnce({ select, items, columns, source, groups, having, qualify, keys, scope }));
}

/** Named windows stand where they are used, because SQLite would look for their columns elsewhere. */
function withWindows(select: Select): Select {
  if (select.windows.length === 0) return select;
  const replace = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(replace);
    const node = value as Record<string, unknown>;
    const result = Object.fromEntries(Object.entries(node).map(([key, item]) => [key, key === 'span' ? item : replace(item)]));
    const base = (result.over as { base?: Name } | undefined)?.base;
    const found =
      base === undefined ? undefined : select.windows.find((window) => window.name.text.toLowerCase() === base.text.toLowerCase());
    if (found !== undefined) {
      const own = result.over as { partitionBy: unknown[]; orderBy: unknown[]; frame?: unknown };
      const named = replace(found.window) as { partitionBy: unknown[]; orderBy: unknown[]; frame?: unknown };
      result.over = {
        partitionBy: own.partitionBy.length > 0 ? own.partitionBy : named.partitionBy,
        orderBy: own.orderBy.length > 0 ? own.orderBy : named.orderBy,
        ...((own.frame ?? named.frame) ? { frame: own.frame ?? named.frame } : {}),
      };
    }
    return result;
  };
  const { windows: _, ...rest } = select;
  return { ...(replace(rest) as Omit<Select, 'windows'>), windows: [] };
}

/** Aliases that WHERE and later items may use; an item that cannot be emitted alone is met again, and refused, where it stands. */
function prepareAliases(cx: Context, items: readonly SelectItem[], scope: Scope): void {
  for (const item of items) {
    if (item.kind !== 'item' || item.alias === undefined) continue;
    const key = item.alias.text.toLowerCase();
    if (scope.aliases.has(key)) continue;
    scope.aliases.set(key, cx.emit(item.expression, scope));
  }
}

function sortValue(cx: Context, key: SortKey, items: readonly Item[], aliases: Scope): string {
  const { expression } = key;
  if (expression.kind === 'literal' && expression.type === 'number')
    return (
      items[Number(expression.value) - 1]?.value.sql ?? cx.refuse(`There is no column ${expression.value} to order by.`, expression.span)
    );
  if (expression.kind === 'column' && expression.parts.length === 1) {
    const alias = aliases.aliases.get(expression.parts[0]?.text.toLowerCase() ?? '');
    if (alias !== undefined) return alias.sql;
  }
  if (expression.kind === 'column' && expression.parts[0]?.text.toLowerCase() === 'all') return items[0]?.value.sql ?? '1';
  return cx.emit(expression, aliases).sql;
}

interface Pieces {
  readonly select: Select;
  readonly items: readonly Item[];
  readonly columns: readonly TableColumn[];
  readonly source: string;
  readonly groups: readonly (readonly Typed[])[] | undefined;
  readonly having: string | undefined;
  readonly qualify: string | undefined;
  readonly keys: readonly { readonly sql: string; readonly tail: string }[];
  readonly scope: Scope;
}

/** GROUPING is 0 throughout where there is one set of groups. */
function groupedOnce(pieces: Pieces): Pieces {
  const { groups } = pieces;
  if (groups?.length !== 1) return pieces;
  const plain = (sql: string): string =>
    sql.includes('hw_grouping(') ? (groups[0] ?? []).reduce((text, value) => text.split(`hw_grouping(${value.sql})`).join('0'), sql) : sql;
  return {
    ...pieces,
    items: pieces.items.map((item) => ({ ...item, value: { ...item.value, sql: plain(item.value.sql) } })),
    having: pieces.having === undefined ? undefined : plain(pieces.having),
    qualify: pieces.qualify === undefined ? undefined : plain(pieces.qualify),
    keys: pieces.keys.map((key) => ({ ...key, sql: plain(key.sql) })),
  };
}

/** Puts the clauses together: plain where SQLite can, wrapped where QUALIFY, DISTINCT ON, grouping sets or SELECT AS need it. */
function assemble(cx: Context, pieces: Pieces): EmittedQuery {
  const { select, items, columns, source, groups, having, qualify, keys } = pieces;
  const names = columns.map((column) => quoteName(column.name));
  const distinctOn = Array.isArray(select.distinct) ? (select.distinct as readonly Expression[]) : undefined;
  const hidden: string[] = [];
  // DuckDB has a clause of its own for it.
  const inPlace =
    cx.options.engine === 'duckdb' && distinctOn === undefined && (groups === undefined || groups.length < 2) && select.distinct !== true;
  if (qualify !== undefined && !inPlace) hidden.push(`${qualify} as "hw:q"`);
  const wrapped =
    (qualify !== undefined && !inPlace) ||
    distinctOn !== undefined ||
    (groups !== undefined && groups.length > 1) ||
    (select.distinct === true && keys.length > 0 && keys.some((key) => !items.some((item) => item.value.sql === key.sql)));
  const list = items.map((item, i) => `${cx.filled(item.value)} as ${names[i]}`);
  const order = (all: readonly { sql: string; tail: string }[]): string =>
    all.length === 0 ? '' : ` order by ${all.map((key) => key.sql + key.tail).join(',')}`;
  const body = (values: readonly string[], group: readonly Typed[] | undefined): string => {
    const by =
      group === undefined
        ? ''
        : group.length === 0
          ? having === undefined && !items.some((item) => item.expression && hasAggregate(cx.dialect, item.expression))
            ? ' group by null'
            : ''
          : ` group by ${group.map((value) => (/^-?\d+$/.test(value.sql) ? `(${value.sql}+0)` : value.sql)).join(',')}`;
    return `select ${values.join(',')}${source}${by}${having === undefined ? '' : ` having ${having}`}${qualify === undefined || !inPlace ? '' : ` qualify ${qualify}`}`;
  };
  const finish = (sql: string, outputs: readonly TableColumn[]): EmittedQuery => asValue(cx, select, sql, outputs);
  if (!wrapped)
    return finish(
      `${body(list, groups?.[0]).replace(/^select /, select.distinct === true ? 'select distinct ' : 'select ')}${order(keys)}`,
      columns,
    );
  const sorted = keys.map((key, i) => ({ sql: `"hw:o${i}"`, tail: key.tail }));
  for (const [i, key] of keys.entries()) hidden.push(`${key.sql} as "hw:o${i}"`);
  if (distinctOn !== undefined) {
    const by = distinctOn.map((item) => cx.emit(item, pieces.scope).sql).join(',');
    hidden.push(`row_number() over (partition by ${by}${order(keys)}) as "hw:d"`);
  }
  const all = [...list, ...hidden];
  const inner =
    groups !== undefined && groups.length > 1
      ? groups
          .map((group) =>
            body(
              all.map((value) => ungroup(value, groups, group)),
              group,
            ),
          )
          .join(' union all ')
      : body(all, groups?.[0]);
  const filters = [...(qualify === undefined ? [] : ['"hw:q"']), ...(distinctOn === undefined ? [] : ['"hw:d" = 1'])];
  const distinct = select.distinct === true ? 'distinct ' : '';
  return finish(
    `select ${distinct}${names.join(',')} from (${inner})${filters.length === 0 ? '' : ` where ${filters.join(' and ')}`}${order(distinct === '' ? sorted : sorted.filter((_, i) => items.some((item) => item.value.sql === keys[i]?.sql)).map((key) => ({ ...key, sql: names[items.findIndex((item) => item.value.sql === keys[Number(key.sql.slice(5, -1))]?.sql)] ?? key.sql })))}`,
    columns,
  );
}

/** SELECT AS STRUCT and AS VALUE give one column. */
function asValue(cx: Context, select: Select, sql: string, columns: readonly TableColumn[]): EmittedQuery {
  const [only] = columns;
  if (select.as === undefined || only === undefined) return { sql, columns };
  if (select.as === 'value') return { sql, columns: [only] };
  const name = cx.fresh('w');
  const items = columns.map(
    (column) =>
      `${quoteText(column.name)},${['array', 'struct', 'map', 'json', 'variant'].includes(column.type.kind) ? `json(${name}.${quoteName(column.name)})` : `${name}.${quoteName(column.name)}`}`,
  );
  const type: ValueType = { kind: 'struct', fields: columns.map((column) => ({ name: column.name, type: column.type })) };
  return { sql: `select json_object(${items.join(',')}) as "struct" from (${sql}) as ${name}`, columns: [{ name: 'struct', type }] };
}
