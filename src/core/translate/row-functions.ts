import type { Dialect } from '../sql/dialect.ts';
import type {
  CallExpression,
  Expression,
  ExpressionItem,
  FunctionRelation,
  Grouping,
  Name,
  Relation,
  Select,
  SelectItem,
} from '../sql/ir.ts';
import { selectFrom, select as selectOf, toQuery } from '../sql/parse/building.ts';
import type { Span } from '../text/span.ts';
import type { Context } from './context.ts';
import { hasAggregate } from './emit-aggregate.ts';
import { nameOf } from './emit-star.ts';

const rowFunctions = new Set([
  'unnest',
  'explode',
  'explode_outer',
  'arrayjoin',
  'json_array_elements',
  'jsonb_array_elements',
  'json_array_elements_text',
  'jsonb_array_elements_text',
  'generate_series',
  'regexp_split_to_table',
]);

/** Those that give several columns beside each other. */
const wideRowFunctions = new Set(['posexplode', 'posexplode_outer', 'inline', 'inline_outer', 'stack']);

/** Those that give rows in PostgreSQL alone. */
const postgresRowFunctions = new Set(['regexp_matches', 'string_to_table', 'json_object_keys', 'jsonb_object_keys', 'generate_subscripts']);

/** Where rows are made last, after grouping and windows, and several such functions go in step. */
const makesRowsLast: ReadonlySet<Dialect> = new Set<Dialect>(['postgres', 'redshift', 'duckdb']);

/** Functions in the SELECT list that give several rows, moved to FROM, where the engine has them. */
export function withRowFunctions(cx: Context, select: Select): Select {
  const isLast = makesRowsLast.has(cx.dialect);
  const rowItems = select.items.filter((item): item is ExpressionItem => item.kind === 'item' && hasRows(cx, item.expression));
  if (rowItems.length === 0) return withWideFunctions(cx, select);
  const before = rowItems.filter((item) => isGroupedBy(select, item));
  if (isLast && before.length < rowItems.length && isGathered(cx, select)) {
    if (before.length > 0)
      cx.refuse('A function that gives rows stands beside one that is grouped by: give one of them a query of its own.', select.span);
    return withRowFunctions(cx, overGathered(cx, select));
  }
  return withWideFunctions(cx, lifted(cx, select, isLast));
}

/** Moves every call that gives rows into FROM. */
function lifted(cx: Context, select: Select, inStep: boolean): Select {
  const calls: { readonly call: CallExpression; readonly name: Name }[] = [];
  const relation: Name = { text: cx.fresh('hw:rows'), quoted: true, span: select.span };
  const lift = (expression: Expression): Expression => {
    if (!isRowCall(cx, expression)) return mapParts(expression, lift);
    // What gives rows of rows gives them one after the other.
    const call = {
      ...expression,
      args: expression.args.map((arg) =>
        hasRows(cx, arg) ? cx.refuse('A function that gives rows stands inside another.', arg.span) : arg,
      ),
    };
    const name: Name = { text: cx.fresh('hw:rows'), quoted: true, span: expression.span };
    calls.push({ call, name });
    return { kind: 'column', parts: [inStep && calls.length > 0 ? relation : name, name], span: expression.span };
  };
  const items = select.items.map((item, i): SelectItem => {
    if (item.kind !== 'item' || !hasRows(cx, item.expression)) return item;
    const alias = item.alias ?? { text: nameOf(cx, item.expression, i), quoted: false, span: item.span };
    return { ...item, expression: lift(item.expression), alias };
  });
  const [only] = calls;
  const added: Relation[] =
    inStep && calls.length > 1
      ? [
          toRelation(
            'unnest',
            calls.map(({ call }) => toArray(cx, call)),
            relation,
            calls.map(({ name }) => name),
            select.span,
          ),
        ]
      : inStep && only !== undefined
        ? [toRelation(only.call.name, only.call.args, relation, [only.name], only.call.span)]
        : calls.map(({ call, name }) => toRelation(call.name, call.args, name, [name], call.span));
  return { ...select, items, from: [...select.from, ...added] };
}

function toRelation(name: string, args: readonly Expression[], alias: Name, columns: readonly Name[], span: Span): FunctionRelation {
  return { kind: 'function', name, args, lateral: true, outer: false, alias: { name: alias, columns }, declared: [], span };
}

/** The rows of a call as an array, so that it can be spread beside others. */
function toArray(cx: Context, call: CallExpression): Expression {
  const [array] = call.args;
  if (call.name === 'unnest' && array !== undefined) return array;
  const { span } = call;
  const name: Name = { text: cx.fresh('hw:rows'), quoted: true, span };
  return { kind: 'subquery', form: 'array', query: selectFrom(toRelation(call.name, call.args, name, [name], span)), span };
}

