import type { Expression, Grouping, Name, Relation, Select, SelectItem } from '../ir.ts';
import { readAlias } from './aliases.ts';
import type { Cursor } from './cursor.ts';
import { readGroupBy } from './groupings.ts';
import { readCommas, readList } from './lists.ts';
import { sideOfSet } from './lookahead.ts';
import { opaqueExpression, recovering } from './recovery.ts';
import { readTransform } from './transforms.ts';
import { readWindow } from './windows.ts';
import { clauseWords } from './words.ts';

interface Parts {
  items: SelectItem[];
  from: Relation[];
  distinct: Select['distinct'];
  groupBy: Grouping[];
  groupByAll: boolean;
  windows: Select['windows'][number][];
  where?: Expression;
  having?: Expression;
  qualify?: Expression;
  as?: 'struct' | 'value';
  connectBy?: { start?: Expression; by: Expression };
  into?: readonly Name[];
}

/** Words after which a SELECT is over although they begin none of its clauses. */
const after = new Set([';', 'exclude', 'lock', 'on', 'returning', 'with', 'when', 'option', 'for', 'format', '|>', 'comment', 'using']);
const listEnds = new Set(['from', 'where', ';', 'union', 'except', 'intersect', 'group', 'order', 'having', 'qualify', 'limit']);

const selectHints = new Set(
  'high_priority straight_join sql_small_result sql_big_result sql_buffer_result sql_no_cache sql_cache sql_calc_found_rows'.split(' '),
);

/** Reads one SELECT, also one that begins with FROM; `limit` is what TOP said. */
export function readSelect(cursor: Cursor): { select: Select; limit?: Expression } {
  const start = cursor.at;
  const parts: Parts = { items: [], from: [], distinct: false, groupBy: [], groupByAll: false, windows: [] };
  let limit: Expression | undefined;
  const head = (): void => {
    if (cursor.take('distinct', 'on')) parts.distinct = cursor.inBrackets(() => readList(cursor));
    else if (
      cursor.take('distinct') ||
      (cursor.dialect === 'mysql' && cursor.take('distinctrow')) ||
      (cursor.dialect === 'oracle' && cursor.isName(1) && cursor.take('unique'))
    )
      parts.distinct = true;
    else if (cursor.is('all') && cursor.peek(1).lower !== ',') cursor.at++;
    if (cursor.is('top') && (cursor.peek(1).type === 'number' || cursor.peek(1).lower === '(' || cursor.peek(1).type === 'parameter')) {
      cursor.at++;
      limit = cursor.grammar.primary(cursor);
      if (cursor.is('percent')) cursor.at++;
      cursor.take('with', 'ties');
    }
    if (cursor.is('as', 'struct') || cursor.is('as', 'value')) {
      cursor.at++;
      parts.as = cursor.next().lower as 'struct' | 'value';
    }
    while (cursor.dialect === 'mysql' && cursor.isAny(selectHints)) cursor.at++;
    const transformed = readTransform(cursor);
    if (transformed === undefined) readItems(cursor, parts.items);
    else parts.items.push(...transformed);
  };
  if (cursor.take('select')) head();
  else {
    readFrom(cursor, parts);
    if (cursor.take('select')) head();
    else
      parts.items.push({
        kind: 'star',
        qualifier: [],
        except: [],
        replace: [],
        rename: [],
        span: { start: cursor.peek().start, end: cursor.peek().start },
      });
  }
  if (cursor.is('exclude')) excludeFromStars(cursor, parts.items);
  while (readClause(cursor, parts));
  return { select: { kind: 'select', ...parts, span: cursor.since(start) }, ...(limit === undefined ? {} : { limit }) };
}

/** Redshift's EXCLUDE behind the whole list. */
function excludeFromStars(cursor: Cursor, items: SelectItem[]): void {
  cursor.at++;
  const except = cursor.is('(') ? cursor.inBrackets(() => qualifiedNames(cursor)) : cursor.names();
  for (const [index, item] of items.entries()) if (item.kind === 'star') items[index] = { ...item, except };
}

/** Reads the items of a SELECT list, or of whatever is written like one. */
export function readItems(cursor: Cursor, items: SelectItem[]): void {
  for (;;) {
    const isName = cursor.is('limit', ',') || cursor.is('limit', 'as') || cursor.is('limit', 'from');
    const isEnd = cursor.done || (cursor.isAny(listEnds) && cursor.peek(1).lower !== '.' && !isName);
    if (isEnd && items.length > 0) return;
    items.push(readItem(cursor));
    if (!cursor.take(',')) return;
  }
}

