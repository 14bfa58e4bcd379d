import { beforeAll, describe, expect, it } from 'vitest';
import { readText } from '../../../src/core/keys/query-facts.ts';
import { type RelationFacts, type RowKey, unknownFacts } from '../../../src/core/keys/row-key.ts';
import { findModelQuery, parseSql } from '../../../src/core/sql/parse.ts';
import { resolve } from '../../../src/core/sql/resolve.ts';
import type { SqliteEngine } from '../../../src/engines/sqlite.ts';
import { openSqlite } from '../../support/open-sqlite.ts';
import { Chance, randomQuery, randomTables } from './random-queries.ts';

const names = ['k', 'a', 'b', 'c'];
const declared = (columns: readonly string[]): RowKey => ({ columns, nulls: 'none', isDeclared: true, because: [] });
const facts: Readonly<Record<string, RelationFacts>> = {
  t1: { ...unknownFacts, columns: names, keys: [declared(['k'])] },
  t2: { ...unknownFacts, columns: names, keys: [declared(['k'])] },
  t3: { ...unknownFacts, columns: names, keys: [declared(['a', 'b'])] },
  t4: { ...unknownFacts, columns: names },
};

function keysOf(sql: string): readonly RowKey[] {
  const query = findModelQuery(parseSql(sql, 'sqlite'));
  if (query === undefined) throw new Error(`not read: ${sql}`);
  const catalog = { find: () => ({ columns: names.map((name) => ({ name })), isComplete: true }) };
  const resolution = resolve(query, catalog, 'sqlite', sql);
  return readText({ query, resolution, sql, table: (parts) => facts[parts.at(-1) ?? ''] ?? unknownFacts, proof: (text) => ({ text }) })
    .facts.keys;
}

let engine: SqliteEngine;
beforeAll(async () => {
  engine = await openSqlite();
});

/** `KEYS=2000 npx vitest run test/core/keys/soundness.test.ts` tries as many. */
const tried = Number(process.env.KEYS ?? 400);

describe('no key that is proved', () => {
  it(`is contradicted by the rows of ${tried} queries at random`, async () => {
    const wrong: string[] = [];
    let proved = 0;
    for (let seed = 1; seed <= tried; seed++) {
      const chance = new Chance(seed);
      const sql = randomQuery(chance);
      const keys = keysOf(sql);
      if (keys.length === 0) continue;
      proved++;
      for (let round = 0; round < 6; round++) {
        for (const [table, rows] of Object.entries(randomTables(chance)))
          await engine.load(
            table,
            names.map((name) => ({ name, type: '' })),
            rows,
          );
        await engine.execute('drop table if exists made');
        await engine.execute(`create table made as ${sql}`);
        for (const { columns, nulls } of keys) {
          const list = columns.map((column) => `"${column}"`).join(', ');
          const only = nulls === 'many' ? `where ${columns.map((column) => `"${column}" is not null`).join(' and ')}` : '';
          const grouped =
            columns.length === 0
              ? 'select count(*) as n from made having count(*) > 1'
              : `select ${list}, count(*) as n from made ${only} group by ${list} having count(*) > 1`;
          const { rows } = await engine.query(grouped, { offset: 0, limit: 1 });
          const nullRows =
            nulls === 'none' && columns.length > 0
              ? (
                  await engine.query(`select 1 from made where ${columns.map((column) => `"${column}" is null`).join(' or ')}`, {
                    offset: 0,
                    limit: 1,
                  })
                ).rows
              : [];
          if (rows.length > 0) wrong.push(`seed ${seed}: (${columns.join(', ')}) of ${sql}`);
          if (nullRows.length > 0) wrong.push(`seed ${seed}: NULL in (${columns.join(', ')}) of ${sql}`);
        }
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    // A test that proves nothing could not fail.
    expect(proved).toBeGreaterThan(tried / 4);
  }, 120_000);
});
