// Builds projects in a real PostgreSQL or DuckDB and compares every row of every relation with what both engines of the preview hold.
// npx esbuild bench/compare-databases.ts --bundle --platform=node --external:pg-native '--external:@duckdb/*' \
//   --define:import.meta.dirname=__dirname --outfile=dist/compare-databases.js
// node dist/compare-databases.js FOLDER …      each the root of a dbt project whose target is postgres or duckdb
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { DuckDBInstance } from '@duckdb/node-api';
import { openProject } from '../src/cli/project.ts';
import { openSession } from '../src/cli/session.ts';
import type { PreviewSession } from '../src/core/engine/preview.ts';
import { PreviewResult } from '../src/core/engine/preview-result.ts';
import { isRelation, type ProjectNode } from '../src/core/project/node.ts';
import { toComparable } from '../test/core/differential/compare.ts';
import { findPostgres, TemporaryPostgres } from '../test/samples/support/postgres.ts';
import { inOrder } from '../test/samples/support/postgres-build.ts';

interface Rows {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

interface Server {
  /** Runs a statement; throws what the server says. */
  run(sql: string): Promise<void>;
  read(sql: string): Promise<Rows>;
  stop(): Promise<void>;
}

const open = (folder: string) =>
  openProject({
    positional: [],
    option: (name: string) => (name === 'project' ? folder : undefined),
    flag: () => false,
    stdin: Readable.from([]) as unknown as NodeJS.ReadableStream,
    print: () => undefined,
    say: () => undefined,
  });

/** The query at the moment of the preview: a server has no clock that can be stopped. */
const atMoment = (sql: string, now: string): string =>
  sql
    .replace(/\b(current_timestamp|now\(\))(?!\s*\()/gi, `(timestamptz '${now}+00')`)
    .replace(/\bcurrent_date\b/gi, `(date '${now.slice(0, 10)}')`);

/** A server for one project alone: the name of a database is part of the SQL, so that two projects cannot share one. */
async function postgresServer(database: string): Promise<Server> {
  const server = new TemporaryPostgres(findPostgres());
  const client = await server.connect(database);
  return {
    run: async (sql) => {
      await client.query(sql);
    },
    read: async (sql) => {
      const result = await client.query({ text: sql, rowMode: 'array' });
      return {
        columns: result.fields.map((field) => ({ name: field.name, type: String(field.dataTypeID) })),
        rows: result.rows as unknown[][],
      };
    },
    stop: async () => {
      await client.end();
      server.stop();
    },
  };
}

async function duckdbServer(database: string): Promise<Server> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("set timezone = 'UTC'");
  if (database !== 'memory' && database !== '') {
    await connection.run(`attach ':memory:' as "${database}"`);
    await connection.run(`use "${database}"`);
  }
  return {
    run: async (sql) => {
      await connection.run(sql);
    },
    read: async (sql) => {
      const result = await connection.runAndReadAll(sql);
      const names = result.columnNames();
      return {
        columns: names.map((name, at) => ({ name, type: String(result.columnType(at)) })),
        rows: result
          .getRowsJson()
          .map((row) => row.map((value) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value))),
      };
    },
    stop: async () => connection.closeSync(),
  };
}

/** All rows of a relation as the preview holds them. */
async function readPreview(session: PreviewSession, node: ProjectNode): Promise<Rows | string> {
  const standing = await session.relation(node.id);
  if (standing.kind === 'failed') return standing.problem.message;
  const result = await PreviewResult.open(session.engine, standing.table, []);
  return { columns: result.columns, rows: await result.page(0, result.rowCount) };
}

const literal = (value: unknown): string =>
  value === null || value === undefined
    ? 'null'
    : `'${String(value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value).replaceAll("'", "''")}'`;

async function fill(server: Server, relation: string, data: Rows, types: ReadonlyMap<string, string>): Promise<void> {
  // dbt takes a column without values for one of integers.
  const columns = data.columns.map(({ name, type }, at) => {
    const empty = data.rows.every((row) => row[at] === null);
    return `"${name}" ${types.get(name.toLowerCase()) ?? (empty ? 'integer' : toServerType(type))}`;
  });
  await server.run(`create table ${relation} (${columns.join(', ')})`);
  for (let at = 0; at < data.rows.length; at += 500)
    await server.run(
      `insert into ${relation} values ${data.rows
        .slice(at, at + 500)
        .map((row) => `(${row.map(literal).join(', ')})`)
        .join(', ')}`,
    );
}

const toServerType = (type: string): string => (type === 'unknown' || type === '' || type === 'null' ? 'text' : type);

const sorted = (data: Rows, order: readonly number[]): string[] =>
  data.rows.map((row) => order.map((at) => normal(row[at])).join(' | ')).sort();

function normal(value: unknown): string {
  const text = toComparable(value);
  // An array as PostgreSQL writes it.
  if (/^\{.*\}$/s.test(text) && !text.startsWith('{"') && !text.includes(':'))
    return JSON.stringify(
      text === '{}'
        ? []
        : text
            .slice(1, -1)
            .split(',')
            .map((item) => (/^-?\d+$/.test(item) ? Number(item) : item)),
    );
  return text === 'true' ? '1' : text === 'false' ? '0' : text;
}

