import { describe, expect, test } from 'vitest';
import { compileNode } from '../../../src/core/dbt/compile.ts';
import { isRelation } from '../../../src/core/project/node.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';
import { edgesOf, problemsOf, readShop, sqlOf } from '../../support/project.ts';

const orders = { 'models/orders.sql': 'select 1 as id' };

describe('names of relations', () => {
  test.each([
    ['postgres', '"db"."sch"."orders"'],
    ['snowflake', 'db.sch.orders'],
    ['bigquery', '`db`.`sch`.`orders`'],
    ['duckdb', '"db"."sch"."orders"'],
    ['spark', 'sch.orders'],
    ['databricks', '`db`.`sch`.`orders`'],
  ])('are printed as dbt prints them on %s', (type, expected) => {
    const snapshot = readShop({
      ...orders,
      'models/late.sql': "select * from {{ ref('orders') }}",
      'profiles.yml': `shop:\n  target: dev\n  outputs:\n    dev: {type: ${type}, database: db, schema: sch}\n`,
    });
    expect(sqlOf(snapshot, 'model.shop.late')).toBe(`select * from ${expected}`);
  });

  test('follow schema, alias and the project’s own generate_schema_name', () => {
    const files = {
      'models/orders.sql': "{{ config(schema='mart', alias='o') }}select 1 as id",
      'models/late.sql': "select * from {{ ref('orders') }}",
    };
    expect(sqlOf(readShop(files), 'model.shop.late')).toBe('select * from "db"."sch_mart"."o"');
    const own = '{% macro generate_schema_name(custom, node) %}{{ custom or target.schema }}{% endmacro %}';
    expect(sqlOf(readShop({ ...files, 'macros/names.sql': own }), 'model.shop.late')).toBe('select * from "db"."mart"."o"');
  });

  test('of sources follow schema, database and identifier, templates included', () => {
    const snapshot = readShop({
      'models/sources.yml':
        "sources:\n  - name: raw\n    schema: \"{{ var('raw_schema', 'landing') }}\"\n    database: lake\n    tables:\n      - {name: orders, identifier: ord}\n",
      'models/stg.sql': "select * from {{ source('raw', 'orders') }}",
    });
    expect(sqlOf(snapshot, 'model.shop.stg')).toBe('select * from "lake"."landing"."ord"');
    expect(edgesOf(snapshot)).toEqual(['source.shop.raw.orders -source-> model.shop.stg']);
  });
});

describe('configuration', () => {
  const project = (models: string) => `name: shop\nprofile: shop\nmodels:\n${models}`;
  const materialized = (files: Record<string, string>) => {
    const node = readShop(files).nodes.get('model.shop.orders' as NodeId);
    return node && isRelation(node) ? node.materialized : undefined;
  };

  test('a deeper folder wins over one further out', () => {
    const yml = project('  shop:\n    +materialized: table\n    deep:\n      +materialized: incremental\n');
    expect(materialized({ 'dbt_project.yml': yml, 'models/orders.sql': 'select 1' })).toBe('table');
    expect(materialized({ 'dbt_project.yml': yml, 'models/deep/orders.sql': 'select 1' })).toBe('incremental');
  });

  test('a properties file wins over dbt_project.yml, and the model itself over both', () => {
    const yml = project('  +materialized: table\n');
    const patch = 'models:\n  - name: orders\n    config: {materialized: ephemeral}\n';
    expect(materialized({ 'dbt_project.yml': yml, ...orders, 'models/p.yml': patch })).toBe('ephemeral');
    expect(
      materialized({ 'dbt_project.yml': yml, 'models/orders.sql': "{{ config(materialized='view') }}select 1", 'models/p.yml': patch }),
    ).toBe('view');
  });

  test('tags add up; a node that is disabled has no edges and says so to those who ask for it', () => {
    const snapshot = readShop({
      'dbt_project.yml': project('  shop:\n    +tags: [a]\n'),
      'models/orders.sql': "{{ config(tags=['b'], enabled=var('on', false)) }}select 1",
      'models/late.sql': "select * from {{ ref('orders') }}",
    });
    expect(snapshot.nodes.get('model.shop.orders' as NodeId)).toMatchObject({ tags: ['a', 'b'], enabled: false });
    expect(edgesOf(snapshot)).toEqual([]);
    expect(problemsOf(snapshot)).toEqual(['ref-disabled models/late.sql:1:15']);
  });

  test("the root's dbt_project.yml has the last word on a package's models", () => {
    const snapshot = readShop({
      'dbt_project.yml': project('  pack:\n    +materialized: table\n'),
      'dbt_packages/pack/dbt_project.yml': 'name: pack\n',
      'dbt_packages/pack/models/one.sql': "{{ config(materialized='view') }}select 1 as id",
    });
    expect(snapshot.nodes.get('model.pack.one' as NodeId)).toMatchObject({ materialized: 'table' });
  });
});

