import type { Dialect } from '../sql/dialect.ts';
import { parseSql } from '../sql/parse.ts';

/**
 * Why a text is not sent to a database as a question, in one sentence; undefined for a single query. This comes before the database's own
 * read-only transaction, which refuses what is not seen here.
 */
export function refuseWriting(sql: string, dialect: Dialect): string | undefined {
  const { statements } = parseSql(sql, dialect);
  const writes = statements.find(({ kind }) => kind !== 'select' && kind !== 'other');
  if (writes !== undefined)
    return `This is not sent: ${writes.kind.replace('-', ' ').toUpperCase()} could change data there, and reading changes nothing.`;
  const [first, second] = statements;
  if (first === undefined) return 'There is no query here.';
  if (second !== undefined) return 'This is not sent: it holds several statements, and one query is sent at a time.';
  const word = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*\(*\s*([a-z]+)/i.exec(sql)?.[1]?.toLowerCase();
  return word === undefined || !['select', 'with', 'values', 'table', 'from'].includes(word)
    ? `This is not sent: a question begins with SELECT or WITH${word === undefined ? '' : `, not with ${word.toUpperCase()}`}.`
    : undefined;
}
