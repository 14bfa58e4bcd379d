import { delimiterOf, rowFormatOf } from '../data/formats.ts';
import type { ModelNode, ProjectNode, SeedNode, SnapshotNode, SourceNode } from '../project/node.ts';
import { worldFolder } from '../project/world.ts';
import type { Column, Snapshot } from '../snapshot.ts';
import { toHash } from '../text/hash.ts';
import type { NodeId } from '../text/ids.ts';
import { toProblem } from '../text/problem.ts';
import type { TableColumn } from '../translate/table.ts';
import { toValueType } from '../translate/value-type.ts';
import { BatchData, type DataPart } from './batch-data.ts';
import type { BuildProgress } from './build-progress.ts';
import type { Engine, LoadedRows } from './engine.ts';
import { loadRowsFile } from './rows-load.ts';
import { toEngineColumns } from './run-sql.ts';
import type { StandingTables } from './standing.ts';
import { type Built, isEmptyTable, quote, Stopped, type Work } from './work.ts';

type Relation = ModelNode | SeedNode | SnapshotNode | SourceNode;

/** Brings the rows of seeds and sources into the engine, as they are after the batches of a run. */
export class DataLoader {
  readonly #batches: BatchData | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly standing: StandingTables,
    private readonly snapshot: Snapshot,
    private readonly progress: BuildProgress,
  ) {
    this.#batches = snapshot.headwater.batches.length > 1 ? new BatchData(snapshot) : undefined;
  }

  async seed(node: SeedNode, work: Work): Promise<Built> {
    const declared = declaredTypes(node);
    return this.#withBatches(node, await this.#file(node, node.path, declared, node.delimiter), declared, work);
  }

  async source(node: SourceNode, work: Work): Promise<Built> {
    const { data } = node;
    const label = `${node.sourceName}.${node.name}`;
    if (data === undefined) {
      const file = `${node.sourceName}_${node.name}.csv`;
      work.notes.add(`There is no data for the source '${label}', ${isEmptyTable}: add ${file} to the seeds to fill it.`);
      return this.empty(node, work);
    }
    const seed = data.table === undefined ? this.#seedOf(data.path) : undefined;
    const own = node.columns.flatMap((column) => (column.type === undefined ? [] : [[column.name.toLowerCase(), column.type] as const]));
    // dbt makes the table of a seed with the seed's types, whoever reads it afterwards.
    const declared = new Map([...own, ...(seed === undefined ? [] : declaredTypes(seed))]);
    if (this.#batches !== undefined && !this.#batches.hasArrived(data.path, work.run.batch)) {
      work.notes.add(`'${label}' has no rows before the batch that brings ${data.path}.`);
      return this.empty(node);
    }
    const inside = data.table === undefined ? '' : ` (${data.table})`;
    const isOfWorld = data.path.startsWith(`${worldFolder}/`);
    work.notes.add(
      isOfWorld
        ? `'${label}' is read from ${data.path.slice(worldFolder.length + 1)}: ${data.because}.`
        : `'${label}' is read from ${data.path}${inside}.`,
    );
    const base =
      data.table === undefined
        ? await this.#file(node, data.path, declared, seed?.delimiter)
        : await this.#table(node, data.path, data.table);
    return this.#withBatches(node, base, declared, work);
  }

  /** A table without rows, under the columns that anything tells of. */
  async empty(node: Relation, work?: Work): Promise<Built> {
    const columns = (this.#columnsOf(node, work).get(node.id) ?? []).map(
      (column): TableColumn => ({ name: column.name, type: toValueType(column.type, this.snapshot.project.dialect) }),
    );
    const key = toHash(JSON.stringify(columns));
    const physical = `${node.id}:empty:${key}`;
    if (this.standing.find(physical) === undefined) await this.engine.load(physical, toEngineColumns(columns), []);
    return { physical, columns, key, notes: [] };
  }

  /** The columns of all sources without rows that a preview reads, found at once; those of models need their own text. */
  #columnsOf(node: Relation, work: Work | undefined): ReadonlyMap<NodeId, readonly Column[]> {
    const { columnsNear, graph, nodes } = this.snapshot;
    if (node.kind !== 'source' || columnsNear === undefined) return this.snapshot.columns;
    const [target] = work?.path ?? [];
    const above = target === undefined ? [] : [...graph.ancestors(target)].filter((id) => isEmptySource(nodes.get(id)));
    return columnsNear([...new Set([node.id, ...above])]);
  }

  async #file(node: Relation, path: string, declared: ReadonlyMap<string, string>, delimiter?: string): Promise<Built> {
    const file = this.#find(node, path);
    const key = `${file.hash}:${toHash(JSON.stringify([...declared, delimiter]))}`;
    const physical = `${node.id}:${key}`;
    const known = this.standing.find(physical);
    if (known !== undefined) return known;
    this.progress.say(`Loading ${node.name}`);
    const { bytes } = file;
    const asked = delimiter || delimiterOf(path);
    const rows = {
      bytes,
      format: rowFormatOf(path) ?? 'csv',
      declared,
      dialect: this.snapshot.project.dialect,
      ...(asked === undefined ? {} : { delimiter: asked }),
    };
    let loaded: LoadedRows;
    try {
      if (file.damage !== undefined) throw new Error(file.damage);
      loaded = await (this.engine.loadFile?.(physical, rows) ?? loadRowsFile(this.engine, physical, rows));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Stopped(toProblem('preview-failed', `'${node.name}' cannot be loaded from ${path}: ${message}.`, node.path));
    }
    const more = rows.format === 'csv' ? ' It stays as it is here; a warehouse would refuse the file.' : '';
    const notes = loaded.misfits.map((what) => `In ${path} ${what}.${more}`);
    return { physical, columns: loaded.columns, key, notes };
  }

  async #table(node: Relation, path: string, table: string): Promise<Built> {
    const file = this.#find(node, path);
    const physical = `${node.id}:${file.hash}`;
    const known = this.standing.find(physical);
    if (known !== undefined) return known;
    this.progress.say(`Loading ${node.name}`);
    const columns = this.snapshot.columns.get(node.id) ?? [];
    const told = columns.map((column) => ({ name: column.name, type: toValueType(column.type, this.snapshot.project.dialect) }));
    const types = toEngineColumns(told.filter((column) => column.type.kind !== 'unknown'));
    const page = await this.#attach(file.bytes, table, physical, new Map(types.map((one) => [one.name.toLowerCase(), one.type]))).catch(
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        throw new Stopped(toProblem('preview-failed', `The table '${table}' cannot be read from ${path}: ${message}.`, node.path));
      },
    );
    const typed = page.columns.map((column): TableColumn => {
      const found = columns.find((candidate) => candidate.name.toLowerCase() === column.name.toLowerCase());
      return { name: column.name, type: toValueType(found?.type ?? '', this.snapshot.project.dialect) };
    });
    return { physical, columns: typed, key: file.hash, notes: [] };
  }

  async #attach(bytes: Uint8Array, table: string, physical: string, types: ReadonlyMap<string, string>) {
    await this.engine.attach(bytes, new Map([[table, physical]]), types);
    return this.engine.query(`select * from ${quote(physical)}`, { offset: 0, limit: 1 });
  }

  #seedOf(path: string): SeedNode | undefined {
    for (const node of this.snapshot.nodes.values()) if (node.kind === 'seed' && node.path === path && node.enabled) return node;
    return undefined;
  }

  #find(node: Relation, path: string) {
    const file = this.snapshot.sources.find(path);
    if (file === undefined)
      throw new Stopped(toProblem('preview-refused', `The file '${path}' of '${node.name}' cannot be read.`, node.path));
    return file;
  }

  /** The rows after the batches that came since the first one. */
  async #withBatches(node: SeedNode | SourceNode, base: Built, declared: ReadonlyMap<string, string>, work: Work): Promise<Built> {
    let built = base;
    for (const part of this.#batches?.partsOf(node.id, work.run.batch) ?? []) {
      const key = toHash([built.key, part.path, this.#find(node, part.path).hash, part.apply, part.keys.join()].join('\n'));
      const physical = `${node.id}:batch:${key}`;
      const known = this.standing.find(physical);
      // Of the tables on the way only the last is kept.
      const before = built.physical;
      if (known === undefined) {
        const delta =
          part.table === undefined ? await this.#file(node, part.path, declared) : await this.#table(node, part.path, part.table);
        built = await this.#apply(part, built, delta, physical, key, node.name);
        if (this.standing.find(delta.physical) === undefined && delta.physical !== before)
          await this.engine.execute(`drop table if exists ${quote(delta.physical)}`);
      } else built = known;
      if (this.standing.find(before) === undefined && before !== built.physical)
        await this.engine.execute(`drop table if exists ${quote(before)}`);
      for (const note of built.notes) work.notes.add(note);
    }
    return built;
  }

  async #apply(part: DataPart, before: Built, delta: Built, physical: string, key: string, name: string): Promise<Built> {
    const columns = [
      ...before.columns,
      ...delta.columns.filter((column) => !before.columns.some((own) => own.name.toLowerCase() === column.name.toLowerCase())),
    ];
    const pick = (from: readonly TableColumn[], alias: string): string =>
      columns
        .map((column) => {
          const own = from.find((candidate) => candidate.name.toLowerCase() === column.name.toLowerCase());
          return `${own === undefined ? 'null' : `${alias}.${quote(own.name)}`} as ${quote(column.name)}`;
        })
        .join(', ');
    const keys = part.keys.filter((one) => delta.columns.some((column) => column.name.toLowerCase() === one.toLowerCase()));
    const added = `select ${pick(delta.columns, 'd')} from ${quote(delta.physical)} as d`;
    const match = keys.map((one) => `d.${quote(one)} = b.${quote(one)}`).join(' and ');
    const kept =
      part.apply !== 'upsert' || keys.length === 0 ? '' : ` where not exists (select 1 from ${quote(delta.physical)} as d where ${match})`;
    const whole =
      part.apply === 'replace'
        ? added
        : `select ${pick(before.columns, 'b')} from ${quote(before.physical)} as b${kept} union all ${added}`;
    await this.engine.execute(`drop table if exists ${quote(physical)}`);
    await this.engine.execute(`create table ${quote(physical)} as ${whole}`);
    const how =
      part.apply === 'replace'
        ? 'replaces its rows'
        : kept === ''
          ? 'adds rows to it'
          : `replaces its rows of the same ${keys.join(', ')} and adds the others`;
    const note = `The batch '${part.batch}' ${how}: '${name}' from ${part.path}${part.table === undefined ? '' : ` (${part.table})`}.`;
    return { physical, columns, key, notes: [note] };
  }
}

function isEmptySource(node: ProjectNode | undefined): boolean {
  return node?.kind === 'source' && node.data === undefined && node.enabled;
}

function declaredTypes(node: SeedNode): ReadonlyMap<string, string> {
  const configured = node.config.column_types;
  const entries = typeof configured === 'object' && configured !== null ? Object.entries(configured) : [];
  const declared = node.columns.flatMap((column) => (column.type === undefined ? [] : [[column.name.toLowerCase(), column.type] as const]));
  return new Map([...declared, ...entries.map(([name, type]) => [name.toLowerCase(), String(type)] as const)]);
}
