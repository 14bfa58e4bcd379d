import { findFunction } from '../functions.ts';
import type { CallExpression, Expression, LiteralExpression, Name, SortKey, Window } from '../ir.ts';
import { selectFrom } from './building.ts';
import type { Cursor } from './cursor.ts';
import { isQueryAhead } from './lookahead.ts';
import { opaqueExpression, recovering } from './recovery.ts';
import { readTableName } from './table-names.ts';
import { readTypeName } from './type-names.ts';
import { readOrderBy, readWindow } from './windows.ts';
import { dateUnits, notAnAlias, unitArguments } from './words.ts';

interface Arguments {
  args: Expression[];
  named: { name: string; value: Expression }[];
  distinct: boolean;
  orderBy: SortKey[];
  limit?: Expression;
  filter?: Expression;
  nulls?: 'ignore' | 'respect';
  over?: Window;
}

/** Whether a reserved word may still be called as a function. */
export function isCallSyntax(word: string): boolean {
  return word === 'and' || word === 'or' || word === 'left' || word === 'right' || word === 'like' || word === 'in' || word === 'is';
}

/** Reads a call whose name was read and whose brackets open here; a call that cannot be read keeps the columns inside. */
export function readCall(cursor: Cursor, parts: readonly Name[], start: number): Expression {
  const name = parts.map((part) => part.text.toLowerCase()).join('.');
  const isPlain = parts.length === 1 && parts[0]?.quoted === false;
  const special = isPlain ? specialCalls[name] : undefined;
  const read = special === undefined ? undefined : special(cursor, start, name);
  if (read !== undefined) return read;
  const found = readArguments(cursor, name);
  const last = parts[parts.length - 1]?.text.toLowerCase() ?? '';
  if (cursor.dialect === 'tsql' && parts.length > 1 && xmlMethods.has(last)) {
    // A method of a column, not a function of a schema.
    const owner: Expression = { kind: 'column', parts: parts.slice(0, -1), span: cursor.since(start) };
    return finishCall(cursor, last, start, { ...found, args: [owner, ...found.args] });
  }
  if (name === 'match' && cursor.is('against', '(')) {
    cursor.at++;
    found.args.push(
      cursor.inBrackets(() => {
        const words = cursor.grammar.primary(cursor);
        // IN BOOLEAN MODE, WITH QUERY EXPANSION.
        cursor.at = cursor.end;
        return words;
      }),
    );
  }
  return finishCall(cursor, name, start, found);
}

const xmlMethods = new Set(['value', 'query', 'exist', 'nodes', 'modify']);

function readArguments(cursor: Cursor, name: string): Arguments {
  const found: Arguments = { args: [], named: [], distinct: false, orderBy: [] };
  cursor.inBrackets(() => {
    if (cursor.take('distinct')) found.distinct = true;
    else if (cursor.is('all') && cursor.peek(1).type !== 'end' && cursor.peek(1).lower !== ',') cursor.at++;
    while (!cursor.done) {
      if (readModifier(cursor, found)) continue;
      readArgument(cursor, name, found);
      if (!cursor.take(',') && !cursor.done && !readModifier(cursor, found)) cursor.fail("expected ',' or ')'");
    }
  });
  const last = found.args.length - 1;
  for (const position of unitArguments.get(name) ?? []) {
    const wanted = position === 'last' ? last : position;
    if (
      position === 0 &&
      last === 1 &&
      name !== 'date_trunc' &&
      name !== 'datetrunc' &&
      name !== 'date_part' &&
      name !== 'datepart' &&
      name !== 'datename'
    )
      continue;
    const arg = found.args[wanted];
    // BigQuery writes the part last where the others write it first, and a column may be named like a unit.
    const isEither = (unitArguments.get(name)?.length ?? 0) > 1;
    const isElsewhere = isEither && (position === 'last' ? !writesUnitLast.has(cursor.dialect) : cursor.dialect === 'bigquery');
    const isNamedAlready = position === 'last' && found.args[0]?.kind === 'literal' && found.args[0].type === 'string';
    if (arg !== undefined && !isElsewhere && !isNamedAlready && last > 0) found.args[wanted] = toUnit(arg);
  }
  return found;
}

