import type { Dialect } from '../dialect.ts';
import { findFunction } from '../functions.ts';
import type { CallExpression, ColumnExpression, Expression, Query, SortKey, StarExpression, Window } from '../ir.ts';
import { integerIn, typeOfQuotient, typeOfWhole, widenReal } from '../number-types.ts';
import { secondReason } from '../second/second-reader.ts';
import type { SqlType } from '../types.ts';
import { commonType, parseType, plainTypes } from '../types.ts';
import { typeOfCall } from './call-types.ts';
import type { EdgeKind, Input, ResolvedColumn, UseKind } from './columns.ts';
import { Inputs, strongerKind } from './columns.ts';
import type { Context, Scope, TypeInfo } from './context.ts';
import { emptyScope } from './context.ts';
import { findSource, resolveReference, typeAt } from './names.ts';
import { tableUse } from './tables.ts';

/** More of them would say nothing new. */
const maxProblems = 100;

const unknown: TypeInfo = { type: plainTypes.unknown, nullable: undefined };

/** Resolves an expression: notes its type and that of all its parts, and adds what it reads to the inputs. */
export function resolveExpression(
  context: Context,
  expression: Expression,
  scope: Scope,
  inputs: Inputs,
  kind: EdgeKind = 'copied',
): TypeInfo {
  const info = infoOf(context, expression, scope, inputs, kind);
  context.types.set(expression, info);
  return info;
}

/** Notes the columns of an expression as a use of a kind. */
export function resolveUse(context: Context, expression: Expression, scope: Scope, kind: UseKind): void {
  const inputs = new Inputs();
  resolveExpression(context, expression, scope, inputs, 'computed');
  addUses(context, inputs, kind);
}

export function addUses(context: Context, inputs: Inputs, kind: UseKind): void {
  for (const { column, span, confidence } of inputs.list) context.uses.push({ column, kind, span, confidence });
}

