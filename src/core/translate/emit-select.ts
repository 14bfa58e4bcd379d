import { traitsOf } from '../sql/dialect-traits.ts';
import type { Expression, Grouping, Name, Select, SelectItem, SortKey } from '../sql/ir.ts';
import { withNearest } from '../text/nearest.ts';
import { unique } from './columns.ts';
import type { Context, EmittedQuery } from './context.ts';
import type { CteScope } from './cte-scope.ts';
import { children, hasAggregate, isAggregate } from './emit-aggregate.ts';
import { emitFrom } from './emit-relation.ts';
import { emitCondition } from './emit-values.ts';
import { nullsFirst } from './emit-window.ts';
import { Scope } from './scope.ts';
import { quoteName, quoteText, type Typed } from './sql-text.ts';
import type { TableColumn } from './table.ts';
import type { ValueType } from './value-type.ts';

interface Item {
  readonly name: string;
  readonly value: Typed;
  readonly expression?: Expression;
}

/** The engine's SQL for a SELECT with the ORDER BY that belongs to it. */
export function emitSelect(
  cx: Context,
  written: Select,
  orderBy: readonly SortKey[],
  outer: Scope | undefined,
  ctes: CteScope,
): EmittedQuery {
  if (written.connectBy !== undefined) return cx.refuse('CONNECT BY is not available in a preview.', written.span, 'A recursive CTE is.');
  const select = withRowFunctions(cx, withWindows(written));
  const from = emitFrom(cx, select.from, outer, ctes);
  const { scope } = from;
  const conditions = [...from.conditions];
  const lateral = traitsOf(cx.dialect).lateralAlias !== 'never';
  if (lateral) prepareAliases(cx, select.items, scope);
  if (select.where !== undefined) conditions.push(emitCondition(cx, select.where, scope));
  const items = emitItems(cx, select.items, scope);
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
  return assemble(cx, { select, items, columns, source, groups, having, qualify, keys, scope });
}

const rowFunctions = new Set([
  'unnest',
  'explode',
  'explode_outer',
  'arrayjoin',
  'json_array_elements',
  'jsonb_array_elements',
  'json_array_elements_text',
  'jsonb_array_elements_text',
  'generate_series',
  'regexp_split_to_table',
]);

/** Those that give rows in PostgreSQL alone. */
const postgresRowFunctions = new Set(['regexp_matches', 'string_to_table', 'json_object_keys', 'jsonb_object_keys']);

