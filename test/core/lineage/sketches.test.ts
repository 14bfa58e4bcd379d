import { describe, expect, it } from 'vitest';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { readSql } from '../../../src/core/docs/reading.ts';
import { Sources } from '../../../src/core/project/sources.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';

const settings = { vars: {}, env: {}, runStartedAt: '2026-01-01T00:00:00Z', invocationId: 'test', folderName: 'shop' };

const star = `{% macro star(from, except=[]) %}
  {%- set cols = adapter.get_columns_in_relation(from) -%}
  {%- if cols | length == 0 -%}*{%- endif -%}
  {%- for col in cols if col.name | lower not in except -%}{{ adapter.quote(col.name) }}{{ ', ' if not loop.last }}{%- endfor -%}
{% endmacro %}

{% macro values_of(relation, column) %}
  {%- set found = run_query('select distinct ' ~ column ~ ' from ' ~ relation) -%}
  {{ return(found.columns[0].values() if execute else []) }}
{% endmacro %}`;

function project(adapter: string, models: Readonly<Record<string, string>>): Record<string, string> {
  return {
    'dbt_project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': `shop: {target: dev, outputs: {dev: {type: ${adapter}, schema: main, database: db}}}`,
    'models/sources.yml': 'sources: [{name: raw, tables: [{name: orders}]}]',
    'macros/star.sql': star,
    ...Object.fromEntries(Object.entries(models).map(([name, sql]) => [`models/${name}.sql`, sql])),
  };
}

function analyze(files: Readonly<Record<string, string>>, analyzer = new Analyzer(templateEngine)): Snapshot {
  return analyzer.analyze(Sources.of(files), settings);
}

const id = (name: string): NodeId => `model.shop.${name}` as NodeId;
const columnsOf = (snapshot: Snapshot, name: string) => (snapshot.columns.get(id(name)) ?? []).map((column) => column.name);
const edgesOf = (snapshot: Snapshot, name: string) =>
  (snapshot.lineage.nodes.get(id(name))?.edges ?? []).map(
    (edge) => `${edge.from.split('.').pop()}.${edge.fromColumn} > ${edge.toColumn} ${edge.kind} ${edge.confidence}`,
  );

describe('a template that asks for the columns of a relation', () => {
  const models = {
    stg: `select id, amount, cast(note as text) as note from {{ source('raw', 'orders') }}`,
    middle: `select {{ star(ref('stg'), except=['note']) }} from {{ ref('stg') }}`,
    last: `select {{ star(ref('middle')) }}, amount * 2 as twice from {{ ref('middle') }}`,
  };

  it('is answered from the SQL of that relation, through a chain of such templates', () => {
    const snapshot = analyze(project('postgres', models));
    expect(columnsOf(snapshot, 'middle')).toEqual(['id', 'amount']);
    expect(columnsOf(snapshot, 'last')).toEqual(['id', 'amount', 'twice']);
    expect(edgesOf(snapshot, 'last')).toEqual([
      'middle.id > id copied exact',
      'middle.amount > amount copied exact',
      'middle.amount > twice computed exact',
    ]);
    expect(snapshot.lineage.nodes.get(id('last'))?.isOpen).toBe(false);
  });

  it('is given the names in the case that the database would give them', () => {
    const snapshot = analyze(project('snowflake', models));
    expect(edgesOf(snapshot, 'middle')).toEqual(['stg.id > ID copied exact', 'stg.amount > AMOUNT copied exact']);
  });

  it('follows changes of that relation, and is read again as if it were new', () => {
    const analyzer = new Analyzer(templateEngine);
    const files = project('postgres', models);
    analyze(files, analyzer);
    for (const stg of [
      `select id, amount, 1 as fresh from {{ source('raw', 'orders') }}`,
      `select id from {{ source('raw', 'orders') }}`,
    ]) {
      const changed = { ...files, 'models/stg.sql': stg };
      const followed = analyze(changed, analyzer);
      const anew = analyze(changed);
      for (const name of ['middle', 'last']) {
        expect(columnsOf(followed, name)).toEqual(columnsOf(anew, name));
        expect(edgesOf(followed, name)).toEqual(edgesOf(anew, name));
      }
    }
    expect(columnsOf(analyze(files, analyzer), 'middle')).toEqual(['id', 'amount']);
  });

  it('is kept where nothing that it depends on has changed, and made again where a macro behind the question has', () => {
    const analyzer = new Analyzer(templateEngine);
    const late = `{% macro late() %}1 as late{% endmacro %}`;
    const files = {
      ...project('postgres', { ...models, last: `select {{ star(ref('middle')) }}, {{ late() }} from {{ ref('middle') }}` }),
      'macros/late.sql': late,
    };
    const sketchOf = (snapshot: Snapshot) => snapshot.texts.get(id('last'))?.sketch?.rendering;
    const first = sketchOf(analyze(files, analyzer));
    expect(first?.sql).toContain('1 as late');
    const described = { ...files, 'models/models.yml': 'models: [{name: stg, description: Rows.}]' };
    expect(sketchOf(analyze(described, analyzer))).toBe(first);
    const renamed = { ...described, 'macros/late.sql': late.replace('as late', 'as later') };
    expect(columnsOf(analyze(renamed, analyzer), 'last')).toEqual(['id', 'amount', 'later']);
  });

  it('still needs data to be run: no text is made up for those who run it', () => {
    const text = analyze(project('postgres', models)).texts.get(id('middle'));
    expect(text?.rendering.status).toBe('needs-data');
    expect(text?.rendering.sql).not.toContain('amount');
  });
});

describe('a template that asks for rows', () => {
  const pivot = `select id,
    {% for value in values_of(ref('stg'), 'kind') %} sum(case when kind = '{{ value }}' then 1 end) as {{ value }}, {% endfor %}
    count(*) as many
    from {{ ref('stg') }} group by id`;

  it('is read to its end, and may have columns beside those that are known', () => {
    const snapshot = analyze(project('postgres', { stg: 'select 1 as id, 2 as kind', wide: pivot }));
    expect(columnsOf(snapshot, 'wide')).toEqual(['id', 'many']);
    expect(snapshot.lineage.nodes.get(id('wide'))?.isOpen).toBe(true);
    expect(readSql(snapshot, id('wide'))?.sql).toContain('group by id');
  });

  it('keeps what it says of others where its own query is unknown', () => {
    const latest = `{% set newest = run_query('select max(day) from somewhere').columns[0].values()[0] %}
      select id, kind as sort from {{ ref('stg') }} where kind > '{{ newest }}'`;
    const snapshot = analyze(project('postgres', { stg: 'select 1 as id, 2 as kind', late: latest }));
    expect(edgesOf(snapshot, 'late')).toEqual(['stg.id > id copied exact', 'stg.kind > sort renamed exact']);
  });
});