function infoOf(context: Context, expression: Expression, scope: Scope, inputs: Inputs, kind: EdgeKind): TypeInfo {
  const visit = (part: Expression, how: EdgeKind = strongerKind(kind, 'computed')): TypeInfo =>
    resolveExpression(context, part, scope, inputs, how);
  switch (expression.kind) {
    case 'column':
      return infoOfColumn(context, expression, scope, inputs, kind);
    case 'literal':
      return infoOfLiteral(expression.type, expression.value, context.dialect);
    case 'call':
      return infoOfCall(context, expression, scope, inputs, kind);
    case 'operator':
      return infoOfOperator(
        expression.operator,
        expression.operands.map((operand) => visit(operand)),
        context.dialect,
      );
    case 'cast': {
      const operand = visit(expression.operand, strongerKind(kind, 'cast'));
      if (expression.format !== undefined) visit(expression.format);
      return { type: parseType(expression.type, context.dialect), nullable: expression.safe ? true : operand.nullable };
    }
    case 'case': {
      if (expression.operand !== undefined) visit(expression.operand);
      const results = expression.branches.map(({ when, result }) => {
        visit(when);
        return visit(result);
      });
      if (expression.otherwise !== undefined) results.push(visit(expression.otherwise));
      const common = commonOf(results);
      return expression.otherwise === undefined ? { ...common, nullable: true } : common;
    }
    case 'in': {
      const operand = visit(expression.operand);
      if ('kind' in expression.values) visitQuery(context, expression.values, scope, inputs, kind);
      else for (const value of expression.values) visit(value);
      return { type: plainTypes.boolean, nullable: operand.nullable };
    }
    case 'between':
      return { type: plainTypes.boolean, nullable: anyNull([visit(expression.operand), visit(expression.low), visit(expression.high)]) };
    case 'like': {
      const parts = [visit(expression.operand), ...expression.patterns.map((pattern) => visit(pattern))];
      if (expression.escape !== undefined) visit(expression.escape);
      return { type: plainTypes.boolean, nullable: anyNull(parts) };
    }
    case 'subquery': {
      if (expression.form === 'exists') {
        // Whether there is a row does not depend on the values in it.
        visitQuery(context, expression.query, scope, new Inputs(), kind);
        return { type: plainTypes.boolean, nullable: false };
      }
      const columns = visitQuery(context, expression.query, scope, inputs, kind);
      const type = columns[0]?.type ?? plainTypes.unknown;
      return expression.form === 'array' ? { type: { kind: 'array', element: type }, nullable: false } : { type, nullable: true };
    }
    case 'field': {
      const operand = visit(expression.operand);
      if (expression.form === 'json-text') return { type: plainTypes.string, nullable: true };
      return expression.form === 'struct'
        ? { type: typeAt(operand.type, [expression.field]), nullable: undefined }
        : { type: plainTypes.json, nullable: true };
    }
    case 'index': {
      const operand = visit(expression.operand);
      visit(expression.index);
      if (expression.end !== undefined) visit(expression.end);
      if (expression.end !== undefined || operand.type.kind === 'json') return { type: operand.type, nullable: true };
      return { type: operand.type.element ?? plainTypes.unknown, nullable: true };
    }
    case 'array': {
      const items = expression.items.map((item) => visit(item));
      return { type: { kind: 'array', element: commonOf(items).type }, nullable: false };
    }
    case 'struct': {
      const fields = expression.fields.map(({ name, value }) => ({
        name: name?.text ?? (value.kind === 'column' ? (value.parts[value.parts.length - 1]?.text ?? '') : ''),
        type: visit(value).type,
      }));
      return { type: { kind: 'struct', fields }, nullable: false };
    }
    case 'interval':
      return { type: plainTypes.interval, nullable: visit(expression.value).nullable };
    case 'lambda': {
      const parameters = new Set([...scope.parameters, ...expression.parameters.map((name) => context.foldName(name))]);
      const inner = { ...emptyScope(scope, scope.ctes, parameters) };
      return resolveExpression(context, expression.body, inner, inputs, strongerKind(kind, 'computed'));
    }
    case 'all-columns':
      addStar(context, expression, scope, inputs, kind);
      return unknown;
    case 'parameter': {
      // Snowflake's $1 is the first column of what FROM gives.
      if (context.dialect !== 'snowflake' || !/^\$[1-9]\d*$/.test(expression.text)) return unknown;
      const { text, span } = expression;
      return infoOfColumn(context, { kind: 'column', parts: [{ text, quoted: false, span }], span }, scope, inputs, kind);
    }
    case 'opaque': {
      // Words in what nobody could read look like columns: they may be anything.
      const found = new Inputs();
      if (expression.meaning !== undefined) {
        resolveExpression(context, expression.meaning, scope, found, strongerKind(kind, 'computed'));
        for (const input of found.list) inputs.add(asReadAgain(input));
        return unknown;
      }
      for (const part of expression.inputs) resolveExpression(context, part, scope, found, strongerKind(kind, 'computed'));
      const { reason } = expression;
      for (const input of found.list) inputs.add({ ...input, confidence: 'opaque', reason: input.reason ?? reason });
      return unknown;
    }
  }
}

/** A column that a second parser read: certain of nothing more than that. */
function asReadAgain(input: Input): Input {
  return { ...input, confidence: input.confidence === 'opaque' ? 'opaque' : 'assumed', reason: input.reason ?? secondReason };
}

/** `t.*` as an argument is the whole row; a bare star counts rows and reads no column. */
function addStar(context: Context, expression: StarExpression, scope: Scope, inputs: Inputs, kind: EdgeKind): void {
  if (expression.qualifier === undefined) {
    if (expression.whole)
      for (const source of scope.sources)
        for (const column of source.columns.columns)
          inputs.add({ column, kind: strongerKind(kind, 'computed'), span: expression.span, confidence: 'exact' });
    return;
  }
  const source = findSource(
    scope,
    expression.qualifier.map((name) => context.foldName(name)),
  );
  for (const column of source?.columns.columns ?? [])
    inputs.add({ column, kind: strongerKind(kind, 'computed'), span: expression.span, confidence: 'exact' });
}