function endsItem(cursor: Cursor): boolean {
  return (
    sideOfSet(cursor) > 0 ||
    cursor.is(',') ||
    cursor.isAny(clauseWords) ||
    cursor.isAny(after) ||
    cursor.is('grouping', 'sets') ||
    cursor.is('bulk', 'collect')
  );
}

function readItem(cursor: Cursor): SelectItem {
  return recovering(
    cursor,
    endsItem,
    () => readItemCleanly(cursor),
    (start, reason) => {
      const expression = opaqueExpression(cursor, start, reason);
      const alias = aliasAtEnd(cursor, start);
      return { kind: 'item', expression, ...(alias === undefined ? {} : { alias }), span: expression.span };
    },
  );
}

/** The name that a broken item still ends with: `… as total`. */
function aliasAtEnd(cursor: Cursor, start: number): Name | undefined {
  const { tokens } = cursor.stream;
  const last = tokens[cursor.at - 1];
  if (last === undefined || cursor.at - 2 <= start || tokens[cursor.at - 2]?.lower !== 'as') return undefined;
  if (last.type !== 'word' && last.type !== 'quoted') return undefined;
  return { text: last.value, quoted: last.type === 'quoted', span: { start: last.start, end: last.end } };
}

function readItemCleanly(cursor: Cursor): SelectItem {
  const start = cursor.at;
  if (cursor.is('*')) {
    cursor.at++;
    return readStar(cursor, start, []);
  }
  if (cursor.dialect === 'tsql' && cursor.isName() && cursor.peek(1).lower === '=') {
    const alias = cursor.name();
    cursor.at++;
    return { kind: 'item', expression: cursor.grammar.expression(cursor), alias, span: cursor.since(start) };
  }
  if (cursor.peek().type === 'parameter' && assigns(cursor)) {
    cursor.at++;
    while (cursor.peek().type === 'operator' && cursor.peek(-1).lower !== '=' && cursor.peek(-1).lower !== ':=') cursor.at++;
  }
  if (cursor.dialect === 'duckdb' && cursor.isName() && cursor.peek(1).lower === ':' && cursor.peek(1).type === 'operator') {
    const alias = cursor.name();
    cursor.at++;
    return { kind: 'item', expression: cursor.grammar.expression(cursor), alias, span: cursor.since(start) };
  }
  const expression = cursor.grammar.expression(cursor);
  if (expression.kind === 'all-columns') return readStar(cursor, start, expression.qualifier ?? []);
  if (cursor.is('.', '*')) {
    cursor.at += 2;
    return { ...readStar(cursor, start, []), of: expression, span: cursor.since(start) };
  }
  const [alias, ...others] = cursor.is('as', '(') ? readManyAliases(cursor) : [readAlias(cursor)];
  const more = others.filter((name) => name !== undefined);
  return {
    kind: 'item',
    expression,
    ...(alias === undefined ? {} : { alias }),
    ...(more.length === 0 ? {} : { others: more }),
    span: cursor.since(start),
  };
}

/** `@x = …` and `@x += …` of T-SQL, `@x := …` of MySQL. */
function assigns(cursor: Cursor): boolean {
  const next = cursor.peek(1).lower;
  if (next === ':=') return cursor.dialect === 'mysql';
  return cursor.dialect === 'tsql' && (next === '=' || (/^[-+*/%&|^]$/.test(next) && cursor.peek(2).lower === '='));
}

/** `inline(x) as (a, b)`: the item stands for several columns. */
function readManyAliases(cursor: Cursor): Name[] {
  cursor.at++;
  return cursor.bracketedNames();
}

