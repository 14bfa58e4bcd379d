import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Analyzer } from '../../src/core/analyze.ts';
import { templateEngine } from '../../src/core/dbt/template-engine.ts';
import { Sources } from '../../src/core/project/sources.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { NodeId } from '../../src/core/text/ids.ts';
import { Disk } from '../../src/disk/disk.ts';
import { toPlain } from '../support/plain-snapshot.ts';

const settings = { vars: {}, env: {}, runStartedAt: '2026-01-01T00:00:00Z', invocationId: 'test', folderName: 'sample' };
const later = { ...settings, runStartedAt: '2026-02-02T00:00:00Z', invocationId: 'other' };
const samples = join(import.meta.dirname, '../../samples');

const shop = {
  'dbt_project.yml': 'name: shop\nprofile: shop\n',
  'profiles.yml': 'shop:\n  target: dev\n  outputs:\n    dev: {type: postgres, dbname: db, schema: sch}\n',
  'macros/one.sql': '{% macro one() %}1{% endmacro %}',
  'models/a.sql': 'select {{ one() }} as a, 2 as b\r\nfrom {{ source("raw", "t") }}\r\nwhere {{ var("x", true) }}',
  'models/b.sql':
    "{{ config(materialized='incremental') }}select a, nothing from {{ ref('a') }} {% if is_incremental() %}where a > 1{% endif %}",
  'models/c.sql': "select * from {{ ref('no_such') }}",
  'models/s.yml':
    'sources: [{name: raw, tables: [{name: t}]}]\nmodels: [{name: a, description: An a., columns: [{name: a, tests: [unique]}, {name: gone}]}]',
  'snapshots/snap.sql':
    "{% snapshot snap %}{{ config(unique_key='a', strategy='check', check_cols=['a']) }}select * from {{ ref('a') }}{% endsnapshot %}",
};

function readShop(changes: Readonly<Record<string, string>> = {}): { snapshot: Snapshot; cache: Uint8Array | undefined } {
  const analyzer = new Analyzer(templateEngine);
  const snapshot = analyzer.analyze(Sources.of({ ...shop, ...changes }), settings);
  return { snapshot, cache: analyzer.pack(snapshot, settings) };
}

function revive(cache: Uint8Array | undefined, snapshot: Snapshot, asked = settings): Snapshot | undefined {
  return cache && new Analyzer(templateEngine).revive(cache, snapshot.sources, asked);
}

describe.each(readdirSync(samples).filter((name) => existsSync(join(samples, name, 'dbt_project.yml'))))(
  'a Snapshot of %s that was kept',
  (name) => {
    test('is the Snapshot of a new analysis', async () => {
      const analyzer = new Analyzer(templateEngine);
      const fresh = analyzer.analyze(await Sources.read(new Disk(join(samples, name))), settings);
      const revived = revive(analyzer.pack(fresh, settings), fresh) as Snapshot;
      expect(toPlain(revived)).toEqual(toPlain(fresh));
      expect(revived.project).toEqual(fresh.project);
      expect([...revived.columns.keys()]).toEqual([...fresh.columns.keys()]);
      expect(revived.environment?.target).toEqual(fresh.environment?.target);
    });
  },
);

test('one with faults, snapshots, both branches of a model and line ends of Windows comes back as it was', () => {
  const { snapshot, cache } = readShop();
  const revived = revive(cache, snapshot) as Snapshot;
  expect(toPlain(revived)).toEqual(toPlain(snapshot));
  for (const [id, text] of snapshot.texts)
    for (let at = 0; at < text.rendering.sql.length; at++)
      expect(revived.texts.get(id)?.rendering.map.locate(at)).toEqual(text.rendering.map.locate(at));
});

test.each([
  ['a file with other content', { 'models/c.sql': 'select 1 as one' }],
  ['a file more', { 'models/d.sql': 'select 1 as one' }],
])('%s is worked out anew', (_, changes) => {
  const { cache } = readShop();
  expect(revive(cache, readShop(changes).snapshot)).toBeUndefined();
});

test('other settings are worked out anew', () => {
  const { snapshot, cache } = readShop();
  expect(revive(cache, snapshot, { ...settings, vars: { x: false } } as typeof settings)).toBeUndefined();
});

test('the time makes a difference only where a template asked for it', () => {
  const { snapshot, cache } = readShop();
  expect(revive(cache, snapshot, later)).toBeDefined();
  const timed = readShop({ 'models/t.sql': "select '{{ run_started_at }}' as t" });
  expect(revive(timed.cache, timed.snapshot, settings)).toBeDefined();
  expect(revive(timed.cache, timed.snapshot, later)).toBeUndefined();
});

test('dates of YAML are kept as dates; what JSON would change is not kept', () => {
  const { snapshot, cache } = readShop({ 'models/m.yml': 'models: [{name: b, meta: {since: 2020-01-01}}]' });
  expect(revive(cache, snapshot)?.nodes.get('model.shop.b' as NodeId)?.meta).toEqual({ since: new Date('2020-01-01') });
  expect(readShop({ 'models/m.yml': 'models: [{name: b, meta: {most: .inf}}]' }).cache).toBeUndefined();
});

test('a cache that was damaged anywhere, or is of another version, is as good as none', () => {
  const { snapshot, cache } = readShop();
  if (cache === undefined) throw new Error('nothing was kept');
  for (let at = 0; at < cache.length; at += 97) {
    const damaged = cache.slice();
    damaged[at] = (damaged[at] as number) ^ 0x55;
    expect(revive(damaged, snapshot)).toBeUndefined();
  }
  for (const length of [0, 1, 40, cache.length - 1]) expect(revive(cache.slice(0, length), snapshot)).toBeUndefined();
  expect(revive(new TextEncoder().encode('not a cache\n'), snapshot)).toBeUndefined();
});

test('after a start from a cache, changes are followed as after any other', () => {
  const { snapshot, cache } = readShop();
  const analyzer = new Analyzer(templateEngine);
  const revived = analyzer.revive(cache as Uint8Array, snapshot.sources, settings) as Snapshot;
  const sources = revived.sources.edit({ 'models/c.sql': "select a from {{ ref('a') }}" });
  const followed = analyzer.analyze(sources, settings);
  expect(toPlain(followed)).toEqual(toPlain(new Analyzer(templateEngine).analyze(sources, settings)));
  expect(followed.revision).toBeGreaterThan(revived.revision);
});
