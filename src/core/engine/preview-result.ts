import type { KnownTable } from '../translate/table.ts';
import { types } from '../translate/value-type.ts';
import type { Cell, Engine, EngineColumn } from './engine.ts';
import { decimalColumns, lostDigits } from './lost-digits.ts';
import { toCell, toEngineColumns } from './run-sql.ts';

/** Which rows of a result are looked at, and in which order. */
export interface RowsView {
  readonly sort?: { readonly column: number; readonly descending: boolean };
  /** Text that a column's values contain, case ignored. */
  readonly filters?: readonly { readonly column: number; readonly contains: string }[];
}

export interface ColumnFigures {
  readonly nulls: number;
  readonly distinct: number;
  readonly min: Cell;
  readonly max: Cell;
  /** The counts of ten equal steps between least and greatest; empty where a column has no numbers. */
  readonly histogram: readonly number[];
}

/** The rows of a preview: they stay in the engine and are read page by page. */
export class PreviewResult {
  readonly columns: readonly EngineColumn[];

  private constructor(
    private readonly engine: Engine,
    readonly table: KnownTable,
    readonly notes: readonly string[],
    readonly rowCount: number,
  ) {
    this.columns = toEngineColumns(table.columns);
  }

  static async open(engine: Engine, table: KnownTable, notes: readonly string[]): Promise<PreviewResult> {
    const lost = await findLostDigits(engine, table);
    const page = await engine.query(`select count(*) from ${quote(table.physical)}`, { offset: 0, limit: 1 });
    return new PreviewResult(engine, table, [...notes, ...lost], Number(page.rows[0]?.[0] ?? 0));
  }

  /** Rows from an offset on, as many as there are up to a limit. */
  async page(offset: number, limit: number, view: RowsView = {}): Promise<readonly (readonly Cell[])[]> {
    if (this.table.columns.length === 0) return [];
    const names = this.table.columns.map((column) => quote(column.name)).join(',');
    const sort = view.sort === undefined ? undefined : this.table.columns[view.sort.column];
    const order =
      sort === undefined ? '' : ` order by ${quote(sort.name)}${view.sort?.descending === true ? ' desc' : ''} nulls last, rowid`;
    const page = await this.engine.query(`select ${names} from ${quote(this.table.physical)}${this.#where(view)}${order}`, {
      offset,
      limit,
    });
    return page.rows.map((row) => row.map((cell, i) => toCell(cell, this.table.columns[i]?.type ?? types.unknown)));
  }

  /** Lets the rows of a query go; those of a relation of the project stay for the next question. */
  async drop(): Promise<void> {
    if (this.table.physical.startsWith('result:')) await this.engine.execute(`drop table if exists ${quote(this.table.physical)}`);
  }

  async count(view: RowsView): Promise<number> {
    const page = await this.engine.query(`select count(*) from ${quote(this.table.physical)}${this.#where(view)}`, { offset: 0, limit: 1 });
    return Number(page.rows[0]?.[0] ?? 0);
  }

  async statistics(column: number, view: RowsView = {}): Promise<ColumnFigures> {
    const found = this.table.columns[column];
    if (found === undefined) return { nulls: 0, distinct: 0, min: null, max: null, histogram: [] };
    const name = quote(found.name);
    const from = `from ${quote(this.table.physical)}${this.#where(view)}`;
    const page = await this.engine.query(`select count(*) - count(${name}), count(distinct ${name}), min(${name}), max(${name}) ${from}`, {
      offset: 0,
      limit: 1,
    });
    const [nulls, distinct, min = null, max = null] = page.rows[0] ?? [];
    const low = Number(min);
    const width = (Number(max) - low) / 10;
    let histogram: number[] = [];
    if ((found.type.kind === 'integer' || found.type.kind === 'float' || found.type.kind === 'decimal') && width > 0) {
      const steps = await this.engine.query(
        `select case when (${name} - ${low}) / ${width} >= 9 then 9 else floor((${name} - ${low}) / ${width}) end as step, count(*) ${from}${this.#where(view) === '' ? ' where' : ' and'} ${name} is not null group by 1`,
        { offset: 0, limit: 10 },
      );
      histogram = Array.from({ length: 10 }, (_, i) => Number(steps.rows.find((row) => Number(row[0]) === i)?.[1] ?? 0));
    }
    return { nulls: Number(nulls), distinct: Number(distinct), min: toCell(min, found.type), max: toCell(max, found.type), histogram };
  }

  /** Every row, a page at a time, for exports that must not hold them all. */
  async *rows(view: RowsView = {}, pageSize = 5000): AsyncGenerator<readonly Cell[]> {
    for (let offset = 0; ; offset += pageSize) {
      const page = await this.page(offset, pageSize, view);
      yield* page;
      if (page.length < pageSize) return;
    }
  }

  #where(view: RowsView): string {
    const conditions = (view.filters ?? []).flatMap((filter) => {
      const column = this.table.columns[filter.column];
      return column === undefined || filter.contains === ''
        ? []
        : [`instr(lower(cast(${quote(column.name)} as text)),'${filter.contains.toLowerCase().replace(/'/g, "''")}') > 0`];
    });
    return conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  }
}

const quote = (name: string): string => `"${name.replace(/"/g, '""')}"`;

/** What to say of decimals that are too long; a column that holds text where numbers are declared has a note of its own. */
async function findLostDigits(engine: Engine, table: KnownTable): Promise<readonly string[]> {
  const decimals = decimalColumns(table.columns);
  if (decimals.length === 0) return [];
  const greatest = decimals.map(({ name }) => `max(abs(${quote(name)}))`).join(',');
  try {
    const { rows } = await engine.query(`select ${greatest} from ${quote(table.physical)}`, { offset: 0, limit: 1 });
    return lostDigits(decimals, rows);
  } catch {
    return [];
  }
}
