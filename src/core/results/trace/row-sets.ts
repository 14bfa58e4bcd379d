import type { Cell, Engine } from '../../engine/engine.ts';
import { quote, Stopped } from '../../engine/work.ts';
import { toProblem } from '../../text/problem.ts';

/** So many rows may make one value. */
export const mostRows = 100_000;

/** Sets of row numbers as tables of the engine. */
export class RowSets {
  readonly #tables: string[] = [];

  constructor(
    private readonly engine: Engine,
    private readonly prefix: string,
  ) {}

  /** The name of a table with a column `id`. */
  async table(rows: ReadonlySet<number>): Promise<string> {
    const name = this.#next();
    await this.engine.load(
      name,
      [{ name: 'id', type: 'integer' }],
      [...rows].map((row) => [row]),
    );
    return quote(name);
  }

  /** The name of a table with the rows of a query. */
  async make(sql: string): Promise<string> {
    const name = this.#next();
    await this.engine.execute(`create table ${quote(name)} as ${sql}`);
    return quote(name);
  }

  /** The numbers in the first column of a query; NULL is none. */
  async read(sql: string): Promise<Set<number>> {
    const rows = await this.readRows(sql);
    return new Set(rows.flatMap(([id]) => (id === null || id === undefined ? [] : [Number(id)])));
  }

  async readRows(sql: string): Promise<readonly (readonly Cell[])[]> {
    const { rows } = await this.engine.query(sql, { offset: 0, limit: mostRows + 1 });
    if (rows.length > mostRows)
      throw new Stopped(
        toProblem(
          'preview-refused',
          `More than ${mostRows.toLocaleString('en-US')} rows make this value: they are too many to be listed.`,
          '',
        ),
      );
    return rows;
  }

  async drop(): Promise<void> {
    for (const name of this.#tables.splice(0)) await this.engine.execute(`drop table if exists ${quote(name)}`);
  }

  #next(): string {
    const name = `${this.prefix}:${this.#tables.length + 1}`;
    this.#tables.push(name);
    return name;
  }
}
