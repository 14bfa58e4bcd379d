import type { Dialect } from '../dialect.ts';
import type { FunctionFacts } from '../functions.ts';
import { dateShifting } from '../functions.ts';
import type { CallExpression } from '../ir.ts';
import type { SqlType } from '../types.ts';
import { commonType, plainTypes } from '../types.ts';
import type { TypeInfo } from './context.ts';

const unknown = plainTypes.unknown;

/** What a call gives back, told by the functions' table and the types of the arguments. */
export function typeOfCall(call: CallExpression, facts: FunctionFacts | undefined, args: readonly TypeInfo[], dialect: Dialect): TypeInfo {
  const shifted = dateShifting.get(call.name);
  if (shifted !== undefined) {
    const date = args[shifted === 'last' ? args.length - 1 : shifted];
    const other = args.find((arg) => arg.type.kind === 'date' || arg.type.kind === 'datetime' || arg.type.kind === 'timestamp');
    const type = other?.type ?? date?.type ?? unknown;
    const isDate =
      type.kind === 'date' && (dialect === 'postgres' || dialect === 'duckdb' || dialect === 'redshift') && call.name === 'date_trunc';
    return {
      type: isDate ? (dialect === 'duckdb' ? plainTypes.date : plainTypes.timestamp) : type.kind === 'string' ? unknown : type,
      nullable: nullOf('arguments', args),
    };
  }
  if (facts === undefined) return { type: unknown, nullable: undefined };
  return { type: typeFrom(call, facts, args), nullable: call.name === 'lag' || call.name === 'lead' ? true : nullOf(facts.nulls, args) };
}

function typeFrom(call: CallExpression, facts: FunctionFacts, args: readonly TypeInfo[]): SqlType {
  const first = args[0]?.type ?? unknown;
  const rest = args.slice(1);
  switch (facts.returns) {
    case 'arg0':
      return first;
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
      return first.kind === 'decimal' ? { kind: 'decimal' } : first.kind === 'integer' ? plainTypes.integer : first;
    case 'average':
      return first.kind === 'decimal' ? { kind: 'decimal' } : first.kind === 'interval' ? first : plainTypes.float;
    default:
      return plainTypes[facts.returns];
  }
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
