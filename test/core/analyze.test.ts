import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Analyzer } from '../../src/core/analyze.ts';
import { templateEngine } from '../../src/core/dbt/template-engine.ts';
import { Sources } from '../../src/core/project/sources.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { Disk } from '../../src/disk/disk.ts';
import { toPlain } from '../support/plain-snapshot.ts';

const settings = { vars: {}, env: {}, runStartedAt: '2026-01-01T00:00:00Z', invocationId: 'test', folderName: 'sample' };
const samples = join(import.meta.dirname, '../../samples');

function check(before: Snapshot, analyzer: Analyzer, changes: Record<string, string | Uint8Array | undefined>): Snapshot {
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
    const nameOf = (path: string) => path.replace(/^.*\/|\.sql$/g, '');
    const textOf = (path: string) => snapshot.sources.find(path)?.text ?? '';
    snapshot = check(snapshot, analyzer, { [pick(0.1)]: `${textOf(pick(0.1))}\n-- a comment` });
    snapshot = check(snapshot, analyzer, { [pick(0.3)]: `with spare as (select 1 as one)\nselect one, 2 as two from spare` });
    snapshot = check(snapshot, analyzer, { [pick(0.5)]: `${textOf(pick(0.5))} {{ config(tags=['edited']) }}` });
    snapshot = check(snapshot, analyzer, { [pick(0.5)]: `select * from {{ ref('no_such_model') }}` });
    snapshot = check(snapshot, analyzer, { [pick(0.5)]: `select * from {{ ref( ` });
    snapshot = check(snapshot, analyzer, { [pick(0.7)]: undefined });
    snapshot = check(snapshot, analyzer, { [pick(0.9)]: '', [pick(0.2)]: textOf(pick(0.2)).toUpperCase() });
    snapshot = check(snapshot, analyzer, { 'models/added_by_test.sql': `select * from {{ ref('${nameOf(pick(0.6))}') }}` });
    snapshot = check(snapshot, analyzer, { 'models/added_by_test.sql': undefined, 'models/renamed_by_test.sql': `select 1 as one` });
    snapshot = check(snapshot, analyzer, {
      [pick(0.2)]: `select * from {{ ref('renamed_by_test') }} /* {{ ref('${nameOf(pick(0.8))}') }} */`,
    });
    snapshot = check(snapshot, analyzer, { [pick(0.6)]: undefined, 'models/moved_by_test.sql': textOf(pick(0.6)) });
    const circle = {
      [pick(0.15)]: `select * from {{ ref('${nameOf(pick(0.25))}') }}`,
      [pick(0.25)]: `select * from {{ ref('${nameOf(pick(0.15))}') }}`,
    };
    snapshot = check(snapshot, analyzer, circle);
    snapshot = check(snapshot, analyzer, { [pick(0.15)]: 'select 1 as out_of_the_circle' });
    const seed = snapshot.sources.paths.find((path) => path.startsWith('seeds/') && path.endsWith('.csv'));
    if (seed) snapshot = check(snapshot, analyzer, { [seed]: textOf(seed).replace('\n', '_changed\n') });
    if (seed) snapshot = check(snapshot, analyzer, { [seed]: undefined });
    if (seed) snapshot = check(snapshot, analyzer, { [seed]: sources.find(seed)?.text });
    const config = textOf('dbt_project.yml');
    if (config !== '') {
      snapshot = check(snapshot, analyzer, { 'dbt_project.yml': `${config}\n# only a comment` });
      snapshot = check(snapshot, analyzer, {
        'models/tagged.yml': `models: [{name: renamed_by_test, config: {alias: other, tags: [a]}, columns: [{name: two}]}]`,
      });
      snapshot = check(snapshot, analyzer, {
        'models/tagged.yml': `# lower\n\nmodels: [{name: renamed_by_test, columns: [{name: two, tests: [unique]}]}]`,
      });
      snapshot = check(snapshot, analyzer, {
        'macros/generate_schema_name.sql': `{% macro generate_schema_name(name, node) %}other{% endmacro %}`,
      });
      snapshot = check(snapshot, analyzer, {
        'macros/generate_schema_name.sql': `{% macro generate_schema_name(name, node) %}again{% endmacro %}`,
      });
      snapshot = check(snapshot, analyzer, { 'macros/generate_schema_name.sql': undefined });
      snapshot = check(snapshot, analyzer, {
        'models/said.md': `{% docs said %}First{% enddocs %}`,
        'models/tagged.yml': `models: [{name: renamed_by_test, description: '{{ doc("said") }}'}]`,
      });
      snapshot = check(snapshot, analyzer, { 'models/said.md': `{% docs said %}Second{% enddocs %}` });
      snapshot = check(snapshot, analyzer, { [pick(0.4)]: `{{ config(enabled=false) }} select 1 as one` });
    }
    const yaml = snapshot.sources.paths.find((path) => path.startsWith('models/') && path.endsWith('.yml'));
    if (yaml) snapshot = check(snapshot, analyzer, { [yaml]: `${textOf(yaml)}\n\t- broken` });
    if (yaml) snapshot = check(snapshot, analyzer, { [yaml]: sources.find(yaml)?.text });
    const macro = snapshot.sources.paths.find((path) => path.startsWith('macros/') && path.endsWith('.sql'));
    if (macro) snapshot = check(snapshot, analyzer, { [macro]: textOf(macro).replace('%}', '%} /* changed */') });
    if (macro) snapshot = check(snapshot, analyzer, { [macro]: undefined });
    check(snapshot, analyzer, Object.fromEntries(sources.paths.map((path) => [path, sources.find(path)?.bytes])));
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