function compare(ours: Rows, real: Rows): string | undefined {
  const names = ours.columns.map(({ name }) => name.toLowerCase());
  const theirs = real.columns.map(({ name }) => name.toLowerCase());
  if (names.join() !== theirs.join()) {
    if ([...names].sort().join() !== [...theirs].sort().join())
      return `columns ${names.filter((name) => !theirs.includes(name)).join(', ')} here, ${theirs.filter((name) => !names.includes(name)).join(', ')} there`;
    return `the columns come in another order: ${names.join(', ')} here, ${theirs.join(', ')} there`;
  }
  if (ours.rows.length !== real.rows.length) return `${ours.rows.length} rows here, ${real.rows.length} there`;
  const all = names.map((_, at) => at);
  const [left, right] = [sorted(ours, all), sorted(real, all)];
  const at = left.findIndex((row, i) => row !== right[i]);
  if (at < 0) return undefined;
  const columns = all.filter((column) => sorted(ours, [column]).join('\n') !== sorted(real, [column]).join('\n'));
  const first = columns[0];
  if (first === undefined) return `the same values in other rows: ${left[at]} here, ${right[at]} there`;
  const [a, b] = [sorted(ours, [first]), sorted(real, [first])];
  const differs = a.findIndex((value, i) => value !== b[i]);
  return `column ${columns.map((column) => names[column]).join(', ')}: ${a[differs]} here, ${b[differs]} there`;
}

async function compareProject(folder: string): Promise<void> {
  const opened = await open(resolve(folder));
  const { snapshot } = opened;
  const { target, dialect } = snapshot.project;
  if (dialect !== 'postgres' && dialect !== 'duckdb') {
    console.log(`== ${folder}: its dialect is ${dialect}`);
    return;
  }
  const sessions = { sqlite: await openSession(opened, {}, 'sqlite'), duckdb: await openSession(opened, {}, 'duckdb') };
  const server = dialect === 'postgres' ? await postgresServer(target.database ?? 'postgres') : await duckdbServer(target.database ?? '');
  const schemas = new Set<string>();
  try {
    const counts = { same: 0, different: 0, refused: 0, missing: 0 };
    const say = (node: ProjectNode, text: string) => console.log(`   ${node.id}: ${text.slice(0, 400)}`);
    await server.run(`create schema if not exists "ephemeral"`);
    const nodes = inOrder(snapshot);
    for (const node of [...nodes.filter((one) => one.kind === 'seed'), ...nodes.filter((one) => one.kind !== 'seed')]) {
      if (!isRelation(node) || !node.enabled) continue;
      if (node.kind !== 'seed' && node.kind !== 'source' && node.kind !== 'model' && node.kind !== 'snapshot') continue;
      const ephemeral = node.materialized === 'ephemeral';
      const schema = ephemeral ? 'public' : (node.schema ?? 'public');
      if (!schemas.has(schema)) await server.run(`create schema if not exists "${schema}"`);
      schemas.add(schema);
      const relation = ephemeral ? `"__dbt__cte__${node.name}"` : `"${schema}"."${node.identifier}"`;
      const held = ephemeral ? undefined : await readPreview(sessions.sqlite, node);
      if (node.kind === 'seed' || node.kind === 'source' || node.kind === 'snapshot') {
        if (held === undefined || typeof held === 'string') {
          say(node, `not here: ${held}`);
          continue;
        }
        const { data } = node.kind === 'source' ? node : { data: undefined };
        const seed =
          data?.table === undefined &&
          [...snapshot.nodes.values()].find((one) => one.kind === 'seed' && one.enabled && one.path === data?.path);
        if (seed !== undefined && seed !== false && isRelation(seed)) {
          if (`"${seed.schema}"."${seed.identifier}"` !== relation)
            await server
              .run(`create view ${relation} as select * from "${seed.schema}"."${seed.identifier}"`)
              .catch((error: Error) => say(node, error.message));
          continue;
        }
        const types = new Map(
          Object.entries((node.config.column_types ?? {}) as Record<string, string>).map(([name, type]) => [
            name.toLowerCase(),
            String(type),
          ]),
        );
        await fill(server, relation, held, node.kind === 'seed' ? types : new Map()).catch((error: Error) => {
          if (!/already exists/.test(error.message)) say(node, `not loaded: ${error.message}`);
        });
        continue;
      }
      const rendered = await sessions.sqlite.render(node.id);
      if (!('sql' in rendered)) {
        counts.missing++;
        say(node, `not rendered: ${rendered.message}`);
        continue;
      }
      const refused = await server
        .run(`create ${ephemeral ? 'view' : 'table'} ${relation} as\n${atMoment(rendered.sql, sessions.sqlite.now)}`)
        .then(
          () => undefined,
          (error: Error) => error.message,
        );
      if (ephemeral || held === undefined) continue;
      if (refused !== undefined) {
        counts.refused++;
        say(node, `the server refuses: ${refused}${typeof held === 'string' ? `; here too: ${held}` : '; HERE IT HAS ROWS'}`);
        continue;
      }
      const real = await server.read(`select * from ${relation}`);
      const second = await readPreview(sessions.duckdb, node);
      const differences = (['sqlite', 'duckdb'] as const).flatMap((engine) => {
        const ours = engine === 'sqlite' ? held : second;
        const difference = typeof ours === 'string' ? `fails here: ${ours}` : compare(ours, real);
        return difference === undefined ? [] : [`${engine} ${difference}`];
      });
      if (differences.length === 0) counts.same++;
      else counts.different++;
      for (const difference of differences) say(node, difference);
    }
    console.log(
      `== ${folder} ${dialect}: ${Object.entries(counts)
        .map(([name, count]) => `${count} ${name}`)
        .join(', ')}`,
    );
  } finally {
    await server.stop();
  }
}

async function main(): Promise<void> {
  for (const folder of process.argv.slice(2))
    await compareProject(folder).catch((error: Error) => console.log(`== ${folder}: ${error.stack}`));
  process.exit(0);
}

void main();