function infoOfColumn(context: Context, expression: ColumnExpression, scope: Scope, inputs: Inputs, kind: EdgeKind): TypeInfo {
  const reference = resolveReference(context, expression, scope);
  context.references.set(expression, reference);
  const how = reference.path.length > 0 || reference.kind === 'row' ? strongerKind(kind, 'computed') : kind;
  const { confidence, reason, oneOf, columns } = reference;
  for (const column of columns) {
    if (reference.kind === 'alias') {
      // What a lateral alias stands for is read where it is used.
      for (const input of column.inputs) inputs.add({ ...input, kind: strongerKind(how, input.kind), span: expression.span });
    } else
      inputs.add({
        column,
        kind: how,
        span: expression.span,
        confidence,
        ...(reason === undefined ? {} : { reason }),
        ...(oneOf === undefined ? {} : { oneOf }),
      });
  }
  if (reference.kind === 'unresolved' && context.problems.length < maxProblems)
    context.problems.push({ message: reason ?? 'this column is not in scope', span: expression.span });
  const [first] = columns;
  if (first === undefined) return unknown;
  if (reference.kind === 'row')
    return { type: { kind: 'struct', fields: columns.map(({ name, type }) => ({ name, type })) }, nullable: false };
  const type = columns.length === 1 ? typeAt(first.type, reference.path) : columns.map((column) => column.type).reduce(commonType);
  const isOptional = reference.source !== undefined && isFromOptional(scope, reference.source);
  return { type, nullable: isOptional ? true : reference.path.length > 0 ? undefined : first.nullable };
}

/** Whether an outer join may have put NULL in the place of a relation's columns. */
function isFromOptional(scope: Scope, name: string): boolean {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const source = at.sources.find((candidate) => candidate.name === name);
    if (source !== undefined) return source.isOptional;
  }
  return false;
}

const literalString: SqlType = { kind: 'string', isLiteral: true };

function infoOfLiteral(type: string, value: string, dialect: Dialect): TypeInfo {
  const done = (found: SqlType): TypeInfo => ({ type: found, nullable: false });
  switch (type) {
    case 'number':
      if (/^\d+$/.test(value)) return done(typeOfWhole(value, dialect));
      if (/^0x[0-9a-f]+$/i.test(value)) return done(plainTypes.integer);
      return done(/e/i.test(value) && dialect !== 'postgres' && dialect !== 'redshift' ? plainTypes.float : plainTypes.decimal);
    case 'null':
      return { type: plainTypes.null, nullable: true };
    case 'string':
      return done(literalString);
    case 'boolean':
    case 'date':
    case 'time':
    case 'datetime':
    case 'timestamp':
    case 'bytes':
      return done(plainTypes[type]);
    default:
      return unknown;
  }
}

function visitQuery(context: Context, query: Query, scope: Scope, inputs: Inputs, kind: EdgeKind): readonly ResolvedColumn[] {
  const { columns } = context.resolveQuery(context, query, scope.ctes, scope);
  for (const column of columns) inputs.add({ column, kind: strongerKind(kind, 'computed'), span: query.span, confidence: 'exact' });
  return columns;
}

const comparisons = new Set([
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  '<=>',
  'and',
  'or',
  'not',
  'xor',
  '@>',
  '<@',
  '&&',
  '?',
  '?|',
  '?&',
  '^@',
  'overlaps',
  '@@',
]);

