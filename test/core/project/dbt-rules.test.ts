import { describe, expect, test } from 'vitest';
import { compileNode } from '../../../src/core/dbt/compile.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';
import { edgesOf, problemsOf, readShop, sqlOf } from '../../support/project.ts';

const orders = { 'models/orders.sql': 'select 1 as id' };
const project = (rest: string) => `name: shop\nprofile: shop\n${rest}`;

function nodeOf(files: Record<string, string>, id: string) {
  return readShop(files).nodes.get(id as NodeId);
}

describe('names, as dbt finds them', () => {
  test("a package's ref means the root's node before its own", () => {
    const snapshot = readShop({
      ...orders,
      'dbt_packages/lib/dbt_project.yml': 'name: lib\n',
      'dbt_packages/lib/models/orders.sql': 'select 2 as id',
      'dbt_packages/lib/models/late.sql': "select * from {{ ref('orders') }}",
    });
    expect(edgesOf(snapshot)).toEqual(['model.shop.orders -ref-> model.lib.late']);
  });

  test('what hooks name comes before the node, wherever the hook is written', () => {
    const snapshot = readShop({
      ...orders,
      'dbt_project.yml': project('models:\n  shop:\n    late:\n      +post-hook: "{{ audit() }}"\n'),
      'macros/audit.sql': "{% macro audit() %}insert into {{ ref('log') }} values (1){% endmacro %}",
      'models/log.sql': 'select 1 as id',
      'models/late/late.sql': '{{ config(pre_hook="delete from {{ ref(\'orders\') }}") }}select 1 as id',
    });
    expect(edgesOf(snapshot)).toEqual(['model.shop.log -ref-> model.shop.late', 'model.shop.orders -ref-> model.shop.late']);
  });

  test('models may lie in a folder called logs or target; what dbt writes there is not read', () => {
    const snapshot = readShop({
      'models/logs/orders.sql': 'select 1 as id',
      'models/target/customers.sql': 'select 1 as id',
      'target/compiled/shop/models/logs/orders.sql': 'select 2 as id',
      'logs/late.sql': 'select 3 as id',
    });
    expect([...snapshot.nodes.keys()]).toEqual(['model.shop.customers', 'model.shop.orders']);
  });

  test('the project’s quoting holds for what dbt builds; a source has its own, and its table’s before it', () => {
    const snapshot = readShop({
      ...orders,
      'dbt_project.yml': project('quoting: {database: false, identifier: false}\n'),
      'models/sources.yml':
        'sources:\n  - name: raw\n    quoting: {schema: false}\n    tables:\n      - name: a\n      - {name: b, quoting: {identifier: false}}\n',
      'models/late.sql': "{{ ref('orders') }} {{ source('raw', 'a') }} {{ source('raw', 'b') }}",
    });
    expect(sqlOf(snapshot, 'model.shop.late')).toBe('db."sch".orders "db".raw."a" "db".raw.b');
  });

  test('a package that names its own relations does so, whatever the root does', () => {
    const own = (text: string) => `{% macro generate_alias_name(custom, node) %}${text}{% endmacro %}`;
    const snapshot = readShop({
      ...orders,
      'macros/names.sql': own('{{ node.name }}_root'),
      'dbt_packages/lib/dbt_project.yml': 'name: lib\n',
      'dbt_packages/lib/macros/names.sql': own('{{ node.schema }}_{{ node.name }}_{{ node.config["alias"] }}'),
      'dbt_packages/lib/models/items.sql': 'select 2 as id',
      'models/late.sql': "{{ ref('orders') }} {{ ref('items') }}",
    });
    expect(sqlOf(snapshot, 'model.shop.late')).toBe('"db"."sch"."orders_root" "db"."sch"."sch_items_None"');
  });

  test('version 0 goes by the bare name, as it is none to Python', () => {
    const snapshot = readShop({
      'models/orders_v0.sql': 'select 1 as id',
      'models/o.yml': 'models:\n  - name: orders\n    versions: [{v: 0}]\n',
      'models/late.sql': "select * from {{ ref('orders', v=0) }}",
    });
    expect(sqlOf(snapshot, 'model.shop.late')).toBe('select * from "db"."sch"."orders"');
  });

  test.each([
    ['snapshots/s.sql', '{% snapshot hist %}select 1 as id{% endsnapshot %}', 'snapshot.shop.hist', 'shop.s.hist'],
    ['analyses/deep/look.sql', 'select 1', 'analysis.shop.look', 'shop.analysis.deep.look'],
  ])('%s is configured and selected below its own name', (path, text, id, fqn) => {
    expect(nodeOf({ [path]: text }, id)?.fqn.join('.')).toBe(fqn);
  });
});

