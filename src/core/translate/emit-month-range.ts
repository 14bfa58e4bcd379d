import type { CallExpression, FrameBound } from '../sql/ir.ts';
import { toJsonItem } from './coerce.ts';
import type { Context } from './context.ts';
import { duckDbCan } from './duckdb/can.ts';
import { castInteger, emitCondition } from './emit-values.ts';
import { nullsFirst } from './emit-window.ts';
import { readInterval } from './runtime/interval.ts';
import type { Scope } from './scope.ts';
import { quoteText, type Typed } from './sql-text.ts';
import { isTemporal, types } from './value-type.ts';

const available = new Set(['count', 'sum', 'avg', 'min', 'max']);

/**
 * An aggregate over a RANGE of months, whose width differs from row to row: the partition is collected with its dates, and each row takes
 * from it what lies between its own bounds. Undefined for every other window.
 */
export function emitMonthRange(cx: Context, call: CallExpression, scope: Scope): Typed | undefined {
  // DuckDB has such windows.
  if (cx.options.engine === 'duckdb') return undefined;
  const frame = call.over?.frame;
  if (call.over === undefined || frame === undefined || frame.unit !== 'range') return undefined;
  const bounds = [frame.start, frame.end ?? { kind: 'current row' as const }];
  if (!bounds.some((bound) => hasMonths(cx, bound, scope))) return undefined;
  const [key] = call.over.orderBy;
  if (key === undefined || call.over.orderBy.length > 1) return cx.refuse('A RANGE of intervals needs one order, by a date.', call.span);
  const date = cx.emit(key.expression, scope);
  if (!isTemporal(date.type)) return cx.refuse('A RANGE of intervals needs an order by a date or timestamp.', key.expression.span);
  if (!available.has(call.name) || call.distinct || frame.exclude !== undefined)
    return cx.refuse(
      `${call.name.toUpperCase()} over a RANGE of months is not available in a preview.`,
      call.span,
      `COUNT, SUM, AVG, MIN and MAX are. ${duckDbCan}`,
    );
  const { orderBy: _order, frame: _frame, ...partition } = call.over;
  const whole = { ...partition, orderBy: [] };
  const { type } = cx.emit({ ...call, over: whole }, scope);
  const [first] = call.args;
  const value: Typed = first === undefined || first.kind === 'all-columns' ? { sql: '1', type: types.integer } : cx.emit(first, scope);
  const counted = call.filter === undefined ? value.sql : `case when ${emitCondition(cx, call.filter, scope)} then ${value.sql} end`;
  const at = date.type.kind === 'date' ? `(${date.sql} || ' 00:00:00')` : date.sql;
  const collected = `json_group_array(json_array(${at},${toJsonItem({ sql: counted, type: value.type })})) over (${cx.window(whole, scope)})`;
  const side = (bound: FrameBound): string => {
    if (bound.kind.startsWith('unbounded')) return 'NULL';
    if (bound.value === undefined) return at;
    const sign = (bound.kind === 'preceding') === key.descending ? 1 : -1;
    return `hw_interval_add(${at},${cx.emit(bound.value, scope).sql},${sign},'timestamp')`;
  };
  const [from, until] = bounds.map(side);
  const [low, high] = key.descending ? [until, from] : [from, until];
  // Rows without a date stand before or after all others, so that only an open end reaches them.
  const open = bounds.map((bound) => (bound.kind.startsWith('unbounded') ? 1 : 0));
  const [withNulls, fromNulls] = nullsFirst(cx, key) ? [open[0], open[1]] : [open[1], open[0]];
  return {
    sql: castInteger(`hw_agg_between(${collected},${at},${low},${high},${withNulls},${fromNulls},${quoteText(call.name)})`, type),
    type,
  };
}

function hasMonths(cx: Context, bound: FrameBound, scope: Scope): boolean {
  if (bound.value?.kind !== 'interval') return false;
  const text = /^'([^']*)'$/.exec(cx.emit(bound.value, scope).sql)?.[1];
  return text === undefined || readInterval(text).months !== 0;
}
