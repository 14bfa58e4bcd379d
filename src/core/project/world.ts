import type { NodeId } from '../text/ids.ts';
import type { SourceData } from './node.ts';
import type { Sources } from './sources.ts';
import { isMap, parseYaml, toMaps, toText } from './yaml.ts';

/** Where the files of the world that was chosen appear among those of the project. */
export const worldFolder = 'headwater_world';

/** A set of tables that stands in for all rows of the project's sources. */
export interface World {
  readonly name: string;
  readonly tables: ReadonlyMap<NodeId, SourceData>;
  /** The types of its tables' columns, in the project's dialect, by lower-case name. */
  readonly types: ReadonlyMap<NodeId, Readonly<Record<string, string>>>;
  /** Whether it has rows only for sources without any: the others keep the files that they have. */
  readonly isPartial: boolean;
  /** The moment that its dates lead up to, which is now for what runs over it. */
  readonly at?: string;
}

/** The world that was chosen, which is never mixed with files of the project; undefined where none was. */
export function readWorld(sources: Sources): World | undefined {
  const file = sources.find(`${worldFolder}/world.yml`);
  if (file === undefined) return undefined;
  const { value } = parseYaml(file);
  const name = (isMap(value) ? toText(value.name) : undefined) ?? 'world';
  const tables = new Map<NodeId, SourceData>();
  const types = new Map<NodeId, Readonly<Record<string, string>>>();
  for (const table of toMaps(isMap(value) ? value.tables : undefined)) {
    const [node, path] = [toText(table.node), toText(table.file)];
    const found = path === undefined ? undefined : sources.find(`${worldFolder}/${path}`);
    if (node === undefined || found === undefined) continue;
    tables.set(node as NodeId, { path: found.path, because: `it is its table in the world '${name}'` });
    const columns = isMap(table.columns) ? Object.entries(table.columns) : [];
    types.set(
      node as NodeId,
      Object.fromEntries(columns.flatMap(([column, type]) => (typeof type === 'string' ? [[column.toLowerCase(), type] as const] : []))),
    );
  }
  const at = isMap(value) ? toText(value.at) : undefined;
  const isDated = at !== undefined && !Number.isNaN(Date.parse(at));
  const isPartial = isMap(value) && toText(value.kind) === 'synthetic';
  return { name, tables, types, isPartial, ...(isDated ? { at } : {}) };
}
