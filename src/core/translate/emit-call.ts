import type { CallExpression, Expression } from '../sql/ir.ts';
import { findNearest } from '../text/nearest.ts';
import { coerce, kindText, toText, toVariant } from './coerce.ts';
import type { Context } from './context.ts';
import { emitAggregate, isAggregate } from './emit-aggregate.ts';
import { emitSpecial } from './emit-special.ts';
import { constantText } from './emit-values.ts';
import { emitWindowFunction, isWindowFunction } from './emit-window.ts';
import { findRule, functionNames } from './functions/all.ts';
import type { Rule } from './functions/rule.ts';
import { runtimeFunctions } from './runtime/functions.ts';
import type { Scope } from './scope.ts';
import { quoteText, type Typed } from './sql-text.ts';
import { toPart, toUnit, type Unit } from './units.ts';
import { commonType, isNumeric, isTemporal, isWide, type TypeKind, types, type ValueType } from './value-type.ts';

/** The engine's SQL for a call, by the rules of the dialect; a function without a rule is refused by name. */
export function emitCall(cx: Context, call: CallExpression, scope: Scope): Typed {
  const name = call.name.replace(/^(safe|pg_catalog|system|builtin|net|hll_count|dbo)\.(?=\w+$)/, '');
  const safe = call.name.startsWith('safe.');
  const normal = name === call.name ? call : { ...call, name };
  if (name.startsWith('missing__')) return stubbed(cx, `'${name.slice(9).replaceAll('__', '.')}' is not installed`);
  if (isWindowFunction(name)) return emitWindowFunction(cx, normal, scope);
  if (isAggregate(cx.dialect, normal)) return emitAggregate(cx, normal, scope);
  const special = emitSpecial(cx, normal, scope);
  if (special !== undefined) return safe ? safely(cx, special, call) : special;
  const rule = findRule(cx.dialect, name, call.args.length + call.named.length);
  if (rule === undefined) return refuseUnknown(cx, call);
  if (rule.refused !== undefined) return cx.refuse(`${call.name.toUpperCase()} is not available in a preview: ${rule.refused}`, call.span);
  if (call.over !== undefined) return cx.refuse(`${call.name.toUpperCase()} is not a window function here.`, call.span);
  const result = applyRule(cx, rule, cx.dialect === 'sqlite' ? atNow(cx, normal) : normal, scope);
  return safe ? safely(cx, result, call) : result;
}

const clocks = new Set(['date', 'time', 'datetime', 'julianday', 'unixepoch', 'strftime']);

/** SQLite's date functions with the moment of this run for `'now'`, which they read also where no moment is given. */
function atNow(cx: Context, call: CallExpression): CallExpression {
  if (!clocks.has(call.name)) return call;
  const now: Expression = { kind: 'literal', type: 'string', value: cx.options.now, span: call.span };
  const isNow = (item: Expression): boolean => item.kind === 'literal' && item.type === 'string' && item.value.toLowerCase() === 'now';
  const least = call.name === 'strftime' ? 1 : 0;
  const args = call.args.length <= least ? [...call.args, now] : call.args.map((item) => (isNow(item) ? now : item));
  if (args.some((item) => item === now)) cx.notes.add(`'now' is ${cx.options.now} UTC for this preview.`);
  return { ...call, args };
}

