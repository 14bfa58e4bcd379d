import type { Expression, MergeClause, Name, Query, Relation, Select, SelectItem, Statement } from '../ir.ts';
import { select, selectFrom, selectNothing, toQuery } from './building.ts';
import type { Cursor } from './cursor.ts';
import { readTableName } from './table-names.ts';

/** A statement that is still being read. */
export type Draft = { -readonly [Key in Exclude<keyof Statement, 'kind' | 'span'>]?: Statement[Key] } & { kind: Statement['kind'] };

interface Assignment {
  columns: readonly Name[];
  expression: Expression;
}

/** `SET a = 1, (b, c) = (select …)` as the query that gives the new values. */
export function readAssignments(cursor: Cursor, from: readonly Relation[]): { targetColumns: readonly Name[]; query: Query } {
  cursor.expect('set');
  const assignments: Assignment[] = [];
  do {
    if (cursor.done) break;
    const assignment = readVariable(cursor) ? undefined : readAssignment(cursor);
    if (assignment !== undefined) assignments.push(assignment);
  } while (cursor.take(','));
  return fromAssignments(assignments, from);
}

/** T-SQL's `@v = x`, which sets no column; `@v = column = x` sets one, which is left to be read. */
function readVariable(cursor: Cursor): boolean {
  if (cursor.dialect !== 'tsql' || !cursor.peek().value.startsWith('@') || cursor.peek(1).lower !== '=') return false;
  cursor.at += 2;
  let ahead = 0;
  while (cursor.isName(ahead) && cursor.peek(ahead + 1).lower === '.') ahead += 2;
  if (cursor.isName(ahead) && cursor.peek(ahead + 1).lower === '=') return false;
  cursor.grammar.expression(cursor);
  return true;
}

function readAssignment(cursor: Cursor): Assignment {
  const columns = cursor.is('(') ? cursor.bracketedNames() : [lastOf(readTableName(cursor))];
  while (cursor.is('[')) cursor.skipBrackets();
  if (cursor.peek().type === 'operator' && cursor.peek(1).lower === '=' && /^[-+*/%&|^]$/.test(cursor.peek().lower)) cursor.at++;
  if (!cursor.take('=') && !cursor.take(':=')) cursor.fail("expected '='");
  if (cursor.is('default')) {
    const { start, end } = cursor.next();
    return { columns, expression: { kind: 'literal', type: 'null', value: 'null', span: { start, end } } };
  }
  return { columns, expression: cursor.grammar.expression(cursor) };
}

function fromAssignments(assignments: readonly Assignment[], from: readonly Relation[]): { targetColumns: readonly Name[]; query: Query } {
  const targetColumns: Name[] = [];
  const items: SelectItem[] = [];
  for (const { columns, expression } of assignments)
    for (const [index, alias] of columns.entries()) {
      const part = columns.length > 1 ? partOf(expression, index, columns.length) : expression;
      targetColumns.push(alias);
      items.push({ kind: 'item', expression: part, alias, span: expression.span });
    }
  return { targetColumns, query: toQuery(select(items, from)) };
}

/** What one of several columns is set to: `(a, b) = (1, 2)`, `(a, b) = (select x, y …)`. */
function partOf(expression: Expression, index: number, count: number): Expression {
  if (expression.kind === 'struct') return expression.fields[index]?.value ?? expression;
  if (expression.kind !== 'subquery' || expression.query.body.kind !== 'select') return expression;
  const { body } = expression.query;
  const item = body.items[index];
  if (item === undefined || body.items.length !== count || body.items.some(({ kind }) => kind === 'star')) return expression;
  return { ...expression, query: { ...expression.query, body: { ...body, items: [item] } } };
}

/** The last part of a qualified name. */
export function lastOf(names: readonly Name[]): Name {
  return names[names.length - 1] as Name;
}

/** `UPDATE t SET … FROM … WHERE …`, as the query of the new values. */
export function readUpdate(cursor: Cursor): Draft {
  cursor.at++;
  if (cursor.is('or')) cursor.at += 2;
  if (cursor.is('ignore') || cursor.is('low_priority')) cursor.at++;
  cursor.take('only');
  const relation = cursor.grammar.relation(cursor);
  const joinedTo: Relation[] = [];
  while (cursor.take(',')) joinedTo.push(cursor.grammar.relation(cursor));
  // Some write FROM before SET.
  if (cursor.take('from'))
    do joinedTo.push(cursor.grammar.relation(cursor));
    while (cursor.take(','));
  const { targetColumns, query } = readAssignments(cursor, []);
  const from: Relation[] = [relation, ...joinedTo];
  if (cursor.take('from'))
    do from.push(cursor.grammar.relation(cursor));
    while (cursor.take(','));
  const where = cursor.take('where') ? cursor.grammar.expression(cursor) : undefined;
  if (!cursor.done) cursor.at = cursor.end;
  const first = leftmost(relation);
  const target = targetOf(first, from);
  // Where the target is the alias of a relation in FROM, it is that relation, not another.
  const isAlias = first.kind === 'table' && target !== first.parts;
  const body = { ...(query.body as Select), from: isAlias ? from.slice(1) : from, ...(where === undefined ? {} : { where }) };
  const changed = isAlias
    ? from
        .slice(1)
        .map(leftmost)
        .find((one) => one.kind === 'table' && one.parts === target)
    : first;
  return {
    kind: 'update',
    ...(target === undefined ? {} : { target }),
    ...(changed === undefined ? {} : { changed }),
    targetColumns,
    query: { ...query, body },
  };
}

