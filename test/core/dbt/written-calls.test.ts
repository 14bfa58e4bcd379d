import { expect, test } from 'vitest';
import { Analyzer } from '../../../src/core/analyze.ts';
import { templateEngine } from '../../../src/core/dbt/template-engine.ts';
import { Sources } from '../../../src/core/project/sources.ts';

function parentsOf(model: string): readonly string[] {
  const sources = Sources.of({
    'dbt_project.yml': 'name: shop\nprofile: shop\n',
    'models/first.sql': 'select 1 as id',
    'models/second.sql': 'select 2 as id',
    'models/sources.yml': 'version: 2\nsources:\n  - name: web\n    tables: [{name: visits}]\n',
    'models/broken.sql': model,
  });
  const settings = { vars: {}, env: {}, runStartedAt: '2024-01-01T00:00:00Z', invocationId: 'test' };
  const { graph } = new Analyzer(templateEngine).analyze(sources, settings);
  return graph.edges.filter((edge) => edge.to === 'model.shop.broken').map((edge) => edge.from);
}

test.each([
  ['a ref before the error counts', "select * from {{ ref('first') }} {{ missing.macro() }}", ['model.shop.first']],
  ['a ref behind the error counts', "{{ missing.macro() }} select * from {{ ref('second') }}", ['model.shop.second']],
  [
    'a ref inside the failing call counts',
    '{{ missing.union([ref(\'first\'), ref("second")]) }}',
    ['model.shop.first', 'model.shop.second'],
  ],
  ['a source behind the error counts', "{{ missing.macro() }} select * from {{ source('web', 'visits') }}", ['source.shop.web.visits']],
  ['a comment names nothing', "{{ missing.macro() }} {# {{ ref('second') }} #}", []],
  ['a method of that name is no ref', "{{ missing.ref('second') }}", []],
])('%s', (_, model, parents) => {
  expect([...parentsOf(model)].sort()).toEqual(parents);
});
