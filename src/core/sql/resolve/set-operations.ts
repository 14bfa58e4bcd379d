import type { Query } from '../ir.ts';
import type { Input, ResolvedColumn } from './columns.ts';
import { ColumnSet, mergeColumns } from './columns.ts';
import type { Context, CteScope } from './context.ts';

/** Resolves the branches of a set operation, and of a recursive CTE, into one set of columns. */
export function unite(context: Context, query: Query, ctes: CteScope | undefined, resolve: (branch: Query) => ColumnSet): ColumnSet {
  const branches: Query[] = [];
  const byNames: boolean[] = [];
  // Long chains of UNION ALL lean to the left; they are walked without recursion.
  let at: Query = query;
  while (at.body.kind === 'set' && (at === query || (at.ctes.length === 0 && at.orderBy.length === 0))) {
    branches.push(at.body.right);
    byNames.push(at.body.byName);
    at = at.body.left;
  }
  branches.push(at);
  branches.reverse();
  byNames.reverse();
  const recursive =
    ctes?.isBeingRead && ctes.self === undefined && ctes.cte.query === query && mayReadItself(context, ctes) ? ctes : undefined;
  const sets: ColumnSet[] = [];
  for (const branch of branches) {
    const [anchor] = sets;
    if (recursive !== undefined && anchor !== undefined) recursive.self = selfOf(context, recursive, anchor);
    sets.push(resolve(branch));
  }
  const whole = sets.length > 1 ? combine(context, sets, byNames, query) : sets[0];
  const united = whole === undefined ? undefined : keepSide(context, whole, sets, query);
  if (recursive?.self !== undefined && united !== undefined) {
    // The rows that the CTE reads from itself are those that it makes.
    for (const [index, column] of recursive.self.columns.entries()) {
      const result = united.columns[index];
      if (result !== undefined) (column.inputs as Input[]).push({ column: result, kind: 'copied', span: query.span, confidence: 'exact' });
    }
    delete recursive.self;
  }
  return united ?? new ColumnSet([], context.fold);
}

/** LEFT and INNER keep the columns of the first branch, or those that all branches have. */
function keepSide(context: Context, united: ColumnSet, sets: readonly ColumnSet[], query: Query): ColumnSet {
  const { body } = query;
  if (body.kind !== 'set' || !body.byName || (body.side !== 'left' && body.side !== 'inner') || united.isOpen) return united;
  const needed = body.side === 'left' ? sets.slice(0, 1) : sets;
  const kept = united.columns.filter((column) => needed.every((set) => set.find(context.fold(column.name, column.quoted)) !== undefined));
  return new ColumnSet(kept, context.fold);
}

function selfOf(context: Context, entry: CteScope, anchor: ColumnSet): ColumnSet {
  if (entry.self !== undefined) return entry.self;
  const { columns: names, span } = entry.cte;
  const columns = anchor.columns.map((column, index): ResolvedColumn => {
    const name = names[index] ?? { text: column.name, quoted: column.quoted };
    return { ...mergeColumns(name.text, name.quoted, [column], span), nullable: undefined, ...(column.isStar ? { isStar: true } : {}) };
  });
  return new ColumnSet(columns, context.fold, anchor.guesser);
}

const recursiveWithoutWord = new Set(['tsql', 'oracle', 'generic']);

function mayReadItself(context: Context, entry: CteScope): boolean {
  return entry.cte.recursive === true || recursiveWithoutWord.has(context.dialect);
}

/** The columns of all branches under the names of the first: by position, or by name where the statement or an unknown star asks for it. */
function combine(context: Context, sets: readonly ColumnSet[], byNames: readonly boolean[], query: Query): ColumnSet {
  const isOpen = sets.some((set) => set.isOpen);
  const byName = byNames.some((name) => name);
  if (!isOpen && !byName) {
    const width = Math.max(...sets.map((set) => set.columns.length));
    const first = sets[0]?.columns ?? [];
    const columns = Array.from({ length: width }, (_, index) => {
      const from = sets.flatMap((set) => set.columns[index] ?? []);
      const name = first[index] ?? from[0];
      return mergeColumns(name?.name ?? '', name?.quoted ?? false, from, query.span);
    });
    return new ColumnSet(columns, context.fold);
  }
  const hasStar = (set: ColumnSet): boolean => set.columns.some((column) => column.isStar);
  const names = new Map<string, ResolvedColumn[]>();
  const stars: ResolvedColumn[] = [];
  for (const set of sets) {
    if (!byName && set !== sets[0] && !hasStar(set) && sets[0] !== undefined && !hasStar(sets[0])) {
      for (const [index, column] of set.columns.entries()) {
        const name = sets[0].columns[index];
        if (name !== undefined) add(names, context.fold(name.name, name.quoted), column);
      }
      continue;
    }
    for (const column of set.columns) {
      if (column.isStar) stars.push(column);
      else add(names, context.fold(column.name, column.quoted), column);
    }
  }
  const columns = [...names].map(([folded, from]) => {
    const [first] = from as [ResolvedColumn];
    const all = [...from];
    for (const set of sets) {
      if (!hasStar(set) || set.find(folded) !== undefined) continue;
      const guess = set.findOrGuess(first.name, first.quoted);
      if (guess !== undefined) all.push(guess);
    }
    return mergeColumns(first.name, first.quoted, all, query.span);
  });
  if (stars.length > 0) columns.push({ ...mergeColumns('*', false, stars, query.span), isStar: true });
  if (!isOpen) return new ColumnSet(columns, context.fold);
  return new ColumnSet(columns, context.fold, (name, quoted) => {
    const found = sets.flatMap((set) => set.findOrGuess(name, quoted) ?? []);
    return found.length === 0 ? undefined : mergeColumns(name, quoted, found, query.span);
  });
}

function add(map: Map<string, ResolvedColumn[]>, key: string, column: ResolvedColumn): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [column]);
  else list.push(column);
}