function infoOfOperator(operator: string, operands: readonly TypeInfo[], dialect: Dialect): TypeInfo {
  if (operator.startsWith('is ') || operator === '<=>') return { type: plainTypes.boolean, nullable: false };
  const nullable = anyNull(operands);
  if (comparisons.has(operator)) return { type: plainTypes.boolean, nullable };
  const [left, right] = operands;
  if (left === undefined) return unknown;
  if (operator === '||') return { type: left.type.kind === 'array' || left.type.kind === 'json' ? left.type : plainTypes.string, nullable };
  if (operator === 'at time zone') return { type: left.type.kind === 'timestamp' ? plainTypes.datetime : plainTypes.timestamp, nullable };
  if (operator === '->' || operator === '#>' || operator === '#-') return { type: plainTypes.json, nullable: true };
  if (operator === '->>' || operator === '#>>') return { type: plainTypes.string, nullable: true };
  if (operator === 'collate' || operator === 'prior' || operator === 'connect_by_root' || right === undefined)
    return { type: bare(left.type), nullable };
  if (operator === '/')
    return {
      type: typeOfQuotient(left.type, right.type, dialect) ?? arithmetic('/', operands, dialect),
      nullable: nullable === true ? true : undefined,
    };
  return { type: arithmetic(operator, operands, dialect), nullable };
}

const temporal = new Set(['date', 'datetime', 'timestamp', 'time']);

/** Where a date minus a date is a number of days; elsewhere it is an interval. */
const daysBetween = new Set<Dialect>(['postgres', 'redshift', 'snowflake', 'duckdb', 'oracle']);
/** Where a date stays one when an interval is added. */
const datesStay = new Set<Dialect>(['trino', 'athena', 'spark', 'databricks', 'mysql', 'hive', 'snowflake']);

function arithmetic(operator: string, operands: readonly TypeInfo[], dialect: Dialect): SqlType {
  return operands
    .map((operand) => bare(operand.type))
    .reduce((left, right) => {
      if (temporal.has(left.kind) && temporal.has(right.kind)) {
        // A time of day counts like an interval.
        if (left.kind !== 'time' && right.kind === 'time') return left.kind === 'date' ? plainTypes.datetime : left;
        if (operator === '+' && left.kind === 'time' && right.kind !== 'time') return right.kind === 'date' ? plainTypes.datetime : right;
        if (operator !== '-') return plainTypes.unknown;
        return left.kind === 'date' && right.kind === 'date' && daysBetween.has(dialect)
          ? dialect === 'postgres'
            ? integerIn(dialect)
            : plainTypes.integer
          : plainTypes.interval;
      }
      if (left.kind === 'date' && right.kind === 'interval') return datesStay.has(dialect) ? left : plainTypes.datetime;
      if (left.kind === 'interval' && right.kind === 'date' && !datesStay.has(dialect)) return plainTypes.datetime;
      if ((operator === '*' || operator === '/') && (left.kind === 'time' || right.kind === 'time')) return plainTypes.interval;
      if (temporal.has(left.kind)) return left;
      if (temporal.has(right.kind)) return right;
      if (left.kind === 'interval' || right.kind === 'interval') return plainTypes.interval;
      return widenReal(left, right, dialect) ?? commonType(left, right);
    });
}

/** Without length and precision, which arithmetic does not keep. */
function bare(type: SqlType): SqlType {
  return type.precision === undefined ? type : { kind: type.kind };
}

function anyNull(parts: readonly TypeInfo[]): boolean | undefined {
  let result: boolean | undefined = false;
  for (const { nullable } of parts) {
    if (nullable === true) return true;
    if (nullable === undefined) result = undefined;
  }
  return result;
}

function commonOf(parts: readonly TypeInfo[]): TypeInfo {
  const [first] = parts;
  if (first === undefined) return unknown;
  return { type: parts.map((part) => part.type).reduce(commonType), nullable: anyNull(parts) };
}

