import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { findModelQuery, parseSql } from '../../../src/core/sql/parse.ts';
import type { ResolvedColumn } from '../../../src/core/sql/resolve/columns.ts';
import { resolve } from '../../../src/core/sql/resolve.ts';
import { parseType, showType } from '../../../src/core/sql/types.ts';
import { findPostgres, TemporaryPostgres } from '../../samples/support/postgres.ts';
import { typedColumns, typedExpressions } from './type-corpus.ts';

type Engine = 'postgres' | 'duckdb';

/** What an engine says of an expression: its type, and whether NULL came out of rows with and of rows without values. */
interface Answer {
  readonly type: string;
  readonly isNull: readonly boolean[];
}

type Ask = (expression: string) => Promise<Answer | undefined>;

/** One row of values, and one of nothing but NULL. */
const tables = typedColumns.map(([name, type]) => `${name} ${type}`).join(', ');
const filled = typedColumns.map(([, , value]) => value).join(', ');
const missing = typedColumns.map(() => 'null').join(', ');
const setUp = [
  `create table t (${tables})`,
  `insert into t values (${filled})`,
  `create table e (${tables})`,
  `insert into e values (${missing})`,
];

const engines: Readonly<Record<Engine, () => Promise<{ ask: Ask; stop(): Promise<void> }>>> = {
  postgres: async () => {
    const server = new TemporaryPostgres(findPostgres());
    const client = await server.connect('types');
    for (const statement of setUp) await client.query(statement);
    const named = new Map<number, string>();
    const first = async (expression: string, table: string) => {
      const { rows, fields } = await client.query({ text: `select ${expression} from ${table} as t`, rowMode: 'array' });
      return { value: rows[0]?.[0], type: fields[0]?.dataTypeID ?? 0 };
    };
    return {
      ask: async (expression) => {
        try {
          const answers = [await first(expression, 't'), await first(expression, 'e')];
          const id = answers[0]?.type ?? 0;
          if (!named.has(id)) named.set(id, String((await client.query('select format_type($1, null) as f', [id])).rows[0].f));
          return { type: named.get(id) ?? '', isNull: answers.map(({ value }) => value === null) };
        } catch {
          return undefined;
        }
      },
      stop: async () => {
        await client.end();
        server.stop();
      },
    };
  },
  duckdb: async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    for (const statement of setUp) await connection.run(statement);
    const first = async (expression: string, table: string) => {
      const reader = await connection.runAndReadAll(`select ${expression} from ${table} as t`);
      return { value: reader.getRows()[0]?.[0], type: String(reader.columnTypes()[0]) };
    };
    return {
      ask: async (expression) => {
        try {
          const answers = [await first(expression, 't'), await first(expression, 'e')];
          return { type: answers[0]?.type ?? '', isNull: answers.map(({ value }) => value === null) };
        } catch {
          return undefined;
        }
      },
      stop: async () => connection.closeSync(),
    };
  },
};

function columnOf(expression: string, dialect: Engine, nullable: boolean): ResolvedColumn | undefined {
  const sql = `select ${expression} as e from t`;
  const query = findModelQuery(parseSql(sql, dialect));
  const columns = typedColumns.map(([name, type]) => ({ name, type: parseType(type, dialect), nullable }));
  return query === undefined ? undefined : resolve(query, { find: () => ({ columns, isComplete: true }) }, dialect, sql).columns[0];
}

const spellings: Readonly<Record<string, string>> = {
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  'character varying': 'varchar',
  'double precision': 'double',
  numeric: 'decimal',
  float: 'real',
  int: 'integer',
};

function spell(type: string, engine: Engine): string {
  const array = type.endsWith('[]');
  const bare = type
    .toLowerCase()
    .replace('[]', '')
    .replace(/\(.*\)/, '');
  const word = spellings[bare] ?? bare;
  return `${word === 'text' && engine === 'duckdb' ? 'varchar' : word}${array ? '[]' : ''}`;
}

/** Where we answer otherwise, and why that is left so. */
const explained: Readonly<Record<Engine, readonly RegExp[]>> = {
  postgres: [
    // Of two types of text the later one wins in CASE; both hold the same values.
    /^case when o then [sv] else [sv] end$/,
  ],
  duckdb: [
    // A number in the text is as narrow as the column beside it allows.
    /\bk\b.*\b1\b|\b1\b.*\bk\b/,
    // A quoted constant beside a number is read as a number of another kind by each operator.
    /'x'/,
  ],
};

describe.each(['postgres', 'duckdb'] as const)('types as %s has them', (engine) => {
  it('are said of every expression, or are unknown', async () => {
    const { ask, stop } = await engines[engine]();
    let same = 0;
    let unknown = 0;
    const wrong: string[] = [];
    const nulls: string[] = [];
    for (const expression of typedExpressions) {
      const real = await ask(expression);
      if (real === undefined) continue;
      for (const [index, isNull] of real.isNull.entries())
        if (isNull && columnOf(expression, engine, index === 1)?.nullable === false) nulls.push(expression);
      const column = columnOf(expression, engine, false);
      if (column === undefined) continue;
      const [ours, theirs] = [spell(showType(column.type, engine), engine), spell(real.type, engine)];
      if (ours === theirs) same++;
      else if (ours === 'unknown') unknown++;
      else if (!explained[engine].some((pattern) => pattern.test(expression))) wrong.push(`${expression}: ${theirs}, not ${ours}`);
    }
    await stop();
    expect(wrong).toEqual([]);
    // What is said never to be NULL never is.
    expect(nulls).toEqual([]);
    expect(same).toBeGreaterThan(1_100);
    expect(unknown).toBeLessThan(same / 20);
  }, 120_000);
});
