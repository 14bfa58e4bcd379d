import { isRelation, type ProjectNode } from '../project/node.ts';
import type { Column, Snapshot } from '../snapshot.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { Name } from '../sql/ir.ts';
import { toHash } from '../text/hash.ts';
import type { KnownTable, TableColumn } from '../translate/table.ts';
import { toValueType, types } from '../translate/value-type.ts';
import { spellType } from './adapter-types.ts';
import type { Cell, Engine } from './engine.ts';
import { toEngineColumns } from './run-sql.ts';

type View = 'tables' | 'columns' | 'schemata' | 'views';

const text = (name: string): TableColumn => ({ name, type: types.string });

const views: Readonly<Record<View, readonly TableColumn[]>> = {
  tables: [...['table_catalog', 'table_schema', 'table_name', 'table_type'].map(text), { name: 'row_count', type: types.integer }],
  views: ['table_catalog', 'table_schema', 'table_name'].map(text),
  columns: [
    ...['table_catalog', 'table_schema', 'table_name', 'column_name'].map(text),
    { name: 'ordinal_position', type: types.integer },
    ...['is_nullable', 'data_type', 'column_default', 'comment'].map(text),
    ...['character_maximum_length', 'numeric_precision', 'numeric_scale', 'datetime_precision'].map(
      (name): TableColumn => ({ name, type: types.integer }),
    ),
  ],
  schemata: ['catalog_name', 'schema_name'].map(text),
};

/** The view of INFORMATION_SCHEMA that a table's name means, with the schema that stands before it in BigQuery. */
export function findCatalogueView(parts: readonly Name[]): View | undefined {
  const names = parts.flatMap((part) => part.text.toLowerCase().split('.'));
  const view = names.at(-1);
  return names.at(-2) === 'information_schema' && view !== undefined && view in views ? (view as View) : undefined;
}

/** INFORMATION_SCHEMA as a warehouse would show it after a run of the whole project: every relation that can hold rows. */
export async function loadCatalogueView(engine: Engine, snapshot: Snapshot, view: View): Promise<KnownTable> {
  const rows: Cell[][] = [];
  const schemas = new Set<string>();
  for (const node of snapshot.nodes.values()) {
    if (!isRelation(node) || !node.enabled || node.materialized === 'ephemeral') continue;
    if (node.kind === 'source' && node.data === undefined) continue;
    const place = [node.database, node.schema];
    schemas.add(JSON.stringify(place));
    const isView = node.kind === 'model' && node.materialized === 'view';
    if (view === 'tables') rows.push([...place, node.identifier, isView ? 'VIEW' : 'BASE TABLE', linesOf(snapshot, node)]);
    if (view === 'views' && isView) rows.push([...place, node.identifier]);
    if (view === 'columns')
      for (const [at, column] of (snapshot.columns.get(node.id) ?? []).entries())
        rows.push([
          ...place,
          node.identifier,
          column.name,
          at + 1,
          column.nullable === false ? 'NO' : 'YES',
          ...describe(column, snapshot.project.dialect),
        ]);
  }
  if (view === 'schemata') for (const place of schemas) rows.push(JSON.parse(place) as string[]);
  const columns = views[view];
  const physical = `information_schema.${view}:${toHash(JSON.stringify(rows))}`;
  await engine.load(physical, toEngineColumns(columns), rows);
  return { physical, columns };
}

/** How many rows a relation has, as far as its file says without being read; NULL for what is computed. */
function linesOf(snapshot: Snapshot, node: ProjectNode): number | null {
  const path = node.kind === 'seed' ? node.path : node.kind === 'source' && node.data?.table === undefined ? node.data?.path : undefined;
  const bytes = path === undefined ? undefined : snapshot.sources.find(path)?.bytes;
  if (bytes === undefined) return null;
  let lines = 0;
  for (const byte of bytes) if (byte === 10) lines++;
  return Math.max(0, lines - 1 + (bytes.at(-1) === 10 ? 0 : 1));
}

/** What INFORMATION_SCHEMA.COLUMNS says of a type: its name, and the numbers in its parentheses. */
function describe({ type, description }: Column, dialect: Dialect): readonly Cell[] {
  const value = toValueType(type, dialect);
  const name = value.kind === 'unknown' ? type : spellType(value, dialect).replace(/\s*\(.*/, '');
  const length = value.kind === 'string' ? (value.length ?? null) : null;
  const [precision = null, scale = null] = value.kind === 'decimal' ? [value.precision, value.scale] : [];
  return [name, null, description === '' ? null : description, length, precision, scale, null];
}
