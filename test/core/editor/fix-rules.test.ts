import { beforeAll, describe, expect, it } from 'vitest';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import type { Fix } from '../../../src/core/editor/fix.ts';
import { findFixes } from '../../../src/core/editor/fixes.ts';
import { checkRows, type RowProblem } from '../../../src/core/keys/check-rows.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { LineMap } from '../../../src/core/text/span.ts';
import { guilty, shopFiles } from '../keys/rule-cases.ts';

const settings = { vars: {}, env: {}, runStartedAt: '2024-06-15T12:00:00Z', invocationId: 'test', folderName: 'shop' };
const project = {
  'dbt_project.yml': 'name: shop\nversion: "1.0"\nprofile: shop\n',
  'profiles.yml': 'shop:\n  target: dev\n  outputs:\n    dev: { type: postgres, schema: dev }\n',
};
const cases = guilty.filter(([rule]) => ['outer-join-filtered', 'not-in-null', 'integer-division', 'union-rows'].includes(rule));
const pathOf = (index: number): string => `models/guilty_${index}.sql`;
const files: Record<string, string> = {
  ...project,
  ...shopFiles,
  ...Object.fromEntries(cases.map(([, sql], index) => [pathOf(index), `${sql}\n`])),
};

let snapshot: Snapshot;
let problems: readonly RowProblem[];

function read(texts: Readonly<Record<string, string>>): Snapshot {
  return new Analyzer(templateEngine).analyze(Sources.of(texts), settings);
}

function fixesOf(path: string, rule: string): readonly Fix[] {
  const shown = problems.filter((one) => one.path === path && one.code === rule);
  return shown
    .flatMap(({ code, start, end }) => findFixes(snapshot, path, start, end, [{ code, start, end }]))
    .filter(({ mends }) => mends?.code === rule);
}

function apply(text: string, { changes }: Fix): string {
  const lines = new LineMap(text);
  const ordered = [...changes].sort((a, b) => lines.offset(b.location.start) - lines.offset(a.location.start));
  return ordered.reduce(
    (now, { location, text: put }) => now.slice(0, lines.offset(location.start)) + put + now.slice(lines.offset(location.end)),
    text,
  );
}

beforeAll(async () => {
  snapshot = read(files);
  problems = await checkRows(snapshot, undefined);
});

/** What the first fix makes of each case; undefined where the text does not allow one, which its neighbours do. */
const mended: readonly (readonly [rule: string, find: string, after: string | undefined])[] = [
  ['outer-join-filtered', "where d.stage = 'won'", "d.account_id = a.account_id and d.stage = 'won'\n"],
  ['outer-join-filtered', "a.segment = 'smb' and d.amount > 5", "d.account_id = a.account_id and d.amount > 5 where a.segment = 'smb'\n"],
  ['outer-join-filtered', 'lower(d.stage)', "a.account_id and lower(d.stage) in ('won', 'lost')\n"],
  ['outer-join-filtered', 'right join', undefined],
  ['outer-join-filtered', 'with x as', "t.account_id = a.account_id and t.priority <> 'low') select"],
  ['not-in-null', 'where account_id not in', 'select parent_id from {{ ref("accounts") }} where parent_id is not null)'],
  ['not-in-null', 'owner_id from owners', 'not exists (select 1 from owners where owner_id = u.user_id)'],
  ['not-in-null', "('won', null)", undefined],
  ['integer-division', 'total_cents / 100', 'cast(total_cents as numeric) / 100 as euros'],
  ['integer-division', 'sum(minutes)', 'cast(sum(minutes) as numeric) / count(*)'],
  ['union-rows', 'select product, amount from {{ ref("sales") }} union', 'from {{ ref("sales") }} union all select product'],
];

describe('a finding is mended', () => {
  it.each(mended)('%s: %s', async (rule, find, after) => {
    const index = cases.findIndex(([code, sql]) => code === rule && sql.includes(find));
    const path = pathOf(index);
    const [fix] = fixesOf(path, rule).filter(({ title }) => !title.startsWith('Ignore'));
    if (after === undefined) {
      expect(fix).toBeUndefined();
      return;
    }
    const text = apply(files[path] ?? '', fix as Fix);
    expect(text).toContain(after);
    const left = await checkRows(read({ ...project, ...shopFiles, [path]: text }), undefined);
    expect(left.map(({ code }) => code)).not.toContain(rule);
  });

  it('every one can be left out with a reason, in the line above', async () => {
    const texts = cases.map(([rule, sql], index) => {
      const fix = fixesOf(pathOf(index), rule).find(({ title }) => title === `Ignore ${rule} here…`);
      return fix === undefined ? undefined : apply(`${sql}\n`, fix);
    });
    const shown = cases.map(([rule], index) =>
      problems.some(({ path, code }) => path === pathOf(index) && code === rule) ? rule : undefined,
    );
    expect(texts.map((text) => text?.split('\n')[0])).toEqual(shown.map((rule) => rule && `-- headwater: ignore ${rule} because `));
    const left = await checkRows(
      read({
        ...project,
        ...shopFiles,
        ...Object.fromEntries(texts.flatMap((text, index) => (text === undefined ? [] : [[pathOf(index), text]]))),
      }),
      undefined,
    );
    expect(left).toEqual([]);
  });

  it('nothing is written into a tag of a template', () => {
    const path = 'models/in_tag.sql';
    const text = "select {{ 'a'\n ~ 'b' }} as x\n";
    const place = { code: 'fan-out', start: { line: 2, column: 2 }, end: { line: 2, column: 3 } } as const;
    const fixes = findFixes(read({ ...project, [path]: text }), path, place.start, place.end, [place]);
    expect(fixes.filter(({ mends }) => mends?.code === 'fan-out')).toEqual([]);
  });
});
