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
}

/** The world that was chosen, which is never mixed with files of the project; undefined where none was. */
export function readWorld(sources: Sources): World | undefined {
  const file = sources.find(`${worldFolder}/world.yml`);
  if (file === undefined) return undefined;
  const { value } = parseYaml(file);
  const name = (isMap(value) ? toText(value.name) : undefined) ?? 'world';
  const tables = new Map<NodeId, SourceData>();
  for (const table of toMaps(isMap(value) ? value.tables : undefined)) {
    const [node, path] = [toText(table.node), toText(table.file)];
    const found = path === undefined ? undefined : sources.find(`${worldFolder}/${path}`);
    if (node !== undefined && found !== undefined)
      tables.set(node as NodeId, { path: found.path, because: `it is its table in the world '${name}'` });
  }
  return { name, tables };
}