/** Functions in the SELECT list that give several rows, moved to FROM, where the engine has them. */
function withRowFunctions(cx: Context, select: Select): Select {
  const from = [...select.from];
  const lift = (expression: Expression): Expression => {
    if (expression.kind === 'cast') return { ...expression, operand: lift(expression.operand) };
    if (
      expression.kind !== 'call' ||
      !(rowFunctions.has(expression.name) || (cx.dialect === 'postgres' && postgresRowFunctions.has(expression.name))) ||
      (expression.name === 'generate_series' && cx.dialect !== 'postgres')
    )
      return expression;
    const { span } = expression;
    const name: Name = { text: cx.fresh('hw:rows'), quoted: true, span };
    from.push({
      kind: 'function',
      name: expression.name,
      args: expression.args,
      lateral: true,
      outer: false,
      alias: { name, columns: [name] },
      declared: [],
      span,
    });
    return { kind: 'column', parts: [name, name], span };
  };
  const items = select.items.map((item, i): SelectItem => {
    if (item.kind !== 'item') return item;
    const expression = lift(item.expression);
    if (expression === item.expression) return item;
    return { ...item, expression, alias: item.alias ?? { text: nameOf(cx, item.expression, i), quoted: false, span: item.span } };
  });
  return from.length === select.from.length ? select : { ...select, items, from };
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

function emitItems(cx: Context, items: readonly SelectItem[], scope: Scope): Item[] {
  return items.flatMap((item, i): Item[] => {
    if (item.kind === 'item') {
      const { expression } = item;
      if (expression.kind === 'all-columns')
        return expandStar(
          cx,
          { kind: 'star', qualifier: expression.qualifier ?? [], except: [], replace: [], rename: [], span: item.span },
          scope,
        );
      return [{ name: item.alias?.text ?? nameOf(cx, expression, i), value: cx.emit(expression, scope), expression }];
    }
    return expandStar(cx, item, scope);
  });
}

/** The name of a column that has no alias, as the dialect gives it where a model could refer to it. */
function nameOf(cx: Context, expression: Expression, index: number): string {
  switch (expression.kind) {
    case 'column':
      return expression.parts.at(-1)?.text ?? 'column';
    case 'field':
      return expression.field.text;
    case 'cast':
      return cx.dialect === 'postgres' || cx.dialect === 'redshift' ? nameOf(cx, expression.operand, index) : `_col${index}`;
    case 'call':
      return expression.name.split('.').pop() ?? expression.name;
    case 'parameter':
      return expression.text.replace('$', 'column');
    default:
      return cx.dialect === 'bigquery' ? `f${index}_` : `_col${index}`;
  }
}

function expandStar(cx: Context, star: Extract<SelectItem, { kind: 'star' }>, scope: Scope): Item[] {
  let columns: readonly (TableColumn & { sql: string })[];
  if (star.of !== undefined) columns = structColumns(cx, cx.emit(star.of, scope), star.span);
  else if (star.qualifier.length === 0) columns = scope.columns();
  else {
    const relation = scope.qualified(star.qualifier);
    if (relation !== undefined)
      columns =
        relation.isValue === true && relation.columns[0]?.type.kind === 'struct'
          ? structColumns(cx, relation.columns[0], star.span)
          : relation.columns;
    else columns = structColumns(cx, cx.emit({ kind: 'column', parts: star.qualifier, span: star.span }, scope), star.span);
  }
  const has = (names: readonly Name[], name: string): boolean =>
    names.some((candidate) => candidate.text.toLowerCase() === name.toLowerCase());
  for (const name of star.except)
    if (!has([name], '') && !columns.some((column) => column.name.toLowerCase() === name.text.toLowerCase()))
      cx.refuse(
        withNearest(
          `There is no column '${name.text}' to leave out here.`,
          name.text,
          columns.map((column) => column.name),
        ),
        name.span,
      );
  return columns
    .filter((column) => !has(star.except, column.name))
    .map((column) => {
      const replaced = star.replace.find((item) => item.name.text.toLowerCase() === column.name.toLowerCase());
      const renamed = star.rename.find((item) => item.from.text.toLowerCase() === column.name.toLowerCase());
      return {
        name: renamed?.to.text ?? column.name,
        value: replaced === undefined ? column : cx.emit(replaced.expression, scope),
        expression: undefined as never,
      };
    })
    .map(({ name, value }) => ({ name, value }));
}

function structColumns(cx: Context, value: Typed, span: Select['span']): (TableColumn & { sql: string })[] {
  if (value.type.kind !== 'struct') return cx.refuse('A star here wants a table or a struct.', span);
  return value.type.fields.map((field) => ({
    name: field.name,
    type: field.type,
    sql: `hw_struct_field(${value.sql},${quoteText(field.name)},'${field.type.kind}')`,
  }));
}

/** The sets of grouping expressions; undefined where the query does not group. */
function emitGroups(cx: Context, select: Select, items: readonly Item[], scope: Scope): readonly (readonly Typed[])[] | undefined {
  const one = (expression: Expression): Typed => {
    if (expression.kind === 'literal' && expression.type === 'number')
      return (
        items[Number(expression.value) - 1]?.value ?? cx.refuse(`There is no column ${expression.value} to group by.`, expression.span)
      );
    return cx.emit(expression, scope);
  };
  if (select.groupByAll)
    return [items.filter((item) => item.expression === undefined || !hasAggregate(cx.dialect, item.expression)).map((item) => item.value)];
  if (select.groupBy.length === 0) return undefined;
  let sets: (readonly Typed[])[] = [[]];
  for (const grouping of select.groupBy) {
    const options = groupingSets(grouping).map((set) => set.map(one));
    sets = sets.flatMap((set) => options.map((option) => [...set, ...option]));
  }
  return sets;
}

function groupingSets(grouping: Grouping): (readonly Expression[])[] {
  if (grouping.kind === 'expression') return [[grouping.expression]];
  if (grouping.kind === 'sets') return [...grouping.sets];
  const { sets } = grouping;
  if (grouping.kind === 'rollup') return Array.from({ length: sets.length + 1 }, (_, i) => sets.slice(0, sets.length - i).flat());
  return Array.from({ length: 2 ** sets.length }, (_, bits) =>
    sets.filter((_set, i) => (bits & (1 << (sets.length - 1 - i))) === 0).flat(),
  );
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

const lenientGrouping = new Set(['mysql', 'sqlite']);

/** Refuses columns that are neither grouped nor aggregated: SQLite would give the value of any row in silence. */
function checkGrouped(
  cx: Context,
  select: Select,
  items: readonly Item[],
  groups: readonly (readonly Typed[])[] | undefined,
  scope: Scope,
): void {
  const aggregates =
    items.some((item) => item.expression !== undefined && hasAggregate(cx.dialect, item.expression)) ||
    (select.having !== undefined && hasAggregate(cx.dialect, select.having));
  if ((groups === undefined && !aggregates) || lenientGrouping.has(cx.dialect)) return;
  const grouped = new Set((groups ?? []).flat().map((value) => value.sql));
  for (const item of items) {
    if (item.expression === undefined) {
      if (!grouped.has(item.value.sql) && !followsFromKey(cx, item.value, grouped, scope))
        cx.refuse(`The column '${item.name}' is neither grouped nor aggregated.`, select.span);
    } else checkExpression(cx, item.expression, item.value, grouped, scope);
  }
}

function checkExpression(cx: Context, expression: Expression, value: Typed, grouped: ReadonlySet<string>, scope: Scope): void {
  if (grouped.has(value.sql)) return;
  if (expression.kind === 'call' && isAggregate(cx.dialect, expression) && expression.over === undefined) return;
  if (expression.kind === 'column' && isOwnColumn(value, scope) && !followsFromKey(cx, value, grouped, scope))
    cx.refuse(`The column '${expression.parts.map((part) => part.text).join('.')}' is neither grouped nor aggregated.`, expression.span);
  if (expression.kind === 'call' && expression.args.some((item) => item.kind === 'lambda')) return;
  for (const child of children(expression)) {
    if (
      child.kind === 'all-columns' ||
      child.kind === 'lambda' ||
      (expression.kind === 'call' &&
        child.kind === 'column' &&
        child === expression.args[0] &&
        expression.args.length > 1 &&
        !scope.columns().some((column) => column.name.toLowerCase() === child.parts.at(-1)?.text.toLowerCase()))
    )
      continue;
    checkExpression(cx, child, cx.emit(child, scope), grouped, scope);
  }
}

/** Whether the groups hold the whole primary key of the column's table, which decides it: PostgreSQL's functional dependency. */
function followsFromKey(cx: Context, value: Typed, grouped: ReadonlySet<string>, scope: Scope): boolean {
  if (cx.dialect !== 'postgres') return false;
  const relation = scope.relations.find((one) => one.columns.some((column) => column.sql === value.sql));
  const key = relation?.primaryKey;
  if (relation === undefined || key === undefined || key.length === 0) return false;
  return key.every((name) => relation.columns.some((column) => column.name.toLowerCase() === name && grouped.has(column.sql)));
}

/** Whether a value is a bare column of this SELECT, and not of a query around it or an alias of something computed. */
function isOwnColumn(value: Typed, scope: Scope): boolean {
  return scope.relations.some((relation) => relation.columns.some((column) => column.sql === value.sql));
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

/** Puts the clauses together: plain where SQLite can, wrapped where QUALIFY, DISTINCT ON, grouping sets or SELECT AS need it. */
function assemble(cx: Context, pieces: Pieces): EmittedQuery {
  const { select, items, columns, source, groups, having, qualify, keys } = pieces;
  const names = columns.map((column) => quoteName(column.name));
  const distinctOn = Array.isArray(select.distinct) ? (select.distinct as readonly Expression[]) : undefined;
  const hidden: string[] = [];
  if (qualify !== undefined) hidden.push(`${qualify} as "hw:q"`);
  const wrapped =
    qualify !== undefined ||
    distinctOn !== undefined ||
    (groups !== undefined && groups.length > 1) ||
    (select.distinct === true && keys.length > 0 && keys.some((key) => !items.some((item) => item.value.sql === key.sql)));
  const list = items.map((item, i) => `${item.value.sql} as ${names[i]}`);
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
    return `select ${values.join(',')}${source}${by}${having === undefined ? '' : ` having ${having}`}`;
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

/** A value of the list in one of several grouping sets: expressions that are not grouped there are NULL. */
function ungroup(sql: string, groups: readonly (readonly Typed[])[], group: readonly Typed[]): string {
  const kept = new Set(group.map((value) => value.sql));
  let result = sql;
  for (const value of new Set(groups.flat().map((item) => item.sql))) {
    result = result.split(`hw_grouping(${value})`).join(kept.has(value) ? '0' : '1');
    if (!kept.has(value)) result = replaceOutsideCalls(result, value);
  }
  return result;
}

const aggregateStart = /\b(count|sum|avg|min|max|total|json_group_array)\($/;

/** Replaces a column by NULL wherever it does not stand inside an aggregate. */
function replaceOutsideCalls(sql: string, value: string): string {
  let result = '';
  let at = 0;
  for (;;) {
    const found = sql.indexOf(value, at);
    if (found === -1) return result + sql.slice(at);
    result += sql.slice(at, found) + (insideAggregate(sql, found) ? value : 'NULL');
    at = found + value.length;
  }
}

function insideAggregate(sql: string, position: number): boolean {
  let depth = 0;
  for (let i = position - 1; i >= 0; i--) {
    const character = sql[i];
    if (character === ')') depth++;
    else if (character === '(') {
      if (depth > 0) depth--;
      else if (aggregateStart.test(sql.slice(Math.max(0, i - 20), i + 1))) return true;
    }
  }
  return false;
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
