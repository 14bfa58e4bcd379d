import type { Expression, Grouping, Select } from '../sql/ir.ts';
import { countSets } from '../sql/parse/groupings.ts';
import { children } from './children.ts';
import type { Context } from './context.ts';
import { hasAggregate, isAggregate } from './emit-aggregate.ts';
import type { Item } from './emit-star.ts';
import type { Scope } from './scope.ts';
import type { Typed } from './sql-text.ts';

/** Each set is a query of its own. */
const mostSets = 1024;
const mostPlaces = 10_000;

/** The sets of grouping expressions; undefined where the query does not group. */
export function emitGroups(cx: Context, select: Select, items: readonly Item[], scope: Scope): readonly (readonly Typed[])[] | undefined {
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
  const count = select.groupBy.reduce((product, grouping) => product * countSets(grouping), 1);
  if (count > mostSets) cx.refuse(`This groups by more than ${mostSets} sets of columns, which a preview does not work out.`, select.span);
  let sets: (readonly Typed[])[] = [[]];
  for (const grouping of select.groupBy) {
    const options = groupingSets(grouping).map((set) => set.map(one));
    sets = sets.flatMap((set) => options.map((option) => [...set, ...option]));
    if (sets.reduce((sum, set) => sum + set.length, 0) > mostPlaces)
      cx.refuse('The sets of columns that this groups by are too many for a preview.', select.span);
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

const lenientGrouping = new Set(['mysql', 'sqlite']);

/** Refuses columns that are neither grouped nor aggregated: SQLite would give the value of any row in silence. */
export function checkGrouped(
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

/** A value of the list in one of several grouping sets: expressions that are not grouped there are NULL. */
export function ungroup(sql: string, groups: readonly (readonly Typed[])[], group: readonly Typed[]): string {
  const kept = new Set(group.map((value) => value.sql));
  let result = sql;
  for (const value of new Set(groups.flat().map((item) => item.sql))) {
    result = result.split(`hw_grouping(${value})`).join(kept.has(value) ? '0' : '1');
    if (!kept.has(value)) result = replaceOutsideCalls(result, value);
  }
  return result;
}

const aggregateStart = /\b(count|sum|avg|min|max|total|json_group_array|json_group_object|filter )\($/;

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
