import type { Inspected } from '../../engine/preview.ts';
import { quote } from '../../engine/work.ts';
import type { Name } from '../../sql/ir.ts';
import { LineMap, type Span } from '../../text/span.ts';
import type { KnownTable } from '../../translate/table.ts';
import { ours, rowColumn } from './tree.ts';

/** A table with a column of row numbers. */
export function numbered(table: KnownTable): KnownTable {
  const columns = table.columns.filter((column) => !column.name.startsWith(ours));
  const list = columns.map((column) => quote(column.name)).join(', ');
  return {
    ...table,
    physical: `(select ${list}${list === '' ? '' : ', '}rowid as ${quote(rowColumn)} from ${quote(table.physical)})`,
    columns: [...columns, { name: rowColumn, type: { kind: 'integer' } }],
  };
}

/** A table without the columns that we have added. */
export function visible(table: KnownTable): KnownTable {
  const columns = table.columns.filter((column) => !column.name.startsWith(ours));
  if (columns.length === table.columns.length) return table;
  const from = table.physical.startsWith('(') ? table.physical : quote(table.physical);
  return { ...table, physical: `(select ${columns.map((column) => quote(column.name)).join(', ')} from ${from})`, columns };
}

/** The key of a table's name as it is written. */
export function keyOf(parts: readonly Name[]): string {
  return parts.map((part) => part.text.toLowerCase()).join('.');
}

/** The columns of a table that are not ours. */
export function visibleNames(table: KnownTable): readonly string[] {
  return table.columns.map(({ name }) => name).filter((name) => !name.startsWith(ours));
}

/** The line of the file that a piece of the rendered text was written in. */
export function lineAt({ builder, place, sql }: Pick<Inspected, 'builder' | 'place' | 'sql'>, span: Span): number {
  const at = place.map?.locateSpan(span) ?? span;
  return new LineMap(builder.snapshot.sources.find(place.path)?.text ?? sql).position(at.start).line;
}
