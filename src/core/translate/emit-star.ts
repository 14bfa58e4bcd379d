import type { Expression, Name, Select, SelectItem } from '../sql/ir.ts';
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
      return [{ name: item.alias?.text ?? nameOf(cx, expression, i), value: cx.emit(expression, scope), expression }];
    }
    return expandStar(cx, item, scope);
  });
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
  return columns
    .filter((column) => !has(star.except, column.name))
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
  if (value.type.kind !== 'struct') return cx.refuse('A star here wants a table or a struct.', span);
  return value.type.fields.map((field) => ({
    name: field.name,
    type: field.type,
    sql: `hw_struct_field(${value.sql},${quoteText(field.name)},'${field.type.kind}')`,
  }));
}