function leftmost(relation: Relation): Relation {
  return relation.kind === 'join' ? leftmost(relation.left) : relation;
}

/** The table that `UPDATE t …` means: the alias of one in FROM, or the table itself. */
function targetOf(first: Relation, from: readonly Relation[]): readonly Name[] | undefined {
  if (first.kind !== 'table') return undefined;
  const [only] = first.parts;
  if (first.parts.length === 1 && only !== undefined)
    for (const relation of from.slice(1).map(leftmost))
      if (relation.kind === 'table' && relation.alias?.name.text.toLowerCase() === only.text.toLowerCase()) return relation.parts;
  return first.parts;
}

/** `DELETE FROM t WHERE …`, as a query without columns. */
export function readDelete(cursor: Cursor): Draft {
  cursor.at++;
  if (!cursor.take('from')) {
    const start = cursor.at;
    while (!cursor.done && !cursor.is('from') && !cursor.is('where')) cursor.is('(') ? cursor.skipBrackets() : cursor.at++;
    // BigQuery and T-SQL may leave FROM out.
    if (!cursor.take('from')) cursor.at = start;
  }
  const from = [cursor.grammar.relation(cursor)];
  const first = leftmost(from[0] as Relation);
  while (cursor.take('using') || cursor.take(',')) from.push(cursor.grammar.relation(cursor));
  const where = cursor.take('where') ? cursor.grammar.expression(cursor) : undefined;
  if (!cursor.done) cursor.at = cursor.end;
  const body = { ...select([], from), ...(where === undefined ? {} : { where }) };
  return { kind: 'delete', ...(first.kind === 'table' ? { target: first.parts } : {}), changed: first, query: toQuery(body) };
}

/** `MERGE INTO t USING … WHEN …`: the new values of all its branches, by the columns they fill. */
export function readMerge(cursor: Cursor): Draft {
  cursor.at++;
  cursor.take('into');
  const target = cursor.grammar.relation(cursor);
  cursor.expect('using');
  const source = cursor.grammar.relation(cursor);
  const using = cursor.take('using') ? cursor.bracketedNames() : [];
  if (using.length === 0) cursor.expect('on');
  const condition = using.length === 0 ? cursor.grammar.expression(cursor) : undefined;
  const on = { span: condition?.span ?? source.span };
  const joined: Relation = {
    kind: 'join',
    type: 'full',
    natural: false,
    left: target,
    right: source,
    ...(condition === undefined ? {} : { on: condition }),
    using,
    span: on.span,
  };
  const queries: Query[] = [];
  const clauses: MergeClause[] = [];
  while (cursor.is('when')) {
    const start = cursor.at;
    const words: string[] = [];
    while (!cursor.done && !cursor.is('and') && !cursor.is('then')) words.push(cursor.next().lower);
    const where = cursor.take('and') ? cursor.grammar.expression(cursor) : undefined;
    cursor.expect('then');
    const assignments = readMergeAction(cursor, (action, all) => {
      const when = !words.includes('not') ? 'matched' : words.includes('source') ? 'not matched by source' : 'not matched';
      clauses.push({ when, ...(where === undefined ? {} : { condition: where }), action, assignments: all, span: cursor.since(start) });
    });
    if (assignments === 'all') {
      const query = selectFrom(joined);
      const star: SelectItem = { kind: 'star', qualifier: qualifierOf(source), except: [], replace: [], rename: [], span: on.span };
      queries.push({ ...query, body: { ...(query.body as Select), items: [star], ...(where === undefined ? {} : { where }) } });
    } else if (assignments.length > 0) {
      // Only the rows of one side are in sight where there is none on the other.
      const seen: Relation = !words.includes('not')
        ? joined
        : words.includes('source')
          ? { ...joined, right: onlyNamed(source) }
          : { ...joined, left: onlyNamed(target) };
      const { query } = fromAssignments(assignments, [seen]);
      queries.push({ ...query, body: { ...(query.body as Select), ...(where === undefined ? {} : { where }) } });
    } else if (where !== undefined) {
      const query = selectNothing(joined);
      queries.push({ ...query, body: { ...(query.body as Select), where } });
    }
  }
  if (!cursor.done) cursor.at = cursor.end;
  const [first = selectNothing(joined), ...rest] = queries;
  const query = rest.reduce(
    (left, right) => toQuery({ kind: 'set', operator: 'union', all: true, byName: true, left, right, span: cursor.since(0) }),
    first,
  );
  const merge = { target, source, ...(condition === undefined ? {} : { on: condition }), using, clauses };
  return { kind: 'merge', ...(target.kind === 'table' ? { target: target.parts } : {}), merge, query };
}