describe('values in YAML files', () => {
  test('a dbt_project.yml sees the vars of the invocation and no others', () => {
    const files = { ...orders, 'dbt_project.yml': project('vars: {on: false}\nmodels:\n  +enabled: "{{ var(\'on\', true) }}"\n') };
    expect(nodeOf(files, 'model.shop.orders')?.enabled).toBe(true);
    expect(readShop(files, { vars: { on: false } }).nodes.get('model.shop.orders' as NodeId)?.enabled).toBe(false);
  });

  test('a var that holds Jinja is rendered in SQL and left as it is in a properties file', () => {
    const snapshot = readShop({
      'dbt_project.yml': project("vars: {day: '{{ 1 + 1 }}'}\n"),
      'models/orders.sql': "select {{ var('day') }} as id",
      'models/o.yml': 'models:\n  - name: orders\n    description: "{{ var(\'day\') }}"\n',
    });
    expect(sqlOf(snapshot, 'model.shop.orders')).toBe('select 2 as id');
    expect(snapshot.nodes.get('model.shop.orders' as NodeId)?.description).toBe('{{ 1 + 1 }}');
  });

  test('sources, tables and types of columns may be named by a template', () => {
    const snapshot = readShop({
      'models/s.yml': 'sources:\n  - name: "{{ target.schema }}"\n    tables:\n      - name: "{{ \'a\' ~ \'b\' }}"\n',
      'models/o.yml':
        "models:\n  - name: orders\n    columns: [{name: id, data_type: \"{{ 'int' if target.type == 'postgres' else 'x' }}\"}]\n",
      ...orders,
    });
    expect(snapshot.nodes.has('source.shop.sch.ab' as NodeId)).toBe(true);
    expect(snapshot.nodes.get('model.shop.orders' as NodeId)?.columns[0]?.type).toBe('int');
  });

  test('a description may do more with a docs block than name it', () => {
    const files = {
      ...orders,
      'models/d.md': '{% docs col %}The {name}.{% enddocs %}',
      'models/o.yml': "models:\n  - name: orders\n    description: \"{{ doc('col').format(name='order') }}\"\n",
    };
    expect(nodeOf(files, 'model.shop.orders')?.description).toBe('The order.');
  });

  test("a package's source may be overridden, table by table", () => {
    const snapshot = readShop({
      'dbt_packages/lib/dbt_project.yml': 'name: lib\n',
      'dbt_packages/lib/models/s.yml': 'sources:\n  - name: raw\n    schema: old\n    tables: [{name: a, identifier: x}, {name: b}]\n',
      'models/s.yml': 'sources:\n  - name: raw\n    overrides: lib\n    schema: new\n    tables: [{name: a, identifier: y}]\n',
      'models/late.sql': "{{ source('raw', 'a') }} {{ source('raw', 'b') }}",
    });
    expect([...snapshot.nodes.keys()]).toEqual(['model.shop.late', 'source.lib.raw.a', 'source.lib.raw.b']);
    expect(sqlOf(snapshot, 'model.shop.late')).toBe('"db"."new"."y" "db"."new"."b"');
  });

  test('a project may describe and test the models of its packages', () => {
    const snapshot = readShop({
      'dbt_packages/lib/dbt_project.yml': 'name: lib\n',
      'dbt_packages/lib/models/items.sql': 'select 2 as id',
      'models/o.yml': 'models:\n  - name: items\n    description: Mine.\n    columns: [{name: id, data_tests: [unique]}]\n',
    });
    expect(problemsOf(snapshot)).toEqual([]);
    expect(snapshot.nodes.get('model.lib.items' as NodeId)?.description).toBe('Mine.');
    expect([...snapshot.nodes.values()].map((node) => `${node.kind} ${node.package}.${node.name}`)).toEqual([
      'model lib.items',
      'test shop.unique_items_id',
    ]);
  });

  test('a measure may make a metric of itself', () => {
    const snapshot = readShop({
      ...orders,
      'models/m.yml':
        "semantic_models:\n  - name: sem\n    model: ref('orders')\n    measures: [{name: total, agg: sum, create_metric: true}, {name: other, agg: sum}]\n",
    });
    expect(edgesOf(snapshot)).toContain('semantic_model.shop.sem -metric-> metric.shop.total');
    expect(snapshot.nodes.has('metric.shop.other' as NodeId)).toBe(false);
  });
});

