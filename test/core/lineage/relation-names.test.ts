import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';
import { problemsOf, readShop } from '../../support/project.ts';

const orders = { 'seeds/orders.csv': 'id,amount\n1,2\n' };
const source = (rest: string) => ({ 'models/sources.yml': `sources:\n  - ${rest}\n` });
const columns = 'columns: [{name: id}, {name: amount}]';

/** What goes into a model's columns, as `from.column -> column`. */
function into(snapshot: Snapshot, name: string): string[] {
  const edges = snapshot.lineage.nodes.get(`model.shop.${name}` as NodeId)?.edges ?? [];
  return edges.map(({ from, fromColumn, toColumn }) => `${from.replace('.shop.', ' ')}.${fromColumn} -> ${toColumn}`);
}

describe('a name that two nodes share means the one that the reader refers to', () => {
  const files = {
    ...orders,
    'models/dim.sql': "select id, amount from {{ ref('orders') }}",
    'models/fct.sql': "select id, amount * 2 as twice from {{ ref('dim') }}",
    'models/other.sql': "select id from {{ source('sch', 'dim') }}",
    'models/both.sql': "select a.id from {{ ref('dim') }} a join {{ source('sch', 'dim') }} b on a.id = b.id",
  };
  test.each<[string, string]>([
    ['in the same schema', `{name: sch, tables: [{name: dim, ${columns}}]}`],
    ['in another case', `{name: sch, schema: SCH, tables: [{name: dim, identifier: DIM, ${columns}}]}`],
    ['with the database written out', `{name: sch, database: db, tables: [{name: dim, ${columns}}]}`],
    ['in another schema', `{name: sch, schema: raw, tables: [{name: dim, ${columns}}]}`],
    ['in another database', `{name: sch, database: lake, tables: [{name: dim, ${columns}}]}`],
    ['with its parts quoted', `{name: sch, quoting: {schema: true, identifier: true}, tables: [{name: dim, ${columns}}]}`],
  ])('a model and a source %s', (_, declared) => {
    const snapshot = readShop({ ...files, ...source(declared) });
    expect(into(snapshot, 'fct')).toEqual(['model dim.id -> id', 'model dim.amount -> twice']);
    expect(into(snapshot, 'other')).toEqual(['source sch.dim.id -> id']);
    expect(into(snapshot, 'both')).toContain('model dim.id -> id');
  });

  test('a model that reads its own relation as a source', () => {
    const snapshot = readShop({
      ...source(`{name: sch, tables: [{name: orders, ${columns}}]}`),
      'models/orders.sql': "select id from {{ source('sch', 'orders') }}",
      'models/late.sql': "select id from {{ ref('orders') }}",
    });
    expect(into(snapshot, 'orders')).toEqual(['source sch.orders.id -> id']);
    expect(into(snapshot, 'late')).toEqual(['model orders.id -> id']);
  });

  test('a source that a model builds is told where it is declared', () => {
    const snapshot = readShop({ ...files, ...source(`{name: sch, tables: [{name: dim, ${columns}}]}`) });
    expect(problemsOf(snapshot)).toContain('source-is-built models/sources.yml:2:1');
  });

  test('a source of the same name elsewhere is nobody’s', () => {
    const snapshot = readShop({ ...files, ...source(`{name: sch, schema: raw, tables: [{name: dim, ${columns}}]}`) });
    expect(problemsOf(snapshot).filter((problem) => problem.startsWith('source-is-built'))).toEqual([]);
  });
});

describe('an ephemeral model is found by the name of its common table expression', () => {
  test.each(['', ", alias='short'"])('configured with ephemeral%s', (alias) => {
    const snapshot = readShop({
      ...orders,
      'models/one.sql': `{{ config(materialized='ephemeral'${alias}) }}select id, amount from {{ ref('orders') }}`,
      'models/two.sql': "{{ config(materialized='ephemeral', alias='second') }}select id, amount + 1 as more from {{ ref('one') }}",
      'models/fct.sql': "with x as (select * from {{ ref('two') }}) select id, more from x",
    });
    expect(into(snapshot, 'two')).toEqual(['model one.id -> id', 'model one.amount -> more']);
    expect(into(snapshot, 'fct')).toEqual(['model two.id -> id', 'model two.more -> more']);
  });

  test('two of one alias in different schemas are told apart by who reads them', () => {
    const snapshot = readShop({
      ...orders,
      'models/one.sql': "{{ config(materialized='ephemeral', alias='same', schema='a') }}select id from {{ ref('orders') }}",
      'models/two.sql': "{{ config(materialized='ephemeral', alias='same', schema='b') }}select amount from {{ ref('orders') }}",
      'models/fct.sql': "select id from {{ ref('one') }}",
      'models/late.sql': "select amount from {{ ref('two') }}",
    });
    expect(into(snapshot, 'fct')).toEqual(['model one.id -> id']);
    expect(into(snapshot, 'late')).toEqual(['model two.amount -> amount']);
  });
});

describe('a project that has a ref or source of its own keeps its lineage', () => {
  const files = {
    ...source(`{name: raw, tables: [{name: orders, ${columns}}]}`),
    'models/orders.sql': "select id, amount from {{ source('raw', 'orders') }}",
    'models/fct.sql': "select o.id, o.amount * 2 as twice from {{ ref('orders') }} o",
  };
  const upstream = {
    orders: ['source raw.orders.id -> id', 'source raw.orders.amount -> amount'],
    fct: ['model orders.id -> id', 'model orders.amount -> twice'],
  };
  test.each<[string, string]>([
    ['returns the bare name', '{% macro ref(name) %}{{ return(builtins.ref(name).identifier) }}{% endmacro %}'],
    ['prints the bare name', '{% macro ref(name) %}{% do builtins.ref(name) %}{{ name }}{% endmacro %}'],
    ['prints a name of its own', '{% macro ref(name) %}{% do builtins.ref(name) %}\n  dev__{{ name }}\n{% endmacro %}'],
    ['prints a quoted name', '{% macro ref(name) %}{% do builtins.ref(name) %}"dev"."{{ name }}"{% endmacro %}'],
    ['leaves the database out', '{% macro ref() %}{{ return(builtins.ref(*varargs).include(database=false)) }}{% endmacro %}'],
    [
      'has both of its own',
      '{% macro ref(name) %}{% do builtins.ref(name) %}{{ name }}{% endmacro %}{% macro source(s, t) %}{% do builtins.source(s, t) %}{{ t }}{% endmacro %}',
    ],
    [
      'has a source of its own',
      '{% macro source(s, t) %}{% set r = builtins.source(s, t) %}glue__{{ s }}__{{ r.identifier }}{% endmacro %}',
    ],
  ])('which %s', (_, macro) => {
    const snapshot = readShop({ ...files, 'macros/own.sql': macro });
    expect(into(snapshot, 'orders')).toEqual(upstream.orders);
    expect(into(snapshot, 'fct')).toEqual(upstream.fct);
  });
});
