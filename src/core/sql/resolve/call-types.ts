import type { Dialect } from '../dialect.ts';
import type { FunctionFacts } from '../functions.ts';
import { dateShifting } from '../functions.ts';
import type { CallExpression } from '../ir.ts';
import { integerIn, isNumber, isReal, typeOfAverage, typeOfDeviation, typeOfRounding, typeOfSum, widenReal } from '../number-types.ts';
import type { SqlType } from '../types.ts';
import { commonType, plainTypes } from '../types.ts';
import type { TypeInfo } from './context.ts';

const unknown = plainTypes.unknown;

/** What a call gives back, told by the functions' table and the types of the arguments. */
export function typeOfCall(call: CallExpression, facts: FunctionFacts | undefined, args: readonly TypeInfo[], dialect: Dialect): TypeInfo {
  const shifted = dateShifting.get(call.name);
  if (shifted !== undefined && !(call.name === 'trunc' && args[0] !== undefined && isNumber(args[0].type))) {
    const date = args[shifted === 'last' ? args.length - 1 : shifted];
    const other = args.find((arg) => arg.type.kind === 'date' || arg.type.kind === 'datetime' || arg.type.kind === 'timestamp');
    const type = other?.type ?? date?.type ?? unknown;
    const isDate =
      type.kind === 'date' && (dialect === 'postgres' || dialect === 'duckdb' || dialect === 'redshift') && call.name === 'date_trunc';
    return {
      type: isDate ? (dialect === 'duckdb' ? plainTypes.datetime : plainTypes.timestamp) : type.kind === 'string' ? unknown : type,
      nullable: nullOf('arguments', args),
    };
  }
  if (facts === undefined) return { type: unknown, nullable: undefined };
  return {
    type: typeFrom(call, facts, args, dialect),
    nullable: call.name === 'lag' || call.name === 'lead' ? true : nullOf(facts.nulls, args),
  };
}

function typeFrom(call: CallExpression, facts: FunctionFacts, args: readonly TypeInfo[], dialect: Dialect): SqlType {
  const first = args[0]?.type ?? unknown;
  const rest = args.slice(1);
  switch (facts.returns) {
    case 'arg0':
      if (dialect !== 'postgres') return first;
      // PostgreSQL compares the arguments of NULLIF in a type that both have, and knows MIN and MAX of text only.
      if (call.name === 'nullif' && args[1] !== undefined && first.kind !== args[1].type.kind && isNumber(args[1].type) && !isReal(first))
        return isReal(args[1].type) ? plainTypes.float : (widenReal(first, args[1].type, dialect) ?? common(args));
      return first.kind === 'string' && (facts.role === 'aggregate' || call.name === 'nullif') ? plainTypes.string : first;
    case 'arg1':
      return args[1]?.type ?? unknown;
    case 'common':
      return common(args);
    case 'common1':
      return call.name === 'decode_values' ? unknown : common(rest);
    case 'element0':
      return first.element ?? (first.kind === 'json' ? plainTypes.json : unknown);
    case 'array0':
      return { kind: 'array', element: call.args.length > 1 ? common(args) : first };
    case 'sum':
      return typeOfSum(first, dialect);
    case 'average':
      return typeOfAverage(first, dialect);
    case 'deviation':
      return typeOfDeviation(first, dialect);
    case 'rounding':
      return typeOfRounding(call.name, first, args.length > 1, dialect);
    case 'integer':
      if (dialect === 'bigquery' && call.name === 'extract' && isUnit(call, 'date')) return plainTypes.date;
      if (dialect === 'bigquery' && call.name === 'extract' && isUnit(call, 'time')) return plainTypes.time;
      if (dialect === 'duckdb' && call.name === 'ascii') return integerIn(dialect);
      if (dialect === 'postgres' && facts.role === 'scalar') {
        if (call.name === 'extract') return plainTypes.decimal;
        return call.name === 'date_part' ? plainTypes.float : integerIn(dialect);
      }
      return dialect === 'duckdb' && (call.name === 'extract' || call.name === 'date_part') && isUnit(call, 'epoch')
        ? plainTypes.float
        : plainTypes.integer;
    case 'json':
      return dialect === 'postgres' && !call.name.includes('jsonb') ? { kind: 'json', text: 'json' } : plainTypes.json;
    case 'float':
      return dialect === 'postgres' && first.kind === 'decimal' && exactRoots.has(call.name) ? plainTypes.decimal : plainTypes.float;
    default:
      return plainTypes[facts.returns];
  }
}

/** Functions that PostgreSQL computes exactly for exact numbers. */
const exactRoots = new Set(['sqrt', 'ln', 'exp', 'log', 'log10', 'power', 'pow']);

function isUnit(call: CallExpression, name: string): boolean {
  const [unit] = call.args;
  return unit?.kind === 'literal' && unit.value === name;
}

function common(args: readonly TypeInfo[]): SqlType {
  return args.length === 0 ? unknown : args.map((arg) => arg.type).reduce(commonType);
}

function nullOf(rule: FunctionFacts['nulls'], args: readonly TypeInfo[]): boolean | undefined {
  if (rule === 'never') return false;
  if (rule === 'always') return true;
  if (rule === 'all-arguments') {
    if (args.some((arg) => arg.nullable === false)) return false;
    return args.every((arg) => arg.nullable === true) ? true : undefined;
  }
  if (args.some((arg) => arg.nullable === true)) return true;
  return args.every((arg) => arg.nullable === false) ? false : undefined;
}