const writesUnitLast = new Set(['bigquery', 'generic']);

function readArgument(cursor: Cursor, name: string, found: Arguments): void {
  const next = cursor.peek(1).lower;
  if (cursor.isName() && (next === '=>' || next === ':=')) {
    const label = cursor.name().text.toLowerCase();
    cursor.at++;
    found.named.push({ name: label, value: readNamedInput(cursor) ?? readArgumentValue(cursor) });
    return;
  }
  if (cursor.is('variadic') && !cursor.is('variadic', ',')) cursor.at++;
  if (name === 'xmlelement' && cursor.is('name') && cursor.isName(1)) {
    const { value, start, end } = cursor.peek(1);
    cursor.at += 2;
    found.args.push({ kind: 'literal', type: 'string', value, span: { start, end } });
    return;
  }
  if (name.startsWith('json_object') && cursor.is('key') && (cursor.isName(1) || cursor.peek(1).type === 'string')) cursor.at++;
  const input = readNamedInput(cursor);
  if (input !== undefined) {
    found.args.push(input);
    return;
  }
  const value = readArgumentValue(cursor);
  if (
    (name === 'struct' ||
      name === 'struct_pack' ||
      name === 'named_struct' ||
      name === 'row' ||
      name === 'xmlforest' ||
      name === 'tuple') &&
    cursor.take('as')
  ) {
    found.named.push({ name: cursor.name().text, value });
    return;
  }
  if (cursor.is('as') && cursor.isName(1)) cursor.at += 2;
  if (cursor.is('format', 'json')) cursor.at += cursor.is('format', 'json', 'encoding') ? 4 : 2;
  if (cursor.take(':') || cursor.take('value') || (name.startsWith('json_object') && cursor.take('is'))) {
    found.args.push(value, readArgumentValue(cursor));
    return;
  }
  if (cursor.take('using') || cursor.take('collate')) cursor.name();
  if (cursor.take('passing'))
    do found.args.push(readArgumentValue(cursor));
    while (cursor.take('as') && cursor.name() && cursor.take(','));
  if (name.startsWith('json_') && (cursor.is('true') || cursor.is('false') || cursor.is('null') || cursor.is('default')))
    cursor.at = cursor.end;
  found.args.push(value);
}

/** BigQuery's `TABLE name` and `MODEL name` among the arguments: a table's rows, and a model's name. */
function readNamedInput(cursor: Cursor): Expression | undefined {
  const isTable = cursor.is('table');
  if ((!isTable && !cursor.is('model')) || !cursor.isName(1) || notAnAlias.has(cursor.peek(1).lower)) return undefined;
  const start = cursor.at;
  cursor.at++;
  const parts = readTableName(cursor);
  const span = cursor.since(start);
  if (!isTable) return { kind: 'literal', type: 'string', value: cursor.slice(span), span };
  return { kind: 'subquery', form: 'scalar', query: selectFrom({ kind: 'table', parts, modifiers: [], span }), span };
}

function readArgumentValue(cursor: Cursor): Expression {
  const start = cursor.at;
  if (cursor.is('select') || (cursor.is('with') && cursor.isName(1) && cursor.peek(2).lower !== '')) {
    const query = cursor.grammar.query(cursor);
    return { kind: 'subquery', form: 'scalar', query, span: query.span };
  }
  return recovering(
    cursor,
    (at) => at.is(',') || endsArgument(at),
    () => {
      if (cursor.is('*') && (cursor.peek(1).lower === 'exclude' || cursor.peek(1).lower === 'except' || cursor.peek(1).lower === 'ilike')) {
        cursor.at = cursor.end;
        return { kind: 'all-columns', span: cursor.since(start) };
      }
      return cursor.grammar.expression(cursor);
    },
    (from, reason) => opaqueExpression(cursor, from, reason),
  );
}