describe('references', () => {
  test('prefer the own package, take an explicit one, and find the nearest name', () => {
    const snapshot = readShop({
      ...orders,
      'dbt_packages/pack/dbt_project.yml': 'name: pack\n',
      'dbt_packages/pack/models/orders.sql': "{{ config(alias='theirs') }}select 2 as id",
      'models/own.sql': "select * from {{ ref('orders') }}",
      'models/other.sql': "select * from {{ ref('pack', 'orders') }}",
      'models/wrong.sql': "select *\nfrom {{ ref('ordres') }}",
    });
    expect(edgesOf(snapshot)).toEqual(['model.pack.orders -ref-> model.shop.other', 'model.shop.orders -ref-> model.shop.own']);
    expect(problemsOf(snapshot)).toEqual(['ref-unknown models/wrong.sql:2:6']);
    expect(snapshot.problems[0]?.message).toContain("Did you mean 'orders'?");
  });

  test('reach the latest version of a model, or the one asked for', () => {
    const snapshot = readShop({
      'models/orders_v1.sql': 'select 1 as id',
      'models/orders_v2.sql': 'select 2 as id',
      'models/p.yml': 'models:\n  - name: orders\n    latest_version: 1\n    versions: [{v: 1}, {v: 2}]\n',
      'models/latest.sql': "select * from {{ ref('orders') }}",
      'models/newer.sql': "select * from {{ ref('orders', v=2) }}",
    });
    expect(edgesOf(snapshot)).toEqual(['model.shop.orders.v1 -ref-> model.shop.latest', 'model.shop.orders.v2 -ref-> model.shop.newer']);
    expect(sqlOf(snapshot, 'model.shop.newer')).toBe('select * from "db"."sch"."orders_v2"');
  });

  test('in a circle are told once, with all members', () => {
    const snapshot = readShop({ 'models/a.sql': "select * from {{ ref('b') }}", 'models/b.sql': "select * from {{ ref('a') }}" });
    expect(snapshot.problems.filter((problem) => problem.code === 'model-cycle').map((problem) => problem.message)).toEqual([
      expect.stringMatching(/(a → b → a|b → a → b)/),
    ]);
  });

  test('of Python models give edges, and what they say in comments does not', () => {
    const snapshot = readShop({
      ...orders,
      'models/py.py':
        'def model(dbt, session):\n    dbt.config(materialized="table")\n    # dbt.ref("nothing")\n    return dbt.ref("orders")\n',
    });
    expect(edgesOf(snapshot)).toEqual(['model.shop.orders -python-> model.shop.py']);
    expect(snapshot.nodes.get('model.shop.py' as NodeId)).toMatchObject({ materialized: 'table', language: 'python' });
    expect(problemsOf(snapshot)).toEqual([]);
  });
});

describe('generic tests', () => {
  test.each([
    ['      - unique', 'test.shop.unique_orders_order_id.fed79b3a6e'],
    ['      - not_null', 'test.shop.not_null_orders_order_id.cf6c17daed'],
  ])('have the ids that dbt gives them: %s', (written, id) => {
    const snapshot = readShop({
      ...orders,
      'models/p.yml': `models:\n  - name: orders\n    columns:\n    - name: order_id\n      tests:\n${written}\n`,
    });
    expect([...snapshot.nodes.keys()].filter((node) => node.startsWith('test.'))).toEqual([id]);
  });

  test('are the same in the old and the new spelling, and reach what their arguments name', () => {
    const old = "- relationships: {to: ref('customers'), field: id}";
    const now = "- relationships:\n          arguments: {to: ref('customers'), field: id}\n          config: {severity: warn}";
    const ids = [old, now].map((written) => {
      const snapshot = readShop({
        'models/orders.sql': 'select 1 as customer_id',
        'models/customers.sql': 'select 1 as id',
        'models/p.yml': `models:\n  - name: orders\n    columns:\n      - name: customer_id\n        data_tests:\n        ${written}\n`,
      });
      expect(edgesOf(snapshot)).toHaveLength(2);
      return [...snapshot.nodes.keys()].find((node) => node.startsWith('test.'));
    });
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).toMatch(/^test\.shop\.relationships_orders_customer_id__id__ref_customers_\.[0-9a-f]{10}$/);
  });
});

