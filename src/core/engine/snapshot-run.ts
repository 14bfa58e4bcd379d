import type { SnapshotNode } from '../project/node.ts';
import type { KnownTable, TableColumn } from '../translate/table.ts';
import { types } from '../translate/value-type.ts';
import type { SnapshotPlan } from './snapshot-config.ts';
import type { TableMaker } from './table-maker.ts';
import { quote } from './work.ts';

/** Expressions in the project's dialect that its own macros give. */
export interface SnapshotMacros {
  /** dbt's `snapshot_hash_arguments`. */
  hash(parts: readonly string[]): Promise<string>;
  /** dbt's `snapshot_get_time`. */
  time(): Promise<string>;
}

/** The table of a snapshot after a run, and what the run did, in one sentence. */
export interface SnapshotState {
  readonly table: KnownTable;
  readonly note: string;
}

/** Runs a snapshot as dbt does: `rows` is what its query gives now, `before` the table that the run before left, if there was one. */
export function applySnapshot(
  maker: TableMaker,
  macros: SnapshotMacros,
  node: SnapshotNode,
  plan: SnapshotPlan,
  rows: KnownTable,
  before: KnownTable | undefined,
  physical: string,
): Promise<SnapshotState> {
  return new SnapshotRun(maker, macros, node, plan, rows, before, physical).run();
}

const row: TableColumn = { name: 'hw_row', type: types.integer };

class SnapshotRun {
  readonly #temporary: string[] = [];

  constructor(
    readonly maker: TableMaker,
    readonly macros: SnapshotMacros,
    readonly node: SnapshotNode,
    readonly plan: SnapshotPlan,
    readonly rows: KnownTable,
    readonly before: KnownTable | undefined,
    readonly physical: string,
  ) {}

  async run(): Promise<SnapshotState> {
    try {
      return this.before === undefined ? await this.#first() : await this.#next(this.before);
    } finally {
      for (const name of this.#temporary) await this.maker.engine.execute(`drop table if exists ${quote(name)}`);
    }
  }

  async #first(): Promise<SnapshotState> {
    const { source, fields, added } = await this.#source();
    const { names } = this.plan;
    const own = this.rows.columns.map((column) => `s.${quote(column.name)}`);
    const meta = [
      `f.hw_scd_id as ${quote(names.id)}`,
      `f.hw_updated_at as ${quote(names.updated)}`,
      `f.hw_updated_at as ${quote(names.from)}`,
      `f.hw_current as ${quote(names.to)}`,
      ...(this.plan.hardDeletes === 'new_record' ? [`'False' as ${quote(names.deleted)}`] : []),
    ];
    await this.#fill(`select ${[...own, ...meta].join(', ')} from ${source} as s join ${fields} as f on f.hw_row = s.hw_row`);
    const twice = await this.#repeated(fields);
    const note = `'${this.node.name}' is a snapshot: this is its first run.${twice}`;
    return { table: { physical: this.physical, columns: [...this.rows.columns, ...added] }, note };
  }

