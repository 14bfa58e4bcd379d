import { describe, expect, it } from 'vitest';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { findGrainChange, grainStateOf } from '../../../src/core/keys/grain-change.ts';
import { grainOf, ProjectGrain } from '../../../src/core/keys/project-grain.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';
import { shopFiles } from './rule-cases.ts';

const settings = { vars: {}, env: {}, runStartedAt: '2024-06-15T12:00:00Z', invocationId: 'test', folderName: 'shop' };
const files: Readonly<Record<string, string>> = {
  'dbt_project.yml': 'name: shop\nversion: "1.0"\nprofile: shop\n',
  ...shopFiles,
  'models/top.sql': 'select * from {{ ref("mid") }}\n',
  'models/mid.sql': 'select account_id, name from {{ ref("accounts") }}\n',
  'models/other.sql': 'select role, count(*) as n from {{ ref("users") }} group by 1\n',
};
const mid = 'model.shop.mid' as NodeId;

/** The project before and after an edit of one text, by one analyzer, as the editor has it. */
function edit(path: string, after: string): { readonly before: Snapshot; readonly after: Snapshot } {
  const analyzer = new Analyzer(templateEngine);
  const sources = Sources.of(files);
  const before = analyzer.analyze(sources, settings);
  // What the grain of the first state knows is what the second one may take over.
  for (const id of before.nodes.keys()) grainOf(before).factsOf(id);
  return { before, after: analyzer.analyze(sources.edit({ [path]: after }), settings) };
}

const join =
  'select a.account_id, a.name, d.amount from {{ ref("accounts") }} a\njoin {{ ref("deals") }} d on d.account_id = a.account_id\n';

describe('an edit that changes what one row stands for', () => {
  it.each([
    ['a join that repeats rows', join, 'it was one row per account_id, now no key is known. The join to deals may repeat rows.', 2],
    ['a group by more', 'select account_id, opened, count(*) as name from {{ ref("accounts") }} group by 1, 2', undefined, 1],
    [
      'a group by something else',
      'select segment, count(*) as account_id from {{ ref("accounts") }} group by 1',
      'it was one row per account_id, now one row per segment.',
      1,
    ],
    ['a condition', 'select account_id, name from {{ ref("accounts") }} where segment is not null', undefined, 1],
    ['another name for the key', 'select account_id as id, name from {{ ref("accounts") }}', undefined, 1],
  ])('%s', (_, text, says, line) => {
    const { before, after } = edit('models/mid.sql', text);
    const [was, is] = [before, after].map((snapshot) => ({ grain: grainOf(snapshot), read: grainOf(snapshot).read(mid) }));
    if (was?.read === undefined || is?.read === undefined) throw new Error('the text was not read');
    const problem = findGrainChange(grainStateOf(was.read, was.grain), is.read, is.grain);
    expect(problem?.message.replace('This edit changes what one row stands for: ', '')).toBe(says);
    if (says !== undefined) expect(problem?.start.line).toBe(line);
  });
});

describe('what is known of rows', () => {
  it('is taken over where nothing of it changed, and is what reading from nothing finds', () => {
    const { before, after } = edit('models/mid.sql', join);
    const [was, is, fresh] = [grainOf(before), grainOf(after), new ProjectGrain(after)];
    for (const id of after.nodes.keys()) expect([id, is.factsOf(id).keys]).toEqual([id, fresh.factsOf(id).keys]);
    const same = (id: string): boolean => is.factsOf(id as NodeId) === was.factsOf(id as NodeId);
    expect(['model.shop.other', 'seed.shop.deals', 'model.shop.mid', 'model.shop.top'].map(same)).toEqual([true, true, false, false]);
  });

  it('is near where few texts have to be read', () => {
    const grain = new ProjectGrain(edit('models/mid.sql', join).after);
    expect([grain.isNear('model.shop.top' as NodeId, 2), grain.isNear('model.shop.top' as NodeId, 1)]).toEqual([true, false]);
    grain.factsOf(mid);
    expect(grain.isNear('model.shop.top' as NodeId, 1)).toBe(true);
  });
});
