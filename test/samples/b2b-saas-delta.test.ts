import { beforeAll, describe, expect, test } from 'vitest';
import { runBuild } from '../../src/core/checks/build.ts';
import { PreviewSession } from '../../src/core/engine/preview.ts';
import { findBatch } from '../../src/core/engine/runs.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { NodeId } from '../../src/core/text/ids.ts';
import { makeFigures } from './support/b2b-figures.ts';
import { checkRows } from './support/figure.ts';
import { now, openEngine, openSample, type Previewed, previewNode } from './support/headwater.ts';

const files = ['warehouse/raw_sources.sqlite', 'warehouse/raw_sources_delta.sqlite'];

describe('b2b-saas with the delta applied', async () => {
  let snapshot: Snapshot;
  let session: PreviewSession;
  beforeAll(async () => {
    snapshot = await openSample('b2b-saas');
    session = new PreviewSession(await openEngine(), snapshot, now);
  });
  const at = async (batch: string, name: string): Promise<Previewed> => {
    expect(findBatch(snapshot.headwater.batches, batch)).toBeDefined();
    session.choose({ batch });
    return previewNode(session, snapshot, name);
  };
  const notesOf = async (batch: string, id: string): Promise<string> => {
    session.choose({ batch });
    return (await session.relation(id as NodeId)).notes.join('\n');
  };

  for (const figure of await makeFigures(files))
    test(`${figure.select} ${figure.says}`, async () => checkRows(figure, (await at('june delta', figure.select)).rows));

  test('late payments arrive: invoices that were open are paid', async () => {
    const before = await at('base', 'fct_invoices');
    const after = await at('june delta', 'fct_invoices');
    const statusAfter = new Map(after.rows.map((row) => [row.invoice_id, row.payment_status]));
    const owed = before.rows.filter((row) => row.payment_status === 'open' || row.payment_status === 'overdue');
    expect(owed.filter((row) => String(statusAfter.get(row.invoice_id)).startsWith('paid')).length).toBeGreaterThan(5);
  });

  test('late events find their way into months that were closed', async () => {
    const inMay = ({ rows }: Previewed) => rows.filter((row) => String(row.event_date) < '2026-06-01').length;
    expect(inMay(await at('june delta', 'fct_product_events'))).toBeGreaterThan(inMay(await at('base', 'fct_product_events')));
  });

  // Of the 305 events of the delta 5 were sent twice; 3,195 stood there. The run looks 30 days back and so takes 259 of them again.
  test('events come as an increment: what arrived is added, what was looked at again is replaced', async () => {
    expect((await at('base', 'fct_product_events')).rows.length).toBe(3195);
    expect((await at('june delta', 'fct_product_events')).rows.length).toBe(3495);
    expect(await notesOf('june delta', 'model.b2b_saas.fct_product_events')).toContain(
      'this run gave 559 rows on top of 3195 (delete+insert: 259 deleted, 559 inserted by event_id)',
    );
  });

  // The delta holds four accounts: one that was there, modified on 23 June, and three new ones.
  test('the history of accounts gains a version of the one that changed', async () => {
    expect((await at('base', 'accounts_snapshot')).rows.length).toBe(109);
    const { rows } = await at('june delta', 'accounts_snapshot');
    expect(rows.length).toBe(113);
    const closed = rows.filter((row) => row.dbt_valid_to !== null);
    expect(closed.length).toBe(1);
    const versions = rows.filter((row) => row.account_id === closed[0]?.account_id);
    expect(versions.map((row) => row.dbt_valid_from).sort()).toEqual([closed[0]?.dbt_valid_from, closed[0]?.dbt_valid_to].sort());
    expect(rows.filter((row) => row.dbt_valid_to === null).length).toBe(112);
  });

  // Of 41 subscriptions in the delta 4 are new, and 4 differ in plan, seats, state or coupon; a check has no time but that of the run.
  test('the history of subscriptions gains a version of each whose plan, seats, state or coupon changed', async () => {
    const { rows } = await at('june delta', 'subscriptions_snapshot');
    expect(rows.length).toBe(64 + 4 + 4);
    const closed = rows.filter((row) => row.dbt_valid_to !== null);
    expect(closed.map((row) => [row.dbt_valid_from, row.dbt_valid_to])).toEqual(
      Array.from({ length: 4 }, () => ['2026-06-01 00:00:00', '2026-07-01 00:00:00']),
    );
  });

  test('everything builds and every test of the project passes on the new batch too', async () => {
    session.choose({ batch: 'june delta' });
    let ticks = 0;
    const results = await runBuild({ session, snapshot, clock: () => ticks++ }, [...snapshot.nodes.keys()]);
    expect(results.filter((result) => result.status !== 'pass').map((result) => `${result.name}: ${result.message}`)).toEqual([]);
    expect(results.length).toBeGreaterThan(100);
  });
});
