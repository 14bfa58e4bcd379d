import { describe, expect, it } from 'vitest';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { hoverAt } from '../../../src/core/docs/hover.ts';
import { findLenses } from '../../../src/core/editor/lenses.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import { LineMap } from '../../../src/core/text/span.ts';

const path = 'models/notices.sql';
const text = `with notices as (
    with latest as (select max(day) as day from days)
    select
        meta.config.url as url,
        case when state = 1 then 'on' -- the rest is off
             else 'off' end as state
    from {{ source('raw', 'notices') }} join latest using (day)
)
select * from notices`;

const snapshot = new Analyzer(templateEngine).analyze(
  Sources.of({
    'dbt_project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': 'shop: {target: dev, outputs: {dev: {type: bigquery, schema: main, database: db}}}',
    'models/sources.yml':
      "sources: [{name: raw, tables: [{name: notices, columns: [{name: meta, data_type: 'struct<config struct<url string>>'}]}]}]",
    [path]: text,
  }),
  { vars: {}, env: {}, runStartedAt: '2026-01-01T00:00:00Z', invocationId: 'test', folderName: 'shop' },
);

function hover(at: string): string {
  return hoverAt(snapshot, path, new LineMap(text).position(text.indexOf(at)))?.markdown ?? '';
}

describe('a hover in nested things', () => {
  it('tells the type of a field and the column that holds it', () => {
    expect(hover('url as')).toContain('**url** · `string` · field of `meta`');
    expect(hover('url as')).toContain('**meta** · ');
    expect(hover('config.url')).toContain('**config** · field of `meta`');
  });

  it('shows an expression on one line without the comments in it', () => {
    const line = text.indexOf('as state') + 3;
    expect(hoverAt(snapshot, path, new LineMap(text).position(line))?.markdown).toContain(
      "= `case when state = 1 then 'on' else 'off' end`",
    );
  });

  it('and a lens say what a CTE reads from outside of it', () => {
    expect(hover('notices as (')).toContain('reads `days`, `notices` · read once');
    expect(findLenses(snapshot, path).flatMap((lens) => (lens.kind === 'cte' && lens.name === 'notices' ? lens.reads : []))).toEqual([
      'days',
      'notices',
    ]);
  });
});
