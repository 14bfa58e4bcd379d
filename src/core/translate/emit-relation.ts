import type { Expression, JoinRelation, Query, Relation, TableAlias, TableRelation } from '../sql/ir.ts';
import { withNearest } from '../text/nearest.ts';
import { unreachable } from '../text/unreachable.ts';
import { renamed, unique } from './columns.ts';
import type { Context } from './context.ts';
import type { CteScope } from './cte-scope.ts';
import { derived, push } from './derived.ts';
import { emitPivot, emitUnpivot } from './emit-pivot.ts';
import { emitTableFunction } from './emit-table-function.ts';
import { emitCondition, to } from './emit-values.ts';
import type { From } from './from.ts';
import { Scope, type ScopeColumn, type ScopeRelation } from './scope.ts';
import { quoteName } from './sql-text.ts';
import type { KnownTable } from './table.ts';
import { commonType } from './value-type.ts';

export interface EmittedFrom {
  readonly sql: string;
  readonly scope: Scope;
  /** Conditions that belong to WHERE: those of semi and anti joins. */
  readonly conditions: readonly string[];
}

/** The FROM clause with the scope that it opens. */
export function emitFrom(cx: Context, relations: readonly Relation[], outer: Scope | undefined, ctes: CteScope): EmittedFrom {
  const from: From = { cx, scope: new Scope(outer), ctes, conditions: [] };
  const parts = relations.map((relation) => emitRelation(from, relation));
  return { sql: parts.join(' cross join '), scope: from.scope, conditions: from.conditions };
}

export function emitRelation(from: From, relation: Relation): string {
  const { cx } = from;
  switch (relation.kind) {
    case 'table':
      return emitTable(from, relation);
    case 'derived': {
      if (relation.lateral) return emitLateral(from, relation.query, relation.alias, false);
      const query = cx.queryIn(relation.query, from.scope.parent, from.ctes);
      return derived(from, query.sql, query.columns, relation.alias);
    }
    case 'join':
      return emitJoin(from, relation);
    case 'function':
      return emitTableFunction(from, relation);
    case 'pivot':
      return emitPivot(from, relation, emitRelation);
    case 'unpivot':
      return emitUnpivot(from, relation, emitRelation);
    case 'opaque-relation':
      return cx.refuse(`This part of FROM could not be read: ${relation.reason}.`, relation.span);
    default:
      return unreachable(relation);
  }
}

function emitTable(from: From, relation: TableRelation): string {
  const { cx } = from;
  const [first] = relation.parts;
  const sampled = relation.modifiers.find((modifier) => !/^(final|nolock|with ?\(nolock\)|only)/i.test(modifier.trim()));
  if (sampled !== undefined) cx.notes.add(`'${sampled.trim()}' is ignored: the preview reads the whole table.`);
  const found: KnownTable | undefined =
    (relation.parts.length === 1 && first !== undefined ? from.ctes.find(first.text) : undefined) ?? cx.options.table(relation.parts);
  const written = relation.parts.map((part) => part.text).join('.');
  if (found === undefined) {
    if (/^dual$/i.test(written)) return derived(from, "select 'X' as dummy", [{ name: 'dummy', type: { kind: 'string' } }], relation.alias);
    const array = relation.parts.length > 1 ? arrayColumn(from, relation) : undefined;
    if (array !== undefined) return array;
    return cx.refuse(withNearest(`There is no table '${written}' here.`, written, cx.options.tableNames?.() ?? []), relation.span);
  }
  const name = cx.fresh('r');
  const columns = renamed(found.columns, relation.alias?.columns ?? []);
  push(
    from,
    name,
    columns,
    relation.alias?.name,
    found.columns,
    relation.alias === undefined ? relation.parts.map((part) => part.text.toLowerCase()) : undefined,
    found.primaryKey,
  );
  return `${found.physical.startsWith('(') ? found.physical : quoteName(found.physical)} as ${name}`;
}

