import type { Name } from '../sql/ir.ts';
import type { TableColumn } from './table.ts';

/** Columns under names that occur once, as a table must have them. */
export function unique(columns: readonly TableColumn[]): TableColumn[] {
  const seen = new Set<string>();
  return columns.map((column) => {
    let { name } = column;
    for (let i = 1; seen.has(name.toLowerCase()); i++) name = `${column.name}:${i}`;
    seen.add(name.toLowerCase());
    return { ...column, name };
  });
}

export function renamed(columns: readonly TableColumn[], names: readonly Name[]): TableColumn[] {
  return columns.map((column, i) => ({ ...column, name: names[i]?.text ?? column.name }));
}
