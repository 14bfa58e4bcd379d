import type { Expression, JoinRelation } from '../sql/ir.ts';
import type { Prints, RelationPrint } from './prints.ts';

/** A relation in FROM under the name that it has there. */
export interface Leaf {
  readonly alias: string;
  readonly print: RelationPrint;
  /** What tells it from the others beside it; undefined where it stands alone. */
  readonly tag: string | undefined;
}

/** How the relations of a FROM are joined, before anything is printed. */
export type Rows =
  | { readonly kind: 'leaf'; readonly index: number; readonly filter: readonly Expression[] }
  | {
      readonly kind: 'join';
      readonly type: Exclude<JoinRelation['type'], 'cross'>;
      readonly left: Rows;
      readonly right: Rows;
      readonly on: readonly Expression[];
      readonly using?: readonly string[];
    }
  | { readonly kind: 'filter'; readonly input: Rows; readonly filter: readonly Expression[] };

/** The rows for which conditions hold. */
export function withFilter(rows: Rows, filter: readonly Expression[]): Rows {
  return filter.length === 0 ? rows : { kind: 'filter', input: rows, filter };
}

type PrintIn = (leaves: readonly Leaf[]) => (expression: Expression) => string;

/**
 * The print of joined rows, and the relations as expressions see them. Conditions on one relation alone count as that relation's where that
 * comes to the same, and relations of inner joins stand in no order: so moving a condition or a join into a CTE changes no print.
 */
export function combine(
  tree: Rows,
  leaves: readonly Leaf[],
  prints: Prints,
  printIn: PrintIn,
  textOf: (expression: Expression) => string,
): { readonly rows: string; readonly leaves: readonly Leaf[] } {
  const marked = leaves.map((leaf, index): Leaf => ({ ...leaf, tag: `leaf ${index}` }));
  const filters = new Map<number, Expression[]>();
  const kept = new Map<Rows, Expression[]>();
  const place = (conditions: readonly Expression[], rows: Rows, at: Rows): void => {
    const free = preserved(rows);
    for (const condition of conditions) {
      const used = leavesIn(printIn(marked)(condition), prints);
      const [only] = used;
      if (used.size === 1 && only !== undefined && free.has(only)) filters.set(only, [...(filters.get(only) ?? []), condition]);
      else kept.set(at, [...(kept.get(at) ?? []), condition]);
    }
  };
  const walk = (rows: Rows): void => {
    if (rows.kind === 'filter') {
      place(rows.filter, rows.input, rows);
      walk(rows.input);
    } else if (rows.kind === 'join') {
      if (rows.type === 'inner') place(rows.on, rows, rows);
      else kept.set(rows, [...rows.on]);
      walk(rows.left);
      walk(rows.right);
    }
  };
  walk(tree);
  // What a relation alone is asked goes into its rows, before it is told from the others.
  const filtered = leaves.map((leaf, index): Leaf => {
    const own = filters.get(index) ?? [];
    if (own.length === 0) return leaf;
    const conditions = own.map((one) => printIn([leaf])(one));
    return { ...leaf, print: { ...leaf.print, rows: filterOf(leaf.print.rows, conditions, prints) } };
  });
  const counts = new Map<string, number>();
  const tagged = filtered.map((leaf): Leaf => {
    if (leaves.length === 1) return leaf;
    const count = counts.get(leaf.print.rows) ?? 0;
    counts.set(leaf.print.rows, count + 1);
    return { ...leaf, tag: count === 0 ? leaf.print.rows : `${leaf.print.rows} ${count}` };
  });
  const one = printIn(tagged);
  const print = (rows: Rows): string => {
    if (rows.kind === 'leaf') return tagged[rows.index]?.print.rows ?? '';
    const conditions = (kept.get(rows) ?? []).map(one);
    if (rows.kind === 'filter') return filterOf(print(rows.input), conditions, prints);
    const text = (kept.get(rows) ?? []).map(textOf).join(' and ');
    if (rows.type !== 'inner' || rows.using !== undefined)
      return prints.of(`${rows.type} join`, [print(rows.left), print(rows.right), ...(rows.using ?? []), ...[...conditions].sort()], text);
    const sides = [rows.left, rows.right].map(print).flatMap((side) => {
      const node = prints.node(side);
      return node?.kind === 'inner' ? node.parts : [`of ${side}`];
    });
    return prints.ofBag('inner', [...sides, ...conditions], text);
  };
  const rows = print(tree);
  return { rows, leaves: tagged };
}

/** Rows for which conditions hold: a filter of a filter is one. */
function filterOf(rows: string, conditions: readonly string[], prints: Prints): string {
  if (conditions.length === 0) return rows;
  const node = prints.node(rows);
  // BETWEEN is two conditions in one.
  const single = conditions.flatMap((one) => (prints.node(one)?.kind === 'and' ? (prints.node(one)?.parts ?? []) : [one]));
  const all = node?.kind === 'filter' ? [...node.parts, ...single] : [`of ${rows}`, ...single];
  return prints.ofSet('filter', all);
}

/** The relations whose rows are left out by a condition on the joined rows just as by one on them alone. */
function preserved(rows: Rows): ReadonlySet<number> {
  if (rows.kind === 'leaf') return new Set([rows.index]);
  if (rows.kind === 'filter') return preserved(rows.input);
  const [left, right] = [preserved(rows.left), preserved(rows.right)];
  if (rows.type === 'inner') return new Set([...left, ...right]);
  if (rows.type === 'right') return right;
  return rows.type === 'left' || rows.type === 'semi' || rows.type === 'anti' ? left : new Set();
}

/** The marked relations that a print has columns of; a print that has none of them stands for all. */
function leavesIn(print: string, prints: Prints): ReadonlySet<number> {
  const found = new Set<number>();
  const seen = new Set<string>();
  const visit = (one: string): void => {
    if (seen.has(one)) return;
    seen.add(one);
    const node = prints.node(one);
    if (node === undefined) return;
    if (node.kind === 'free' || node.kind === 'opaque' || node.kind.startsWith('subquery') || node.kind === 'query') found.add(-1);
    const mark = node.kind === 'at' ? /^leaf (\d+)$/.exec(node.parts[0] ?? '')?.[1] : undefined;
    if (mark !== undefined) {
      found.add(Number(mark));
      return;
    }
    for (const part of node.parts) for (const name of part.match(/#\d+/g) ?? []) visit(name);
  };
  visit(print);
  return found;
}
