import type { Statement } from '../ir.ts';
import { selectFrom } from './building.ts';
import type { Draft } from './changes.ts';
import { lastOf, readDelete, readMerge, readUpdate } from './changes.ts';
import type { Cursor } from './cursor.ts';
import { readDefinitions } from './definitions.ts';
import { readInsert, readMultiInsert } from './inserts.ts';
import { readLoad } from './loads.ts';
import { isQueryAhead, startsQuery } from './lookahead.ts';
import { opaqueQuery, readQuery } from './queries.ts';
import { recovering } from './recovery.ts';
import { readTableName } from './table-names.ts';

/** Reads one statement; `several` because Hive and Snowflake fill more than one table at once. */
export function readStatement(cursor: Cursor): Statement[] {
  const start = cursor.at;
  const drafts = recovering<Draft[]>(
    cursor,
    () => true,
    () => readDrafts(cursor),
    (from, reason) => {
      cursor.at = cursor.end;
      const query = opaqueQuery(cursor, from, reason);
      return [{ kind: query.body.kind === 'opaque-query' && query.body.meaning !== undefined ? 'select' : 'other', query }];
    },
  );
  if (!cursor.done) {
    const from = cursor.at;
    cursor.at = cursor.end;
    const span = cursor.since(from);
    if (drafts.some((draft) => draft.kind !== 'other'))
      cursor.report(`'${cursor.slice(span).slice(0, 60)}' was not understood at the end of this statement`, span);
  }
  const span = cursor.since(start);
  return drafts.map((draft) => ({ targetColumns: [], temporary: false, definitions: [], constraints: [], ...intoOf(draft), span }));
}

/** SELECT … INTO is CREATE TABLE AS in other words. */
function intoOf(draft: Draft): Draft {
  const into = draft.kind === 'select' && draft.query?.body.kind === 'select' ? draft.query.body.into : undefined;
  return into === undefined ? draft : { ...draft, kind: 'create-table', target: into };
}

function readDrafts(cursor: Cursor): Draft[] {
  const { lower } = cursor.peek();
  if (lower === 'begin' && (cursor.peek(1).lower === 'try' || cursor.peek(1).lower === 'catch')) {
    cursor.at += 2;
    return cursor.done ? [{ kind: 'other' }] : readDrafts(cursor);
  }
  if (lower === 'begin' && cursor.isName(1) && cursor.peek(1).lower !== 'transaction' && cursor.peek(1).lower !== 'work') {
    cursor.at++;
    return readDrafts(cursor);
  }
  if (lower === 'explain' || lower === 'describe') {
    cursor.at++;
    while (!cursor.done && !cursor.is('select') && !cursor.is('with') && !cursor.is('insert') && !cursor.is('create')) cursor.at++;
    return cursor.done ? [{ kind: 'other' }] : readDrafts(cursor);
  }
  if (
    lower === 'create' ||
    (lower === 'define' && cursor.dialect === 'snowflake') ||
    (lower === 'replace' && cursor.peek(1).lower !== 'into')
  )
    return readCreate(cursor);
  if (lower === 'cache' || lower === 'refresh') return [readCache(cursor)];
  if (lower === 'insert' || lower === 'replace' || (lower === 'upsert' && cursor.peek(1).lower === 'into')) return readInsert(cursor);
  if (lower === 'update') return [readUpdate(cursor)];
  if (lower === 'delete') return [readDelete(cursor)];
  if (lower === 'merge') return [readMerge(cursor)];
  if (loads.has(lower)) return [readLoad(cursor)];
  if (lower === 'alter' && (cursor.peek(1).lower === 'view' || cursor.is('alter', 'materialized', 'view'))) return [readAlterView(cursor)];
  if (lower === 'alter' || lower === 'comment') return [readAlter(cursor)];
  if (lower === 'from' && cursor.dialect !== 'duckdb') return readMultiInsert(cursor);
  if (lower === 'with') {
    const ctesOnly = findStatementAfterWith(cursor);
    if (ctesOnly !== undefined) return readAfterWith(cursor, ctesOnly);
  }
  if (
    lower === 'select' ||
    lower === 'with' ||
    lower === 'values' ||
    lower === '(' ||
    lower === 'from' ||
    lower === 'pivot' ||
    lower === 'unpivot' ||
    (lower === 'table' && cursor.isName(1))
  )
    return [{ kind: 'select', query: readQuery(cursor) }];
  // Commands to a client stand on lines of their own: psql's `\\copy`, sqlcmd's `:r`.
  const known = others.has(lower) || lower === ':' || lower === '\\';
  if (!known) cursor.fail('expected a statement');
  cursor.at = cursor.end;
  return [{ kind: 'other' }];
}

