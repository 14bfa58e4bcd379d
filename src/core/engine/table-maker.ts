import type { ProjectNode } from '../project/node.ts';
import type { Dialect } from '../sql/dialect.ts';
import { toProblem } from '../text/problem.ts';
import type { KnownTable } from '../translate/table.ts';
import type { Engine } from './engine.ts';
import { prepareSql } from './run-sql.ts';
import { quote, Stopped, uniqueColumns } from './work.ts';

/** Makes tables from SQL of ours in the project's dialect, over tables of the engine that go by names of ours. */
export class TableMaker {
  constructor(
    readonly engine: Engine,
    readonly dialect: Dialect,
    readonly now: string,
    readonly path: string,
  ) {}

  /** `what` begins the sentence that says why it cannot be made. */
  async fromText(physical: string, sql: string, tables: ReadonlyMap<string, KnownTable>, what: string): Promise<KnownTable> {
    const prepared = await prepareSql(sql, this.dialect, tables, this.now, this.engine);
    if (prepared.kind === 'refused')
      throw new Stopped(toProblem('preview-refused', `${what} cannot be run in a preview: ${prepared.message}`, this.path));
    const columns = uniqueColumns(prepared.columns);
    const list = columns.map((column) => quote(column.name)).join(',');
    try {
      await this.engine.execute(`drop table if exists ${quote(physical)}`);
      await this.engine.execute(
        `create table ${quote(physical)} as select * from (with "hw:all"(${list}) as (${prepared.sql}) select * from "hw:all")`,
      );
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Stopped(toProblem('preview-failed', `${what} failed: ${message}.`, this.path));
    }
    return { physical, columns };
  }

  async count(physical: string): Promise<number> {
    const page = await this.engine.query(`select count(*) from ${quote(physical)}`, { offset: 0, limit: 1 });
    return Number(page.rows[0]?.[0] ?? 0);
  }

  stop(node: ProjectNode, message: string): never {
    throw new Stopped(toProblem('preview-failed', message, node.path));
  }
}
