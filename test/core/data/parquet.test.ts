import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readParquetShape } from '../../../src/core/data/parquet-file.ts';
import { readParquet } from '../../../src/core/data/parquet-rows.ts';
import { showType } from '../../../src/core/sql/types.ts';

let connection: DuckDBConnection;
const folder = mkdtempSync(join(tmpdir(), 'headwater-parquet-'));

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(() => {
  connection.closeSync();
  rmSync(folder, { recursive: true });
});

/** What DuckDB itself writes for a query. */
async function write(query: string, options = ''): Promise<Uint8Array> {
  const path = join(folder, 'written.parquet');
  await connection.run(`copy (${query}) to '${path}' (format parquet${options})`);
  return Uint8Array.from(readFileSync(path));
}

async function columnOf(expression: string, options?: string) {
  const table = await readParquet(await write(`select ${expression} as v`, options), 'duckdb');
  return { type: showType(table.columns[0]?.type ?? { kind: 'unknown' }, 'duckdb'), value: table.values[0]?.[0], lost: table.lost };
}

describe('a value that DuckDB writes is read as DuckDB prints it', () => {
  it.each([
    ['true', 'boolean', true],
    ['null::int', 'integer', null],
    ['7::tinyint', 'integer', 7],
    ['-7', 'integer', -7],
    ['9223372036854775807', 'bigint', 9223372036854775807n],
    ['18446744073709551615::ubigint', 'bigint', 18446744073709551615n],
    ['0.1::double', 'double', 0.1],
    ["'nan'::double", 'double', 'NaN'],
    ['1.5::float', 'double', 1.5],
    ['12.30::decimal(4,2)', 'decimal(4,2)', '12.30'],
    ['-0.05::decimal(9,2)', 'decimal(9,2)', '-0.05'],
    ['123456789012345.67::decimal(18,2)', 'decimal(18,2)', '123456789012345.67'],
    ['-12345678901234567890123456789.012345678::decimal(38,9)', 'decimal(38,9)', '-12345678901234567890123456789.012345678'],
    ["'häß 日本'", 'varchar', 'häß 日本'],
    ["'\\xAA\\x00'::blob", 'blob', new Uint8Array([0xaa, 0])],
    ["date '1582-10-04'", 'date', '1582-10-04'],
    ["date '2024-02-29'", 'date', '2024-02-29'],
    ["time '23:59:59.5'", 'time', '23:59:59.5'],
    ["timestamp '2024-03-01 12:00:00.123456'", 'timestamp', '2024-03-01 12:00:00.123456'],
    ["timestamp '1960-03-01 12:00:00'", 'timestamp', '1960-03-01 12:00:00'],
    ["timestamp_ms '2024-03-01 12:00:00.123'", 'timestamp', '2024-03-01 12:00:00.123'],
    ["timestamp_ns '2024-03-01 12:00:00.123456789'", 'timestamp', '2024-03-01 12:00:00.123456'],
    ["timestamptz '2024-03-01 12:00:00+02'", 'timestamptz', '2024-03-01 10:00:00'],
    ["uuid '6b4d8ad3-0f2c-4f1c-9c5e-2a7fd1f0a111'", 'uuid', '6b4d8ad3-0f2c-4f1c-9c5e-2a7fd1f0a111'],
    ['[1, 2, null]', 'integer[]', '[1,2,null]'],
    ["{'a': 1, 'b': 'x'}", 'struct(a integer, b varchar)', '{"a":1,"b":"x"}'],
    ["[{'a': 9007199254740993}]", 'struct(a bigint)[]', '[{"a":"9007199254740993"}]'],
    ["'red'::enum('red', 'blue')", 'varchar', 'red'],
    ['\'{"a": 1}\'::json', 'json', '{"a": 1}'],
  ])('%s', async (expression, type, value) => {
    expect(await columnOf(expression)).toEqual({ type, value, lost: [] });
  });
});

it.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'])('every codec gives the same rows: %s', async (codec) => {
  const query =
    "select i, 'name ' || (i % 17) as name, i * 1.25::decimal(9,2) as price, date '2024-01-01' + i::int as day from range(20000) as r(i)";
  const table = await readParquet(await write(query, `, codec ${codec}, row_group_size 5000`), 'duckdb');
  const rows = (await (await connection.run(`select i, name, price::varchar, day::varchar from (${query})`)).getRows()).map((row) =>
    row.map((value) => (typeof value === 'bigint' ? Number(value) : value)),
  );
  expect(table.rowCount).toBe(20_000);
  expect(rows.map((_, i) => table.values.map((column) => column[i]))).toEqual(rows);
});

it('NULLs, delta encodings and several pages are read in place', async () => {
  const query =
    'select case when i % 3 = 0 then null else i end as a, case when i % 2 = 0 then i::varchar end as b from range(70000) as r(i)';
  const table = await readParquet(await write(query, ', parquet_version v2'), 'duckdb');
  expect(table.lost).toEqual([]);
  expect(table.values[0]?.map((value, i) => value === (i % 3 === 0 ? null : i)).includes(false)).toBe(false);
  expect(table.values[1]?.map((value, i) => value === (i % 2 === 0 ? String(i) : null)).includes(false)).toBe(false);
});

it('a column of a type that has no form here is NULL, and it is said', async () => {
  const table = await readParquet(await write('select interval 3 days as wait, 1 as id'), 'duckdb');
  expect(table.values).toEqual([[null], [1]]);
  expect(table.lost).toEqual([expect.stringMatching(/^the column 'wait' cannot be read \(.*\), so that it is NULL$/)]);
});

describe('a damaged file is refused in a sentence', () => {
  it.each([
    ['no Parquet', new TextEncoder().encode('PAR1 but not for long'), /does not begin and end/],
    ['an empty file', new Uint8Array(), /does not begin and end/],
    ['an encrypted footer', new TextEncoder().encode('PARE0000000000PARE'), /does not begin and end/],
  ])('%s', (_, bytes, reason) => {
    const shape = readParquetShape(bytes, 'duckdb');
    expect('damage' in shape && shape.damage).toMatch(reason);
  });

  it('wherever a byte is wrong: rows, NULLs with a reason, or a refusal, and never anything else', async () => {
    const whole = await write("select i, 'x' || i as s, [i] as l, i::decimal(9,2) as d from range(300) as r(i)");
    let [refused, lost, read] = [0, 0, 0];
    for (let at = 4; at < whole.length; at += 7) {
      const bytes = whole.slice();
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      try {
        const table = await readParquet(bytes, 'duckdb');
        if (table.lost.length > 0) lost++;
        else read++;
        expect(table.values.every((column) => column.length === table.rowCount)).toBe(true);
      } catch (error) {
        expect((error as Error).constructor).toBe(Error);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(20);
    expect(lost + read).toBeGreaterThan(20);
  });

  it('a page that claims billions of values', async () => {
    const bytes = await write('select 1 as a from range(10)', ', codec uncompressed');
    // The first page header: its number of values is the first varint 10, zigzagged 20.
    const at = bytes.indexOf(20);
    const claimed = Uint8Array.from([...bytes.slice(0, at), 0xfe, 0xff, 0xff, 0xff, 0x0f, ...bytes.slice(at + 5)]);
    await expect(readParquet(claimed, 'duckdb')).rejects.toThrow(/million values|lies beyond|makes no sense/);
  });
});
