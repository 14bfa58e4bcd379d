import { readFile } from 'node:fs/promises';
import type { Cell, Engine } from '../../core/engine/engine.ts';
import { lostDigits } from '../../core/engine/lost-digits.ts';
import { prepareSql, toCell, toEngineColumns } from '../../core/engine/run-sql.ts';
import { type Dialect, dialects } from '../../core/sql/dialect.ts';
import { withNearest } from '../../core/text/nearest.ts';
import { formatDate, formatMoment, parseMoment } from '../../core/translate/runtime/calendar.ts';
import type { KnownTable } from '../../core/translate/table.ts';
import { formatType, toValueType, type ValueType } from '../../core/translate/value-type.ts';
import { secondsOfBatchQuery, secondsOfLine, secondsOfQuery } from '../allowance.ts';
import { type Command, exitCodes, UsageError } from '../command.ts';
import { openEngine, readEngine, readTimeout, timeoutOption } from '../engine.ts';
import { readAll } from '../sql-input.ts';
import { answerLines } from '../supervised.ts';

interface RunRequest {
  readonly id?: unknown;
  readonly dialect?: string;
  readonly sql?: string;
  readonly to?: string;
  readonly engine?: string;
  readonly schema?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly tables?: Readonly<
    Record<string, { readonly columns: Readonly<Record<string, string>>; readonly rows: readonly (readonly unknown[])[] }>
  >;
}

function toDialect(text: string | undefined): Dialect {
  const found = dialects.find((dialect) => dialect === (text ?? 'generic').toLowerCase());
  if (found === undefined) throw new UsageError(withNearest(`There is no dialect '${text}'.`, text ?? '', dialects));
  return found;
}

const now = (): string =>
  formatMoment({ days: Math.floor(Date.now() / 86_400_000), micros: Math.floor((Date.now() % 86_400_000) / 1000) * 1_000_000 });