/** A query that groups or numbers rows before functions make more of them: what those read comes out of a query of its own. */
function overGathered(cx: Context, select: Select): Select {
  const inner: SelectItem[] = [];
  const hidden: Name = { text: cx.fresh('hw:gathered'), quoted: true, span: select.span };
  const take = (expression: Expression): Expression => {
    const name: Name = { text: cx.fresh('hw:value'), quoted: true, span: expression.span };
    inner.push({ kind: 'item', expression, alias: name, span: expression.span });
    return { kind: 'column', parts: [hidden, name], span: expression.span };
  };
  const split = (expression: Expression): Expression => {
    if (expression.kind === 'literal') return expression;
    return hasRows(cx, expression) ? mapParts(expression, split) : take(expression);
  };
  const items = select.items.map((item, i): SelectItem => {
    if (item.kind !== 'item')
      return cx.refuse(
        'A star stands beside a function that gives rows, in a query that groups or numbers rows: write its columns out.',
        item.span,
      );
    const alias = item.alias ?? { text: nameOf(cx, item.expression, i), quoted: false, span: item.span };
    return { ...item, expression: split(item.expression), alias };
  });
  const { distinct, into: _, ...rest } = select;
  const query = toQuery({ ...rest, distinct: false, items: inner });
  const made = selectOf(items, [{ kind: 'derived', query, lateral: false, alias: { name: hidden, columns: [] }, span: select.span }]);
  return { ...made, distinct, span: select.span };
}

/** Whether rows are grouped, numbered or counted before they are shown. */
function isGathered(cx: Context, select: Select): boolean {
  if (select.groupBy.length > 0 || select.groupByAll || select.having !== undefined || select.qualify !== undefined) return true;
  return select.items.some((item) => item.kind === 'item' && (hasAggregate(cx.dialect, item.expression) || hasWindow(item.expression)));
}

function hasWindow(expression: Expression): boolean {
  return some(expression, (part) => part.kind === 'call' && part.over !== undefined);
}

/** Whether GROUP BY names an item, by its place, its alias or its very text: then its rows are made first. */
function isGroupedBy({ groupBy, items }: Select, item: ExpressionItem): boolean {
  const place = items.indexOf(item) + 1;
  const names = (expression: Expression): boolean =>
    (expression.kind === 'literal' && expression.type === 'number' && Number(expression.value) === place) ||
    (expression.kind === 'column' &&
      expression.parts.length === 1 &&
      expression.parts[0]?.text.toLowerCase() === item.alias?.text.toLowerCase()) ||
    sameText(expression, item.expression);
  return groupBy.some((grouping: Grouping) => some(grouping as unknown as Expression, names));
}

function sameText(a: Expression, b: Expression): boolean {
  const text = (value: Expression): string => JSON.stringify(value, (key, part: unknown) => (key === 'span' ? undefined : part));
  return text(a) === text(b);
}

function withWideFunctions(cx: Context, select: Select): Select {
  const from = [...select.from];
  const items = select.items.map((item): SelectItem => {
    if (item.kind !== 'item' || item.expression.kind !== 'call' || !wideRowFunctions.has(item.expression.name)) return item;
    const { span } = item;
    const name: Name = { text: cx.fresh('hw:rows'), quoted: true, span };
    from.push(toRelation(item.expression.name, item.expression.args, name, [], span));
    return { kind: 'star', qualifier: [name], except: [], replace: [], rename: [], span };
  });
  return from.length === select.from.length ? select : { ...select, items, from };
}

function isRowCall(cx: Context, expression: Expression): expression is CallExpression {
  if (expression.kind !== 'call' || expression.over !== undefined) return false;
  const { name } = expression;
  if (name === 'generate_series') return cx.dialect === 'postgres';
  return rowFunctions.has(name) || (cx.dialect === 'postgres' && postgresRowFunctions.has(name));
}

function hasRows(cx: Context, expression: Expression): boolean {
  return some(expression, (part) => isRowCall(cx, part));
}

/** Whether a part of an expression, itself among them, is what is looked for; queries in it are none of its parts. */
function some(value: unknown, is: (part: Expression) => boolean): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => some(item, is));
  const { kind } = value as { readonly kind?: string };
  if (kind === 'query') return false;
  if (kind !== undefined && is(value as Expression)) return true;
  return Object.entries(value).some(([key, item]) => key !== 'span' && some(item, is));
}

/** An expression with its parts replaced; queries in it stay. */
function mapParts<Node extends object>(node: Node, map: (part: Expression) => Expression): Node {
  const replace = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(replace);
    const { kind, span } = value as { readonly kind?: string; readonly span?: unknown };
    if (kind === 'query') return value;
    return kind !== undefined && span !== undefined ? map(value as Expression) : mapParts(value, map);
  };
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, key === 'span' ? value : replace(value)])) as Node;
}