function readStar(cursor: Cursor, start: number, qualifier: readonly Name[]): Extract<SelectItem, { kind: 'star' }> {
  let except: readonly Name[] = [];
  let like: Extract<SelectItem, { kind: 'star' }>['like'];
  const replace: { expression: Expression; name: Name }[] = [];
  const rename: { from: Name; to: Name }[] = [];
  for (;;) {
    const isExcept = cursor.is('except', '(') || cursor.is('exclude') || (cursor.is('except') && cursor.peek(1).type === 'quoted');
    if (isExcept && cursor.peek(1).lower === '(' && cursor.peek(2).lower === 'select') break;
    if (isExcept) {
      cursor.at++;
      except = cursor.is('(') ? cursor.inBrackets(() => qualifiedNames(cursor)) : [cursor.name()];
    } else if ((cursor.is('ilike') || cursor.is('like')) && cursor.peek(1).type === 'string') {
      const ignoresCase = cursor.next().lower === 'ilike';
      like = { pattern: cursor.next().value, ignoresCase };
    } else if (cursor.is('replace')) {
      cursor.at++;
      const one = (): void => {
        const expression = cursor.grammar.expression(cursor);
        cursor.expect('as');
        replace.push({ expression, name: cursor.name() });
      };
      if (cursor.is('(')) cursor.inBrackets(() => void readCommas(cursor, one));
      else one();
    } else if (cursor.is('rename')) {
      cursor.at++;
      const one = (): void => {
        const from = cursor.name();
        cursor.expect('as');
        rename.push({ from, to: cursor.name() });
      };
      if (cursor.is('(')) cursor.inBrackets(() => void readCommas(cursor, one));
      else one();
    } else break;
  }
  if (cursor.is('as') && cursor.isName(1)) cursor.at += 2;
  return { kind: 'star', qualifier, except, replace, rename, ...(like === undefined ? {} : { like }), span: cursor.since(start) };
}

function qualifiedNames(cursor: Cursor): Name[] {
  const names: Name[] = [];
  readCommas(cursor, () => {
    let name = cursor.name();
    while (cursor.take('.')) name = cursor.name();
    names.push(name);
  });
  return names;
}

const afterFrom = new Set(['where', 'group', 'order', 'having', 'qualify', 'limit', 'union']);

function readFrom(cursor: Cursor, parts: Parts): void {
  cursor.at++;
  do {
    if (parts.from.length > 0 && (cursor.done || cursor.isAny(afterFrom))) return;
    parts.from.push(cursor.grammar.relation(cursor));
  } while (cursor.take(','));
}

function readClause(cursor: Cursor, parts: Parts): boolean {
  if (cursor.is('from')) readFrom(cursor, parts);
  else if (cursor.is('where') || cursor.is('prewhere')) {
    const condition = readCondition(cursor);
    parts.where = parts.where === undefined ? condition : and(parts.where, condition);
  } else if (cursor.is('having')) parts.having = readCondition(cursor);
  else if (cursor.is('qualify')) parts.qualify = readCondition(cursor);
  else if (cursor.take('group', 'by')) readGroupBy(cursor, parts, endsItem);
  else if (cursor.is('start', 'with')) {
    cursor.at++;
    const start = readCondition(cursor);
    if (!cursor.is('connect', 'by')) cursor.fail('expected CONNECT BY');
    parts.connectBy = { start, by: readConnect(cursor) };
  } else if (cursor.is('connect', 'by')) {
    const by = readConnect(cursor);
    if (cursor.is('start', 'with')) {
      cursor.at++;
      parts.connectBy = { start: readCondition(cursor), by };
    } else parts.connectBy = { by };
  } else if (cursor.is('window') && cursor.isName(1) && cursor.peek(2).lower === 'as') {
    cursor.at++;
    do {
      const name = cursor.name();
      cursor.expect('as');
      parts.windows.push({ name, window: readWindow(cursor) });
    } while (cursor.take(','));
  } else if (cursor.is('into') && cursor.isName(1)) {
    cursor.at++;
    while (cursor.isAny(intoWords) && cursor.isName(1) && !cursor.is('table', 'from')) cursor.at++;
    const into = [cursor.name()];
    while (cursor.take('.')) into.push(cursor.name());
    // A procedure's variables are no table.
    if (cursor.is(',')) while (cursor.take(',')) cursor.name();
    else parts.into = into;
  } else if (cursor.is('bulk', 'collect', 'into')) {
    cursor.at += 3;
    cursor.names();
  } else if (cursor.is('into', ':')) {
    cursor.at += 2;
    cursor.names();
  } else return false;
  return true;
}

const intoWords = new Set(['table', 'temp', 'temporary', 'strict', 'unlogged']);

function readConnect(cursor: Cursor): Expression {
  cursor.at++;
  if (cursor.is('by', 'nocycle')) cursor.at++;
  return readCondition(cursor);
}

/** The expression after a keyword, up to the next clause. */
function readCondition(cursor: Cursor): Expression {
  cursor.at++;
  return recovering(
    cursor,
    (at) => at.isAny(clauseWords) || at.isAny(after),
    () => cursor.grammar.expression(cursor),
    (start, reason) => opaqueExpression(cursor, start, reason),
  );
}

function and(left: Expression, right: Expression): Expression {
  return { kind: 'operator', operator: 'and', operands: [left, right], span: { start: left.span.start, end: right.span.end } };
}
