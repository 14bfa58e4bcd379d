import { beforeAll, describe, expect, it } from 'vitest';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { PreviewSession } from '../../../src/core/engine/preview.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import { profileTable } from '../../../src/core/results/profile.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { isNumeric } from '../../../src/core/translate/value-type.ts';
import { Disk } from '../../../src/disk/disk.ts';
import { openEngine } from '../translate/run.ts';

const now = '2026-06-01 12:00:00';

/** Numbers to ten digits: engines add in an order of their own. */
const rounded = (value: unknown): unknown =>
  value === null || value === '' || !Number.isFinite(Number(value)) ? (value ?? null) : Number(Number(value).toPrecision(10));

describe.each(['b2b-saas'])('profiles of the tables of %s', (sample) => {
  let snapshot: Snapshot;
  let sqlite: PreviewSession;
  let duckdb: PreviewSession;

  beforeAll(async () => {
    const settings = { vars: {}, env: {}, runStartedAt: '2026-06-01T12:00:00Z', invocationId: 'test' };
    snapshot = new Analyzer(templateEngine).analyze(await Sources.read(new Disk(`samples/${sample}`)), settings);
    const open = async (name: 'sqlite' | 'duckdb') => {
      const engine = openEngine(name);
      await engine.open();
      return new PreviewSession(engine, snapshot, now);
    };
    [sqlite, duckdb] = [await open('sqlite'), await open('duckdb')];
  });

  it('are those of SUMMARIZE, and the same in both engines', { timeout: 60_000 }, async () => {
    let tables = 0;
    for (const node of snapshot.nodes.values()) {
      if (node.kind !== 'seed' && node.kind !== 'source' && !(node.kind === 'model' && /^(dim|rpt|fct_[is])/.test(node.name))) continue;
      const [here, there] = [await sqlite.relation(node.id), await duckdb.relation(node.id)];
      if (here.kind === 'failed' || there.kind === 'failed') throw new Error(node.name);
      const ours = await profileTable(duckdb.engine, there.table, { now, shown: [] });
      const plain = (profile: typeof ours) =>
        profile.columns.map((column) => ({ ...column, mean: rounded(column.mean), min: rounded(column.min), max: rounded(column.max) }));
      const theirs = plain(await profileTable(sqlite.engine, here.table, { now, shown: [] }));
      expect(theirs, node.name).toEqual(plain(ours));
      const summary = await duckdb.engine.query(
        `select column_name, min, max, avg, count, null_percentage from (summarize "${there.table.physical}")`,
        { offset: 0, limit: 1000 },
      );
      for (const [name, min, max, avg, count, share] of summary.rows) {
        const at = there.table.columns.findIndex((column) => column.name === name);
        const column = ours.columns[at];
        const type = there.table.columns[at]?.type ?? { kind: 'unknown' };
        const label = `${node.name}.${String(name)}`;
        expect(ours.rowCount, label).toBe(Number(count));
        expect((100 * (column?.nulls ?? 0)) / Math.max(1, ours.rowCount), label).toBeCloseTo(Number(share), 1);
        if (isNumeric(type))
          expect([rounded(column?.mean), rounded(column?.min), rounded(column?.max)], label).toEqual([avg, min, max].map(rounded));
        else if (type.kind === 'string') expect([column?.min, column?.max], label).toEqual([min, max]);
        const exact = await duckdb.engine.query(
          `select count(distinct "${String(name)}"), max(n) from (select "${String(name)}", count(*) over (partition by "${String(name)}") as n from "${there.table.physical}" where "${String(name)}" is not null) as c`,
          { offset: 0, limit: 1 },
        );
        expect([column?.distinct, column?.top[0]?.[1] ?? null], label).toEqual([
          Number(exact.rows[0]?.[0]),
          exact.rows[0]?.[1] == null ? null : Number(exact.rows[0]?.[1]),
        ]);
      }
      tables++;
    }
    expect(tables).toBeGreaterThanOrEqual(30);
  });
});
