import type { Expression, Frame, FrameBound, SortKey, Window } from '../ir.ts';
import type { Cursor } from './cursor.ts';

/** `ORDER BY a DESC NULLS LAST, b`, from its first word; the other sorting clauses of Hive are read alike. */
export function readOrderBy(cursor: Cursor): SortKey[] {
  cursor.at++;
  cursor.take('siblings');
  cursor.expect('by');
  const keys: SortKey[] = [];
  do {
    if (cursor.done) break;
    const expression = cursor.grammar.expression(cursor);
    let descending = false;
    if (cursor.take('desc')) descending = true;
    else if (cursor.take('using')) cursor.at++;
    else cursor.take('asc');
    let nulls: 'first' | 'last' | undefined;
    if (cursor.take('nulls', 'first')) nulls = 'first';
    else if (cursor.take('nulls', 'last')) nulls = 'last';
    if (cursor.take('with', 'fill')) while (!cursor.done && !cursor.is(',') && !cursor.is('limit')) cursor.at++;
    keys.push({ expression, descending, ...(nulls === undefined ? {} : { nulls }) });
  } while (cursor.take(','));
  return keys;
}

/** What follows OVER: the name of a window, or one in brackets. */
export function readWindow(cursor: Cursor): Window {
  if (!cursor.is('(')) return { base: cursor.name(), partitionBy: [], orderBy: [] };
  return cursor.inBrackets(() => {
    const starts =
      cursor.is('partition') ||
      cursor.is('order') ||
      cursor.is('rows') ||
      cursor.is('range') ||
      cursor.is('groups') ||
      cursor.is('distribute') ||
      cursor.is('sort');
    const base = starts || cursor.done ? undefined : cursor.name();
    const partitionBy: Expression[] = [];
    if (cursor.take('partition', 'by') || cursor.take('distribute', 'by')) {
      do partitionBy.push(cursor.grammar.expression(cursor));
      while (cursor.take(','));
    }
    const orderBy = cursor.is('order') || cursor.is('sort') ? readOrderBy(cursor) : [];
    const frame = readFrame(cursor);
    return { ...(base === undefined ? {} : { base }), partitionBy, orderBy, ...(frame === undefined ? {} : { frame }) };
  });
}

function readFrame(cursor: Cursor): Frame | undefined {
  const { lower } = cursor.peek();
  if (lower !== 'rows' && lower !== 'range' && lower !== 'groups') return undefined;
  cursor.at++;
  const between = cursor.take('between');
  const start = readBound(cursor);
  let end: FrameBound | undefined;
  if (between) {
    cursor.expect('and');
    end = readBound(cursor);
  }
  let exclude: Frame['exclude'] | undefined;
  if (cursor.take('exclude')) {
    if (cursor.take('current', 'row')) exclude = 'current row';
    else if (cursor.take('group')) exclude = 'group';
    else if (cursor.take('ties')) exclude = 'ties';
    else cursor.take('no', 'others');
  }
  return { unit: lower, start, ...(end === undefined ? {} : { end }), ...(exclude === undefined ? {} : { exclude }) };
}

function readBound(cursor: Cursor): FrameBound {
  if (cursor.take('unbounded', 'preceding')) return { kind: 'unbounded preceding' };
  if (cursor.take('unbounded', 'following')) return { kind: 'unbounded following' };
  if (cursor.take('current', 'row')) return { kind: 'current row' };
  const value = cursor.grammar.expression(cursor);
  if (cursor.take('preceding')) return { kind: 'preceding', value };
  if (cursor.take('following')) return { kind: 'following', value };
  return cursor.fail('expected PRECEDING or FOLLOWING');
}
