import { existsSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { PreviewSession } from '../../../src/core/engine/preview.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';
import { Disk } from '../../../src/disk/disk.ts';
import { toComparable } from '../differential/compare.ts';
import { openEngine } from '../translate/run.ts';

const samples = readdirSync('samples').filter(
  (name) => existsSync(`samples/${name}/dbt_project.yml`) || existsSync(`samples/${name}/headwater.yml`),
);

/** A project's previews in an engine, at noon of a fixed day. */
async function openSession(name: 'sqlite' | 'duckdb', snapshot: Snapshot): Promise<PreviewSession> {
  const engine = openEngine(name);
  await engine.open();
  return new PreviewSession(engine, snapshot, '2024-06-15 12:00:00');
}

/** The rows in an order of their own: without ORDER BY engines give them as they like. */
async function rowsOf(session: PreviewSession, node: NodeId): Promise<string[]> {
  const answer = await session.preview({ kind: 'node', node });
  if (answer.kind === 'failed') return answer.problems.map((problem) => `failed: ${problem.message}`);
  const rows = await answer.result.page(0, Number.MAX_SAFE_INTEGER);
  return rows.map((row) => row.map(toComparable).join(' ¦ ')).sort();
}

describe.each(samples)('%s gives the same rows in both engines', (name) => {
  let snapshot: Snapshot;
  let sqlite: PreviewSession;
  let duckdb: PreviewSession;

  beforeAll(async () => {
    const settings = { vars: {}, env: {}, runStartedAt: '2024-06-15T12:00:00Z', invocationId: 'test' };
    snapshot = new Analyzer(templateEngine).analyze(await Sources.read(new Disk(`samples/${name}`)), settings);
    [sqlite, duckdb] = [await openSession('sqlite', snapshot), await openSession('duckdb', snapshot)];
  });

  it('in every model, seed and snapshot', { timeout: 120_000 }, async () => {
    let compared = 0;
    for (const node of snapshot.nodes.values()) {
      if (node.kind !== 'model' && node.kind !== 'seed' && node.kind !== 'snapshot') continue;
      compared++;
      const rows = await rowsOf(sqlite, node.id);
      expect(rows.join(), node.name).not.toContain('failed: ');
      expect(await rowsOf(duckdb, node.id), node.name).toEqual(rows);
    }
    expect(compared).toBeGreaterThan(0);
  });
});

it('a truncated date of a row without a partner is NULL in both engines', async () => {
  const files = {
    'dbt_project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': 'shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, schema: dev, path: x}\n',
    'seeds/days.csv': `a\n${Array.from({ length: 200 }, (_, i) => i).join('\n')}\n`,
    'seeds/visits.csv': 'a,t\n3,2024-01-01 10:11:12\n6,2024-01-02 11:00:00\n',
    'models/m.sql':
      "select date_trunc('hour', r.t) as h, count(*) as n from {{ ref('days') }} l left join {{ ref('visits') }} r on l.a = r.a group by 1",
  };
  const settings = { vars: {}, env: {}, runStartedAt: '2024-06-15T12:00:00Z', invocationId: 'test' };
  const snapshot = new Analyzer(templateEngine).analyze(Sources.of(files), settings);
  const rows = await rowsOf(await openSession('duckdb', snapshot), 'model.shop.m' as NodeId);
  expect(rows).toEqual(await rowsOf(await openSession('sqlite', snapshot), 'model.shop.m' as NodeId));
  expect(rows).toHaveLength(3);
  expect(rows.join()).not.toContain('NaN');
});
