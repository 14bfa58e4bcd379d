import type { Engine } from '../core/engine/engine.ts';
import type { Plan } from '../core/engine/plan.ts';
import { quoteName, runPlan } from '../core/engine/run-plan.ts';
import { toEngineColumns } from '../core/engine/run-sql.ts';
import type { Problem } from '../core/text/problem.ts';
import { SqliteEngine } from '../engines/sqlite.ts';
import type { PreviewCalls, ResultHead, ResultNote, WorkerHostCalls } from '../protocol.ts';
import type { Handlers, Wire } from '../wire.ts';
import { connect } from '../wire.ts';
import type { WorkerPlatform } from './platform.ts';
import { ResultTable, toName } from './result-table.ts';
import { toTableText } from './table-text.ts';

/** Relations kept in the engine; beyond it those that the last preview did not use are let go. */
const mostRelations = 300;

/** Runs previews and keeps their results; a query that cannot be interrupted holds it until its owner ends it. */
export function servePreview(platform: WorkerPlatform): void {
  const results = new Map<number, ResultTable>();
  const built = new Set<string>();
  let engine: Promise<Engine> | undefined;
  const get = (id: number): ResultTable => {
    const result = results.get(id);
    if (result === undefined) throw new Error('the rows of this preview are no longer kept; run it again');
    return result;
  };

  const handlers: Handlers<PreviewCalls> = {
    run: async ({ result, plan: { project, disk, plan }, settings }, signal) => {
      if (settings.engine === 'duckdb') throw new Error('DuckDB is not part of this build; set headwater.engine to auto or sqlite');
      if (plan.result === undefined) return toRefusal(plan);
      engine ??= startSqlite();
      const open = await engine;
      const files = platform.openFolder(host, project.folder, disk);
      const prefix = project.root === '' ? '' : `${project.root}/`;
      await runPlan(open, plan, {
        built,
        signal,
        readFile: (path) => files.read(prefix + path),
        progress: (message) => void host.ask('progress', { result, message }),
      });
      const table = `hw_result_${result}`;
      const { columns: typed, physical } = plan.result.table;
      const names = typed.map((_, index) => toName(index)).join(', ');
      await open.execute(`drop table if exists ${table}`);
      await open.execute(
        `create table ${table} as with q(${names}) as (select * from ${quoteName(physical)}) select * from q limit ${settings.rowLimit}`,
      );
      const all = await count(open, quoteName(physical));
      const rowCount = Math.min(all, settings.rowLimit);
      const columns = toEngineColumns(typed);
      results.set(
        result,
        new ResultTable(
          open,
          table,
          columns,
          rowCount,
          typed.map((column) => column.type),
        ),
      );
      await letGo(open, plan);
      const cut: ResultNote[] =
        all > rowCount ? [{ severity: 'warning', message: `Only the first ${rowCount} of ${all} rows are kept: headwater.rowLimit.` }] : [];
      const notes = [...cut, ...plan.notes.map((message): ResultNote => ({ severity: 'info', message })), ...plan.problems.map(toNote)];
      return { columns, rowCount, truncated: all > rowCount, engine: 'SQLite', notes, failed: false };
    },
    page: ({ result, view, offset, limit }) => get(result).page(view, offset, limit),
    statistics: ({ result, view, column }) => get(result).statistics(view, column),
    text: async ({ result, view, format, range }) => {
      const table = get(result);
      const columns = range.columns.flatMap((index) => table.columns[index] ?? []);
      return toTableText(format, columns, await table.rows(view, range), range.header);
    },
    drop: async ({ result }) => {
      await results.get(result)?.drop();
      results.delete(result);
    },
    ping: () => undefined,
  };
  const host: Wire<WorkerHostCalls> = connect<WorkerHostCalls, PreviewCalls>(platform.port, handlers);

  async function startSqlite(): Promise<Engine> {
    const bytes = await platform.readAsset(host, 'sql-wasm.wasm');
    const made = new SqliteEngine(new Uint8Array(bytes).buffer);
    await made.open();
    return made;
  }

  async function letGo(open: Engine, plan: Plan): Promise<void> {
    if (built.size <= mostRelations) return;
    const used = new Set(plan.relations.map((relation) => relation.table.physical));
    for (const name of [...built].filter((candidate) => !used.has(candidate))) {
      await open.execute(`drop table if exists ${quoteName(name)}`);
      built.delete(name);
    }
  }
}

async function count(engine: Engine, table: string): Promise<number> {
  const { rows } = await engine.query(`select count(*) from ${table}`, { offset: 0, limit: 1 });
  return Number(rows[0]?.[0] ?? 0);
}

/** The project keeps the preview from running, which is no failure of ours. */
function toRefusal(plan: Plan): ResultHead {
  const notes = plan.problems.map(toNote);
  return { columns: [], rowCount: 0, truncated: false, engine: 'SQLite', notes, failed: true };
}

function toNote({ severity, message, path, start, end }: Problem): ResultNote {
  return { severity: severity === 'hint' ? 'info' : severity, message, location: { path, start, end } };
}
