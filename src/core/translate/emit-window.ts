import type { CallExpression, Frame, SortKey, Window } from '../sql/ir.ts';
import { coerce, kindText, literalNumber, toJsonItem } from './coerce.ts';
import type { Context } from './context.ts';
import { duckDbCan } from './duckdb/can.ts';
import { castInteger } from './emit-values.ts';
import { readInterval } from './runtime/interval.ts';
import type { Scope } from './scope.ts';
import { quoteText, type Typed } from './sql-text.ts';
import { isTemporal, types } from './value-type.ts';

const counting = new Set(['row_number', 'rank', 'dense_rank', 'ntile']);
const relative = new Set(['percent_rank', 'cume_dist']);
const shares = new Set(['ratio_to_report', 'conditional_true_event', 'conditional_change_event']);
const positional = new Set(['lag', 'lead', 'first_value', 'last_value', 'nth_value', 'first', 'last']);

/** Whether a name is that of a function that only stands before OVER. `first` and `last` are aggregates of other dialects and are found there. */
export function isWindowFunction(name: string): boolean {
  return counting.has(name) || relative.has(name) || shares.has(name) || (positional.has(name) && name !== 'first' && name !== 'last');
}

export function emitWindowFunction(cx: Context, call: CallExpression, scope: Scope): Typed {
  if (call.over === undefined) return cx.refuse(`${call.name.toUpperCase()} needs an OVER clause.`, call.span);
  const over = cx.window(call.over, scope);
  if (counting.has(call.name)) {
    const count = call.args[0] ? cx.emit(call.args[0], scope).sql : '';
    // An order is asked for by the dialects, but not by the engine; without one the rows are numbered as they come.
    return { sql: `${call.name}(${count}) over (${over})`, type: call.name === 'ntile' ? types.integer : types.bigint };
  }
  if (relative.has(call.name)) return { sql: `${call.name}() over (${over})`, type: types.float };
  const args = call.args.map((arg) => cx.emit(arg, scope));
  const [only] = args;
  if (only !== undefined && call.name === 'ratio_to_report')
    return { sql: `(${only.sql} * 1.0 / sum(${only.sql}) over (${over}))`, type: types.float };
  if (only !== undefined && call.name === 'conditional_change_event')
    return {
      sql: `cast(hw_agg_changes(json_group_array(${toJsonItem(only)}) over (${over})) as integer)`,
      type: types.integer,
    };
  if (only !== undefined && call.name === 'conditional_true_event')
    return { sql: `sum(case when ${only.sql} then 1 else 0 end) over (${over})`, type: types.integer };
  const [value, second, third] = args as [Typed | undefined, Typed | undefined, Typed | undefined];
  if (value === undefined) return cx.refuse(`${call.name.toUpperCase()} needs an argument.`, call.span);
  const ignores =
    call.nulls === 'ignore' || second?.literal?.toLowerCase() === 'true' || (second?.type.kind === 'boolean' && second.sql === '1');
  if (ignores) return ignoringNulls(cx, call, call.over, scope, value, second, third);
  const framed =
    (call.name === 'last_value' || call.name === 'nth_value') &&
    call.over.frame === undefined &&
    call.over.orderBy.length > 0 &&
    cx.dialect === 'snowflake'
      ? `${over} rows between unbounded preceding and unbounded following`
      : over;
  const rest =
    second === undefined || call.name === 'first_value' || call.name === 'last_value'
      ? ''
      : `,${second.sql}${third === undefined ? '' : `,${coerce(third, value.type.kind, cx.dialect) ?? third.sql}`}`;
  // An offset of a column may be negative, which SQLite does not take.
  if (rest !== '' && second !== undefined && literalNumber(second) === undefined && (call.name === 'lag' || call.name === 'lead')) {
    const back = rest.replace(`,${second.sql}`, `,-(${second.sql})`);
    return {
      sql: `(case when ${second.sql} < 0 then ${call.name === 'lag' ? 'lead' : 'lag'}(${value.sql}${back}) over (${framed}) else ${call.name}(${value.sql}${rest}) over (${framed}) end)`,
      type: value.type,
    };
  }
  return { sql: `${call.name}(${value.sql}${rest}) over (${framed})`, type: value.type };
}

/** IGNORE NULLS, which SQLite lacks: the window's rows are collected and the value is picked from those that are not NULL. */
function ignoringNulls(
  cx: Context,
  call: CallExpression,
  window: Window,
  scope: Scope,
  value: Typed,
  second: Typed | undefined,
  third: Typed | undefined,
): Typed {
  const kind = kindText(value.type);
  const collect = (frame?: Frame): string =>
    `json_group_array(${toJsonItem(value)}) over (${cx.window(frame === undefined ? window : { ...window, frame }, scope)})`;
  const type = value.type;
  const done = (sql: string): Typed => ({ sql: castInteger(sql, type), type });
  const whole: Frame = { unit: 'rows', start: { kind: 'unbounded preceding' }, end: { kind: 'unbounded following' } };
  const one = { kind: 'literal', type: 'number', value: '1', span: call.span } as const;
  const steps = literalNumber(second ?? { sql: '', type: types.integer }) ?? 1;
  const otherwise = (sql: string): Typed => done(third === undefined ? sql : `coalesce(${sql},${third.sql})`);
  switch (call.name) {
    case 'first_value':
      return done(`hw_agg_first(${collect(window.frame === undefined && cx.dialect === 'snowflake' ? whole : undefined)},${kind},'',1)`);
    case 'last_value':
      return done(`hw_agg_last(${collect(window.frame === undefined && cx.dialect === 'snowflake' ? whole : undefined)},${kind},'',1)`);
    case 'nth_value':
      return done(
        `hw_agg_nth(${collect(window.frame === undefined && cx.dialect === 'snowflake' ? whole : undefined)},${second?.sql ?? '1'},${kind})`,
      );
    case 'lag':
      return otherwise(
        `hw_agg_lag(${collect({ unit: 'rows', start: { kind: 'unbounded preceding' }, end: { kind: 'preceding', value: one } })},${steps},${kind})`,
      );
    default:
      return otherwise(
        `hw_agg_lead(${collect({ unit: 'rows', start: { kind: 'following', value: one }, end: { kind: 'unbounded following' } })},${steps},${kind})`,
      );
  }
}

