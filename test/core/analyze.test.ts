import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Analyzer } from '../../src/core/analyze.ts';
import { templateEngine } from '../../src/core/dbt/template-engine.ts';
import { Sources } from '../../src/core/project/sources.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { Disk } from '../../src/disk/disk.ts';

const settings = { vars: {}, env: {}, runStartedAt: '2026-01-01T00:00:00Z', invocationId: 'test', folderName: 'sample' };
const samples = join(import.meta.dirname, '../../samples');

/** Everything of a Snapshot that anybody can see, as plain data. */
function toPlain(snapshot: Snapshot) {
  return {
    nodes: [...snapshot.nodes.values()],
    edges: snapshot.graph.edges.map((edge) => JSON.stringify(edge)).sort(),
    columns: [...snapshot.columns].sort(([a], [b]) => (a < b ? -1 : 1)),
    texts: [...snapshot.texts].map(([id, text]) => [id, text.rendering.sql, text.incremental?.sql]),
    problems: snapshot.problems,
    lineage: [...snapshot.lineage.nodes.values()]
      .map((node) => ({ id: node.id, edges: node.edges, uses: node.uses, reads: node.reads }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

function check(before: Snapshot, analyzer: Analyzer, changes: Record<string, string | undefined>): Snapshot {
  const sources = before.sources.edit(changes);
  const followed = analyzer.analyze(sources, settings);
  const fresh = new Analyzer(templateEngine).analyze(sources, settings);
  expect(toPlain(followed)).toEqual(toPlain(fresh));
  return followed;
}

describe.each(readdirSync(samples))('what an analyzer follows of %s is what a new one reads', (name) => {
  test('after edits of every kind', async () => {
    const sources = await Sources.read(new Disk(join(samples, name)));
    const analyzer = new Analyzer(templateEngine);
    let snapshot = analyzer.analyze(sources, settings);
    const models = [...snapshot.nodes.values()]
      .filter((node) => node.kind === 'model' && node.path.endsWith('.sql'))
      .map((node) => node.path);
    const pick = (at: number) => models[Math.floor(models.length * at)] as string;
    const textOf = (path: string) => snapshot.sources.find(path)?.text ?? '';
    snapshot = check(snapshot, analyzer, { [pick(0.1)]: `${textOf(pick(0.1))}\n-- a comment` });
    snapshot = check(snapshot, analyzer, { [pick(0.3)]: `with spare as (select 1 as one)\nselect one, 2 as two from spare` });
    snapshot = check(snapshot, analyzer, { [pick(0.5)]: `${textOf(pick(0.5))} {{ config(tags=['edited']) }}` });
    snapshot = check(snapshot, analyzer, { [pick(0.5)]: `select * from {{ ref('no_such_model') }}` });
    snapshot = check(snapshot, analyzer, { [pick(0.5)]: `select * from {{ ref( ` });
    snapshot = check(snapshot, analyzer, { [pick(0.7)]: undefined });
    snapshot = check(snapshot, analyzer, { [pick(0.9)]: '', [pick(0.2)]: textOf(pick(0.2)).toUpperCase() });
    const yaml = snapshot.sources.paths.find((path) => path.startsWith('models/') && path.endsWith('.yml'));
    if (yaml) snapshot = check(snapshot, analyzer, { [yaml]: `${textOf(yaml)}\n\t- broken` });
    if (yaml) snapshot = check(snapshot, analyzer, { [yaml]: sources.find(yaml)?.text });
    const macro = snapshot.sources.paths.find((path) => path.startsWith('macros/') && path.endsWith('.sql'));
    if (macro) check(snapshot, analyzer, { [macro]: textOf(macro).replace('%}', '%} /* changed */') });
  });
});

test('a save of one model keeps the graph and the columns of all others', async () => {
  const sources = await Sources.read(new Disk(join(samples, 'lightdash-saas')));
  const analyzer = new Analyzer(templateEngine);
  const before = analyzer.analyze(sources, settings);
  const path = 'models/staging/deals.sql';
  const after = analyzer.analyze(sources.edit({ [path]: `${sources.find(path)?.text}\n-- saved` }), settings);
  expect(after.graph).toBe(before.graph);
  expect(after.nodes).toBe(before.nodes);
  expect(after.revision).toBe(before.revision + 1);
  const untouched = [...before.columns].filter(([id]) => !id.endsWith('.deals'));
  expect(untouched.every(([id, columns]) => after.columns.get(id) === columns)).toBe(true);
});

test('an analysis that was cancelled throws and harms nothing', async () => {
  const sources = await Sources.read(new Disk(join(samples, 'lightdash-saas')));
  const analyzer = new Analyzer(templateEngine);
  const cancelled = new AbortController();
  cancelled.abort();
  expect(() => analyzer.analyze(sources, settings, cancelled.signal)).toThrow();
  expect(analyzer.analyze(sources, settings).nodes.size).toBeGreaterThan(100);
});
