import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Analyzer } from '../../src/core/analyze.ts';
import { templateEngine } from '../../src/core/dbt/template-engine.ts';
import { Sources } from '../../src/core/project/sources.ts';
import { Disk } from '../../src/disk/disk.ts';
import { followOutline } from '../../src/extension/follow-outline.ts';
import type { Outline } from '../../src/protocol.ts';
import { Outlines, toOutline } from '../../src/worker/outline.ts';

const settings = { vars: {}, env: {}, runStartedAt: '2026-01-01T00:00:00Z', invocationId: 'test', folderName: 'sample' };
const key = { folder: 'file:///sample', root: '' };

async function open(name: string) {
  const sources = await Sources.read(new Disk(join(import.meta.dirname, '../../samples', name)));
  return { sources, analyzer: new Analyzer(templateEngine), outlines: new Outlines(key) };
}

test('updates one after the other lead to the outline of the last Snapshot', async () => {
  const { sources, analyzer, outlines } = await open('b2b-saas');
  const models = sources.below('models', '.sql');
  const yaml = sources.below('models', '.yml');
  const text = (path: string) => sources.find(path)?.text ?? '';
  const changes: Record<string, string | undefined>[] = [
    {},
    { [models[2] as string]: `${text(models[2] as string)}\n-- said` },
    { [models[3] as string]: 'select 1 as one, no_such.column as two' },
    { [models[3] as string]: `select * from {{ ref('no_such_model') }}` },
    { 'models/brand_new.sql': `{{ config(tags=['new']) }} select 1 as one` },
    { [yaml[0] as string]: text(yaml[0] as string).replace(/description: .*/, 'description: Another one.') },
    { [models[5] as string]: undefined },
    { 'macros/brand_new.sql': '{% macro brand_new(x) %}{{ x }}{% endmacro %}' },
    { [models[5] as string]: text(models[5] as string), 'models/brand_new.sql': undefined },
  ];
  let current = sources;
  let shown: readonly Outline[] = [];
  for (const change of changes) {
    current = current.edit(change);
    const snapshot = analyzer.analyze(current, settings);
    shown = [followOutline(shown, outlines.update(snapshot, 1)) ?? []].flat();
    expect(shown).toEqual([toOutline(key, snapshot, 1)]);
  }
});

test('an update of another outline than the one that is shown is not followed', async () => {
  const { sources, analyzer, outlines } = await open('b2b-saas');
  const first = followOutline([], outlines.update(analyzer.analyze(sources, settings), 1)) as Outline;
  const touch = (i: number) => analyzer.analyze(sources.edit({ 'models/brand_new.sql': `select ${i} as one` }), settings);
  outlines.update(touch(1), 1);
  expect(followOutline([first], outlines.update(touch(2), 1))).toBeUndefined();
});

test('a key in the text of a model says nothing of nodes and edges', async () => {
  const { sources, analyzer, outlines } = await open('b2b-saas');
  outlines.update(analyzer.analyze(sources, settings), 1);
  const [path] = sources.below('models', '.sql');
  const next = sources.edit({ [path as string]: `${sources.find(path as string)?.text}\n-- typed` });
  const update = outlines.update(analyzer.analyze(next, settings), 1);
  expect(update).toMatchObject({ kind: 'change', change: { key, since: 1, revision: 2 } });
  expect(Object.keys('change' in update ? update.change : {})).not.toEqual(expect.arrayContaining(['nodes']));
  expect(Object.keys('change' in update ? update.change : {})).not.toEqual(expect.arrayContaining(['edges']));
});

test('a Snapshot that was made anew of the same files says nothing new', async () => {
  const { sources, outlines } = await open('b2b-saas');
  outlines.update(new Analyzer(templateEngine).analyze(sources, settings), 1);
  const update = outlines.update(new Analyzer(templateEngine).analyze(sources, settings), 1);
  expect(Object.keys('change' in update ? update.change : {}).sort()).toEqual(
    ['adapter', 'batches', 'dialect', 'key', 'name', 'packageRoots', 'revision', 'since', 'took'].sort(),
  );
});