test('ephemeral models are written into those that read them, the deepest first', () => {
  const snapshot = readShop({
    'models/a.sql': "{{ config(materialized='ephemeral') }}select 1 as x",
    'models/b.sql': "{{ config(materialized='ephemeral') }}select x from {{ ref('a') }}",
    'models/c.sql': "with own as (select 1) select * from {{ ref('b') }}",
  });
  const sql = compileNode(snapshot, 'model.shop.c' as NodeId)?.sql.replace(/\s+/g, ' ');
  expect(sql).toBe(
    'with __dbt__cte__a as ( select 1 as x ), __dbt__cte__b as ( select x from __dbt__cte__a ), own as (select 1) select * from __dbt__cte__b',
  );
  expect(snapshot.columns.get('model.shop.c' as NodeId)?.map((column) => column.name)).toEqual(['x']);
});

describe('a package that is not installed and that something stands in for', () => {
  const files = { ...orders, 'packages.yml': 'packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.0.0\n' };
  const late = 'model.shop.late' as NodeId;

  test('is one piece of information, and its macros do what they are documented to do', () => {
    const text =
      "select {{ dbt_utils.generate_surrogate_key(['id', 'day']) }} as k, {{ dbt_utils.safe_divide('a', 'b') }} as r from {{ ref('orders') }} {{ dbt_utils.group_by(2) }}";
    const snapshot = readShop({ ...files, 'models/late.sql': text });
    expect(problemsOf(snapshot)).toEqual(['package-missing packages.yml:2:1']);
    expect(snapshot.problems[0]?.severity).toBe('info');
    expect(snapshot.texts.get(late)?.rendering.sql).toBe(
      'select md5(cast(coalesce(cast(id as TEXT), \'_dbt_utils_surrogate_key_null_\') || \'-\' || coalesce(cast(day as TEXT), \'_dbt_utils_surrogate_key_null_\') as TEXT)) as k, ( a ) / nullif( ( b ), 0) as r from "db"."sch"."orders" group by 1,2',
    );
  });

  test('does not keep what it does not know from being told', () => {
    const snapshot = readShop({ ...files, 'models/late.sql': 'select {{ dbt_utils.brand_new() }} as x, 1 as y' });
    expect(problemsOf(snapshot)).toEqual(['package-missing models/late.sql:1:11', 'package-missing packages.yml:2:1']);
    expect(snapshot.lineage.nodes.get(late)?.columns.map((column) => column.name)).toEqual(['x', 'y']);
  });

  test('is not there where the package is installed', () => {
    const installed = {
      'dbt_packages/dbt_utils/dbt_project.yml': 'name: dbt_utils\n',
      'dbt_packages/dbt_utils/macros/own.sql': '{% macro group_by(n) %}order by {{ n }}{% endmacro %}',
    };
    const snapshot = readShop({ ...files, ...installed, 'models/late.sql': 'select 1 as x {{ dbt_utils.group_by(1) }}' });
    expect(snapshot.texts.get(late)?.rendering.sql).toBe('select 1 as x order by 1');
  });
});

test('a package that is declared and not installed is one warning, and what it hides one hint where it is used', () => {
  const snapshot = readShop({
    ...orders,
    'packages.yml': 'packages:\n  - package: acme/acme_utils\n    version: 1.0.0\n',
    'models/late.sql': "select {{ acme_utils.star(from=ref('orders')) }} from {{ ref('orders') }}",
  });
  expect(problemsOf(snapshot)).toEqual(['package-missing models/late.sql:1:11', 'package-missing packages.yml:2:1']);
  expect(snapshot.problems.map((problem) => problem.severity)).toEqual(['info', 'warning']);
  expect(edgesOf(snapshot)).toEqual(['model.shop.orders -ref-> model.shop.late']);
});

