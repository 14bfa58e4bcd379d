import { expect, test } from 'vitest';
import { edgesOf, readShop } from '../../support/project.ts';

const model = { 'models/orders.sql': "{{ config(schema='a') }}select 1 as id", 'models/late.sql': "select * from {{ ref('orders') }}" };
const snapshot = {
  'snapshots/orders.sql':
    "{% snapshot orders %}{{ config(strategy='check', unique_key='id', check_cols='all', schema='b') }}select 1 as id{% endsnapshot %}",
};
const seed = { 'seeds/orders.csv': 'id\n1\n' };

// As dbt 1.12 has it.
test.each<[string, Record<string, string>, string]>([
  ['a model and a seed means the seed', { ...model, ...seed }, 'seed.shop.orders -seed-> model.shop.late'],
  ['a model and a snapshot means the snapshot', { ...model, ...snapshot }, 'snapshot.shop.orders -ref-> model.shop.late'],
  ['all three means the seed', { ...model, ...snapshot, ...seed }, 'seed.shop.orders -seed-> model.shop.late'],
  [
    'a seed that is disabled means the model',
    { ...model, ...seed, 'seeds/s.yml': 'seeds: [{name: orders, config: {enabled: false}}]' },
    'model.shop.orders -ref-> model.shop.late',
  ],
])('a ref to a name of %s', (_, files, edge) => expect(edgesOf(readShop(files))).toEqual([edge]));
