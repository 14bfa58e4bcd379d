import { describe, expect, it } from 'vitest';
import { completeAt } from '../../../src/core/docs/completion.ts';
import { openAtCursor, shopFiles } from '../../support/marked-project.ts';

function suggest(path: string, marked: string, changes: Readonly<Record<string, string>> = {}) {
  const { snapshot, position, text } = openAtCursor(path, marked, changes);
  const found = completeAt(snapshot, path, position);
  const items = found?.items ?? [];
  return { found, labels: items.filter((item) => item.kind !== 'function' || item.rank < 5).map((item) => item.label), items, text };
}

const model = 'models/extra.sql';

describe('suggestions in SQL', () => {
  it.each([
    [
      'after a dot, the columns of what stands before it',
      "select o.‸ from {{ ref('stg_orders') }} o",
      ['amount', 'customer_id', 'order_id'],
    ],
    ['while a name is typed', "select o.am‸ from {{ ref('stg_orders') }} o", ['amount', 'customer_id', 'order_id']],
    [
      'in a condition that has no other side yet',
      "select 1 from {{ ref('stg_orders') }} o where o.‸",
      ['amount', 'customer_id', 'order_id'],
    ],
    [
      'in a join whose condition is being typed',
      "select 1 from {{ ref('people') }} p join {{ ref('stg_orders') }} o on p.‸",
      ['name', 'person_id'],
    ],
    ['inside a call that is not closed', "select coalesce(p.‸ from {{ ref('people') }} p", ['name', 'person_id']],
    ['of a CTE', 'with a as (select 1 as x, 2 as y) select a.‸ from a', ['x', 'y']],
    ['of a subquery', 'select s.‸ from (select 1 as x) s', ['x']],
    ['inside a CTE, what the CTE reads', "with a as (select p.‸ from {{ ref('people') }} p) select 1 as b from a", ['name', 'person_id']],
  ])('%s', (_, marked, expected) => {
    expect(suggest(model, marked).labels).toEqual(expected);
  });

  it('qualify names that two relations have', () => {
    const { labels } = suggest(model, "select ‸ from {{ ref('stg_orders') }} o join {{ ref('customers') }} c on true");
    expect(labels).toContain('o.customer_id');
    expect(labels).toContain('c.customer_id');
    expect(labels).toContain('amount');
    expect(labels).not.toContain('customer_id');
  });

  it('carry the type, the relation and the inherited description', () => {
    const { items } = suggest(model, "with a as (select amount as total from {{ ref('stg_orders') }}) select ‸ from a");
    const total = items.find((item) => item.label === 'total');
    expect(total?.detail).toContain('a');
    expect(total?.documentation).toBe('What was paid, in euros.');
  });

  it('are CTEs and relations after FROM, and a relation is written as its ref', () => {
    const { items } = suggest(model, 'with a as (select 1 as x) select * from ‸');
    expect(items[0]?.label).toBe('a');
    expect(items.find((item) => item.label === 'stg_orders')?.insert).toBe("{{ ref('stg_orders') }}");
    expect(items.find((item) => item.label === 'raw.orders')?.insert).toBe("{{ source('raw', 'orders') }}");
  });

  it('are functions where a value may stand', () => {
    const { items } = suggest(model, "select ‸ from {{ ref('people') }}");
    expect(items.find((item) => item.label === 'coalesce')?.kind).toBe('function');
  });

  it('are none where a new name is given', () => {
    expect(suggest(model, "select name as ‸ from {{ ref('people') }}").found).toBeUndefined();
  });
});

describe('suggestions in Jinja', () => {
  it.each([
    ['models, seeds and snapshots for ref', "select * from {{ ref('‸') }}", ['customers', 'people', 'stg_orders']],
    ['also while the tag is open', "select * from {{ ref('st‸", ['customers', 'people', 'stg_orders']],
    ['sources', "select * from {{ source('‸') }}", ['raw']],
    ['tables of the source that was named', "select * from {{ source('raw', '‸') }}", ['orders']],
    ['vars', "select {{ var('‸') }}", ['cents']],
  ])('%s', (_, marked, expected) => {
    expect(suggest(model, marked).labels).toEqual(expected);
  });

  it('for ref are never the model itself or what another group keeps private, and last what already reads it', () => {
    const changes = {
      'models/hidden.sql': 'select 1 as one',
      'models/below.sql': "select * from {{ ref('extra') }}",
      'models/hidden.yml':
        'groups: [{name: finance, owner: {name: a}}]\nmodels: [{name: hidden, config: {access: private, group: finance}}]\n',
    };
    const { labels, items } = suggest(model, "select * from {{ ref('‸') }}", changes);
    expect(labels).toEqual(['customers', 'people', 'stg_orders', 'below']);
    expect(items.at(-1)?.detail).toContain('reads this model');
  });

  it('are macros with their signature, and the parameters of the one that is called', () => {
    const { items } = suggest(model, 'select {{ to_amount(‸) }}');
    expect(items.slice(0, 2).map((item) => item.label)).toEqual(['column=', 'scale=']);
    expect(items.find((item) => item.label === 'to_amount')?.detail).toBe('to_amount(column, scale=2)');
  });
});

describe('suggestions in properties files', () => {
  const yml = 'models/schema.yml';
  const inSchema = (text: string) => suggest(yml, `${shopFiles[yml]}${text}`).labels;
  it.each([
    ['columns that are not listed yet', '      - name: ‸', ['name']],
    ['models without properties', '  - name: ‸', []],
    ['tests', '      - name: name\n        data_tests:\n          - ‸', ['accepted_values', 'not_null', 'relationships', 'unique']],
    [
      'models in a relationship',
      "      - name: name\n        data_tests:\n          - relationships: {to: ref('‸",
      ['customers', 'people', 'stg_orders'],
    ],
    ['values of a setting', '    config:\n      materialized: ‸', ['ephemeral', 'incremental', 'materialized_view', 'table', 'view']],
  ])('%s', (_, text, expected) => {
    expect(inSchema(text)).toEqual(expected);
  });

  it('are the keys of an entry', () => {
    expect(inSchema('    ‸')).toContain('columns');
    expect(inSchema('      - ‸')).toContain('data_type');
    expect(suggest('models/new.yml', '‸').labels).toContain('models');
  });
});