test.each([
  ['a key that dbt does not know', 'version: 2\n\ntabels:\n  - name: x\n', ['yaml-unknown-key models/more.yml:3:1'], 'warning'],
  ['a key that holds anchors', 'shared:\n  - id: &id\n      name: id\n\nmodels: []\n', ['yaml-unknown-key models/more.yml:1:1'], 'hint'],
  ['a key that dbt reads', 'anchors:\n  - &id {name: id}\n', [], undefined],
])('%s, at the top of a properties file', (_, text, problems, severity) => {
  const snapshot = readShop({ ...orders, 'models/more.yml': text });
  expect(problemsOf(snapshot)).toEqual(problems);
  expect(snapshot.problems[0]?.severity).toBe(severity);
});

describe('a variable of the environment that has no value', () => {
  const text = "select '{{ env_var('SALT') }}' || id as id from {{ ref('orders') }} {# env_var('OTHER') #}";

  test('is told where it is read, and the rest of the model is understood', () => {
    const snapshot = readShop({ ...orders, 'models/salted.sql': text });
    expect(problemsOf(snapshot)).toEqual(['env-missing models/salted.sql:1:21']);
    expect(snapshot.texts.get('model.shop.salted' as NodeId)?.rendering).toMatchObject({
      status: 'failed',
      sql: expect.stringContaining("select 'SALT' || id"),
    });
    expect(snapshot.columns.get('model.shop.salted' as NodeId)?.map((column) => column.name)).toEqual(['id']);
  });

  test('stands by its name in a properties file', () => {
    const snapshot = readShop({
      'models/raw.yml': 'sources:\n  - name: raw\n    schema: "{{ env_var(\'RAW_SCHEMA\') }}"\n    tables: [{name: visits}]\n',
    });
    expect(snapshot.nodes.get('source.shop.raw.visits' as NodeId)).toMatchObject({ schema: 'RAW_SCHEMA' });
  });
});

test('`graph` knows what a node depends on, and what an exposure is', () => {
  const snapshot = readShop({
    ...orders,
    'models/late.sql': "select * from {{ ref('orders') }}",
    'models/shown.yml': "exposures:\n  - {name: board, type: dashboard, owner: {name: Ann}, depends_on: [ref('late')]}\n",
    'models/asks.sql': `{% for node in graph.nodes.values() if node.name == 'late' %}select '{{ node.depends_on.nodes[0] }}' as a{% endfor %}
      {% for board in graph.exposures.values() %}, '{{ board.type }} of {{ board.owner.name }} over {{ board.depends_on.nodes | join }}' as b{% endfor %}`,
  });
  expect(snapshot.texts.get('model.shop.asks' as NodeId)?.rendering.sql.replace(/\s+/g, ' ')).toBe(
    "select 'model.shop.orders' as a , 'dashboard of Ann over model.shop.late' as b",
  );
});

describe('what a missing package would have brought along is missing as well', () => {
  const missing = { ...orders, 'packages.yml': 'packages:\n  - package: acme/acme_source\n    version: 0.4.0\n' };

  test('a macro of a package that nothing names', () => {
    const snapshot = readShop({
      ...missing,
      'models/late.sql': "select {{ acme_utils.star(from=ref('orders')) }} from {{ ref('orders') }}",
    });
    expect(problemsOf(snapshot)).toEqual(['package-missing models/late.sql:1:11', 'package-missing packages.yml:2:1']);
  });

  test('what fails for want of its answer is not told again', () => {
    const text = '{% set low, high = acme_source.limits() %} select {{ low }} as x';
    expect(problemsOf(readShop({ ...missing, 'models/late.sql': text }))).toEqual([
      'package-missing models/late.sql:1:20',
      'package-missing packages.yml:2:1',
    ]);
  });

  test('a name that is no package stays an error', () => {
    const snapshot = readShop({ ...missing, 'models/late.sql': 'select {{ nobody.name }} as x' });
    expect(problemsOf(snapshot)[0]).toBe('jinja-error models/late.sql:1:8');
  });

  test('a branch that was not taken has no parents and no problems', () => {
    const text = "select {{ acme_source.x() }} as x {% if var('on', false) %} from {{ ref('nowhere') }}, {{ ref('orders') }} {% endif %}";
    const snapshot = readShop({ ...missing, 'models/late.sql': text });
    expect(problemsOf(snapshot)).toEqual(['package-missing models/late.sql:1:11', 'package-missing packages.yml:2:1']);
    expect(edgesOf(snapshot)).toEqual([]);
  });

  test('a package that an installed one asks for', () => {
    const snapshot = readShop({
      ...orders,
      'packages.yml': 'packages:\n  - package: acme/acme_tests\n    version: 0.10.0\n',
      'dbt_packages/acme_tests/dbt_project.yml': 'name: acme_tests\n',
      'dbt_packages/acme_tests/packages.yml': 'packages:\n  - package: acme/acme_date\n    version: 0.10.0\n',
      'models/late.sql': 'select {{ acme_date.today() }} as x',
    });
    expect(problemsOf(snapshot)).toEqual([
      'package-missing dbt_packages/acme_tests/packages.yml:2:1',
      'package-missing models/late.sql:1:11',
    ]);
  });
});

