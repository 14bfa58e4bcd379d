import type { Expression, Name, Relation, SelectItem, Statement } from '../ir.ts';
import { select, toQuery } from './building.ts';
import type { Draft } from './changes.ts';
import { readAssignments } from './changes.ts';
import type { Cursor } from './cursor.ts';
import { isQueryAhead, startsQuery } from './lookahead.ts';
import { readQuery } from './queries.ts';
import { readTableName } from './table-names.ts';

/** Reads `INSERT INTO t …`, which may fill several tables. */
export function readInsert(cursor: Cursor): Draft[] {
  cursor.at++;
  if (
    cursor.is('all') ||
    cursor.is('first') ||
    (cursor.is('overwrite') && (cursor.peek(1).lower === 'all' || cursor.peek(1).lower === 'first'))
  )
    return readInsertAll(cursor);
  while (['or', 'replace', 'ignore', 'abort', 'fail', 'low_priority', 'delayed', 'high_priority', 'rollback'].includes(cursor.peek().lower))
    cursor.at++;
  const { target, ...into } = readInsertTarget(cursor);
  const draft: Draft = { kind: 'insert', ...(target === undefined ? {} : { target }), ...into };
  if (cursor.done) return [draft];
  if (cursor.take('default', 'values')) {
    cursor.at = cursor.end;
    return [draft];
  }
  if (cursor.is('format') && cursor.dialect === 'clickhouse') {
    cursor.at = cursor.end;
    return [draft];
  }
  if (cursor.is('set')) {
    const assigned = readAssignments(cursor, []);
    cursor.at = cursor.end;
    return [{ ...draft, ...assigned }];
  }
  if (cursor.is('exec') || cursor.is('execute')) {
    cursor.at = cursor.end;
    return [draft];
  }
  const query = readQuery(cursor);
  if (cursor.is('on') || cursor.is('returning') || cursor.is('as')) cursor.at = cursor.end;
  return [{ ...draft, query }];
}

const afterTarget = new Set([
  'partition',
  'values',
  'value',
  'select',
  'with',
  'output',
  'overriding',
  'replace',
  'by',
  'settings',
  'if',
  'table',
]);

interface InsertTarget {
  readonly target?: readonly Name[];
  readonly targetColumns: readonly Name[];
  readonly partition?: NonNullable<Statement['partition']>;
}

function readInsertTarget(cursor: Cursor): InsertTarget {
  if (cursor.is('into') || cursor.is('overwrite')) cursor.at++;
  cursor.take('into');
  if (cursor.is('local', 'directory') || cursor.is('directory')) {
    while (!cursor.done && !startsQuery(cursor, 0)) cursor.is('(') ? cursor.skipBrackets() : cursor.at++;
    return { targetColumns: [] };
  }
  cursor.take('table');
  if (cursor.take('function') && cursor.peek(1).lower === '(') {
    cursor.name();
    while (!cursor.done && !startsQuery(cursor, 0)) cursor.is('(') ? cursor.skipBrackets() : cursor.at++;
    return { targetColumns: [] };
  }
  const target = readTableName(cursor);
  if (cursor.is('as') && cursor.isName(1)) cursor.at += 2;
  else if (cursor.isName() && (cursor.peek(1).lower === '(' || cursor.peek(1).lower === 'values') && !cursor.isAny(afterTarget))
    cursor.at++;
  const partitions: Name[] = [];
  const fixed: Name[] = [];
  const readPartition = (): void => {
    if (!cursor.is('partition', '(')) return;
    cursor.at++;
    cursor.inBrackets(() => {
      while (!cursor.done) {
        const name = cursor.name();
        if (!cursor.take('=')) partitions.push(name);
        else {
          fixed.push(name);
          cursor.grammar.expression(cursor);
        }
        if (!cursor.take(',')) break;
      }
    });
  };
  readPartition();
  cursor.take('if', 'not', 'exists');
  if (!cursor.take('by', 'name')) cursor.take('by', 'position');
  let targetColumns: readonly Name[] = [];
  if (cursor.is('(') && !isQueryAhead(cursor, cursor.at)) targetColumns = cursor.bracketedNames();
  readPartition();
  if (cursor.is('overriding')) cursor.at += 3;
  if (cursor.is('output')) while (!cursor.done && !startsQuery(cursor, 0)) cursor.at++;
  if (cursor.is('replace', 'using')) {
    cursor.at += 2;
    cursor.skipBrackets();
  }
  if (cursor.is('replace', 'where')) {
    cursor.at += 2;
    cursor.grammar.expression(cursor);
  }
  if (cursor.isName() && !startsQuery(cursor, 0) && cursor.is('settings')) while (!cursor.done && !startsQuery(cursor, 0)) cursor.at++;
  return {
    target,
    targetColumns: targetColumns.length > 0 ? [...targetColumns, ...partitions] : [],
    ...(partitions.length + fixed.length === 0 ? {} : { partition: { fixed, filled: partitions } }),
  };
}