async function readSchema(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`The schema '${file}' could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A value of the request as it is stored under its type. */
function toStored(value: unknown, type: ValueType): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object') return JSON.stringify(value);
  if (type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'timestamptz') {
    const found = parseMoment(String(value), true);
    if (found !== undefined) return type.kind === 'date' ? formatDate(found.days) : formatMoment(found);
  }
  if (type.kind === 'variant' || type.kind === 'json') return typeof value === 'string' ? value : JSON.stringify(value);
  if (type.kind === 'boolean' && typeof value === 'string') return /^(true|t|1)$/i.test(value);
  return value as Cell;
}

/** Where the tables of a request stand, and their columns. */
function tablesOf(request: RunRequest, dialect: Dialect): Map<string, KnownTable> {
  const columnsOf = (columns: Readonly<Record<string, string>>): KnownTable['columns'] =>
    Object.entries(columns).map(([name, type]) => ({ name, type: toValueType(type, dialect) }));
  const tables = new Map<string, KnownTable>();
  for (const [name, columns] of Object.entries(request.schema ?? {}))
    tables.set(name.toLowerCase(), { physical: `base:${name}`, columns: columnsOf(columns) });
  for (const [name, table] of Object.entries(request.tables ?? {}))
    tables.set(name.toLowerCase(), { physical: `base:${name}`, columns: columnsOf(table.columns) });
  return tables;
}

/** The engine to write for or to run; these commands have no data to choose by, so that `auto` is SQLite. */
function toEngine(name: string | undefined): 'sqlite' | 'duckdb' {
  const found = readEngine(name, 'sqlite');
  return found === 'auto' ? 'sqlite' : found;
}

/** Engines that requests name, each opened when it is first wanted. */
class Engines {
  readonly #opened = new Map<string, Promise<Engine>>();

  constructor(readonly seconds: number) {}

  get(name: 'sqlite' | 'duckdb'): Promise<Engine> {
    const known = this.#opened.get(name) ?? openEngine(name, this.seconds);
    this.#opened.set(name, known);
    return known;
  }
}

async function runOne(engine: Engine, request: RunRequest): Promise<object> {
  const dialect = toDialect(request.dialect);
  const tables = tablesOf(request, dialect);
  for (const [name, table] of Object.entries(request.tables ?? {})) {
    const known = tables.get(name.toLowerCase());
    if (known === undefined) continue;
    const rows = table.rows.map((row) => known.columns.map((column, i) => toStored(row[i], column.type)));
    await engine.load(
      known.physical,
      known.columns.map((column) => ({ name: column.name, type: formatType(column.type) })),
      rows,
    );
  }
  const prepared = await prepareSql(request.sql ?? '', dialect, tables, now(), engine);
  if (prepared.kind === 'refused') return { id: request.id, error: prepared.message };
  // What goes wrong while it runs (a value that cannot be cast, a division by zero, no memory left) is an answer too.
  const page = await engine
    .query(prepared.sql, { offset: 0, limit: Number.POSITIVE_INFINITY })
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (typeof page === 'string') return { id: request.id, error: page };
  const rows = page.rows.map((row) => row.map((value, i) => printable(toCell(value, prepared.columns[i]?.type ?? { kind: 'unknown' }))));
  return {
    id: request.id,
    columns: toEngineColumns(prepared.columns),
    rows,
    notes: [...prepared.notes, ...lostDigits(prepared.columns, page.rows)],
  };
}

/** JSON has no bytes and no integers beyond 2^53: bytes are written in hexadecimal, such integers as text. */
export function printable(value: Cell): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value instanceof Uint8Array) return Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return value;
}

/** Answers one JSON object a line, whatever comes in. */
async function batch(answer: (request: RunRequest) => Promise<object>): Promise<number> {
  await answerLines(secondsOfLine, async (line) => {
    let id: unknown = null;
    try {
      const value: unknown = JSON.parse(line.replace(/^\ufeff/, ''));
      id = isObject(value) ? (value.id ?? null) : null;
      return JSON.stringify(await answer(toRequest(value)));
    } catch (error) {
      return JSON.stringify({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
  return exitCodes.fine;
}

/** A line as a request; what has another shape than it should is said by its name. */
function toRequest(value: unknown): RunRequest {
  if (!isObject(value)) throw new UsageError('a line must be a JSON object');
  for (const key of ['sql', 'dialect', 'to', 'engine'])
    if (value[key] !== undefined && value[key] !== null && typeof value[key] !== 'string') throw new UsageError(`'${key}' must be a text`);
  for (const key of ['schema', 'tables']) {
    const tables = value[key];
    if (tables === undefined || tables === null) continue;
    if (!isObject(tables)) throw new UsageError(`'${key}' must be an object of tables`);
    for (const [name, table] of Object.entries(tables)) {
      const columns = key === 'schema' ? table : isObject(table) ? table.columns : undefined;
      if (!isObject(columns) || Object.values(columns).some((type) => typeof type !== 'string'))
        throw new UsageError(`the columns of '${name}' in '${key}' must be an object of types`);
      const rows = key === 'tables' && isObject(table) ? table.rows : [];
      if (!Array.isArray(rows) || !rows.every(Array.isArray)) throw new UsageError(`the rows of '${name}' must be a list of lists`);
    }
  }
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null)) as RunRequest;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const options = [
  { name: 'dialect', value: 'NAME', summary: 'the dialect that the SQL is written in' },
  { name: 'batch', summary: 'answer one JSON object for each that is read, a line each' },
];

/** `headwater sql run`: translates and runs SQL over the tables that come with it. */
export const sqlRunCommand: Command = {
  name: 'sql run',
  summary: 'translate SQL of any dialect and run it over given tables',
  usage: 'headwater sql run --batch < requests.jsonl | --dialect NAME [--engine sqlite|duckdb] < SQL',
  options: [
    ...options,
    { name: 'engine', value: 'NAME', summary: 'the engine that runs it: sqlite (the default) or duckdb' },
    timeoutOption,
  ],
  async run(invocation) {
    const usual = toEngine(invocation.option('engine'));
    const engines = new Engines(readTimeout(invocation, invocation.flag('batch') ? secondsOfBatchQuery : secondsOfQuery));
    if (invocation.flag('batch'))
      return batch(async (request) => {
        const wanted = request.engine ?? request.to;
        const engine = await engines.get(wanted === undefined ? usual : toEngine(wanted));
        try {
          return await runOne(engine, request);
        } finally {
          for (const name of Object.keys(request.tables ?? {}))
            await engine.execute(`drop table if exists "base:${name.replace(/"/g, '""')}"`);
        }
      });
    const answer = await runOne(await engines.get(usual), {
      dialect: invocation.option('dialect') ?? 'generic',
      sql: await readAll(invocation.stdin),
    });
    invocation.print(`${JSON.stringify({ version: 1, ...answer }, null, 2)}\n`);
    return 'error' in answer ? exitCodes.findings : exitCodes.fine;
  },
};

/** `headwater sql translate`: the engine's SQL for SQL of any dialect. */
export const sqlTranslateCommand: Command = {
  name: 'sql translate',
  summary: 'show the SQL that a preview runs for SQL of any dialect',
  usage: 'headwater sql translate --dialect NAME [--to sqlite|duckdb] [--schema FILE] < SQL',
  options: [
    ...options,
    { name: 'to', value: 'ENGINE', summary: 'the engine to write for: sqlite (the default) or duckdb' },
    { name: 'schema', value: 'FILE', summary: 'JSON: table, column, type' },
  ],
  async run(invocation) {
    const usual = toEngine(invocation.option('to'));
    const answer = async (request: RunRequest): Promise<object> => {
      const to = request.to === undefined ? usual : toEngine(request.to);
      const dialect = toDialect(request.dialect);
      const prepared = await prepareSql(request.sql ?? '', dialect, tablesOf(request, dialect), now(), undefined, to);
      return prepared.kind === 'refused'
        ? { id: request.id, error: prepared.message }
        : { id: request.id, sql: prepared.sql, notes: prepared.notes };
    };
    if (invocation.flag('batch')) return batch(answer);
    const file = invocation.option('schema');
    const schema = file === undefined ? {} : (toRequest({ schema: await readSchema(file) }).schema ?? {});
    const result = await answer({ dialect: invocation.option('dialect') ?? 'generic', sql: await readAll(invocation.stdin), schema });
    invocation.print(`${JSON.stringify({ version: 1, ...result }, null, 2)}\n`);
    return 'error' in result ? exitCodes.findings : exitCodes.fine;
  },
};