  async #next(before: KnownTable): Promise<SnapshotState> {
    const { plan } = this;
    const { names, hardDeletes } = plan;
    const { source, fields, added, from } = await this.#source();
    const dest = this.#name('dest');
    const { engine } = this.maker;
    await engine.execute(`create table ${dest} as select row_number() over () as hw_row, * from ${quote(before.physical)}`);
    const now = await this.#single(`select ${await this.#time(from)} as hw_now`, new Map());
    const known: KnownTable = { physical: this.#plain('dest'), columns: [row, ...before.columns] };
    const tables = new Map([['hw_dest', known]]);
    const keys = plan.uniqueKey.map((key, i) => `${key} as hw_key_${i + 1}`).join(', ');
    const current = plan.current === undefined ? '' : ` or ${names.to} = ${plan.current}`;
    const open = await this.#make('open', `select hw_row, ${keys} from hw_dest where ${names.to} is null${current}`, tables);
    const sameKey = plan.uniqueKey.map((_, i) => `f.hw_key_${i + 1} = o.hw_key_${i + 1}`).join(' and ');
    const wasDeleted = hardDeletes === 'new_record' && this.#has(before, names.deleted) ? `d.${quote(names.deleted)} = 'True'` : '1 = 0';
    const met = this.#name('met');
    await engine.execute(
      `create table ${met} as select d.hw_row as d_row, s.hw_row as s_row, case when ${wasDeleted} or ${this.#changed(before)} then 1 else 0 end as changed
       from ${open} as o join ${dest} as d on d.hw_row = o.hw_row join ${fields} as f on ${sameKey} join ${source} as s on s.hw_row = f.hw_row`,
    );
    // Versions that end: those that changed, and those whose row is gone.
    const ends = this.#name('ends');
    const gone = `select o.hw_row as d_row from ${open} as o join ${dest} as d on d.hw_row = o.hw_row where not (${wasDeleted}) and not exists (select 1 from ${met} as m where m.d_row = o.hw_row)`;
    await engine.execute(
      `create table ${ends} as select m.d_row, min(f.hw_updated_at) as valid_to, 0 as gone from ${met} as m join ${fields} as f on f.hw_row = m.s_row where m.changed = 1 group by m.d_row${
        hardDeletes === 'ignore' ? '' : ` union all select g.d_row, n.hw_now, 1 from (${gone}) as g cross join ${now} as n`
      }`,
    );
    const columns = [...before.columns, ...[...this.rows.columns, ...added].filter((column) => !this.#has(before, column.name))];
    const pick = (of: (name: string) => string | undefined): string =>
      columns.map((column) => `${of(column.name) ?? 'null'} as ${quote(column.name)}`).join(', ');
    const ofDest = (name: string): string | undefined => (this.#has(before, name) ? `d.${quote(name)}` : undefined);
    const kept = pick((name) => (name === names.to ? `case when e.d_row is null then d.${quote(name)} else e.valid_to end` : ofDest(name)));
    const meta = new Map([
      [names.id, 'f.hw_scd_id'],
      [names.updated, 'f.hw_updated_at'],
      [names.from, 'f.hw_updated_at'],
      [names.to, 'f.hw_current'],
      [names.deleted, "'False'"],
    ]);
    const fresh = pick((name) => meta.get(name) ?? (this.#has(this.rows, name) ? `s.${quote(name)}` : undefined));
    const queries = [
      `select ${kept} from ${dest} as d left join ${ends} as e on e.d_row = d.hw_row`,
      `select ${fresh} from ${source} as s join ${fields} as f on f.hw_row = s.hw_row
        where not exists (select 1 from ${met} as m where m.s_row = s.hw_row and m.changed = 0)`,
    ];
    if (hardDeletes === 'new_record') {
      const hash = await this.macros.hash([names.id, await this.macros.time()]);
      const records = await this.#make('records', `select hw_row, ${hash} as hw_scd_id from hw_dest`, tables);
      const deleted = new Map([
        [names.id, 'r.hw_scd_id'],
        [names.updated, 'n.hw_now'],
        [names.from, 'n.hw_now'],
        [names.to, 'null'],
        [names.deleted, "'True'"],
      ]);
      queries.push(
        `select ${pick((name) => deleted.get(name) ?? ofDest(name))} from ${ends} as e join ${dest} as d on d.hw_row = e.d_row join ${records} as r on r.hw_row = d.hw_row cross join ${now} as n where e.gone = 1`,
      );
    }
    await this.#fill(queries.join(' union all '));
    const counts = await engine.query(
      `select count(*), sum(gone), (select count(*) from ${source} as s where not exists (select 1 from ${met} as m where m.s_row = s.hw_row)) from ${ends}`,
      { offset: 0, limit: 1 },
    );
    const [ended = 0, lost = 0, inserted = 0] = (counts.rows[0] ?? []).map((value) => Number(value ?? 0));
    const parts = [`${ended - lost} changed`, `${inserted} new`, ...(hardDeletes === 'ignore' ? [] : [`${lost} gone`])];
    const note = `'${this.node.name}' is a snapshot: this run found ${parts.join(', ')}.${await this.#repeated(fields)}`;
    return { table: { physical: this.physical, columns }, note };
  }

  /** The rows of the query, each with its key, its time and its hash. */
  async #source() {
    const { plan } = this;
    const source = this.#name('source');
    await this.maker.engine.execute(`create table ${source} as select row_number() over () as hw_row, * from ${quote(this.rows.physical)}`);
    const time = await this.macros.time();
    const updated = plan.updatedAt ?? time;
    const hash = await this.macros.hash([...plan.uniqueKey, updated]);
    const keys = plan.uniqueKey.map((key, i) => `${key} as hw_key_${i + 1}`).join(', ');
    const tables = new Map([['hw_source', { physical: this.#plain('source'), columns: [row, ...this.rows.columns] }]]);
    const physical = this.#plain('fields');
    this.#temporary.push(physical);
    const made = await this.maker.fromText(
      physical,
      `select hw_row, ${keys}, ${updated} as hw_updated_at, ${hash} as hw_scd_id, ${plan.current ?? 'null'} as hw_current from hw_source`,
      tables,
      `The snapshot '${this.node.name}'`,
    );
    const typeOf = (name: string) => made.columns.find((column) => column.name === name)?.type ?? types.unknown;
    const from = typeOf('hw_updated_at');
    const { names } = plan;
    const added: TableColumn[] = [
      { name: names.id, type: types.string },
      { name: names.updated, type: from },
      { name: names.from, type: from },
      { name: names.to, type: plan.current === undefined ? from : typeOf('hw_current') },
      ...(plan.hardDeletes === 'new_record' ? [{ name: names.deleted, type: types.string }] : []),
    ];
    return { source, fields: quote(physical), added, from };
  }

  /** The moment of the run, as it is written beside times of the rows. */
  async #time(type: TableColumn['type']): Promise<string> {
    const time = await this.macros.time();
    return type.kind === 'date' ? `cast(${time} as date)` : time;
  }

  /** Whether a row differs from the version that holds, over `d`, `s` and `f`. */
  #changed(before: KnownTable): string {
    const { plan } = this;
    if (plan.strategy === 'timestamp') return `d.${quote(plan.names.from)} < f.hw_updated_at`;
    const wanted = plan.checkColumns === 'all' ? this.rows.columns.map((column) => column.name) : plan.checkColumns;
    const columns = wanted.map((name) => this.rows.columns.find((column) => column.name.toLowerCase() === unquoted(name)));
    const missing = wanted.find((_, i) => columns[i] === undefined);
    if (missing !== undefined)
      this.maker.stop(this.node, `The snapshot '${this.node.name}' checks '${missing}', which its query does not give.`);
    // A column that the table does not have yet makes every row a new version, as in dbt.
    if (columns.some((column) => column !== undefined && !this.#has(before, column.name))) return '1 = 1';
    const compared = columns.flatMap((column) => (column === undefined ? [] : [quote(column.name)]));
    return `(${compared.map((name) => `d.${name} is distinct from s.${name}`).join(' or ') || '1 = 0'})`;
  }

  /** A sentence where the unique key is not unique: dbt's MERGE fails on that, or makes versions twice. */
  async #repeated(fields: string): Promise<string> {
    const keys = this.plan.uniqueKey.map((_, i) => `hw_key_${i + 1}`).join(', ');
    const page = await this.maker.engine.query(
      `select count(*) from (select ${keys} from ${fields} group by ${keys} having count(*) > 1) as t`,
      { offset: 0, limit: 1 },
    );
    const count = Number(page.rows[0]?.[0] ?? 0);
    return count === 0 ? '' : ` Its unique_key (${this.plan.uniqueKey.join(', ')}) is not unique: ${count} of them repeat.`;
  }

  async #single(sql: string, tables: ReadonlyMap<string, KnownTable>): Promise<string> {
    return this.#make('now', sql, tables);
  }

  async #make(part: string, sql: string, tables: ReadonlyMap<string, KnownTable>): Promise<string> {
    const physical = this.#plain(part);
    this.#temporary.push(physical);
    await this.maker.fromText(physical, sql, tables, `The snapshot '${this.node.name}'`);
    return quote(physical);
  }

  async #fill(sql: string): Promise<void> {
    await this.maker.engine.execute(`drop table if exists ${quote(this.physical)}`);
    await this.maker.engine.execute(`create table ${quote(this.physical)} as ${sql}`);
  }

  #plain(part: string): string {
    return `${this.physical}:${part}`;
  }

  #name(part: string): string {
    const name = this.#plain(part);
    this.#temporary.push(name);
    return quote(name);
  }

  #has(table: KnownTable, name: string): boolean {
    return table.columns.some((column) => column.name.toLowerCase() === name.toLowerCase());
  }
}

function unquoted(name: string): string {
  return name.replace(/^["`[]|["`\]]$/g, '').toLowerCase();
}