const argumentEnds = new Set([
  'order',
  'ignore',
  'respect',
  'limit',
  'separator',
  'having',
  'using',
  'as',
  'on',
  'returning',
  'null',
  'absent',
  'format',
  'with',
  'without',
  ':',
  'value',
  'from',
  'for',
  'default',
  'error',
  'empty',
  'keep',
  'omit',
  'nulls',
  'columns',
  'collate',
  'where',
  'within',
  'passing',
  'true',
  'false',
  'is',
]);

function endsArgument(cursor: Cursor): boolean {
  return cursor.isAny(argumentEnds) && cursor.peek(1).lower !== '.';
}

/** What may follow the arguments inside the brackets of an aggregate or of a JSON function. */
function readModifier(cursor: Cursor, found: Arguments): boolean {
  if (cursor.is('order', 'by')) {
    found.orderBy = readOrderBy(cursor);
    return true;
  }
  if (cursor.is('ignore', 'nulls') || cursor.is('respect', 'nulls')) {
    found.nulls = cursor.peek().lower === 'ignore' ? 'ignore' : 'respect';
    cursor.at += 2;
    return true;
  }
  if (cursor.is('limit')) {
    cursor.at++;
    found.limit = cursor.grammar.expression(cursor);
    return true;
  }
  if (cursor.is('separator')) {
    cursor.at++;
    found.args.push(cursor.grammar.expression(cursor));
    return true;
  }
  if (cursor.is('having', 'max') || cursor.is('having', 'min')) {
    const descending = cursor.is('having', 'max');
    cursor.at += 2;
    found.orderBy = [{ expression: cursor.grammar.expression(cursor), descending }];
    return true;
  }
  if (
    cursor.is('on', 'overflow') ||
    cursor.is('null', 'on') ||
    cursor.is('absent', 'on') ||
    cursor.is('returning') ||
    cursor.is('with') ||
    cursor.is('without') ||
    cursor.is('error', 'on') ||
    cursor.is('empty', 'on') ||
    (cursor.is('default') && cursor.peek(1).lower !== '.') ||
    cursor.is('omit') ||
    cursor.is('keep') ||
    (cursor.is('columns') && cursor.peek(-1).lower !== '(' && cursor.peek(-1).lower !== ',')
  ) {
    while (!cursor.done && !cursor.is('order', 'by')) cursor.is('(') ? cursor.skipBrackets() : cursor.at++;
    return true;
  }
  return false;
}

/** Reads what stands behind the brackets of a call: FILTER, WITHIN GROUP, IGNORE NULLS, OVER. */
export function finishCall(cursor: Cursor, name: string, start: number, found: Arguments): CallExpression {
  // ClickHouse writes an aggregate's parameters in brackets of their own: quantile(0.9)(x).
  if (cursor.dialect === 'clickhouse' && cursor.is('(')) found.args = [...readArguments(cursor, name).args, ...found.args];
  for (;;) {
    if (cursor.is('within', 'group', '(')) {
      cursor.at += 2;
      found.orderBy = cursor.inBrackets(() => readOrderBy(cursor));
    } else if (cursor.is('filter', '(')) {
      cursor.at++;
      found.filter = cursor.inBrackets(() => {
        cursor.take('where');
        return cursor.grammar.expression(cursor);
      });
    } else if (cursor.is('keep', '(')) {
      cursor.at++;
      found.orderBy = cursor.inBrackets(() => {
        while (!cursor.done && !cursor.is('order', 'by')) cursor.at++;
        return readOrderBy(cursor);
      });
    } else if ((cursor.is('ignore', 'nulls') || cursor.is('respect', 'nulls')) && mayTreatNulls(cursor, name)) {
      found.nulls = cursor.peek().lower === 'ignore' ? 'ignore' : 'respect';
      cursor.at += 2;
    } else if (cursor.is('from', 'first') || cursor.is('from', 'last')) cursor.at += 2;
    else if (cursor.is('over') && (cursor.peek(1).lower === '(' || cursor.isName(1))) {
      cursor.at++;
      found.over = readWindow(cursor);
    } else break;
  }
  return { kind: 'call', name, ...found, span: cursor.since(start) };
}