function onlyNamed(relation: Relation): Relation {
  return relation.kind === 'table' ? { ...relation, onlyNamed: true } : relation;
}

function qualifierOf(relation: Relation): readonly Name[] {
  if (relation.kind === 'join') return [];
  if (relation.alias !== undefined) return [relation.alias.name];
  return relation.kind === 'table' ? relation.parts : [];
}

/** What one WHEN clause assigns; `all` for Databricks' INSERT * and UPDATE SET *. `tell` hears what it does. */
function readMergeAction(
  cursor: Cursor,
  tell: (action: MergeClause['action'], assignments: MergeClause['assignments']) => void,
): Assignment[] | 'all' {
  const all = (action: 'update' | 'insert'): 'all' => {
    tell(action, 'all');
    return 'all';
  };
  const told = (action: 'update' | 'insert', assignments: Assignment[]): Assignment[] => {
    const isWhole = cursor.done || cursor.is('when');
    const list = assignments.flatMap(({ columns, expression }) =>
      columns.map((column, i) => ({
        column,
        value: columns.length > 1 && expression.kind === 'struct' ? (expression.fields[i]?.value ?? expression) : expression,
      })),
    );
    tell(isWhole ? action : 'opaque', list);
    if (!isWhole) skipAction(cursor);
    return assignments;
  };
  const opaque = (): Assignment[] => {
    tell('opaque', []);
    return skipAction(cursor);
  };
  if (cursor.take('update', 'set', '*') || cursor.take('update', '*')) return all('update');
  if (cursor.take('insert', '*')) return all('insert');
  if (cursor.is('update') && (cursor.peek(1).type === 'end' || cursor.peek(1).lower === 'when')) {
    cursor.at++;
    return all('update');
  }
  if (cursor.take('update')) {
    if (cursor.is('all')) return opaque();
    cursor.expect('set');
    const assignments = [readAssignment(cursor)];
    while (cursor.take(',')) assignments.push(readAssignment(cursor));
    return told('update', assignments);
  }
  if (cursor.take('insert')) {
    const columns = cursor.is('(') ? cursor.bracketedNames() : [];
    if (cursor.take('row')) return all('insert');
    if (!cursor.take('values')) return opaque();
    const values = cursor.inBrackets(() => {
      const list: (Expression | undefined)[] = [];
      while (!cursor.done) {
        if (cursor.take('default')) list.push(undefined);
        else list.push(cursor.grammar.expression(cursor));
        if (!cursor.take(',')) break;
      }
      return list;
    });
    // Without a list of columns the values go into the table's own, in their order.
    const unnamed = values.map((value): Name => ({ text: '', quoted: false, span: value?.span ?? { start: 0, end: 0 } }));
    if (columns.length === 0 && !values.includes(undefined)) return told('insert', pair(unnamed, values)).slice(0, 0);
    if (columns.length !== values.length || values.includes(undefined)) {
      tell('opaque', []);
      if (!cursor.done && !cursor.is('when')) skipAction(cursor);
      return pair(columns, values);
    }
    return told('insert', pair(columns, values));
  }
  if (cursor.take('delete')) {
    tell(cursor.done || cursor.is('when') ? 'delete' : 'opaque', []);
    return skipAction(cursor);
  }
  if (cursor.take('do', 'nothing')) {
    tell('nothing', []);
    return [];
  }
  return opaque();
}

function pair(columns: readonly Name[], values: readonly (Expression | undefined)[]): Assignment[] {
  return columns.flatMap((column, index) => {
    const expression = values[index];
    return expression === undefined ? [] : [{ columns: [column], expression }];
  });
}

function skipAction(cursor: Cursor): Assignment[] {
  while (!cursor.done && !cursor.is('when'))
    cursor.is('case') ? void cursor.grammar.expression(cursor) : cursor.is('(') ? cursor.skipBrackets() : cursor.at++;
  return [];
}