/** BigQuery's SAFE. prefix: the functions of ours that can fail have a form that gives NULL. */
function safely(cx: Context, value: Typed, call: CallExpression): Typed {
  const called = /^(?:cast\()?(hw_\w+)\(/.exec(value.sql)?.[1];
  if (called === undefined) return value;
  if (called === 'hw_parse_date') return { ...value, sql: value.sql.replace(/,0\)$/, ',1)') };
  const inner = `hw_try(${quoteText(called.slice(3))},`;
  if (runtimeFunctions[called.slice(3)] === undefined)
    return cx.refuse(`SAFE. before ${call.name} is not available in a preview.`, call.span);
  return { ...value, sql: value.sql.replace(`${called}(`, inner) };
}

/** NULL, for a value that nobody here knows how to make. */
function stubbed(cx: Context, what: string): Typed {
  cx.notes.add(`${what}: NULL stands for its value. Give it a body under 'functions' in headwater.yml to see more.`);
  return { sql: 'null', type: types.unknown };
}

/** A slip of a name is refused, as a database would; in a project, a function of the warehouse's own stands as NULL. */
function refuseUnknown(cx: Context, call: CallExpression): Typed {
  const near = findNearest(call.name, functionNames(cx.dialect));
  if (cx.options.functions !== undefined && (near === undefined || call.name.includes('.')))
    return stubbed(cx, `The function ${call.name} is not known to the preview`);
  return cx.refuse(
    `The function ${call.name.toUpperCase()} is not known to the preview of ${cx.dialect}.${near === undefined ? '' : ` Did you mean ${near.toUpperCase()}?`}`,
    call.span,
  );
}

const letterKinds: Readonly<Record<string, TypeKind>> = {
  s: 'string',
  i: 'integer',
  d: 'date',
  t: 'timestamp',
  z: 'timestamptz',
  b: 'boolean',
  v: 'interval',
  f: 'float',
  c: 'time',
  j: 'json',
  y: 'bytes',
  V: 'variant',
};

interface Argument {
  readonly value: Typed;
  readonly sql: string;
  readonly unit?: Unit;
}

/** Writes a call as its rule says. */
export function applyRule(cx: Context, rule: Rule, call: CallExpression, scope: Scope): Typed {
  const letters = readParameters(rule.parameters);
  const expressions = [...call.args, ...call.named.map((argument) => argument.value)];
  const repeated = letters.find((letter) => letter.repeated);
  const args = expressions.map((expression, i): Argument => {
    const letter = letters[i]?.letter ?? repeated?.letter;
    if (letter === undefined)
      return cx.refuse(`${call.name.toUpperCase()} with ${expressions.length} arguments is not available in a preview.`, call.span);
    return emitArgument(cx, letter, expression, scope, call);
  });
  const wanted = letters.filter((letter) => !letter.optional && !letter.repeated).length;
  if (args.length < wanted) return cx.refuse(`${call.name.toUpperCase()} wants ${wanted} arguments.`, call.span);
  if (rule.approximate !== undefined) cx.notes.add(`${call.name.toUpperCase()}: ${rule.approximate}`);
  const type = resultType(rule.result, args);
  const unified =
    rule.result === '=' || rule.result === 'A'
      ? args.map(
          (argument) =>
            coerce(argument.value, (type.kind === 'array' && rule.result === 'A' ? type.element : type).kind, cx.dialect) ?? argument.sql,
        )
      : args.map((argument) => argument.sql);
  const sql = rule.body.replace(
    /\{([A-Za-z]*)(\d*)(\*?)(?:\|([^}]*))?\}/g,
    (all, word: string, digit: string, star: string, fallback?: string) => {
      if (word === 'k') return kindText(args[Number(digit) - 1]?.value.type ?? types.unknown);
      if (word === 'b') return isWide(args[Number(digit) - 1]?.value.type ?? types.unknown) ? '64' : '32';
      if (word === 'ke') return kindText(elementOf(args[0]?.value.type));
      if (word === 'w') return String(args.find((argument) => argument.unit !== undefined)?.unit?.weekStart ?? 1);
      if (word === 'D') return quoteText(temporalOf(args).kind === 'date' ? 'date' : 'timestamp');
      if (word === 'V') return args.map((argument) => toVariant(argument.value).sql)[Number(digit) - 1] ?? 'NULL';
      if (word !== '') return all;
      if (star === '*') return unified.slice(digit === '' ? 0 : Number(digit) - 1).join(',');
      return unified[Number(digit) - 1] ?? fallback ?? 'NULL';
    },
  );
  const integer = type.kind === 'integer' && /^hw_/.test(sql);
  return { sql: integer ? `cast(${sql} as integer)` : sql, type };
}

function readParameters(text: string): { letter: string; optional: boolean; repeated: boolean }[] {
  return [...text.matchAll(/([A-Za-z])([?*]?)/g)].map((match) => ({
    letter: match[1] ?? 'x',
    optional: match[2] === '?',
    repeated: match[2] === '*',
  }));
}

