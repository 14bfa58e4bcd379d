import type { Dialect } from '../../sql/dialect.ts';
import type { CallExpression, CaseExpression, Expression, Query } from '../../sql/ir.ts';
import { isAggregate } from '../../translate/emit-aggregate.ts';
import type { Input } from './stage.ts';
import { columnOf, findKind, nullValue, numberOf, ours, rowColumn } from './tree.ts';

/** A column that is asked beside those of a query, to learn which rows make a value. */
export type Probe = readonly [expression: Expression, alias: string];

/** A window function, and how its rows are told. */
export interface WindowProbe {
  readonly probes: readonly Probe[];
  readonly partitions: readonly string[];
  /** The column by which rows up to the own one are told; absent where the frame may reach further. */
  readonly upTo?: string;
  /** The columns that hold the very row that the function picks, by input. */
  readonly picks?: readonly string[];
}

const picking = new Set(['lag', 'lead', 'first_value', 'last_value', 'nth_value']);
const counting = new Set(['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'ntile']);

/** Frames that end so reach no row behind the own one. */
const endsHere = new Set(['current row', 'preceding']);

/** Window functions in expressions, each once. */
export function windowsIn(expressions: readonly unknown[]): readonly CallExpression[] {
  return [...findKind(expressions, 'call', (node) => node.kind !== 'query')].filter((call) => call.over !== undefined);
}

/** What has to be asked to know the rows that a window function reads. */
export function probeWindow(call: CallExpression, inputs: readonly Input[], at: number): WindowProbe {
  const over = call.over ?? { partitionBy: [], orderBy: [] };
  const partitions = over.partitionBy.map((_, i) => `${ours}w${at}p${i}`);
  const probes: Probe[] = over.partitionBy.map((expression, i) => [expression, partitions[i] ?? '']);
  const [first] = call.args;
  if (picking.has(call.name) && first !== undefined) {
    const picks = inputs.map((_, i) => `${ours}w${at}r${i}`);
    for (const [i, input] of inputs.entries()) {
      const row = columnOf(input.name.text, rowColumn);
      const value: Expression =
        call.nulls === 'ignore'
          ? {
              kind: 'case',
              branches: [{ when: { kind: 'operator', operator: 'is null', operands: [first], span: call.span }, result: nullValue }],
              otherwise: row,
              span: call.span,
            }
          : row;
      // What stands in where there is no such row is no row.
      probes.push([{ ...call, args: [value, ...call.args.slice(1, 2)] }, picks[i] ?? '']);
    }
    return { probes, partitions, picks };
  }
  const isRunning =
    over.orderBy.length > 0 &&
    call.name !== 'percent_rank' &&
    call.name !== 'cume_dist' &&
    call.name !== 'ntile' &&
    (over.frame === undefined || (over.frame.start.kind === 'unbounded preceding' && endsHere.has(over.frame.end?.kind ?? 'current row')));
  if (!isRunning) return { probes, partitions };
  const upTo = `${ours}w${at}n`;
  const { frame: _, ...window } = over;
  const byRow = call.name === 'row_number' || over.frame?.unit === 'rows';
  probes.push([
    { kind: 'call', name: byRow ? 'row_number' : 'rank', args: [], named: [], distinct: false, orderBy: [], over: window, span: call.span },
    upTo,
  ]);
  return { probes, partitions, upTo };
}

/** Whether a window function only tells places, and no values. */
export function isCounting(call: CallExpression): boolean {
  return counting.has(call.name);
}

/** An aggregate, and which rows of its group count. */
export interface AggregateProbe {
  readonly probe: Probe;
  /** A condition on the column `r."…"`. */
  condition(column: string): string;
  /** Whether only the least or the greatest value counts. */
  readonly extreme?: 'min' | 'max';
  readonly call: CallExpression;
}

/** The aggregates of expressions, each with what tells the rows that count. */
export function probeAggregates(expressions: readonly unknown[], dialect: Dialect): readonly AggregateProbe[] {
  const calls = [...findKind(expressions, 'call', (node) => node.kind !== 'query')].filter(
    (call) => call.over === undefined && isAggregate(dialect, call),
  );
  return calls.map((call, at) => {
    const [first] = call.args;
    const counted = first === undefined || first.kind === 'all-columns' ? numberOf(1) : first;
    const argument: Expression =
      call.filter === undefined
        ? counted
        : { kind: 'case', branches: [{ when: call.filter, result: counted }], otherwise: nullValue, span: call.span };
    const isCondition = /^(count_if|countif|bool_or|logical_or|boolor_agg|max_by|min_by)$/.test(call.name);
    const extreme: { readonly extreme?: 'min' | 'max' } = call.name === 'min' || call.name === 'max' ? { extreme: call.name } : {};
    return {
      probe: [argument, `${ours}a${at}`] as const,
      condition: (column) =>
        call.name === 'sum'
          ? `(${column} is not null and ${column} <> 0)`
          : isCondition && call.args.length === 1
            ? `(${column} is not null and ${column})`
            : `${column} is not null`,
      call,
      ...extreme,
    };
  });
}

/** The subquery of IN, or a scalar one, in expressions. */
export interface SubqueryProbe {
  readonly query: Query;
  /** The value that is looked for; absent for a scalar subquery, all of whose rows count. */
  readonly operand?: Expression;
  readonly isNegated: boolean;
}

/** The subqueries of expressions; those of EXISTS and of comparisons with ANY are `undefined`. */
export function subqueriesIn(expressions: readonly unknown[]): readonly (SubqueryProbe | Query)[] {
  const found: (SubqueryProbe | Query)[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
      return;
    }
    const node = value as Expression;
    if (node.kind === 'in' && 'kind' in node.values) {
      found.push({ query: node.values, operand: node.operand, isNegated: node.negated });
      visit(node.operand);
      return;
    }
    if (node.kind === 'subquery') {
      found.push(node.form === 'scalar' ? { query: node.query, isNegated: false } : node.query);
      return;
    }
    for (const [key, item] of Object.entries(value)) if (key !== 'span') visit(item);
  };
  visit(expressions);
  return found;
}

/** A value that says which branch of a CASE a row takes, counted from 1; 0 is ELSE. */
export function branchProbe(expression: CaseExpression): Expression {
  const { otherwise: _, ...rest } = expression;
  return { ...rest, branches: expression.branches.map(({ when }, i) => ({ when, result: numberOf(i + 1) })), otherwise: numberOf(0) };
}
