import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RenderEnvironment, RenderSubject } from '../../../src/core/dbt/environment.ts';
import type { MacroFile } from '../../../src/core/dbt/macro-library.ts';
import { buildMacroLibrary } from '../../../src/core/dbt/macro-library.ts';
import { renderGenericTest, renderNode } from '../../../src/core/dbt/render.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';

/** What dbt prints: by call, then by the adapters that agree. */
const cases = JSON.parse(readFileSync(join(__dirname, 'builtin-macros.json'), 'utf8')) as Record<string, Record<string, string>>;

const named = (identifier: string) => ({ database: 'db', schema: 'sch', identifier });

function environmentOf(adapter: string, files: readonly MacroFile[] = []): RenderEnvironment {
  return {
    projectName: 'proj',
    target: { name: 'dev', type: adapter, schema: 'sch', database: 'db' },
    vars: { invocation: {}, root: {}, packages: new Map() },
    flags: {},
    env: {},
    runStartedAt: '2026-01-01T00:00:00Z',
    invocationId: 'i',
    dbtVersion: '1.10.0',
    dispatch: new Map(),
    macros: buildMacroLibrary('proj', files),
    resolver: {
      ref: (call) => ({ kind: 'found', node: `model.proj.${call.name}` as NodeId, relation: named(call.name) }),
      source: (call) => ({ kind: 'found', node: `source.proj.${call.source}.${call.table}` as NodeId, relation: named(call.table) }),
      graph: () => ({}),
    },
    columnsOf: () => [
      { name: 'Id', type: 'integer' },
      { name: 'name', type: 'character varying(256)' },
    ],
  };
}

const subjectOf = (text: string): RenderSubject => ({
  name: 'm',
  package: 'proj',
  path: 'm.sql',
  text,
  resourceType: 'model',
  relation: named('m'),
  config: { materialized: 'table' },
});

const render = (adapter: string, call: string) => renderNode(environmentOf(adapter), subjectOf(`{{ ${call} }}`), 'compile');

describe.each(Object.entries(cases))('%s prints to the letter what dbt prints', (call, byAdapters) => {
  const rows = Object.entries(byAdapters).flatMap(([adapters, sql]) => adapters.split(' ').map((adapter) => [adapter, sql] as const));
  test.each(rows)('on %s', (adapter, sql) => {
    const { status, sql: printed, problems } = render(adapter, call);
    expect({ status, printed, problems }).toEqual({ status: 'rendered', printed: sql, problems: [] });
  });
});

describe('what the database alone knows', () => {
  test.each([
    "adapter.list_relations('db', 'sch')",
    "adapter.check_schema_exists('db', 'sch')",
    "adapter.list_schemas('db')",
    "adapter.location_exists('s3://bucket')",
    "dbt.get_intervals_between('a', 'b', 'day')",
  ])('%s stops with what it needs', (call) => {
    const { status, queriesNeeded } = render('postgres', call);
    expect({ status, needed: queriesNeeded.length }).toEqual({ status: 'needs-data', needed: 1 });
  });
});

describe('get_where_subquery', () => {
  const check = (files: readonly MacroFile[]) =>
    renderGenericTest(environmentOf('postgres', files), subjectOf(''), {
      macro: 'not_null',
      model: named('orders'),
      columnName: 'id',
      arguments: {},
      where: 'day > {{ 1 + 1 }}',
    }).sql;

  test('filters the relation under test', () => {
    expect(check([])).toContain('from (select * from "db"."sch"."orders" where day > 2) dbt_subquery');
  });

  test.each(['get_where_subquery', 'default__get_where_subquery', 'postgres__get_where_subquery'])('a project may say it by %s', (name) => {
    const text = `{% macro ${name}(relation) %}{{ return('(select 1) as ' ~ config.get('where') ~ relation.identifier) }}{% endmacro %}`;
    expect(check([{ package: 'proj', path: 'macros/where.sql', text }])).toContain('from (select 1) as day > 2orders');
  });
});