function infoOfCall(context: Context, call: CallExpression, scope: Scope, inputs: Inputs, kind: EdgeKind): TypeInfo {
  if (call.name === 'columns' && (context.dialect === 'duckdb' || context.dialect === 'clickhouse')) {
    const { spread } = context;
    const all = spread === undefined ? scope.sources.flatMap((source) => source.columns.columns) : [spread];
    for (const column of all)
      inputs.add({ column, kind: spread === undefined ? strongerKind(kind, 'computed') : kind, span: call.span, confidence: 'exact' });
    return spread === undefined ? unknown : { type: spread.type, nullable: spread.nullable };
  }
  const facts = findFunction(call.name);
  const isWindow = call.over !== undefined;
  const isAggregate = facts?.role === 'aggregate' || call.filter !== undefined || call.distinct;
  const how = strongerKind(kind, isWindow ? 'windowed' : isAggregate ? 'aggregated' : 'computed');
  const visit = (part: Expression): TypeInfo => resolveExpression(context, part, scope, inputs, how);
  const isDictionary = context.dialect === 'clickhouse' && dictionaryCall.test(call.name);
  const args = call.args.map((arg, index) => {
    if (isDictionary && index === 0) return unknown;
    // `count(*)` counts rows; `object_construct(*)`, `struct(*)` and `hash(*)` take the values of all columns.
    return visit(arg.kind === 'all-columns' && !countsRows.test(call.name) ? { ...arg, whole: true } : arg);
  });
  if (isDictionary) addDictionary(context, call, inputs, how);
  const named = call.named.map(({ value }) => visit(value));
  if (call.filter !== undefined) visit(call.filter);
  for (const key of call.orderBy) visit(key.expression);
  if (call.limit !== undefined) visit(call.limit);
  if (call.over !== undefined) resolveWindow(context, call.over, scope, inputs);
  return typeOfCall(call, facts, args.length > 0 ? args : named, context.dialect);
}

const countsRows = /^(approx_)?count|count(_?if)?$/;

const dictionaryCall = /^dict(get|has|isin)/;

/** ClickHouse's `dictGet(shop.categories, 'name', id)` reads the column `name` of a dictionary, which is a table. */
function addDictionary(context: Context, call: CallExpression, inputs: Inputs, kind: EdgeKind): void {
  const [dictionary, attribute] = call.args;
  const parts =
    dictionary?.kind === 'column'
      ? dictionary.parts
      : dictionary?.kind === 'literal' && dictionary.type === 'string'
        ? dictionary.value.split('.').map((text) => ({ text, quoted: true, span: dictionary.span }))
        : undefined;
  if (parts === undefined || dictionary === undefined) return;
  const table = tableUse(context, parts, dictionary.span);
  const values = attribute?.kind === 'struct' ? attribute.fields.map(({ value }) => value) : attribute === undefined ? [] : [attribute];
  if (!call.name.startsWith('dictget')) return;
  for (const value of values) {
    if (value.kind !== 'literal' || value.type !== 'string') continue;
    const column = table.columns.findOrGuess(value.value, true);
    if (column !== undefined) inputs.add({ column, kind, span: value.span, confidence: 'exact' });
  }
}

/** The columns that a window partitions and orders by: inputs of the value, and uses of their own. */
function resolveWindow(context: Context, window: Window, scope: Scope, inputs: Inputs): void {
  const named = window.base === undefined ? undefined : findWindow(context, context.foldName(window.base), scope);
  if (named !== undefined) resolveWindow(context, named, scope, inputs);
  const read = (parts: readonly Expression[], use: UseKind): void => {
    const found = new Inputs();
    for (const part of parts) resolveExpression(context, part, scope, found, 'windowed');
    addUses(context, found, use);
    for (const input of found.list) inputs.add(input);
  };
  read(window.partitionBy, 'partition');
  read(
    window.orderBy.map((key: SortKey) => key.expression),
    'order',
  );
  const bounds = [window.frame?.start.value, window.frame?.end?.value].filter((value) => value !== undefined);
  for (const bound of bounds) resolveExpression(context, bound, scope, inputs, 'windowed');
}

function findWindow(context: Context, folded: string, scope: Scope): Window | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = at.windows.get(folded);
    if (found !== undefined) return found;
  }
  context.problems.push({ message: `no window is named '${folded}'`, span: { start: 0, end: 0 } });
  return undefined;
}
