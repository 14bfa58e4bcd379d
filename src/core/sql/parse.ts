import type { Dialect } from './dialect.ts';
import { traitsOf } from './dialect-traits.ts';
import type { Query, Statement } from './ir.ts';
import type { Grammar, SqlProblem } from './parse/cursor.ts';
import { Cursor } from './parse/cursor.ts';
import { readArithmetic, readExpression } from './parse/expressions.ts';
import { readPipes } from './parse/pipes.ts';
import { readPrimary } from './parse/primaries.ts';
import { readQuery } from './parse/queries.ts';
import { readRelation } from './parse/relations.ts';
import { splitStatements } from './parse/split.ts';
import { readStatement } from './parse/statements.ts';
import type { Comment, Tokens } from './tokens.ts';
import { tokenize } from './tokens.ts';

export type { SqlProblem };

/** A text of SQL as far as it could be read. */
export interface ParsedSql {
  readonly statements: readonly Statement[];
  /** One for every piece that could not be read; the piece itself stands in the tree as opaque. */
  readonly problems: readonly SqlProblem[];
  readonly comments: readonly Comment[];
}

const grammar: Grammar = {
  expression: readExpression,
  arithmetic: readArithmetic,
  primary: readPrimary,
  query: readQuery,
  relation: readRelation,
  pipes: readPipes,
};

/** Longer texts are not read: nobody writes them, and a preview of them would not end. */
const maxLength = 8_000_000;

/** Reads a text of one or more statements in a dialect; never throws, whatever the text. */
export function parseSql(text: string, dialect: Dialect): ParsedSql {
  if (text.length > maxLength)
    return {
      statements: [],
      problems: [{ message: 'This text is longer than eight million characters', span: { start: 0, end: text.length } }],
      comments: [],
    };
  const traits = traitsOf(dialect);
  const stream = dialect === 'generic' ? withSel(tokenize(text, traits)) : tokenize(text, traits);
  const cursor = new Cursor(text, stream, dialect, traits, grammar);
  for (const { message, span } of stream.problems) cursor.report(message, span);
  const statements: Statement[] = [];
  for (const { start, end } of splitStatements(stream, text, dialect === 'tsql')) {
    cursor.at = start;
    cursor.end = end;
    try {
      statements.push(...readStatement(cursor));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      cursor.report('This statement is nested too deeply to be read', { start: stream.tokens[start]?.start ?? 0, end: text.length });
    }
  }
  return { statements, problems: cursor.problems, comments: stream.comments };
}

/** Teradata's short form: SEL where a query may begin. */
function withSel(stream: Tokens): Tokens {
  if (!stream.tokens.some((token) => token.lower === 'sel')) return stream;
  const tokens = stream.tokens.map((token, index) =>
    token.lower === 'sel' && beforeQuery.has(stream.tokens[index - 1]?.lower ?? ';') ? { ...token, lower: 'select' } : token,
  );
  return { ...stream, tokens };
}

const beforeQuery = new Set([';', '(', ')', 'as', 'union', 'all', 'minus', 'except', 'intersect', 'explain']);

/** The query of the last statement that has one: what a model selects. */
export function findModelQuery(parsed: ParsedSql): Query | undefined {
  return parsed.statements.findLast((statement) => statement.query !== undefined)?.query;
}
