import type { Expression, FunctionRelation, Name, Query } from '../ir.ts';
import { selectFrom } from '../parse/building.ts';
import { plainTypes } from '../types.ts';
import type { Input, ResolvedColumn } from './columns.ts';
import { ColumnSet, mergeColumns } from './columns.ts';
import type { Context, Scope } from './context.ts';

/** The functions of streams that put every row into windows: Flink's, and those of RisingWave. */
const streamWindows = new Set(['tumble', 'hop', 'cumulate', 'session']);

/**
 * The columns of a function over a whole table: those of the table and what the function adds to them. Undefined where a function has no
 * table among its arguments, or where nobody can tell which of its columns come through.
 */
export function resolveTableFunction(context: Context, relation: FunctionRelation, scope: Scope): ColumnSet | undefined {
  const isWindow = streamWindows.has(relation.name);
  const first = relation.args[0];
  const query = relation.args.map((arg) => findTable(arg)).find((found) => found !== undefined);
  const input = query ?? (isWindow && first?.kind === 'column' ? tableOf(first.parts, first) : undefined);
  if (input === undefined) return undefined;
  if (!isWindow && !keepsColumns(relation.name)) return undefined;
  const columns = context.resolveQuery(context, input, scope.ctes, scope);
  const names = relation.args.flatMap((arg) => descriptorOf(arg) ?? []);
  if (relation.name === 'exclude_columns') {
    const excluded = new Set(names.map((name) => context.foldName(name)));
    const kept = columns.columns.filter((column) => !excluded.has(context.fold(column.name, column.quoted)));
    return new ColumnSet(kept, context.fold, columns.guesser);
  }
  const second = relation.args[1];
  const time = names[0] ?? (isWindow && second?.kind === 'column' ? second.parts[second.parts.length - 1] : undefined);
  const from = isWindow && time !== undefined ? [columns.findOrGuess(time.text, time.quoted)] : columns.columns;
  const made = (name: string, quoted: boolean): ResolvedColumn => ({
    ...mergeColumns(
      name,
      quoted,
      from.filter((column) => column !== undefined),
      relation.span,
      { kind: 'computed' },
    ),
    type: isWindow ? plainTypes.datetime : plainTypes.unknown,
    nullable: undefined,
  });
  if (isWindow) {
    const added = ['window_start', 'window_end', 'window_time'].map((name) => made(name, false));
    return new ColumnSet([...columns.columns, ...added], context.fold, columns.guesser);
  }
  // A model adds columns of its own, whose names nobody can tell.
  const star: ResolvedColumn = { ...made('*', false), isStar: true };
  const open = columns.columns.some((column) => column.isStar) ? columns.columns : [...columns.columns, star];
  return new ColumnSet(open, context.fold, (name, quoted) => {
    const column = made(name, quoted);
    const reason = `'${name}' is taken for a column that '${relation.name}' adds`;
    return { ...column, inputs: column.inputs.map((one): Input => ({ ...one, confidence: 'assumed', reason })) };
  });
}

/** Functions that give the columns of their table with others beside them, or without some. */
function keepsColumns(name: string): boolean {
  return (
    name === 'exclude_columns' ||
    /^(ml|ai)\.(predict|forecast|transform|detect_anomalies|generate_\w+|recommend|explain_predict)$/.test(name)
  );
}

/** The query of `TABLE orders`, `TABLE(orders)` and `TABLE(SELECT …)` among the arguments. */
function findTable(arg: Expression): Query | undefined {
  if (arg.kind === 'subquery' && arg.form === 'scalar') return arg.query;
  if (arg.kind !== 'call' || arg.name !== 'table') return undefined;
  const [inner] = arg.args;
  if (inner?.kind === 'subquery') return inner.query;
  return inner?.kind === 'column' ? tableOf(inner.parts, inner) : undefined;
}

function tableOf(parts: readonly Name[], { span }: Expression): Query {
  return selectFrom({ kind: 'table', parts, modifiers: [], span });
}

/** The names in `DESCRIPTOR(a, b)`. */
function descriptorOf(arg: Expression): Name[] | undefined {
  if (arg.kind !== 'call' || arg.name !== 'descriptor') return undefined;
  return arg.args.flatMap((part) => (part.kind === 'column' ? part.parts.slice(-1) : []));
}
