import type { Expression, Grouping } from '../ir.ts';
import type { Cursor } from './cursor.ts';
import { readCommas, readList } from './lists.ts';
import { opaqueExpression, recovering } from './recovery.ts';

/** What GROUP BY is read into. */
interface Grouped {
  readonly groupBy: Grouping[];
  groupByAll: boolean;
}

/** Reads what stands behind GROUP BY; `endsItem` says where an item is over. */
export function readGroupBy(cursor: Cursor, parts: Grouped, endsItem: (cursor: Cursor) => boolean): void {
  if (cursor.is('distinct') || (cursor.is('all') && !parts.groupByAll)) {
    if (cursor.next().lower === 'all' && (cursor.done || endsItem(cursor))) {
      parts.groupByAll = true;
      return;
    }
  }
  do {
    if (cursor.done) return;
    parts.groupBy.push(
      recovering<Grouping>(
        cursor,
        (at) => at.is(',') || endsItem(at),
        () => readGrouping(cursor),
        (start, reason) => ({
          kind: 'expression',
          expression: opaqueExpression(cursor, start, reason),
        }),
      ),
    );
  } while (cursor.take(','));
  // Hive and Spark write the sets behind the list without a comma.
  if (cursor.is('grouping', 'sets', '(')) parts.groupBy.splice(0, parts.groupBy.length, readGrouping(cursor));
  const kind = cursor.is('with', 'cube') ? 'cube' : 'rollup';
  if (!cursor.take('with', 'rollup') && !cursor.take('with', 'cube')) {
    cursor.take('with', 'totals');
    return;
  }
  // MySQL, Spark and T-SQL write behind the list what others write around it.
  const sets = parts.groupBy.flatMap((grouping) => (grouping.kind === 'expression' ? [[grouping.expression]] : grouping.sets));
  parts.groupBy.splice(0, parts.groupBy.length, { kind, sets });
}

/** As many as PostgreSQL takes. */
const mostGroupingSets = 4096;
const mostGroupingColumns = 50_000;

/** How many sets a grouping stands for. */
export function countSets(grouping: Grouping): number {
  if (grouping.kind === 'expression') return 1;
  const { length } = grouping.sets;
  return grouping.kind === 'sets' ? length : grouping.kind === 'rollup' ? length + 1 : 2 ** length;
}

/** How many columns they have together. */
function countColumns({ kind, sets }: Exclude<Grouping, { kind: 'expression' }>): number {
  const all = sets.reduce((sum, set) => sum + set.length, 0);
  if (kind === 'sets') return all;
  return kind === 'cube' ? (all * 2 ** sets.length) / 2 : sets.reduce((sum, set, at) => sum + set.length * (sets.length - at), 0);
}

/** The sets that a ROLLUP or CUBE inside of GROUPING SETS stands for. */
function expandSets(kind: 'rollup' | 'cube' | 'sets', sets: readonly (readonly Expression[])[]): Expression[][] {
  if (kind === 'sets') return sets.map((set) => [...set]);
  if (kind === 'rollup') return Array.from({ length: sets.length + 1 }, (_, i) => sets.slice(0, sets.length - i).flat());
  return Array.from({ length: 2 ** sets.length }, (_, bits) =>
    sets.filter((_set, i) => (bits & (1 << (sets.length - 1 - i))) === 0).flat(),
  );
}

function readGrouping(cursor: Cursor): Grouping {
  const { lower } = cursor.peek();
  const sets = (): Expression[][] =>
    cursor.inBrackets(() => {
      const found: Expression[][] = [];
      readCommas(cursor, () => {
        if (cursor.is('(')) found.push(cursor.inBrackets(() => readList(cursor)));
        else if (cursor.is('rollup') || cursor.is('cube') || cursor.is('grouping', 'sets', '(')) {
          const inner = readGrouping(cursor);
          if (inner.kind === 'expression') return;
          if (found.length + countSets(inner) > mostGroupingSets || countColumns(inner) > mostGroupingColumns)
            cursor.fail(`more than ${mostGroupingSets} grouping sets`);
          found.push(...expandSets(inner.kind, inner.sets));
        } else found.push([cursor.grammar.expression(cursor)]);
      });
      return found;
    });
  if ((lower === 'rollup' || lower === 'cube') && cursor.peek(1).lower === '(') {
    cursor.at++;
    return { kind: lower, sets: sets() };
  }
  if (cursor.is('grouping', 'sets', '(')) {
    cursor.at += 2;
    return { kind: 'sets', sets: sets() };
  }
  return { kind: 'expression', expression: cursor.grammar.expression(cursor) };
}