/** BigQuery's `from t, t.items`: an array column of a table to its left. */
function arrayColumn(from: From, relation: TableRelation): string | undefined {
  const [table, column] = [relation.parts.slice(0, -1), relation.parts.at(-1)];
  const found = from.scope.qualified(table)?.columns.find((candidate) => candidate.name.toLowerCase() === column?.text.toLowerCase());
  if (found?.type.kind !== 'array') return undefined;
  return emitTableFunction(from, {
    kind: 'function',
    name: 'unnest',
    args: [{ kind: 'column', parts: relation.parts, span: relation.span }],
    lateral: true,
    outer: false,
    ...(relation.alias === undefined ? {} : { alias: relation.alias }),
    declared: [],
    span: relation.span,
  });
}

/** A correlated query in FROM, which SQLite lacks: its rows travel as one JSON array, opened again by json_each. */
function emitLateral(from: From, query: Query, alias: TableAlias | undefined, _outer: boolean): string {
  const { cx } = from;
  const emitted = cx.queryIn(query, from.scope, from.ctes);
  const own = unique(emitted.columns);
  const inner = cx.fresh('l');
  const name = cx.fresh('r');
  const row = own.map((column) => `${inner}.${quoteName(column.name)}`).join(',');
  const columns = renamed(emitted.columns, alias?.columns ?? []);
  from.scope.relations.push({
    names: alias === undefined ? [] : [alias.name.text.toLowerCase()],
    columns: columns.map((column, i) => ({
      name: column.name,
      type: column.type,
      sql: cx.placed(`json_extract(${name}.value,'$[${i}]')`, column.type),
    })),
  });
  return `json_each((select json_group_array(json_array(${row})) from (${emitted.sql}) as ${inner})) as ${name}`;
}

function emitJoin(from: From, join: JoinRelation): string {
  const { cx } = from;
  if (join.type === 'asof') return emitAsof(from, join);
  const before = from.scope.relations.length;
  const left = emitRelation(from, join.left);
  const middle = from.scope.relations.length;
  const type = join.type === 'semi' || join.type === 'anti' ? undefined : join.type;
  if (type === undefined) {
    const inner: From = { cx, scope: new Scope(from.scope), ctes: from.ctes, conditions: [] };
    inner.scope.relations.push(...[]);
    const right = emitRelation(inner, join.right);
    const condition =
      usingCondition(cx, join, from.scope.relations.slice(before), inner.scope.relations) ??
      (join.on === undefined ? '1' : emitCondition(cx, join.on, inner.scope));
    from.conditions.push(
      `${join.type === 'anti' ? 'not ' : ''}exists (select 1 from ${right} where ${[condition, ...inner.conditions].join(' and ')})`,
    );
    return left;
  }
  const isNested = join.right.kind === 'join';
  const right = emitRelation(from, join.right);
  const lefts = from.scope.relations.slice(before, middle);
  const rights = from.scope.relations.slice(middle);
  const shared = usingCondition(cx, join, lefts, rights);
  if (shared !== undefined) merge(cx, from, join, before, middle, rights, sharedNames(join, lefts, rights));
  const condition = shared ?? (join.on === undefined ? undefined : emitCondition(cx, join.on, from.scope));
  const rightSql = isNested ? `(${right})` : right;
  const word = type === 'cross' ? 'cross join' : type === 'inner' ? 'join' : `${type} join`;
  return `${left} ${word} ${rightSql}${condition === undefined ? (type === 'left' || type === 'right' || type === 'full' ? ' on 1' : '') : ` on ${condition}`}`;
}

function sharedNames(join: JoinRelation, lefts: readonly ScopeRelation[], rights: readonly ScopeRelation[]): string[] {
  if (!join.natural) return join.using.map((name) => name.text.toLowerCase());
  const names = new Set(rights.flatMap((relation) => relation.columns.map((column) => column.name.toLowerCase())));
  return [...new Set(lefts.flatMap((relation) => relation.columns.map((column) => column.name.toLowerCase())))].filter((name) =>
    names.has(name),
  );
}

const columnIn = (relations: readonly ScopeRelation[], name: string): ScopeColumn | undefined =>
  relations.flatMap((relation) => relation.columns).find((column) => column.name.toLowerCase() === name && column.merged !== true);

