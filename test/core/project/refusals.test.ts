import { describe, expect, test } from 'vitest';
import { problemsOf, readShop } from '../../support/project.ts';

const orders = { 'models/orders.sql': 'select 1 as id' };
const about = (rest: string) => `models:\n  - name: orders\n    ${rest}\n`;

describe('what dbt refuses is told where it is written', () => {
  test.each<[string, Record<string, string>, string[]]>([
    [
      'a private model read from outside of its group',
      {
        ...orders,
        'models/o.yml': about('config: {group: sales, access: private}'),
        'models/late.sql': "select * from {{ ref('orders') }}",
      },
      ['ref-private models/late.sql:1:1'],
    ],
    [
      'two nodes that would be one relation',
      { ...orders, 'models/late.sql': "{{ config(alias='orders') }}select 1 as id" },
      ['relation-duplicate models/orders.sql:1:1'],
    ],
    ['an access that there is not', { ...orders, 'models/o.yml': about('config: {access: hidden}') }, ['config-refused models/o.yml:2:1']],
    [
      'an ephemeral model that is public',
      { 'models/orders.sql': "{{ config(materialized='ephemeral', access='public') }}select 1 as id" },
      ['config-refused models/orders.sql:1:1'],
    ],
    [
      'a switch that is a text',
      { ...orders, 'models/o.yml': about('config: {enabled: True and False}') },
      ['config-refused models/o.yml:2:1'],
    ],
    [
      'a snapshot without a strategy',
      { 'snapshots/s.sql': '{% snapshot hist %}select 1 as id{% endsnapshot %}' },
      ['config-refused snapshots/s.sql:1:1'],
    ],
    [
      'a seed that is a table',
      { 'seeds/s.csv': 'id\n1\n', 'dbt_project.yml': 'name: shop\nprofile: shop\nseeds: {+materialized: table}\n' },
      ['config-refused seeds/s.csv:1:1'],
    ],
    [
      'a contract without columns',
      { ...orders, 'models/o.yml': about('config: {contract: {enforced: true}}') },
      ['config-refused models/o.yml:2:1'],
    ],
    [
      'a primary key of two columns, each by itself',
      {
        'models/orders.sql': 'select 1 as id, 2 as day',
        'models/o.yml': about(
          'config: {contract: {enforced: true}}\n    columns: [{name: id, data_type: int, constraints: [{type: primary_key}]}, {name: day, data_type: int, constraints: [{type: primary_key}]}]',
        ),
      },
      ['config-refused models/o.yml:2:1'],
    ],
    [
      'a docs block that is not there',
      { ...orders, 'models/o.yml': about(`description: "{{ doc('gone') }}"`) },
      ['doc-unknown models/o.yml:2:1'],
    ],
    [
      'two macros of one name',
      { ...orders, 'macros/a.sql': '{% macro one() %}1{% endmacro %}', 'macros/b.sql': '{% macro one() %}2{% endmacro %}' },
      ['macro-duplicate macros/b.sql:1:1'],
    ],
    ['a properties file that is a list', { ...orders, 'models/o.yml': '- models\n' }, ['properties-shape models/o.yml:1:1']],
    ['entries that are no list', { ...orders, 'models/o.yml': 'models: {name: orders}\n' }, ['properties-shape models/o.yml:1:1']],
  ])('%s', (_what, files, expected) => {
    expect(problemsOf(readShop(files)).filter((problem) => !/unused|undocumented/.test(problem))).toEqual(expected);
  });

  test('a private model is read inside its group, and by its tests', () => {
    const snapshot = readShop({
      ...orders,
      'models/o.yml': about('config: {group: sales, access: private}\n    columns: [{name: id, data_tests: [unique]}]'),
      'models/late.sql': "{{ config(group='sales') }}select * from {{ ref('orders') }}",
    });
    expect(problemsOf(snapshot).filter((problem) => problem.startsWith('ref-private'))).toEqual([]);
  });

  test('what a package that is not installed would say is not held against the project', () => {
    const snapshot = readShop({
      ...orders,
      'packages.yml': 'packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.0.0\n',
      'models/late.sql': "{{ config(alias='orders', enabled=dbt_utils.on()) }}select 1 as id",
    });
    expect(snapshot.problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  });

  test.each([
    [true, 0],
    [false, 1],
  ])('two models of one name of which a package says which is enabled: missing %s', (missing, errors) => {
    const snapshot = readShop({
      ...(missing ? { 'packages.yml': 'packages:\n  - package: fivetran/lib\n    version: 1.0.0\n' } : {}),
      'models/a/orders.sql': `{{ config(enabled=${missing ? 'lib.on()' : 'true'}) }}select 1 as id`,
      'models/b/orders.sql': `{{ config(enabled=${missing ? 'lib.off()' : 'true'}) }}select 1 as id`,
    });
    expect(snapshot.problems.filter((problem) => problem.code === 'model-duplicate-name')).toHaveLength(errors);
  });
});