/** Behind a scalar function the words belong to the aggregate around it: `array_agg(if(a, null, b) ignore nulls)`. */
function mayTreatNulls(cursor: Cursor, name: string): boolean {
  return cursor.peek(2).lower === 'over' || (findFunction(name)?.role ?? 'scalar') !== 'scalar';
}

function toUnit(arg: Expression): Expression {
  const name = arg.kind === 'column' && arg.parts.length === 1 ? arg.parts[0] : undefined;
  if (name !== undefined && !name.quoted && dateUnits.has(name.text.toLowerCase()))
    return { kind: 'literal', type: 'string', value: name.text.toLowerCase(), span: arg.span };
  if (arg.kind === 'call' && arg.name === 'week' && arg.args[0]?.kind === 'column') {
    const [day] = arg.args[0].parts;
    return { kind: 'literal', type: 'string', value: `week(${day?.text.toLowerCase()})`, span: arg.span };
  }
  return arg;
}

function unitLiteral(cursor: Cursor): LiteralExpression {
  const start = cursor.at;
  const token = cursor.next();
  let value = token.value.toLowerCase();
  if (cursor.is('(')) {
    cursor.skipBrackets();
    value = cursor.slice(cursor.since(start)).toLowerCase();
  }
  return { kind: 'literal', type: 'string', value, span: cursor.since(start) };
}

type SpecialCall = (cursor: Cursor, start: number, name: string) => Expression | undefined;

const plain = (args: Expression[]): Arguments => ({ args, named: [], distinct: false, orderBy: [] });

const readCast: SpecialCall = (cursor, start, name) => {
  const inside = cursor.inBrackets(() => {
    const operand = cursor.grammar.expression(cursor);
    if (!cursor.take('as') && !cursor.take(',')) cursor.fail('expected AS');
    const type = readTypeName(cursor);
    const format = cursor.take('format') || cursor.take(',') ? cursor.grammar.expression(cursor) : undefined;
    if (cursor.take('at', 'time', 'zone')) cursor.grammar.expression(cursor);
    if (cursor.is('default')) cursor.at = cursor.end;
    return { operand, type, ...(format === undefined ? {} : { format }) };
  });
  return { kind: 'cast', ...inside, safe: name !== 'cast', span: cursor.since(start) };
};

/** T-SQL's PARSE(text AS type USING culture). */
const readParse: SpecialCall = (cursor, start, name) => {
  if (cursor.dialect !== 'tsql') return undefined;
  const inside = cursor.inBrackets(() => {
    const operand = cursor.grammar.expression(cursor);
    cursor.expect('as');
    const type = readTypeName(cursor);
    if (cursor.take('using')) cursor.grammar.expression(cursor);
    return { operand, type };
  });
  return { kind: 'cast', ...inside, safe: name === 'try_parse', span: cursor.since(start) };
};

/** T-SQL writes the type first; MySQL's CONVERT(x USING charset) and others' are calls. */
const readConvert: SpecialCall = (cursor, start, name) => {
  if (cursor.dialect !== 'tsql') return undefined;
  const inside = cursor.inBrackets(() => {
    const type = readTypeName(cursor);
    cursor.expect(',');
    const operand = cursor.grammar.expression(cursor);
    const format = cursor.take(',') ? cursor.grammar.expression(cursor) : undefined;
    return { operand, type, ...(format === undefined ? {} : { format }) };
  });
  return { kind: 'cast', ...inside, safe: name === 'try_convert', span: cursor.since(start) };
};