describe('tests', () => {
  const columns = (rest: string) => `models:\n  - name: orders\n    ${rest}\n`;

  test('have the tags of their column, and of their source; and the group of what they test', () => {
    const snapshot = readShop({
      ...orders,
      'models/g.yml': 'groups: [{name: sales, owner: {name: x}}]\n',
      'models/o.yml': columns(
        'config: {group: sales, tags: [model]}\n    columns: [{name: id, tags: [a], config: {tags: [b]}, data_tests: [unique]}]',
      ),
      'models/s.yml':
        'sources:\n  - name: raw\n    tags: [s]\n    config: {tags: [c]}\n    tables: [{name: t, tags: [u], columns: [{name: id, data_tests: [unique]}]}]\n',
    });
    const tests = [...snapshot.nodes.values()].filter((node) => node.kind === 'test');
    expect(tests.map((node) => [node.name, node.tags, node.group])).toEqual([
      ['source_unique_raw_t_id', ['s', 'u'], undefined],
      ['unique_orders_id', ['a', 'b'], 'sales'],
    ]);
  });

  test.each([
    ['columns: [{name: Id, quote: true, data_tests: [unique]}]', 'unique_orders__Id_'],
    ['quote_columns: true\n    columns: [{name: Id, data_tests: [unique]}]', 'unique_orders__Id_'],
    ['quote_columns: true\n    columns: [{name: Id, quote: false, data_tests: [unique]}]', 'unique_orders_Id'],
  ])('quote their column where it says so: %s', (rest, name) => {
    const names = [...readShop({ ...orders, 'models/o.yml': columns(rest) }).nodes.values()].map((node) => node.name);
    expect(names).toContain(name);
  });

  test('what stands below `arguments` is what could stand beside it, unless the project says otherwise', () => {
    const files = {
      ...orders,
      'models/o.yml': columns('columns: [{name: id, data_tests: [{not_null: {arguments: {config: {where: a = 1}, severity: warn}}}]}]'),
    };
    const found = [...readShop(files).nodes.values()].find((node) => node.kind === 'test');
    expect(found).toMatchObject({ name: 'not_null_orders_id', config: { where: 'a = 1', severity: 'warn' } });
    const old = { ...files, 'dbt_project.yml': project('flags: {require_generic_test_arguments_property: false}\n') };
    expect([...readShop(old).nodes.values()].find((node) => node.kind === 'test')?.name).toBe('not_null_orders__where_a_1___warn__id');
  });

  test('a test’s macro may configure the test and name nodes by itself', () => {
    const snapshot = readShop({
      ...orders,
      'models/late.sql': 'select 1 as id',
      'macros/t.sql':
        "{% test same(model) %}{{ config(severity='warn', fail_calc='sum(n)') }}select * from {{ model }} join {{ ref('late') }}{% endtest %}",
      'models/o.yml': columns('data_tests: [same, {same: {name: strict, config: {severity: error}}}]'),
    });
    const tests = [...snapshot.nodes.values()].filter((node) => node.kind === 'test');
    expect(tests.map((node) => [node.name, node.config.severity, node.config.fail_calc])).toEqual([
      ['same_orders_', 'warn', 'sum(n)'],
      ['strict', 'error', 'sum(n)'],
    ]);
    expect(edgesOf(snapshot).filter((edge) => edge.startsWith('model.shop.late'))).toHaveLength(2);
  });

  test('a singular test is described and configured by its name', () => {
    const snapshot = readShop({
      ...orders,
      'tests/none_late.sql': "select * from {{ ref('orders') }}",
      'tests/t.yml': 'data_tests:\n  - name: none_late\n    description: Nothing is late.\n    config: {severity: warn}\n',
    });
    expect(snapshot.nodes.get('test.shop.none_late' as NodeId)).toMatchObject({
      description: 'Nothing is late.',
      config: { severity: 'warn' },
    });
  });

  test('are compiled like models, with the ephemeral models that they stand on', () => {
    const snapshot = readShop({
      'models/orders.sql': "{{ config(materialized='ephemeral') }}select 1 as id",
      'models/o.yml': columns('columns: [{name: id, data_tests: [not_null]}]'),
    });
    const id = [...snapshot.nodes.keys()].find((one) => one.startsWith('test.')) as NodeId;
    expect(compileNode(snapshot, id)?.sql.trim()).toBe(
      'with __dbt__cte__orders as (\nselect 1 as id\n) select id\nfrom __dbt__cte__orders\nwhere id is null',
    );
  });
});