const loads = new Set(['bulk', 'copy', 'load', 'unload', 'export']);

const others = new Set(
  `set use drop truncate grant revoke begin commit rollback start end call exec execute declare analyze vacuum show describe desc copy unload put get list ls
  remove rm optimize msck pragma attach detach install load export import checkpoint reset lock unlock kill exchange rename undrop uncache clear add delimiter if while for return print
  do go raise deallocate prepare let signal assert savepoint release raiserror throw else loop repeat leave iterate close fetch open discard listen notify reindex cluster security
  alter comment system exists flush audit purge until elseif elsif exception unset abort analyse dbcc deny restore reconfigure waitfor goto disable enable bulk apply
  reassign unlisten generate convert name using when`.split(/\s+/),
);

/** Where INSERT, UPDATE, DELETE or MERGE stands behind a WITH clause. */
function findStatementAfterWith(cursor: Cursor): number | undefined {
  for (let at = cursor.at; at < cursor.end; at++) {
    const { lower } = cursor.stream.tokens[at] ?? { lower: '' };
    if (lower === '(') at = cursor.closing(at);
    else if (lower === 'select' || lower === 'values') return undefined;
    else if (
      lower === 'insert' ||
      lower === 'update' ||
      lower === 'delete' ||
      lower === 'merge' ||
      (lower === 'from' && cursor.dialect === 'hive')
    )
      return at;
  }
  return undefined;
}

function readAfterWith(cursor: Cursor, statement: number): Draft[] {
  // The WITH clause is read as that of a query whose body is still to come.
  const withQuery = cursor.within(statement, () => readQuery(cursor));
  const last = cursor.problems[cursor.problems.length - 1];
  if (last?.message.startsWith('The query after WITH')) cursor.problems.pop();
  const drafts = readDrafts(cursor);
  return drafts.map((draft) =>
    draft.query === undefined
      ? draft
      : {
          ...draft,
          query: {
            ...draft.query,
            ctes: [...withQuery.ctes, ...draft.query.ctes],
            recursive: withQuery.recursive || draft.query.recursive,
          },
        },
  );
}

const createWords = new Set(
  `or replace temp temporary global local transient external dynamic volatile unlogged materialized secure recursive hybrid iceberg streaming live refresh private public
  snapshot foreign multiset set force noforce editionable nonclustered editioning alter managed virtual event`.split(/\s+/),
);

function readCreate(cursor: Cursor): Draft[] {
  cursor.at++;
  let temporary = false;
  while (cursor.isAny(createWords)) if (['temp', 'temporary', 'volatile'].includes(cursor.next().lower)) temporary = true;
  if (!cursor.is('table') && !cursor.is('view')) {
    // A procedure's first statement stands behind its BEGIN; the others are statements of their own.
    if (cursor.is('procedure') || cursor.is('proc')) while (!cursor.done && !cursor.is('begin')) cursor.at++;
    else cursor.at = cursor.end;
    return cursor.done ? [{ kind: 'other' }] : readDrafts(cursor);
  }
  const kind = cursor.next().lower === 'table' ? 'create-table' : 'create-view';
  if (cursor.is('function') && cursor.isName(1)) cursor.at++;
  cursor.take('if', 'not', 'exists');
  const target = readTableName(cursor);
  const draft: Draft = { kind, target, temporary };
  if (cursor.is('on', 'cluster') || cursor.is('uuid')) cursor.at += 3;
  if (cursor.is('(') && !isQueryAhead(cursor, cursor.at)) Object.assign(draft, readDefinitions(cursor, kind === 'create-view'));
  if ((cursor.is('shallow') || cursor.is('deep')) && cursor.peek(1).lower === 'clone') cursor.at++;
  if (cursor.is('like') || cursor.is('clone') || (cursor.is('copy') && !cursor.is('copy', 'grants'))) {
    cursor.at++;
    if (cursor.isName())
      draft.query = selectFrom({ kind: 'table', parts: readTableName(cursor), modifiers: [], span: cursor.since(cursor.at - 1) });
    cursor.at = cursor.end;
    return [draft];
  }
  const comment = skipToQuery(cursor);
  if (comment !== undefined) Object.assign(draft, { comment });
  if (cursor.done) return [kind === 'create-view' ? draft : { ...draft, kind: 'define' }];
  const query = readQuery(cursor);
  if (cursor.is('with') || cursor.is('as') || cursor.is('comment')) cursor.at = cursor.end;
  return [{ ...draft, query }];
}

