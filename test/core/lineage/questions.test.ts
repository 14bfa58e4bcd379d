import { beforeAll, describe, expect, it } from 'vitest';
import type { LineageNode, ProjectLineage } from '../../../src/core/lineage/project.ts';
import { resolveProject } from '../../../src/core/lineage/project.ts';
import { LineageQuestions } from '../../../src/core/lineage/questions.ts';
import type { NodeId } from '../../../src/core/text/ids.ts';

const id = (name: string): NodeId => `model.shop.${name}` as NodeId;

const nodes: readonly LineageNode[] = Object.entries({
  raw: '',
  stg: 'select ID, amount * 2 as amount, state from raw',
  kept: "select id, amount from stg where state = 'paid'",
  totals: 'select id, sum(amount) as total from kept group by 1 order by total',
  copied: 'select * from unknown_table',
  loop_a: 'select x from loop_b',
  loop_b: 'select x from loop_a',
}).map(([name, sql]) => ({ id: id(name), sql: sql === '' ? [] : [sql], declared: [], isComplete: false }));

let lineage: ProjectLineage;
let questions: LineageQuestions;

beforeAll(() => {
  const known = new Set(nodes.map((node) => node.id));
  lineage = resolveProject({
    dialect: 'postgres',
    nodes,
    findNode: (parts) => {
      const found = id(parts[parts.length - 1] ?? '');
      return known.has(found) ? found : undefined;
    },
  });
  questions = new LineageQuestions(lineage);
});

const names = (columns: readonly { readonly node: NodeId; readonly column: string }[]): string[] =>
  columns.map(({ node, column }) => `${node.split('.').pop()}.${column}`);

describe('questions about a column', () => {
  it('name its ancestors, nearest first, with the way they were reached', () => {
    const found = questions.ancestors({ node: id('totals'), column: 'total' });
    expect(names(found)).toEqual(['kept.amount', 'stg.amount', 'raw.amount']);
    expect(found.map(({ distance, by }) => `${distance} ${by.kind}`)).toEqual(['1 aggregated', '2 copied', '3 computed']);
  });

  it('name everything that is made from it', () => {
    expect(names(questions.descendants({ node: id('raw'), column: 'amount' }))).toEqual(['stg.amount', 'kept.amount', 'totals.total']);
  });

  it('tell apart what a change of it alters in value and in rows', () => {
    const impact = questions.impact({ node: id('raw'), column: 'state' });
    expect(names(impact.columns)).toEqual(['stg.state']);
    expect(impact.uses.map((use) => `${use.to.split('.').pop()} ${use.kind}`)).toEqual(['kept filter']);
  });

  it('do not mind the case of names', () => {
    expect(names(questions.descendants({ node: id('raw'), column: 'id' }))).toEqual(['stg.ID', 'kept.id', 'totals.id']);
  });

  it('give one chain of edges between two columns, from the source on', () => {
    const path = questions.path({ node: id('raw'), column: 'amount' }, { node: id('totals'), column: 'total' });
    expect(path?.map(({ from, to, kind }) => `${from.split('.').pop()} ${kind} ${to.split('.').pop()}`)).toEqual([
      'raw computed stg',
      'stg copied kept',
      'kept aggregated totals',
    ]);
  });

  it('give no chain where none leads', () => {
    expect(questions.path({ node: id('raw'), column: 'state' }, { node: id('totals'), column: 'total' })).toBeUndefined();
  });

  it('end in a circle of models', () => {
    expect(names(questions.ancestors({ node: id('loop_a'), column: 'x' }))).toContain('loop_b.x');
  });

  it('are empty for a column that nobody knows', () => {
    expect(questions.impact({ node: id('nobody'), column: 'x' })).toEqual({ columns: [], uses: [] });
    expect(questions.inputs({ node: id('raw'), column: 'nothing' })).toEqual([]);
  });
});

describe('questions after a change', () => {
  const models = (texts: Readonly<Record<string, string>>): LineageNode[] =>
    Object.entries(texts).map(([name, sql]) => ({ id: id(name), sql: [sql], declared: [], isComplete: false }));
  const resolveAll = (texts: Readonly<Record<string, string>>, previous?: ProjectLineage): ProjectLineage =>
    resolveProject(
      {
        dialect: 'postgres',
        nodes: models(texts),
        findNode: (parts) => (Object.hasOwn(texts, parts[0] ?? '') ? id(parts[0] ?? '') : undefined),
      },
      previous,
    );
  const texts = {
    a: 'select x, y from raw',
    b: 'select x as p, y as q from a',
    c: 'select p + q as r from b',
    d: 'select * from other, b',
  };

  /** Goes from edge to edge without the graph. */
  const walk = (asked: LineageQuestions, node: string, column: string): string[] => {
    const found = new Set<string>();
    const open = [{ node: id(node), column }];
    for (let at = open.pop(); at !== undefined; at = open.pop())
      for (const edge of asked.outputs(at)) {
        const next = { node: edge.to, column: edge.toColumn === '*' ? at.column : edge.toColumn };
        const key = names([next])[0] ?? '';
        if (!found.has(key)) open.push(next);
        found.add(key);
      }
    return [...found].sort();
  };

  it('see the columns where they stand now', () => {
    const first = resolveAll(texts);
    const before = new LineageQuestions(first);
    expect(names(before.descendants({ node: id('a'), column: 'y' })).sort()).toEqual(['b.q', 'c.r', 'd.q']);
    const second = resolveAll({ ...texts, a: 'select z, y, x from raw' }, first);
    const after = new LineageQuestions(second);
    for (const column of ['x', 'y', 'z'])
      expect(names(after.descendants({ node: id('a'), column })).sort()).toEqual(walk(after, 'a', column));
    expect(names(after.ancestors({ node: id('c'), column: 'r' })).sort()).toEqual(['a.x', 'a.y', 'b.p', 'b.q']);
    expect(names(before.ancestors({ node: id('c'), column: 'r' })).sort()).toEqual(['a.x', 'a.y', 'b.p', 'b.q']);
  });

  it('follow a name behind stars that no columns are known of', () => {
    const all = { raw: 'select * from nowhere', s: 'select * from raw', t: 'select * from s', u: 'select k as v from t' };
    const asked = new LineageQuestions(resolveAll(all));
    expect(names(asked.descendants({ node: id('raw'), column: 'k' })).sort()).toEqual(['s.k', 't.k', 'u.v']);
    expect(names(asked.descendants({ node: id('raw'), column: 'never_named' })).sort()).toEqual(walk(asked, 'raw', 'never_named'));
  });
});