const nullsHigh = new Set(['postgres', 'redshift', 'snowflake', 'oracle']);
const nullsLast = new Set(['duckdb', 'trino', 'athena', 'clickhouse']);

/** Where NULLs stand when the query does not say: high, low or always last, by dialect. */
export function nullsFirst(cx: Context, key: SortKey): boolean {
  if (key.nulls !== undefined) return key.nulls === 'first';
  if (nullsHigh.has(cx.dialect)) return key.descending;
  if (nullsLast.has(cx.dialect)) return false;
  return !key.descending;
}

/** A value that the engine orders as the dialect does: intervals by their length. */
function sortable(value: Typed): string {
  return value.type.kind === 'interval' ? `hw_interval_micros(${value.sql})` : value.sql;
}

export function emitSortKeys(cx: Context, keys: readonly SortKey[], scope: Scope): string {
  return (
    keys
      // An order by a constant, or by the order in which rows come, is none.
      .filter(({ expression }) => expression.kind !== 'literal' && !(expression.kind === 'call' && /^seq[1248]$/.test(expression.name)))
      .map(
        (key) =>
          `${sortable(cx.emit(key.expression, scope))}${key.descending ? ' desc' : ''} nulls ${nullsFirst(cx, key) ? 'first' : 'last'}`,
      )
      .join(',')
  );
}

/** The inside of OVER (…). */
export function emitWindow(cx: Context, window: Window, scope: Scope): string {
  const parts: string[] = [];
  if (window.partitionBy.length > 0)
    parts.push(`partition by ${window.partitionBy.map((item) => (item.kind === 'literal' ? 'null' : cx.emit(item, scope).sql)).join(',')}`);
  const frame = window.frame;
  const interval =
    frame !== undefined && frame.unit === 'range' && [frame.start, frame.end].some((bound) => bound?.value?.kind === 'interval');
  const [key] = window.orderBy;
  if (interval && key !== undefined) {
    const value = cx.emit(key.expression, scope);
    if (!isTemporal(value.type)) return cx.refuse('A RANGE of intervals needs an order by a date or timestamp.', key.expression.span);
    // DuckDB takes intervals as they are, months too; SQLite wants numbers.
    const by = cx.options.engine === 'duckdb' ? `hw_moment(${value.sql})` : `hw_part_date('epoch.fraction',${value.sql})`;
    parts.push(`order by ${by}${key.descending ? ' desc' : ''} nulls ${nullsFirst(cx, key) ? 'first' : 'last'}`);
  } else if (window.orderBy.length > 0) {
    const keys = emitSortKeys(cx, window.orderBy, scope);
    if (keys !== '') parts.push(`order by ${keys}`);
  }
  if (frame !== undefined) parts.push(emitFrame(cx, frame, scope));
  return parts.join(' ');
}

function emitFrame(cx: Context, frame: Frame, scope: Scope): string {
  const bound = (at: Frame['start']): string => {
    if (at.value === undefined) return at.kind;
    const value = cx.emit(at.value, scope);
    if (value.type.kind !== 'interval') return `${value.sql} ${at.kind}`;
    const parsed = /^'([^']*)'$/.exec(value.sql);
    const { months, days, micros } = readInterval(parsed?.[1] ?? '0|0|0');
    if (parsed === null) return cx.refuse('A RANGE of an interval that is worked out is not available in a preview.', at.value.span);
    if (cx.options.engine === 'duckdb') return `hw_interval(${value.sql}) ${at.kind}`;
    if (months !== 0) return cx.refuse('A RANGE of months is not available in SQLite.', at.value.span, `A RANGE of days is. ${duckDbCan}`);
    return `${days * 86_400 + micros / 1_000_000} ${at.kind}`;
  };
  const text = frame.end === undefined ? bound(frame.start) : `between ${bound(frame.start)} and ${bound(frame.end)}`;
  return `${frame.unit} ${text}${frame.exclude === undefined ? '' : ` exclude ${frame.exclude}`}`;
}

/** The sort keys of a window aggregate as runtime directions: `al` ascending nulls last, `df` descending nulls first. */
export function directions(cx: Context, keys: readonly SortKey[]): string {
  return quoteText(keys.map((key) => `${key.descending ? 'd' : 'a'}${nullsFirst(cx, key) ? 'f' : 'l'}`).join(','));
}
