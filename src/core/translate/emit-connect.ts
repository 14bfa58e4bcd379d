import type { CallExpression, Expression, OperatorExpression, Select, SortKey } from '../sql/ir.ts';
import { toText } from './coerce.ts';
import type { Context } from './context.ts';
import type { CteScope } from './cte-scope.ts';
import { type EmittedFrom, emitFrom } from './emit-relation.ts';
import { emitCondition } from './emit-values.ts';
import { Scope } from './scope.ts';
import { quoteName, type Typed } from './sql-text.ts';
import { types, type ValueType } from './value-type.ts';

/** What a row carries down to its children: by the node that reads it. */
interface Carried {
  readonly node: Expression;
  readonly name: string;
  readonly type: ValueType;
  /** At the root, and at a child: over the row's own columns and those of its parent. */
  readonly start: string;
  readonly step: (parent: string) => string;
}

/** START WITH … CONNECT BY … as a recursive table of its own, which the rest of the SELECT reads. */
export function emitConnect(
  cx: Context,
  select: Select & { readonly connectBy: NonNullable<Select['connectBy']> },
  orderBy: readonly SortKey[],
  outer: Scope | undefined,
  ctes: CteScope,
): EmittedFrom {
  const { connectBy } = select;
  if (select.from.length > 1 && select.where !== undefined)
    return cx.refuse('CONNECT BY over tables joined by commas is not available in a preview.', select.span, 'JOIN … ON is.');
  const first = emitFrom(cx, select.from, outer, ctes);
  const tree = cx.fresh('tree');
  const columns = first.scope.columns().map((column, i) => ({ ...column, carried: quoteName(`c${i}`) }));
  const carried = [...nodesIn([select.items, select.where, select.having, select.qualify, select.groupBy, orderBy])].map((node, i) =>
    carry(cx, node, i, first.scope, tree, columns),
  );
  const start = new Scope(first.scope);
  start.aliases.set('level', { sql: '1', type: types.integer });
  const roots = [...first.conditions, ...(connectBy.start === undefined ? [] : [emitCondition(cx, connectBy.start, start)])];

  const next = emitFrom(cx, select.from, outer, ctes);
  const parent = parentScope(first.scope, columns, tree, outer);
  const child = new Scope(next.scope);
  child.prior = parent;
  child.aliases.set('level', { sql: `(${tree}.level + 1)`, type: types.integer });
  const by = [...next.conditions, emitCondition(cx, connectBy.by, child)];
  const nextColumns = next.scope.columns();
  const steps = [...nodesIn([select.items, select.where, select.having, select.qualify, select.groupBy, orderBy])].map((node, i) =>
    carry(cx, node, i, next.scope, tree, columns),
  );

  const names = ['level', ...columns.map((column) => column.carried), ...carried.map((item) => item.name)];
  const startList = ['1', ...columns.map((column) => column.sql), ...carried.map((item) => item.start)];
  const stepList = [
    `hw_connect_level(${tree}.level + 1)`,
    ...nextColumns.map((column) => column.sql),
    ...steps.map((item) => item.step(tree)),
  ];
  const sql = `with recursive ${tree}(${names.join(',')}) as (select ${startList.join(',')}${fromClause(first.sql)}${where(roots)} union all select ${stepList.join(',')} from ${tree}${next.sql === '' ? '' : ` cross join ${next.sql}`}${where(by)} order by 1 desc) select * from ${tree}`;

  const scope = parentScope(first.scope, columns, tree, outer);
  scope.aliases.set('level', { sql: `${tree}.level`, type: types.integer });
  scope.hierarchy = new Map(carried.map((item) => [item.node, { sql: `${tree}.${item.name}`, type: item.type }]));
  return { sql: `(${sql}) as ${tree}`, scope, conditions: [] };
}

const where = (conditions: readonly string[]): string => (conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`);
const fromClause = (sql: string): string => (sql === '' ? '' : ` from ${sql}`);

/** The relations of FROM as they stand in the tree. */
function parentScope(
  from: Scope,
  columns: readonly { readonly sql: string; readonly carried: string }[],
  tree: string,
  outer?: Scope,
): Scope {
  const carriedOf = new Map(columns.map((column) => [column.sql, column.carried]));
  const scope = new Scope(outer);
  for (const relation of from.relations)
    scope.relations.push({
      ...relation,
      columns: relation.columns.map((column) => ({ ...column, sql: `${tree}.${carriedOf.get(column.sql) ?? quoteName(column.name)}` })),
    });
  return scope;
}

/** What CONNECT_BY_ROOT, SYS_CONNECT_BY_PATH and PRIOR of the SELECT need from the rows above. */
function carry(
  cx: Context,
  node: OperatorExpression | CallExpression,
  index: number,
  scope: Scope,
  tree: string,
  columns: readonly { readonly sql: string; readonly carried: string }[],
): Carried {
  const name = `k${index}`;
  if (node.kind === 'call') {
    const [value, separator] = node.args;
    if (value === undefined || separator === undefined)
      return cx.refuse('SYS_CONNECT_BY_PATH needs a value and a text to write before it.', node.span);
    const text = toText(cx.emit(value, scope), cx.dialect).sql;
    const before = cx.emit(separator, scope).sql;
    const own = `(${before} || coalesce(${text},''))`;
    return { node, name, type: types.string, start: own, step: (parent) => `(${parent}.${name} || ${own})` };
  }
  const [operand] = node.operands;
  if (operand === undefined) return cx.refuse(`${node.operator.toUpperCase()} needs an expression.`, node.span);
  const value: Typed = cx.emit(operand, scope);
  if (node.operator === 'connect_by_root') return { node, name, type: value.type, start: value.sql, step: (parent) => `${parent}.${name}` };
  const above = cx.emit(
    operand,
    parentScope(
      scope,
      scope.columns().map((column, i) => ({ sql: column.sql, carried: columns[i]?.carried ?? '' })),
      tree,
    ),
  );
  return { node, name, type: value.type, start: 'NULL', step: () => above.sql };
}

function* nodesIn(value: unknown): Generator<OperatorExpression | CallExpression> {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesIn(item);
    return;
  }
  const node = value as { kind?: unknown; operator?: unknown; name?: unknown };
  if (node.kind === 'operator' && (node.operator === 'connect_by_root' || node.operator === 'prior')) yield value as OperatorExpression;
  else if (node.kind === 'call' && node.name === 'sys_connect_by_path') yield value as CallExpression;
  else if (node.kind !== 'query') for (const item of Object.values(value)) yield* nodesIn(item);
}