describe('what macros may do with the context', () => {
  test.each([
    ["{{ context.get('lib', {}).get('two')() }}", '2'],
    ["{{ context['lib'].get('nothing', 'none') }}", 'none'],
    ['{{ lib.keys() | list }}', "['two']"],
    ["{% do context.update({'seen': 3}) %}{{ context.get('seen') }}{{ seen }}", '33'],
  ])('%s', (text, expected) => {
    const snapshot = readShop({
      'dbt_packages/lib/dbt_project.yml': 'name: lib\n',
      'dbt_packages/lib/macros/two.sql': '{% macro two() %}2{% endmacro %}',
      'models/orders.sql': text,
    });
    expect(sqlOf(snapshot, 'model.shop.orders')).toBe(expected);
  });
});

describe('versions', () => {
  const versioned = {
    'models/orders_v1.sql': 'select 1 as id',
    'models/orders_v2.sql': 'select 1 as id',
    'models/o.yml':
      'models:\n  - name: orders\n    data_tests: [{unique: {column_name: id}}]\n    versions: [{v: 1}, {v: 2, data_tests: []}]\n',
  };

  test('a version that lists tests has no others', () => {
    const names = [...readShop(versioned).nodes.values()].flatMap((node) => (node.kind === 'test' ? [node.name] : []));
    expect(names).toEqual(['unique_orders_v1_id']);
  });

  test.each([
    ['', ['test_it_v1', 'test_it_v2']],
    ['versions: {exclude: [1]}', ['test_it_v2']],
    ['versions: {include: [1]}', ['test_it_v1']],
  ])('a unit test runs for each version it asks for: %s', (rest, expected) => {
    const unit = `unit_tests:\n  - name: test_it\n    model: orders\n    given: []\n    expect: {rows: [{id: 1}]}\n    ${rest}\n`;
    const snapshot = readShop({ ...versioned, 'models/u.yml': unit });
    const ids = [...snapshot.nodes.keys()].filter((id) => id.startsWith('unit_test.'));
    expect(ids).toEqual(expected.map((name) => `unit_test.shop.orders.${name}`));
    expect(edgesOf(snapshot)).toContain(`model.shop.orders.${expected[0]?.slice(-2)} -test-> ${ids[0]}`);
  });
});

test('a key that moved into meta is still found by config.get', () => {
  const text = "{{ config(meta={'size': 3}) }}{{ config.get('size') }}{{ config.require('size') }}{{ config.get('none', 'no') }}";
  expect(sqlOf(readShop({ 'models/orders.sql': text }), 'model.shop.orders')).toBe('33no');
});

test('a model that asks for a metric comes after it', () => {
  const metrics =
    "semantic_models:\n  - name: sem\n    model: ref('orders')\n    measures: [{name: n, agg: count}]\nmetrics:\n  - {name: total, label: t, type: simple, type_params: {measure: n}}\n";
  const snapshot = readShop({ ...orders, 'models/m.yml': metrics, 'models/late.sql': "select '{{ metric('total') }}' as id" });
  expect(edgesOf(snapshot)).toContain('metric.shop.total -metric-> model.shop.late');
});