/** Moves past a table's options to the query behind AS; gives the table's comment when there is one. */
function skipToQuery(cursor: Cursor): string | undefined {
  let comment: string | undefined;
  while (!cursor.done) {
    if (cursor.is('comment')) {
      const at = cursor.peek(1).lower === '=' ? 2 : 1;
      if (cursor.peek(at).type === 'string') comment = cursor.peek(at).value;
    }
    if (cursor.is('as') && startsQuery(cursor, 1)) {
      cursor.at++;
      return comment;
    }
    if (
      cursor.is('select') ||
      (cursor.is('with') &&
        cursor.isName(1) &&
        (cursor.peek(2).lower === 'as' || cursor.peek(2).lower === '(') &&
        cursor.peek(3).lower === '(')
    )
      return comment;
    if (cursor.is('(') && isQueryAhead(cursor, cursor.at)) return comment;
    if (cursor.is('(')) cursor.skipBrackets();
    else cursor.at++;
  }
  return comment;
}

/** Spark's CACHE TABLE t AS SELECT. */
function readCache(cursor: Cursor): Draft {
  while (!cursor.done && !cursor.is('table')) cursor.at++;
  if (cursor.done) return { kind: 'other' };
  cursor.at++;
  const target = cursor.isName() ? readTableName(cursor) : undefined;
  skipToQuery(cursor);
  if (cursor.done || target === undefined) return { kind: 'other' };
  return { kind: 'create-table', target, temporary: true, query: readQuery(cursor) };
}

/** `ALTER VIEW v [(a, b)] AS SELECT …`, which makes the view anew; nothing else that it may alter is of its columns. */
function readAlterView(cursor: Cursor): Draft {
  while (!cursor.take('view')) cursor.at++;
  cursor.take('if', 'exists');
  const target = readTableName(cursor);
  const draft: Draft = { kind: 'create-view', target };
  if (cursor.is('(') && !isQueryAhead(cursor, cursor.at)) Object.assign(draft, readDefinitions(cursor, true));
  skipToQuery(cursor);
  return cursor.done ? { kind: 'other' } : { ...draft, query: readQuery(cursor) };
}

/** `ALTER TABLE t ADD CONSTRAINT …` and `COMMENT ON …`: what they add to a table that was defined before. */
function readAlter(cursor: Cursor): Draft {
  const isComment = cursor.next().lower === 'comment';
  if (isComment) return readComment(cursor);
  if (!cursor.take('table')) {
    cursor.at = cursor.end;
    return { kind: 'other' };
  }
  cursor.take('if', 'exists');
  cursor.take('only');
  const target = readTableName(cursor);
  const draft: Draft = { kind: 'other', target };
  if (cursor.take('append', 'from')) {
    // Redshift moves the rows of one table to another.
    const start = cursor.at;
    const query = selectFrom({ kind: 'table', parts: readTableName(cursor), modifiers: [], span: cursor.since(start) });
    cursor.at = cursor.end;
    return { kind: 'insert', target, targetColumns: [], query };
  }
  if (cursor.take('add') && !cursor.is('column')) {
    if (cursor.is('constraint') || cursor.is('primary') || cursor.is('foreign') || cursor.is('unique')) {
      const { constraints } = readDefinitions(cursor, false, true);
      cursor.at = cursor.end;
      return { kind: 'define', target, constraints };
    }
  }
  cursor.at = cursor.end;
  return draft;
}

function readComment(cursor: Cursor): Draft {
  if (cursor.take('if', 'exists')) cursor.take('on');
  cursor.take('on');
  const isColumn = cursor.is('column');
  if (!isColumn && !cursor.is('table') && !cursor.is('view')) {
    cursor.at = cursor.end;
    return { kind: 'other' };
  }
  cursor.at++;
  const names = readTableName(cursor);
  cursor.expect('is');
  const comment = cursor.next().value;
  cursor.at = cursor.end;
  if (!isColumn) return { kind: 'define', target: names, comment };
  return {
    kind: 'define',
    target: names.slice(0, -1),
    definitions: [{ name: lastOf(names), notNull: false, primaryKey: false, unique: false, comment }],
  };
}