const readExtract: SpecialCall = (cursor, start, name) => {
  if (cursor.peek(2).lower !== 'from' && cursor.peek(2).lower !== '(' && cursor.peek(2).lower !== ',') return undefined;
  const args = cursor.inBrackets(() => {
    const unit = unitLiteral(cursor);
    if (!cursor.take('from') && !cursor.take(',')) cursor.fail('expected FROM');
    return [unit, cursor.grammar.expression(cursor)];
  });
  return finishCall(cursor, name, start, plain(args));
};

const readTrim: SpecialCall = (cursor, start, name) => {
  const args = cursor.inBrackets(() => {
    const side = cursor.is('leading') || cursor.is('trailing') || cursor.is('both') ? cursor.next().lower : undefined;
    const first = cursor.is('from') ? undefined : cursor.grammar.expression(cursor);
    const read = first === undefined ? [] : [first];
    if (cursor.take('from')) read.unshift(cursor.grammar.expression(cursor));
    else if (cursor.take(',')) read.push(cursor.grammar.expression(cursor));
    const canonical = side === 'leading' ? 'ltrim' : side === 'trailing' ? 'rtrim' : name;
    return { canonical, read };
  });
  return finishCall(cursor, args.canonical, start, plain(args.read));
};

const readPosition: SpecialCall = (cursor, start, name) => {
  const args = cursor.inBrackets(() => {
    const needle = cursor.grammar.expression(cursor);
    // `needle in haystack` is read as one IN expression: its parts are what counts.
    if (needle.kind === 'in' && Array.isArray(needle.values)) return [needle.operand, ...(needle.values as Expression[])];
    const read = [needle];
    while (cursor.take(',')) read.push(cursor.grammar.expression(cursor));
    return read;
  });
  return finishCall(cursor, name, start, plain(args));
};

const readSubstring: SpecialCall = (cursor, start, name) => {
  const args = cursor.inBrackets(() => {
    const read = [cursor.grammar.expression(cursor)];
    while (cursor.take(',') || cursor.take('from') || cursor.take('for') || cursor.take('placing'))
      read.push(cursor.grammar.expression(cursor));
    if (cursor.is('similar') || cursor.is('escape')) cursor.at = cursor.end;
    return read;
  });
  return finishCall(cursor, name, start, plain(args));
};

const readQueryCall: SpecialCall = (cursor, start, name) => {
  if (!isQueryAhead(cursor, cursor.at)) return undefined;
  const query = cursor.inBrackets(() => cursor.grammar.query(cursor));
  const form = name === 'exists' ? 'exists' : name === 'array' ? 'array' : name === 'all' ? 'all' : 'any';
  return { kind: 'subquery', form, query, span: cursor.since(start) };
};

const readStruct: SpecialCall = (cursor, start, name) => {
  const inside = readArguments(cursor, name);
  if (inside.named.length === 0 && name === 'row') return finishCall(cursor, name, start, inside);
  const span = cursor.since(start);
  const fields = [
    ...inside.args.map((value) => ({ value })),
    ...inside.named.map(({ name: text, value }) => ({ name: { text, quoted: false, span: value.span }, value })),
  ].sort((a, b) => a.value.span.start - b.value.span.start);
  return { kind: 'struct', fields, span };
};

const specialCalls: Readonly<Record<string, SpecialCall | undefined>> = {
  __proto__: null as never,
  cast: readCast,
  parse: readParse,
  try_parse: readParse,
  try_cast: readCast,
  safe_cast: readCast,
  convert: readConvert,
  try_convert: readConvert,
  extract: readExtract,
  date_part: readExtract,
  trim: readTrim,
  position: readPosition,
  substring: readSubstring,
  substr: readSubstring,
  overlay: readSubstring,
  exists: readQueryCall,
  array: readQueryCall,
  any: readQueryCall,
  some: readQueryCall,
  all: readQueryCall,
  struct: readStruct,
  struct_pack: readStruct,
};
