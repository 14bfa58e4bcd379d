import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { traceScript } from '../../../src/core/lineage/script.ts';
import type { Dialect } from '../../../src/core/sql/dialect.ts';
import { parseSql } from '../../../src/core/sql/parse.ts';
import { type ForeignParse, installSecondReader, secondReason } from '../../../src/core/sql/second/second-reader.ts';

const library = createRequire(import.meta.url)('../../../scripts/second-reader.cjs') as { readonly parse: ForeignParse };
let asked: string[] = [];
let loads = 0;

beforeEach(() => {
  asked = [];
  loads = 0;
  installSecondReader(() => {
    loads++;
    return (sql, database) => {
      asked.push(sql);
      return library.parse(sql, database);
    };
  });
});
afterEach(() => installSecondReader(undefined));

interface Case {
  readonly dialect: Dialect;
  readonly sql: string;
  /** The columns of the result with what they are made from, `~` where that is not certain. */
  readonly columns: string;
  readonly uses?: string;
  readonly tables?: string;
}

const cases: readonly Case[] = [
  {
    dialect: 'hive',
    sql: "select id from s.tt where at >= timestamp began - interval '3' day",
    columns: 'id: s.tt.id',
    uses: 'filter s.tt.at, filter s.tt.began',
  },
  { dialect: 'mysql', sql: "select a, _binary X'40' | b as m from t", columns: 'a: t.a; m: ~t.b' },
  {
    dialect: 'postgres',
    sql: "select name, amount * 2 as twice from function-test-data where id = 'x'",
    columns: 'name: ~function-test-data.name; twice: ~function-test-data.amount',
    uses: 'filter function-test-data.id',
    tables: 'function-test-data',
  },
];

function show(sql: string, dialect: Dialect) {
  const { statements } = traceScript(sql, dialect);
  const [statement] = statements;
  return {
    columns: statement?.columns
      .map(
        ({ name, from }) =>
          `${name}: ${from.map(({ table, column, confidence }) => `${confidence === 'exact' ? '' : '~'}${table}.${column}`).join(', ')}`,
      )
      .join('; '),
    uses: statement?.uses.map(({ table, column, kind }) => `${kind} ${table}.${column}`).join(', '),
    tables: statement?.tables.join(', '),
    reasons: statement?.columns.flatMap(({ from }) => from.flatMap(({ reason }) => reason ?? [])) ?? [],
  };
}

describe('a piece that our reader cannot read', () => {
  for (const { dialect, sql, columns, uses, tables } of cases)
    it(`is read by the second one: ${sql}`, () => {
      const shown = show(sql, dialect);
      expect(shown.columns).toBe(columns);
      if (uses !== undefined) expect(shown.uses).toBe(uses);
      if (tables !== undefined) expect(shown.tables).toBe(tables);
      expect(shown.reasons.every((reason) => reason === secondReason)).toBe(true);
      expect(parseSql(sql, dialect).problems.map(({ isReadAgain }) => isReadAgain)).toEqual([true]);
      installSecondReader(undefined);
      expect(parseSql(sql, dialect).problems.map(({ isReadAgain }) => isReadAgain)).toEqual([undefined]);
    });

  it('stays opaque where neither reads it', () => {
    const { problems } = parseSql('select a, b = = c d e from t', 'postgres');
    expect(problems.map(({ isReadAgain }) => isReadAgain)).toEqual([undefined]);
    expect(asked.length).toBe(1);
  });

  it('is not asked about where it is long or nested deeply, or where the text has many', () => {
    const bad = "_latin1 x'AA'";
    parseSql(`select ${'f('.repeat(13)}a${')'.repeat(13)} + ${bad} from t`, 'mysql');
    parseSql(`select '${'x'.repeat(9000)}' + ${bad} from t`, 'mysql');
    expect(asked).toEqual([]);
    parseSql(`select ${Array.from({ length: 60 }, () => bad).join(', ')} from t`, 'mysql');
    expect(asked.length).toBe(20);
  });
});

describe('a text that our reader reads', () => {
  it('never loads the second one', () => {
    parseSql('with a as (select 1 as x) select sum(x) over () from a join b using (x)', 'postgres');
    parseSql("select a, _latin1 x'AA' from t", 'duckdb');
    expect(loads).toBe(0);
  });
});