function emitArgument(cx: Context, letter: string, expression: Expression, scope: Scope, call: CallExpression): Argument {
  if (letter === 'u' || letter === 'p') {
    const written = constantText(expression);
    const unit =
      written === undefined
        ? undefined
        : toUnit(
            written,
            cx.dialect,
            call.name.includes('trunc') || call.name.includes('last') ? 'truncate' : call.name.includes('diff') ? 'difference' : 'add',
          );
    const part = written === undefined ? undefined : toPart(written, cx.dialect);
    const known = letter === 'u' ? unit?.name : part;
    if (known === undefined)
      return cx.refuse(`'${written ?? 'this'}' is not a part of a date that ${call.name.toUpperCase()} can use here.`, expression.span);
    return {
      value: { sql: quoteText(known), type: types.string },
      sql: quoteText(known),
      ...(letter === 'u' && unit !== undefined ? { unit } : {}),
    };
  }
  const value = cx.emit(expression, scope);
  if (letter === 'k' && value.literal === undefined)
    return cx.refuse(`${call.name.toUpperCase()} needs a constant text here.`, expression.span);
  if (letter === 'x' || letter === 'k') return { value, sql: value.sql };
  if (letter === 'T') {
    if (isTemporal(value.type)) return { value, sql: value.sql };
    const isDate = value.literal !== undefined && /^\s*\d{4}-\d{1,2}-\d{1,2}\s*$/.test(value.literal);
    const type = isDate && cx.dialect !== 'postgres' ? types.date : types.timestamp;
    const sql = coerce(value, type.kind, cx.dialect);
    if (sql === undefined)
      return cx.refuse(`${call.name.toUpperCase()} needs a date or timestamp, not ${value.type.kind}.`, expression.span);
    return { value: { sql, type }, sql };
  }
  if (letter === 'n') {
    const sql = isNumeric(value.type) ? value.sql : (coerce(value, 'float', cx.dialect) ?? value.sql);
    return {
      value: isNumeric(value.type)
        ? value
        : { sql, type: value.type.kind === 'boolean' || value.type.kind === 'null' ? types.integer : types.float },
      sql,
    };
  }
  if (letter === 'a') {
    if (value.type.kind === 'array' || value.type.kind === 'variant' || value.type.kind === 'json' || value.type.kind === 'null')
      return { value, sql: value.sql };
    if (value.type.kind === 'string' || value.type.kind === 'unknown')
      return { value, sql: value.literal?.startsWith('{') ? quoteText(`[${value.literal.slice(1, -1)}]`) : value.sql };
    return cx.refuse(`${call.name.toUpperCase()} needs an array, not ${value.type.kind}.`, expression.span);
  }
  if (letter === 'j' || letter === 'y') {
    const sql = letter === 'y' && value.type.kind === 'bytes' ? value.sql : letter === 'j' ? value.sql : toText(value, cx.dialect).sql;
    return { value, sql };
  }
  const kind = letterKinds[letter] ?? 'string';
  const sql = coerce(value, kind, cx.dialect);
  if (sql === undefined)
    return cx.refuse(`${call.name.toUpperCase()} needs a value of type ${kind}, not ${value.type.kind}.`, expression.span);
  return { value: { ...value, type: value.type.kind === kind ? value.type : letterType(letter) }, sql };
}

function letterType(letter: string): ValueType {
  const kind = letterKinds[letter];
  return kind === undefined || kind === 'decimal' || kind === 'array' || kind === 'struct' || kind === 'map'
    ? types.unknown
    : kind === 'string'
      ? types.string
      : { kind };
}

function elementOf(type: ValueType | undefined): ValueType {
  return type?.kind === 'array' ? type.element : type?.kind === 'map' ? type.value : type?.kind === 'json' ? types.json : types.variant;
}

function temporalOf(args: readonly Argument[]): ValueType {
  return args.find((argument) => isTemporal(argument.value.type))?.value.type ?? types.timestamp;
}

function resultType(result: string, args: readonly Argument[]): ValueType {
  const first = args[0]?.value.type ?? types.unknown;
  if (/^\d$/.test(result)) return args[Number(result) - 1]?.value.type ?? types.unknown;
  if (result.startsWith('a') && result.length === 2) return { kind: 'array', element: resultType(result[1] ?? '', args) };
  switch (result) {
    case '=':
      return commonType(args.map((argument) => argument.value.type));
    case 'e':
      return elementOf(first);
    case 'A':
      return { kind: 'array', element: commonType(args.map((argument) => argument.value.type)) };
    case 'D':
      return temporalOf(args);
    case 'G': {
      const kinds = args.map((argument) => argument.value.type.kind);
      return kinds.includes('decimal') && !kinds.includes('float') ? types.decimal : types.float;
    }
    case 'N':
      return isNumeric(first) ? first : types.float;
    case 'x':
      return types.unknown;
    case 'n':
      return types.decimal;
    case 'M':
      return { kind: 'map', value: types.variant };
    default:
      return letterType(result);
  }
}