describe('a test of something that is not there is left out, as dbt leaves it out', () => {
  test.each([
    ['a singular test of a disabled model', '{{ config(enabled=false) }} select 1 as id', 'ref-disabled tests/late.sql:1:15', 'info'],
    ['a singular test of an unknown model', undefined, 'ref-unknown tests/late.sql:1:15', 'warning'],
  ])('%s', (_, other, problem, severity) => {
    const snapshot = readShop({
      ...orders,
      ...(other === undefined ? {} : { 'models/other.sql': other }),
      'tests/late.sql': "select * from {{ ref('other') }}",
    });
    expect(problemsOf(snapshot)).toEqual([problem]);
    expect(snapshot.problems[0]?.severity).toBe(severity);
    expect(snapshot.nodes.get('test.shop.late' as NodeId)?.enabled).toBe(false);
  });

  test('a generic test whose argument names a disabled model', () => {
    const snapshot = readShop({
      ...orders,
      'models/other.sql': '{{ config(enabled=false) }} select 1 as id',
      'models/orders.yml':
        "models:\n  - name: orders\n    columns:\n      - name: id\n        data_tests:\n          - relationships: {arguments: {to: ref('other'), field: id}}\n",
    });
    const tests = [...snapshot.nodes.values()].filter((node) => node.kind === 'test');
    expect(tests.map((node) => node.enabled)).toEqual([false]);
  });
});

describe('what is wrong is told at its place, and all else still works', () => {
  test.each([
    ['a template that ends too early', { 'models/bad.sql': 'select {{ ref(' }, /^jinja-syntax models\/bad.sql:1:/],
    ['YAML with tabs', { 'models/bad.yml': 'models:\n\t- name: orders\n' }, /^yaml-syntax models\/bad.yml:2:/],
    ['a key that stands twice', { 'models/bad.yml': 'version: 2\nversion: 2\n' }, /^yaml-duplicate-key models\/bad.yml:2:1/],
    ['an empty model', { 'models/bad.sql': ' \n' }, /^model-empty models\/bad.sql:1:1/],
    ['a ragged row', { 'seeds/bad.csv': 'a,b\n1,2\n3\n' }, /^csv-ragged-row seeds\/bad.csv:3:/],
    ['a source nobody declares', { 'models/bad.sql': "select * from {{ source('x', 'y') }}" }, /^source-unknown models\/bad.sql:1:15/],
    ['a macro nobody wrote', { 'models/bad.sql': 'select {{ no_such_macro() }}' }, /^jinja-error models\/bad.sql:1:/],
    [
      'an endless loop',
      { 'models/bad.sql': '{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}' },
      /^jinja-budget models\/bad.sql:1:/,
    ],
    ['properties of nothing', { 'models/bad.yml': 'models:\n  - name: oders\n' }, /^properties-unknown models\/bad.yml:2:1/],
    ['a snapshot that never ends', { 'snapshots/bad.sql': '{% snapshot s %}select 1' }, /^jinja-syntax snapshots\/bad.sql:1:1/],
  ])('%s', (_name, files, expected) => {
    const snapshot = readShop({ ...orders, ...(files as Record<string, string>), 'models/good.sql': "select id from {{ ref('orders') }}" });
    expect(problemsOf(snapshot)).toEqual([expect.stringMatching(expected)]);
    expect(snapshot.columns.get('model.shop.good' as NodeId)?.map((column) => column.name)).toEqual(['id']);
  });
});