function usingCondition(
  cx: Context,
  join: JoinRelation,
  lefts: readonly ScopeRelation[],
  rights: readonly ScopeRelation[],
): string | undefined {
  const names = sharedNames(join, lefts, rights);
  if (names.length === 0) return undefined;
  const conditions = names.map((name) => {
    const [left, right] = [columnIn(lefts, name), columnIn(rights, name)];
    if (left === undefined || right === undefined) return cx.refuse(`USING needs a column '${name}' on both sides.`, join.span);
    const type = commonType([left.type, right.type]);
    return `${to(cx, left, type)} = ${to(cx, right, type)}`;
  });
  return conditions.join(' and ');
}

/** After USING a column stands once: from the left, from the right for RIGHT, from either for FULL. */
function merge(
  cx: Context,
  from: From,
  join: JoinRelation,
  before: number,
  middle: number,
  rights: readonly ScopeRelation[],
  names: readonly string[],
): void {
  const relations = from.scope.relations;
  const mergedColumns: ScopeColumn[] = [];
  for (const name of names) {
    const left = columnIn(relations.slice(before, middle), name);
    const right = columnIn(rights, name);
    if (left === undefined || right === undefined) continue;
    const type = commonType([left.type, right.type]);
    const sql =
      join.type === 'full' ? `coalesce(${to(cx, left, type)},${to(cx, right, type)})` : join.type === 'right' ? right.sql : left.sql;
    mergedColumns.push({ name: left.name, sql, type });
  }
  for (let i = before; i < relations.length; i++) {
    const relation = relations[i];
    if (relation !== undefined)
      relations[i] = {
        ...relation,
        columns: relation.columns.map((column) => (names.includes(column.name.toLowerCase()) ? { ...column, merged: true } : column)),
      };
  }
  relations.splice(before, 0, { names: [], columns: mergedColumns });
}

/** ASOF JOIN: the equalities pick candidates, the inequality the nearest of them. */
function emitAsof(from: From, join: JoinRelation): string {
  const { cx } = from;
  const left = emitRelation(from, join.left);
  const middle = from.scope.relations.length;
  const right = emitRelation(from, join.right);
  const on = join.on ?? cx.refuse('ASOF JOIN needs a condition.', join.span);
  const parts: readonly Expression[] = on.kind === 'operator' && on.operator === 'and' ? on.operands : [on];
  const nearest = parts.find((part) => part.kind === 'operator' && ['>=', '>', '<=', '<'].includes(part.operator));
  if (nearest?.kind !== 'operator') return cx.refuse('ASOF JOIN needs one inequality between the times of both sides.', join.span);
  const rightNames = new Set(from.scope.relations.slice(middle).flatMap((relation) => relation.columns.map((column) => column.sql)));
  const operands = nearest.operands.map((operand) => cx.emit(operand, from.scope));
  const rightTime = operands.find((operand) => rightNames.has(operand.sql));
  if (rightTime === undefined || join.right.kind !== 'table')
    return cx.refuse('This form of ASOF JOIN is not available in a preview.', join.span);
  const largest = (operands[1] === rightTime) === nearest.operator.startsWith('>');
  const inner = new Scope(from.scope);
  const probe: From = { cx, scope: inner, ctes: from.ctes, conditions: [] };
  const again = emitRelation(probe, join.right);
  const innerScope = new Scope(from.scope.parent);
  innerScope.relations.push(...inner.relations, ...from.scope.relations.slice(0, middle));
  const condition = parts.map((part) => emitCondition(cx, part, innerScope)).join(' and ');
  const time = cx.emit(nearest.operands[operands.indexOf(rightTime)] ?? on, innerScope).sql;
  const outer = parts.map((part) => emitCondition(cx, part, from.scope)).join(' and ');
  return `${left} left join ${right} on ${outer} and ${rightTime.sql} = (select ${largest ? 'max' : 'min'}(${time}) from ${again} where ${condition})`;
}
