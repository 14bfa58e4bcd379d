import { expect, test } from 'vitest';
import { parseSql } from '../../../src/core/sql/parse.ts';

test.each(['select a from t order by a d', 'select a from t order by a b c limit 1', 'select a from t sort by a d'])(
  '%s ends, and keeps the table',
  (sql) => {
    const { statements, problems } = parseSql(sql, 'generic');
    expect(problems).not.toEqual([]);
    expect(JSON.stringify(statements[0]?.query)).toContain('"text":"t"');
  },
);
