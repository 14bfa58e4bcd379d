import type { Span } from '../../text/span.ts';
import type { Name } from '../ir.ts';
import { plainTypes } from '../types.ts';
import type { ResolvedColumn, TableUse } from './columns.ts';
import { ColumnSet } from './columns.ts';
import type { Context } from './context.ts';

/** The one use of a table in a text, whatever aliases it bears. */
export function tableUse(context: Context, parts: readonly Name[], span: Span): TableUse {
  const key = parts.map((part) => context.foldName(part)).join('\u0000');
  const known = context.tables.get(key);
  if (known !== undefined) {
    known.spans.push(span);
    return known;
  }
  const found = context.catalog.find(parts);
  const columns: ResolvedColumn[] = [];
  const isKnown = found?.isComplete === true;
  const make = (name: string, quoted: boolean): ResolvedColumn => ({
    name,
    quoted,
    type: plainTypes.unknown,
    nullable: undefined,
    inputs: [],
    table,
  });
  const set = new ColumnSet(columns, context.fold, isKnown ? undefined : make);
  const table: TableUse = {
    name: parts.map((part) => part.text).join('.'),
    parts: parts.map((part) => part.text),
    isKnown,
    spans: [span],
    columns: set,
  };
  for (const { name, quoted, type, nullable, isGuess } of found?.columns ?? [])
    columns.push({
      name,
      quoted: quoted ?? false,
      type: type ?? plainTypes.unknown,
      nullable,
      inputs: [],
      table,
      ...(isGuess ? { isGuess } : {}),
    });
  if (!isKnown) columns.push({ ...make('*', false), isStar: true });
  context.tables.set(key, table);
  return table;
}
