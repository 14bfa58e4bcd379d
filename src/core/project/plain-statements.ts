import { rowFormatOf } from '../data/formats.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { Name, Statement } from '../sql/ir.ts';
import { parseSql } from '../sql/parse.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { LineMap } from '../text/span.ts';
import type { DdlTable } from './ddl.ts';
import { toDdlTable } from './ddl.ts';
import type { Provenance } from './node.ts';
import type { Filling } from './plain-text.ts';
import { findFilledColumns } from './plain-text.ts';
import { stemOf } from './source-data.ts';
import type { SourceFile } from './sources.ts';
import type { CommentDictionary } from './sql-comments.ts';
import { readSqlComments } from './sql-comments.ts';

/** A table that the project's statements make or fill. */
export interface MadeTable {
  /** From the outermost qualifier to the table; the file's name for a bare query. */
  readonly parts: readonly string[];
  readonly materialized: 'table' | 'view' | 'temporary' | 'query';
  readonly path: string;
  readonly fillings: Filling[];
  readonly comments: CommentDictionary[];
}

/** A table that DDL declares. */
export interface DeclaredTable {
  readonly parts: readonly string[];
  readonly path: string;
  readonly ddl: DdlTable;
  readonly from: Provenance;
}

export interface PlainStatements {
  readonly made: readonly MadeTable[];
  readonly declared: readonly DeclaredTable[];
  readonly problems: readonly Problem[];
}

/** Reads what the statements of a project's SQL files make, in the order of files and statements. */
export function readStatements(files: readonly SourceFile[], dialect: Dialect): PlainStatements {
  const made: MadeTable[] = [];
  const declared: DeclaredTable[] = [];
  const problems: Problem[] = [];
  const read = files.flatMap((file) => {
    if (file.text === undefined) {
      problems.push(toProblem('file-undecodable', 'This file is not UTF-8 text, so its SQL is not read. Save it as UTF-8.', file.path));
      return [];
    }
    if (file.text.trim() === '') problems.push(toProblem('model-empty', 'This file is empty, so it makes no table.', file.path));
    const parsed = parseSql(file.text, dialect);
    const lines = new LineMap(file.text);
    for (const { message, span } of parsed.problems) problems.push(toProblem('sql-opaque', `${message}.`, lines.location(file.path, span)));
    return [{ path: file.path, text: file.text, parsed, lines }];
  });
  for (const { path, parsed, lines } of read) for (const statement of parsed.statements) declare(statement, path, lines, declared);
  for (const { path, text, parsed, lines } of read) {
    let after = 0;
    let bare = 0;
    for (const statement of parsed.statements) {
      const comments = readSqlComments(statement, text, parsed.comments, lines, after);
      after = statement.span.end;
      const { query } = statement;
      if (query === undefined) continue;
      if (statement.kind === 'update' || statement.kind === 'delete') {
        const said = `The rows that this ${statement.kind.toUpperCase()} changes are not followed by lineage; a preview of the table runs it.`;
        problems.push(
          toProblem(
            'sql-opaque',
            said,
            lines.location(path, { start: statement.span.start, end: statement.span.start + statement.kind.length }),
          ),
        );
        continue;
      }
      const parts = statement.target === undefined ? [++bare === 1 ? stemOf(path) : `${stemOf(path)}_${bare}`] : toParts(statement.target);
      const isCreation = statement.kind === 'create-table' || statement.kind === 'create-view';
      const known = statement.target === undefined ? undefined : findMade(made, parts, path);
      const ddl = declared.find((table) => isSuffix(table.parts, parts));
      const filling = {
        path,
        text,
        statement,
        query,
        columns: findFilledColumns(statement.targetColumns, query, isCreation ? [] : (ddl?.ddl.columns ?? []).map(({ name }) => name)),
      };
      if (known !== undefined && !(isCreation && known.path !== path)) {
        // A table that is created anew in the same file begins again.
        if (isCreation) known.fillings.length = 0;
        known.fillings.push(filling);
        known.comments.push(comments);
      } else {
        const materialized =
          statement.target === undefined
            ? 'query'
            : statement.temporary || isTemporaryName(parts)
              ? 'temporary'
              : statement.kind === 'create-view'
                ? 'view'
                : 'table';
        made.push({ parts, materialized, path, fillings: [filling], comments: [comments] });
      }
    }
  }
  return { made, declared, problems };
}

function declare(statement: Statement, path: string, lines: LineMap, declared: DeclaredTable[]): void {
  if (statement.kind !== 'define' || statement.target === undefined) return;
  const at = (offset: number): Provenance => ({ path, line: lines.position(offset).line, kind: 'ddl' });
  const from = at(statement.span.start);
  const ddl = toDdlTable(statement, from, (column) => at(column.span.start));
  const parts = toParts(statement.target);
  const index = declared.findIndex((table) => isSuffix(table.parts, parts));
  const known = declared[index];
  if (known === undefined) {
    declared.push({ parts, path, ddl, from });
    return;
  }
  // ALTER TABLE … ADD and COMMENT ON say more of a table that is known.
  const more = new Map(ddl.columns.map((column) => [column.name.toLowerCase(), column]));
  const columns = known.ddl.columns.map((column) => {
    const said = more.get(column.name.toLowerCase());
    more.delete(column.name.toLowerCase());
    return said === undefined
      ? column
      : { ...said, ...column, ...(said.description && { description: said.description, descriptionFrom: said.from }) };
  });
  declared[index] = {
    ...known,
    ddl: {
      name: known.ddl.name,
      columns: [...columns, ...more.values()],
      constraints: [...known.ddl.constraints, ...ddl.constraints],
      comment: known.ddl.comment || ddl.comment,
    },
  };
}

/** The table that a name means among those made so far: one of its own file first, temporary ones only there. */
export function findMade(made: readonly MadeTable[], parts: readonly string[], path: string): MadeTable | undefined {
  const fitting = made.filter((table) => isSuffix(table.parts, parts) && (table.materialized !== 'temporary' || table.path === path));
  return fitting.find((table) => table.path === path) ?? fitting.find((table) => table.parts.length === parts.length) ?? fitting[0];
}

/** The parts of a table's name; BigQuery's backticks may hold several, and DuckDB's path of a file is one. */
export function toParts(names: readonly Name[]): readonly string[] {
  return names.flatMap(({ text }) => (text.includes('.') && !isFilePath(text) ? text.split('.') : [text])).filter((part) => part !== '');
}

/** Whether two names mean the same table as far as both are qualified. */
export function isSuffix(a: readonly string[], b: readonly string[]): boolean {
  const shared = Math.min(a.length, b.length);
  for (let i = 1; i <= shared; i++) if (a.at(-i)?.toLowerCase() !== b.at(-i)?.toLowerCase()) return false;
  return shared > 0;
}

function isFilePath(text: string): boolean {
  return text.includes('/') && rowFormatOf(text) !== undefined;
}

/** SQL Server's `#orders`. */
function isTemporaryName(parts: readonly string[]): boolean {
  return parts.at(-1)?.startsWith('#') ?? false;
}
