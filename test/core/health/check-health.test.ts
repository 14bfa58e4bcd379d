import { describe, expect, it } from 'vitest';
import { checkHealth } from '../../../src/core/health/check-health.ts';
import { readShop } from '../../support/project.ts';

const sources =
  'sources:\n  - name: app\n    schema: s\n    tables:\n      - name: a\n      - name: b\n      - name: again\n        identifier: a\n';

function found(models: Readonly<Record<string, string>>): readonly string[] {
  const files = Object.fromEntries(Object.entries(models).map(([name, sql]) => [`models/${name}.sql`, sql]));
  const yaml = Object.keys(models).length === 0 ? sources : sources.replace(/ {6}- name: again\n.*\n/, '');
  return checkHealth(readShop({ 'dbt_project.yml': 'name: shop\nversion: 1\n', 'models/s.yml': yaml, ...files })).map(({ code }) => code);
}

const [a, b] = ["select * from {{ source('app', 'a') }}", "select * from {{ source('app', 'b') }}"];

describe('the shape of a project', () => {
  it.each([
    ['nothing where every source has its staging model', { stg_a: a, stg_b: b, fct_x: "select * from {{ ref('stg_a') }} join {{ ref('stg_b') }} using (id)" }, []],
    ['a source beside models', { stg_a: a, x: `select * from {{ ref('stg_a') }} join (${b}) using (id)` }, ['direct-join-to-source']],
    ['a mart over a source', { fct_a: a }, ['downstream-reads-source']],
    ['several sources', { stg_a: `${a} union all ${b}` }, ['multiple-sources-joined']],
    ['a parent joined again', { stg_a: a, int_a: "select * from {{ ref('stg_a') }}", fct_a: "select * from {{ ref('stg_a') }} join {{ ref('int_a') }} using (id)" }, ['rejoined-upstream']],
    ['two readers of a source', { stg_a: a, stg_c: a }, ['source-fanout']],
    ['staging over staging', { stg_a: a, stg_c: "select * from {{ ref('stg_a') }}" }, ['staging-reads-staging']],
    ['staging over a mart', { stg_a: a, fct_a: "select * from {{ ref('stg_a') }}", stg_c: "select * from {{ ref('fct_a') }}" }, ['staging-reads-downstream']],
    ['two names of a table', {}, ['duplicate-source']],
  ])('%s', (_, models, codes) => expect(found(models as Record<string, string>)).toEqual(codes)); // biome-ignore format: a table
});
