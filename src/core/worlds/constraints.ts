import type { ColumnPlan, TablePlan } from './column-plan.ts';
import { type Demands, keyOfColumn, type Origin } from './demand.ts';
import type { MadeTable } from './make-rows.ts';
import type { WorldConstraint } from './world-file.ts';

type Rows = MadeTable['rows'];

/** What was wanted of a table, each held against its rows. */
export function constraintsOf(plan: TablePlan, rows: Rows, tables: readonly MadeTable[], demands: Demands): readonly WorldConstraint[] {
  const found: WorldConstraint[] = [];
  const say = (columns: readonly string[], kind: string, text: string, met: boolean, because: readonly Origin[]): void => {
    found.push({ columns, kind, text, met, because });
  };
  for (const [index, column] of plan.columns.entries()) {
    const values = rows.map((row) => row[index] ?? null);
    const present = values.filter((value) => value !== null);
    const because = (kind: string): readonly Origin[] =>
      demands.wishes
        .filter((wish) => wish.at.node === plan.node && wish.at.column === column.name.toLowerCase() && wish.what.kind === kind)
        .map((wish) => wish.because)
        .slice(0, 3);
    if (column.isUnique)
      say([column.name], 'unique', `${column.name} is unique`, new Set(present).size === present.length, because('unique'));
    if (column.isNotNull)
      say([column.name], 'not-null', `${column.name} is never NULL`, present.length === values.length, because('not-null'));
    if (column.isClosed)
      say(
        [column.name],
        'accepted-values',
        `${column.name} is one of ${column.values.slice(0, 8).join(', ')}`,
        present.every((value) => column.values.includes(value)),
        because('only'),
      );
    if (column.low !== undefined || column.high !== undefined)
      say(
        [column.name],
        'range',
        `${column.name} lies between ${column.low ?? '…'} and ${column.high ?? '…'}`,
        present.every(
          (value) =>
            Number(value) >= (column.low ?? Number.NEGATIVE_INFINITY) && Number(value) <= (column.high ?? Number.POSITIVE_INFINITY),
        ),
        because('range'),
      );
    for (const value of column.isClosed ? [] : column.values.slice(0, 12))
      say([column.name], 'value', `${column.name} is '${value}' somewhere`, present.includes(value), column.because.slice(0, 1));
    if (column.pool !== undefined)
      for (const other of partnersOf(plan, column, demands)) found.push(meets(plan, column, present, other, tables));
  }
  for (const key of demands.keys.filter((one) => one.node === plan.node && one.columns.length > 1)) {
    const places = key.columns.map((name) => plan.columns.findIndex((column) => column.name.toLowerCase() === name));
    const texts = rows.map((row) => places.map((place) => row[place] ?? '').join('\u0000'));
    say(key.columns, 'unique', `${key.columns.join(', ')} are unique together`, new Set(texts).size === texts.length, [key.because]);
  }
  return found;
}

/** The columns that one is compared with directly. */
function partnersOf(
  plan: TablePlan,
  column: ColumnPlan,
  { pairs }: Demands,
): readonly { readonly node: string; readonly column: string; readonly key: string }[] {
  const mine = keyOfColumn({ node: plan.node, column: column.name.toLowerCase() });
  const seen = new Set<string>();
  return pairs.flatMap(([a, b]) => {
    const [left, right] = [keyOfColumn(a), keyOfColumn(b)];
    const other = left === mine ? b : right === mine ? a : undefined;
    const key = other === undefined ? '' : keyOfColumn(other);
    if (other === undefined || key === mine || seen.has(key) || seen.size > 3) return [];
    seen.add(key);
    return [{ ...other, key }];
  });
}

/** Whether some rows find a partner in another table. */
function meets(
  plan: TablePlan,
  column: ColumnPlan,
  present: readonly string[],
  other: { readonly node: string; readonly column: string },
  tables: readonly MadeTable[],
): WorldConstraint {
  const table = tables.find((one) => one.plan.node === other.node);
  const place = table?.plan.columns.findIndex((one) => one.name.toLowerCase() === other.column) ?? -1;
  const values = new Set(table === undefined || place === -1 ? [] : table.rows.map((row) => row[place] ?? null));
  void plan;
  return {
    columns: [column.name],
    kind: 'relationship',
    text: `rows find partners in ${other.node} by ${other.column}`,
    met: present.some((value) => values.has(value)),
    because: column.because.slice(0, 1),
  };
}
