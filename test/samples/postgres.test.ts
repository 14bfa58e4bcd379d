import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileNode } from '../../src/core/dbt/compile.ts';
import { isRelation } from '../../src/core/project/node.ts';
import { openSample, preview } from './support/headwater.ts';
import { findPostgres, TemporaryPostgres } from './support/postgres.ts';
import { buildInPostgres, inOrder } from './support/postgres-build.ts';

// Two samples speak PostgreSQL. Each is run there whole, and every model must hold the rows that the preview shows.
describe.each(['lightdash-saas', 'crm-warehouse'])('%s in a real PostgreSQL', async (sample) => {
  const snapshot = await openSample(sample);
  const models = inOrder(snapshot).filter((node) => node.kind === 'model' && isRelation(node) && node.materialized !== 'ephemeral');
  const tests = [...snapshot.nodes.values()].filter((node) => node.kind === 'test' && compileNode(snapshot, node.id) !== undefined);
  const postgres = new TemporaryPostgres(findPostgres());
  const client = await postgres.connect(snapshot.project.target.database);
  beforeAll(() => buildInPostgres(client, sample, snapshot), 60_000);
  afterAll(async () => {
    await client.end();
    postgres.stop();
  });

  for (const model of models)
    test(`${model.name} holds the rows of the preview`, async () => {
      if (!isRelation(model)) return;
      const real = await client.query({ text: `select * from "${model.schema}"."${model.identifier}"`, rowMode: 'array' });
      const shown = await preview(sample, model.name);
      expect(shown.columns).toEqual(real.fields.map((field) => field.name));
      const ours = shown.rows.map((row) => shown.columns.map((column) => toText(row[column])).join(' | '));
      const theirs = (real.rows as unknown as unknown[][]).map((row) => row.map(toText).join(' | '));
      expect(ours.sort()).toEqual(theirs.sort());
    });

  test.each(tests.map((node) => [node.name, node] as const))('%s finds nothing', async (_, node) => {
    const found = await client.query(compileNode(snapshot, node.id)!.sql);
    expect(found.rows).toEqual([]);
  });
});

/** A value as text that does not depend on who says it: 1.50 is 1.5, true is 1, midnight is the day. */
function toText(value: unknown): string {
  if (value === null || value === undefined) return '∅';
  if (typeof value === 'boolean') return String(Number(value));
  const text = String(value);
  if (text === 't' || text === 'f') return text === 't' ? '1' : '0';
  if (/^-?\d+(\.\d+)?$/.test(text) && !/^0\d/.test(text)) return String(Math.round(Number(text) * 1e6) / 1e6);
  return text.replace(/^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.0+)?(Z|\+00(:00)?)?$/, '$1 $2').replace(/ 00:00:00$/, '');
}