/** Snowflake's and Oracle's INSERT ALL: many tables filled by one query. */
function readInsertAll(cursor: Cursor): Draft[] {
  const targets: {
    target: readonly Name[];
    targetColumns: readonly Name[];
    values?: readonly Expression[];
    where?: Expression;
  }[] = [];
  let where: Expression | undefined;
  while (!cursor.done && !cursor.is('select') && !cursor.is('with') && !cursor.is('(')) {
    if (cursor.take('when')) {
      where = cursor.grammar.expression(cursor);
      cursor.take('then');
      continue;
    }
    if (!cursor.take('into')) {
      cursor.at++;
      if (cursor.is('(')) cursor.skipBrackets();
      continue;
    }
    const target = readTableName(cursor);
    const targetColumns = cursor.is('(') && !isQueryAhead(cursor, cursor.at) ? cursor.bracketedNames() : [];
    const values = cursor.take('values') ? cursor.inBrackets(() => expressionList(cursor)) : undefined;
    targets.push({ target, targetColumns, ...(values === undefined ? {} : { values }), ...(where === undefined ? {} : { where }) });
  }
  const source = readQuery(cursor);
  const from: Relation = { kind: 'derived', query: source, lateral: false, span: source.span };
  return targets.map(({ target, targetColumns, values, where: condition }) => {
    if (values === undefined && condition === undefined) return { kind: 'insert', target, targetColumns, query: source };
    const star: SelectItem = { kind: 'star', qualifier: [], except: [], replace: [], rename: [], span: source.span };
    const items = values?.map((expression): SelectItem => ({ kind: 'item', expression, span: expression.span })) ?? [star];
    return {
      kind: 'insert',
      target,
      targetColumns,
      query: toQuery({ ...select(items, [from]), ...(condition === undefined ? {} : { where: condition }) }),
    };
  });
}

function expressionList(cursor: Cursor): Expression[] {
  const list: Expression[] = [];
  while (!cursor.done) {
    if (cursor.is('default')) cursor.at++;
    else list.push(cursor.grammar.expression(cursor));
    if (!cursor.take(',')) break;
  }
  return list;
}

/** Hive's `FROM t INSERT OVERWRITE TABLE a SELECT … INSERT INTO b SELECT …`. */
export function readMultiInsert(cursor: Cursor): Draft[] {
  const start = cursor.at;
  cursor.at++;
  const from: Relation[] = [];
  do from.push(cursor.grammar.relation(cursor));
  while (cursor.take(','));
  if (!cursor.is('insert')) {
    cursor.at = start;
    return [{ kind: 'select', query: readQuery(cursor) }];
  }
  const drafts: Draft[] = [];
  while (cursor.is('insert')) {
    for (const draft of cursor.within(nextInsert(cursor), () => readInsertWhole(cursor))) {
      const { query } = draft;
      const body = query?.body;
      drafts.push(
        query !== undefined && body?.kind === 'select'
          ? { ...draft, query: { ...query, body: { ...body, from: [...from, ...body.from] } } }
          : draft,
      );
    }
  }
  return drafts;
}

/** Where the next INSERT of the same statement stands, or its end. */
function nextInsert(cursor: Cursor): number {
  for (let at = cursor.at + 1; at < cursor.end; at++) {
    const { lower } = cursor.stream.tokens[at] ?? { lower: '' };
    if (lower === '(') at = cursor.closing(at);
    else if (lower === 'insert' && insertWords.has(cursor.stream.tokens[at + 1]?.lower ?? '')) return at;
  }
  return cursor.end;
}

const insertWords = new Set(['into', 'overwrite', 'table']);

/** An INSERT up to where it ends: what is not understood there is reported, and the next one is read all the same. */
function readInsertWhole(cursor: Cursor): Draft[] {
  const drafts = readInsert(cursor);
  if (!cursor.done) {
    const from = cursor.at;
    cursor.at = cursor.end;
    const span = cursor.since(from);
    cursor.report(`'${cursor.slice(span).slice(0, 60)}' was not understood at the end of this INSERT`, span);
  }
  return drafts;
}
