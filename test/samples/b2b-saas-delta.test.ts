import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import initSqlJs from 'sql.js';
import { describe, expect, test } from 'vitest';
import { makeFigures } from './support/b2b-figures.ts';
import { BreakableSample } from './support/changed-files.ts';
import { checkRows } from './support/figure.ts';
import { preview } from './support/headwater.ts';
import { samplesFolder } from './support/rows.ts';

const base = 'warehouse/raw_sources.sqlite';
const delta = 'warehouse/raw_sources_delta.sqlite';

/** The base with the delta laid over it, as `apply: upsert` says: by primary key, and appended where there is none. */
async function upserted(): Promise<Uint8Array> {
  const folder = dirname(createRequire(import.meta.url).resolve('sql.js'));
  const SQL = await initSqlJs({ locateFile: (file) => join(folder, file) });
  const [into, from] = [base, delta].map((file) => new SQL.Database(readFileSync(join(samplesFolder, 'b2b-saas', file))));
  for (const [table] of from!.exec("select name from sqlite_master where type = 'table'")[0]!.values) {
    const { columns, values } = from!.exec(`select * from ${String(table)}`)[0]!;
    for (const row of values) into!.run(`insert or replace into ${String(table)} values (${columns.map(() => '?').join(', ')})`, row);
  }
  return into!.export();
}

describe('b2b-saas with the delta applied', async () => {
  const project = new BreakableSample('b2b-saas');
  const bytes = await upserted();
  const change = { path: base, bytes };

  for (const figure of await makeFigures([base, delta]))
    test(`${figure.select} ${figure.says}`, async () => checkRows(figure, (await project.preview(figure.select, change)).rows));

  test('late payments arrive: invoices that were open are paid', async () => {
    const before = await preview('b2b-saas', 'fct_invoices');
    const after = await project.preview('fct_invoices', change);
    const statusAfter = new Map(after.rows.map((row) => [row.invoice_id, row.payment_status]));
    const owed = before.rows.filter((row) => row.payment_status === 'open' || row.payment_status === 'overdue');
    expect(owed.filter((row) => String(statusAfter.get(row.invoice_id)).startsWith('paid')).length).toBeGreaterThan(5);
  });

  test('late events find their way into months that were closed', async () => {
    const inMay = (rows: readonly Readonly<Record<string, unknown>>[]) =>
      rows.filter((row) => String(row.event_date) < '2026-06-01').length;
    const before = await preview('b2b-saas', 'fct_product_events');
    const after = await project.preview('fct_product_events', change);
    expect(inMay(after.rows)).toBeGreaterThan(inMay(before.rows));
  });

  test('every test of the project passes on the new batch too', async () => {
    const results = await project.test(() => true, change);
    expect(results.filter((result) => result.status !== 'pass').map((result) => `${result.name}: ${result.message}`)).toEqual([]);
  });
});
