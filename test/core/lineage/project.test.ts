import { describe, expect, it } from 'vitest';
import type { LineageInput, LineageNode } from '../../../src/core/lineage/project.ts';
import { resolveProject } from '../../../src/core/lineage/project.ts';
import { LineageQuestions } from '../../../src/core/lineage/questions.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';

const id = (name: string): NodeId => `model.shop.${name}` as NodeId;

function node(name: string, sql: string | readonly string[], more: Partial<LineageNode> = {}): LineageNode {
  return { id: id(name), sql: typeof sql === 'string' ? (sql === '' ? [] : [sql]) : sql, declared: [], isComplete: false, ...more };
}

function toInput(nodes: readonly LineageNode[]): LineageInput {
  const known = new Set(nodes.map((each) => each.id));
  const findNode = (parts: readonly string[]): NodeId | undefined => {
    const last = id((parts[parts.length - 1] ?? '').replace('__dbt__cte__', ''));
    return known.has(last) ? last : undefined;
  };
  return { dialect: 'postgres', nodes, findNode };
}

function show(nodes: readonly LineageNode[], name: string): string[] {
  const found = resolveProject(toInput(nodes)).nodes.get(id(name));
  return (found?.columns ?? []).map((column) => {
    const from = (found?.edges ?? [])
      .filter((edge) => edge.toColumn === column.name)
      .map((edge) => `${edge.from.split('.').pop()}.${edge.fromColumn}:${edge.kind}${edge.confidence === 'exact' ? '' : '?'}`);
    return `${column.name} ${column.typeText}${column.nullable === false ? ' not null' : ''} <- ${from.join(' ')}`.trim();
  });
}

const raw = node('raw', '', {
  declared: [
    { name: 'id', type: 'bigint', nullable: false },
    { name: 'name', type: 'text' },
  ],
  isComplete: true,
});

describe('columns of a project', () => {
  it('flow through stars in whatever order the models come', () => {
    const nodes = [node('c', 'select * from b'), node('b', 'select * from a'), node('a', 'select * from raw'), raw];
    expect(show(nodes, 'c')).toEqual(['id bigint not null <- b.id:copied', 'name text <- b.name:copied']);
  });

  it('carry types and nullability through joins, coalesce and aggregates', () => {
    const sql =
      "select l.id, r.name, coalesce(r.name, '') as label, count(r.id) as n, max(r.id) as m from raw l left join raw r on l.id = r.id group by 1, 2, 3";
    expect(show([raw, node('a', sql)], 'a')).toEqual([
      'id bigint not null <- raw.id:copied',
      'name text <- raw.name:copied',
      'label text not null <- raw.name:computed',
      'n bigint not null <- raw.id:aggregated',
      'm bigint <- raw.id:aggregated',
    ]);
  });

  it('are known from use where nothing declares them, down to the source', () => {
    const nodes = [node('source', ''), node('stg', 'select * from source'), node('mart', 'select x as y from stg')];
    expect(show(nodes, 'source')).toEqual(['x unknown <-']);
    expect(show(nodes, 'stg')).toEqual(['x unknown <- source.x:copied?']);
    expect(show(nodes, 'mart')).toEqual(['y unknown <- stg.x:renamed']);
  });

  it('come from both branches of an incremental model', () => {
    const nodes = [raw, node('a', ['select id, name from raw', 'select id, name || id as name from raw where id > 1'])];
    expect(show(nodes, 'a')).toEqual([
      'id bigint not null <- raw.id:copied raw.id:copied',
      'name text <- raw.name:copied raw.name:computed raw.id:computed',
    ]);
  });

  it('go through an ephemeral model, not past it', () => {
    const nodes = [
      raw,
      node('e', 'select id as key from raw'),
      node('a', 'with __dbt__cte__e as (select id as key from raw) select key from __dbt__cte__e'),
    ];
    expect(show(nodes, 'a')).toEqual(['key bigint not null <- e.key:copied']);
  });

  it('of a snapshot include those that dbt adds', () => {
    const columns = show([raw, node('s', 'select * from raw', { snapshot: { updatedAt: 'name' } })], 's');
    expect(columns.slice(2)).toEqual([
      'dbt_scd_id text not null <-',
      'dbt_updated_at text not null <- raw.name:computed',
      'dbt_valid_from text not null <- raw.name:computed',
      'dbt_valid_to text <- raw.name:computed',
    ]);
  });

  it('end at a cycle without ending the resolution', () => {
    const nodes = [node('a', 'select x from b'), node('b', 'select x from a')];
    expect(show(nodes, 'a')).toEqual(['x unknown <- b.x:copied']);
  });
});

describe('a second resolution', () => {
  it('takes what did not change and reads again what did and what depends on it', () => {
    const before = [raw, node('a', 'select id from raw'), node('b', 'select * from a'), node('other', 'select name from raw')];
    const first = resolveProject(toInput(before));
    const second = resolveProject(
      toInput([raw, node('a', 'select id, name from raw'), node('b', 'select * from a'), node('other', 'select name from raw')]),
      first,
    );
    expect(second.nodes.get(id('b'))?.columns.map((column) => column.name)).toEqual(['id', 'name']);
    expect(second.nodes.get(id('other'))).toBe(first.nodes.get(id('other')));
    expect(second.nodes.get(id('b'))).not.toBe(first.nodes.get(id('b')));
  });
});

describe('questions', () => {
  const nodes = [
    raw,
    node('a', 'select id as key, name from raw'),
    node('b', 'select key + 1 as next from a where name is not null'),
    node('c', 'select next from b order by next'),
  ];
  const questions = new LineageQuestions(resolveProject(toInput(nodes)));
  const names = (list: readonly { node: NodeId; column: string }[]): string[] =>
    list.map(({ node: at, column }) => `${at.split('.').pop()}.${column}`);

  it('find all ancestors of a column', () => {
    expect(names(questions.ancestors({ node: id('c'), column: 'next' }))).toEqual(['b.next', 'a.key', 'raw.id']);
  });

  it('find everything that a change reaches, rows included', () => {
    const { columns, uses } = questions.impact({ node: id('raw'), column: 'name' });
    expect(names(columns)).toEqual(['a.name']);
    expect(uses.map((use) => `${use.kind} ${use.to}`)).toEqual([`filter ${id('b')}`]);
  });

  it('tell the chain from a source to an output', () => {
    const path = questions.path({ node: id('raw'), column: 'id' }, { node: id('c'), column: 'next' });
    expect(path?.map((edge) => `${edge.fromColumn}>${edge.toColumn} ${edge.kind}`)).toEqual([
      'id>key renamed',
      'key>next computed',
      'next>next copied',
    ]);
  });
});
