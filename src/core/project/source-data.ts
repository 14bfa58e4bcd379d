import { rowEndings } from '../data/formats.ts';
import type { ProjectNode, SourceData, SourceNode } from './node.ts';
import type { Sources } from './sources.ts';
import type { SqliteTable } from './sqlite-file.ts';
import { readSqliteSchema } from './sqlite-file.ts';
import { readWorld } from './world.ts';

/** A file, or a table in a SQLite file, that can hold the rows of a source. */
export interface DataFile {
  readonly path: string;
  readonly table?: string;
  /** The name it offers: that of the table, or of the file without its ending. */
  readonly name: string;
}

/** Every file with the rows of one table and every table of every SQLite file, those nearest to the root first. */
export function listDataFiles(sources: Sources, schemas?: ReadonlyMap<string, readonly SqliteTable[]>): readonly DataFile[] {
  const files: DataFile[] = listRowFiles(sources).map((path) => ({ path, name: stemOf(path) }));
  for (const path of sources.below('', '.sqlite', '.sqlite3', '.db')) {
    const tables = schemas?.get(path) ?? readSqliteSchema(sources.find(path)?.bytes ?? new Uint8Array(), path).tables;
    for (const table of tables) files.push({ path, table: table.name, name: table.name });
  }
  return files.sort((a, b) => a.path.split('/').length - b.path.split('/').length || (a.path < b.path ? -1 : 1));
}

/** The files that hold the rows of one table; JSON that is no list is something else. */
export function listRowFiles(sources: Sources): readonly string[] {
  return sources.below('', ...rowEndings).filter((path) => !/\.json$/i.test(path) || isList(sources.find(path)?.bytes));
}

function isList(bytes: Uint8Array | undefined): boolean {
  const first = bytes?.subarray(0, 1024).find((byte) => byte > 32);
  return first === '['.charCodeAt(0);
}

/** How a file's name may differ from the table's, the closest first; `{}` stands for the table. */
const spellings = [
  '{}',
  'raw_{}',
  '{}_raw',
  'src_{}',
  'source_{}',
  '{}_source',
  '{}_data',
  '{}_seed',
  'seed_{}',
  'raw{}',
  'sample_{}',
  '{}_sample',
] as const;

/** The file that holds the rows of a table known by some names, tried in turn, and why it is believed to. */
export function findDataFile<T extends DataFile>(
  names: readonly string[],
  files: readonly T[],
): { readonly file: T; readonly because: string } | undefined {
  const byName = nameMap(files);
  for (const spelling of spellings)
    for (const name of names) {
      const file = byName.get(toKey(spelling.replace('{}', name)));
      if (file !== undefined)
        return { file, because: `${describe(file)} ${spelling === '{}' ? 'has the name' : 'is named after'} '${name}'` };
    }
  for (const name of names) {
    // A table `raw_orders` over a file `orders.csv`.
    const file = byName.get(toKey(name).replace(/^raw_|_raw$/, ''));
    if (file !== undefined) return { file, because: `${describe(file)} is what '${name}' is called without 'raw'` };
  }
  return undefined;
}

const nameMaps = new WeakMap<readonly DataFile[], ReadonlyMap<string, DataFile>>();

/** The first file of each name; made once for a list of files. */
function nameMap<T extends DataFile>(files: readonly T[]): ReadonlyMap<string, T> {
  const before = nameMaps.get(files);
  if (before !== undefined) return before as ReadonlyMap<string, T>;
  const byName = new Map<string, T>();
  for (const file of files) {
    const key = toKey(file.name);
    if (!byName.has(key)) byName.set(key, file);
  }
  nameMaps.set(files, byName);
  return byName;
}

/**
 * Finds the rows of sources: as their meta or external location says, else by name among the project's files and seeds. Files of `later`
 * batches change what is there, so they come last.
 */
export function bindSourceData(
  nodes: Iterable<ProjectNode>,
  sources: Sources,
  later: ReadonlySet<string> = new Set(),
): ReadonlyMap<SourceNode['id'], SourceData> {
  const world = readWorld(sources);
  if (world !== undefined && !world.isPartial) return world.tables;
  const bound = new Map<SourceNode['id'], SourceData>();
  let files: readonly DataFile[] | undefined;
  for (const node of nodes) {
    if (node.kind !== 'source') continue;
    files ??= [...listDataFiles(sources)].sort((a, b) => Number(later.has(a.path)) - Number(later.has(b.path)));
    const data = node.data ?? findDeclared(node, sources, files) ?? toData(findDataFile(namesOf(node), files));
    if (data !== undefined) bound.set(node.id, data);
  }
  for (const [id, data] of world?.tables ?? []) if (!bound.has(id)) bound.set(id, data);
  return bound;
}

function namesOf(node: SourceNode): readonly string[] {
  return [
    `${node.sourceName}_${node.identifier}`,
    `${node.sourceName}_${node.name}`,
    `${node.sourceName}__${node.name}`,
    node.identifier,
    node.name,
  ];
}

/** What `meta.headwater.file` or `external_location` names; a table of a SQLite file stands behind `#`. */
function findDeclared(node: SourceNode, sources: Sources, files: readonly DataFile[]): SourceData | undefined {
  const settings = node.meta.headwater;
  const file = typeof settings === 'object' && settings !== null ? (settings as Readonly<Record<string, unknown>>).file : undefined;
  const external = node.meta.external_location ?? node.config.external_location;
  for (const [value, because] of [
    [file, 'meta.headwater.file names this file'],
    [external, 'external_location names this file'],
  ] as const) {
    if (typeof value !== 'string') continue;
    const written = value.replaceAll('{name}', node.name).replaceAll('{identifier}', node.identifier);
    const quoted = /'([^']+)'/.exec(written)?.[1] ?? written;
    const [path = '', table] = quoted.replace(/^\.\//, '').split('#');
    const found = sources.find(path)?.path ?? sources.paths.find((each) => each.endsWith(`/${path}`));
    if (found === undefined) continue;
    const inside =
      table ??
      files.find(
        (each) =>
          each.path === found && each.table !== undefined && [node.identifier, node.name].some((name) => toKey(name) === toKey(each.name)),
      )?.table;
    return { path: found, ...(inside !== undefined && { table: inside }), because };
  }
  return undefined;
}

function toData(found: { readonly file: DataFile; readonly because: string } | undefined): SourceData | undefined {
  if (found === undefined) return undefined;
  const { file, because } = found;
  return { path: file.path, ...(file.table !== undefined && { table: file.table }), because };
}

function describe(file: DataFile): string {
  return file.table === undefined ? `the file ${file.path}` : `the table ${file.table} in ${file.path}`;
}

/** Names as they are compared: case, blanks and dashes make no difference. */
function toKey(name: string): string {
  return name.toLowerCase().replace(/[\s-]+/g, '_');
}

/** The name of a file without its folders and its ending, that of a compressed file included. */
export function stemOf(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.(gz|zst)$/i, '')
    .replace(/\.[^.]+$/, '');
}
