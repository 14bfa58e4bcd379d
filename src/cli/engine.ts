import type { Engine } from '../core/engine/engine.ts';
import { readAsset } from '../disk/asset.ts';
import { DuckDbEngine } from '../engines/duckdb.ts';
import { SqliteEngine } from '../engines/sqlite.ts';
import { secondsOfQuery } from './allowance.ts';
import { type Invocation, type OptionSpec, UsageError } from './command.ts';
import { timed } from './supervised.ts';

export type EngineChoice = 'auto' | 'sqlite' | 'duckdb';

const choices: readonly EngineChoice[] = ['auto', 'sqlite', 'duckdb'];

/** Which engine runs previews. */
export const engineOption: OptionSpec = {
  name: 'engine',
  value: 'NAME',
  summary: 'sqlite, duckdb or auto: SQLite unless the data is too large for it or only DuckDB can (default: auto)',
};

/** The engine by its name; another name is an error of usage. */
export function readEngine(name: string | undefined, otherwise: EngineChoice = 'auto'): EngineChoice {
  const found = choices.find((choice) => choice === (name ?? otherwise).toLowerCase());
  if (found === undefined) throw new UsageError(`There is no engine '${name}'; there are 'sqlite', 'duckdb' and 'auto'.`);
  return found;
}

/** The engine of commands that run many checks: one for all of them. */
export const checkEngineOption: OptionSpec = { name: 'engine', value: 'NAME', summary: 'sqlite or duckdb (default: sqlite)' };

export function readCheckEngine(invocation: Pick<Invocation, 'option'>): 'sqlite' | 'duckdb' {
  const name = readEngine(invocation.option('engine'), 'sqlite');
  return name === 'auto' ? 'sqlite' : name;
}

/** How long one statement may run. */
export const timeoutOption: OptionSpec = {
  name: 'timeout',
  value: 'SECONDS',
  summary: `how long one query may run before all is ended (default: ${secondsOfQuery})`,
};

export function readTimeout(invocation: Pick<Invocation, 'option'>, otherwise = secondsOfQuery): number {
  const written = invocation.option('timeout');
  const seconds = written === undefined ? otherwise : Number(written);
  if (!(seconds > 0)) throw new UsageError(`'--timeout' needs a number of seconds, not '${written}'.`);
  return seconds;
}

/** An engine ready for its first statement, each of which may take so many seconds; the WebAssembly of DuckDB is read only here. */
export async function openEngine(name: Exclude<EngineChoice, 'auto'>, seconds: number): Promise<Engine> {
  const engine = name === 'duckdb' ? new DuckDbEngine(() => readAsset(__dirname, 'duckdb-eh.wasm'), openSqlite) : await makeSqlite();
  await engine.open();
  return timed(engine, seconds);
}

async function makeSqlite(): Promise<SqliteEngine> {
  const bytes = await readAsset(__dirname, 'sql-wasm.wasm');
  return new SqliteEngine(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
}

async function openSqlite(): Promise<Engine> {
  const engine = await makeSqlite();
  await engine.open();
  return engine;
}
