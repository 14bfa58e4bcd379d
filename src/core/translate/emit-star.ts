import { CountedPattern } from '../jinja/counted-pattern.ts';
import type { Expression, Name, Select, SelectItem } from '../sql/ir.ts';
import { likePattern } from '../sql/resolve/column-patterns.ts';
import { withNearest } from '../text/nearest.ts';
import type { Context } from './context.ts';
import type { Scope } from './scope.ts';
import { quoteText, type Typed } from './sql-text.ts';
import type { TableColumn } from './table.ts';

export interface Item {
  readonly name: string;
  readonly value: Typed;
  readonly expression?: Expression;
}

export function emitItems(cx: Context, items: readonly SelectItem[], scope: Scope): Item[] {
  return items.flatMap((item, i): Item[] => {
    if (item.kind === 'item') {
      const { expression } = item;
      if (expression.kind === 'all-columns')
        return expandStar(
          cx,
          { kind: 'star', qualifier: expression.qualifier ?? [], except: [], replace: [], rename: [], span: item.span },
          scope,
        );
      const chosen = cx.dialect === 'duckdb' ? chooseColumns(cx, expression, scope) : undefined;
      if (chosen !== undefined) return chosen;
      return [{ name: item.alias?.text ?? nameOf(cx, expression, i), value: cx.emit(expression, scope), expression }];
    }
    return expandStar(cx, item, scope);
  });
}

/** DuckDB's COLUMNS('pattern') and COLUMNS(*), alone or inside of an expression, which then stands once for each column. */
function chooseColumns(cx: Context, expression: Expression, scope: Scope): Item[] | undefined {
  const call = findColumns(expression);
  if (call === undefined) return undefined;
  const [pattern] = call.args;
  const every = pattern === undefined || pattern.kind === 'all-columns';
  if (!every && (pattern.kind !== 'literal' || pattern.type !== 'string'))
    return cx.refuse('COLUMNS takes a star or a constant pattern in a preview.', call.span);
  const wanted = every || pattern.kind !== 'literal' ? undefined : new CountedPattern(pattern.value);
  return scope
    .columns()
    .filter((column) => wanted === undefined || wanted.test(column.name))
    .map((column) => {
      const name: Name = { text: column.name, quoted: true, span: call.span };
      const own = replaceNode(expression, call, { kind: 'column', parts: [name], span: call.span });
      return { name: column.name, value: cx.emit(own, scope), expression: own };
    });
}

function findColumns(value: unknown): Extract<Expression, { kind: 'call' }> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const node = value as { kind?: unknown; name?: unknown };
  if (node.kind === 'call' && node.name === 'columns') return value as Extract<Expression, { kind: 'call' }>;
  if (node.kind === 'query') return undefined;
  for (const item of Object.values(value)) {
    const found = findColumns(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function replaceNode<T>(value: T, old: unknown, by: unknown): T {
  if (value === old) return by as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => replaceNode(item, old, by)) as T;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceNode(item, old, by)])) as T;
}

/** The name of a column that has no alias, as the dialect gives it where a model could refer to it. */
export function nameOf(cx: Context, expression: Expression, index: number): string {
  switch (expression.kind) {
    case 'column':
      return expression.parts.at(-1)?.text ?? 'column';
    case 'field':
      return expression.field.text;
    case 'cast':
      return cx.dialect === 'postgres' || cx.dialect === 'redshift' ? nameOf(cx, expression.operand, index) : `_col${index}`;
    case 'call':
      return expression.name.split('.').pop() ?? expression.name;
    case 'parameter':
      return expression.text.replace('$', 'column');
    default:
      return cx.dialect === 'bigquery' ? `f${index}_` : `_col${index}`;
  }
}

function expandStar(cx: Context, star: Extract<SelectItem, { kind: 'star' }>, scope: Scope): Item[] {
  let columns: readonly (TableColumn & { sql: string })[];
  if (star.of !== undefined) columns = structColumns(cx, cx.emit(star.of, scope), star.span);
  else if (star.qualifier.length === 0) columns = scope.columns();
  else {
    const relation = scope.qualified(star.qualifier);
    if (relation !== undefined)
      columns =
        relation.isValue === true && relation.columns[0]?.type.kind === 'struct'
          ? structColumns(cx, relation.columns[0], star.span)
          : relation.columns;
    else columns = structColumns(cx, cx.emit({ kind: 'column', parts: star.qualifier, span: star.span }, scope), star.span);
  }
  const has = (names: readonly Name[], name: string): boolean =>
    names.some((candidate) => candidate.text.toLowerCase() === name.toLowerCase());
  for (const name of star.except)
    if (!has([name], '') && !columns.some((column) => column.name.toLowerCase() === name.text.toLowerCase()))
      cx.refuse(
        withNearest(
          `There is no column '${name.text}' to leave out here.`,
          name.text,
          columns.map((column) => column.name),
        ),
        name.span,
      );
  const matches = star.like === undefined ? undefined : likePattern(star.like);
  return columns
    .filter((column) => matches?.test(column.name) !== false && !has(star.except, column.name))
    .map((column) => {
      const replaced = star.replace.find((item) => item.name.text.toLowerCase() === column.name.toLowerCase());
      const renamed = star.rename.find((item) => item.from.text.toLowerCase() === column.name.toLowerCase());
      return {
        name: renamed?.to.text ?? column.name,
        value: replaced === undefined ? column : cx.emit(replaced.expression, scope),
        expression: undefined as never,
      };
    })
    .map(({ name, value }) => ({ name, value }));
}

function structColumns(cx: Context, value: Typed, span: Select['span']): (TableColumn & { sql: string })[] {
  if (value.type.kind !== 'struct') return cx.refuse('A star here needs a table or a struct.', span);
  return value.type.fields.map((field) => ({
    name: field.name,
    type: field.type,
    sql: `hw_struct_field(${value.sql},${quoteText(field.name)},'${field.type.kind}')`,
  }));
}
