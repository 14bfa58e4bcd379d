import { describe, expect, it } from 'vitest';
import { hopsOf } from '../../../src/core/lineage/hops.ts';
import { findModelQuery, parseSql } from '../../../src/core/sql/parse.ts';
import { emptyCatalog, resolve } from '../../../src/core/sql/resolve.ts';

describe('the steps inside a query', () => {
  it('name every CTE on the way with the very text of the expression', () => {
    const sql = 'with p as (select a + 1 as b from t), q as (select sum(b) as total from p) select total as "Total" from q';
    const query = findModelQuery(parseSql(sql, 'postgres'));
    if (query === undefined) throw new Error('no query');
    const [column] = resolve(query, emptyCatalog, 'postgres', sql).columns;
    if (column === undefined) throw new Error('no column');
    const steps = hopsOf(column).map(({ fromRelation, fromColumn, toRelation, toColumn, kind, expression }) => {
      const text = expression === undefined ? '' : sql.slice(expression.start, expression.end);
      return `${fromRelation}.${fromColumn} > ${toRelation}.${toColumn} ${kind} by ${text}`;
    });
    expect(steps).toEqual(['q.total > .Total copied by total', 'p.b > q.total aggregated by sum(b)', 't.a > p.b computed by a + 1']);
  });

  it('end where a recursive CTE reads itself', () => {
    const sql = 'with recursive r as (select a from t union all select a + 1 from r) select a from r';
    const query = findModelQuery(parseSql(sql, 'postgres'));
    if (query === undefined) throw new Error('no query');
    const [column] = resolve(query, emptyCatalog, 'postgres', sql).columns;
    expect(column === undefined ? [] : hopsOf(column).map((hop) => hop.fromColumn)).toContain('a');
  });
});
