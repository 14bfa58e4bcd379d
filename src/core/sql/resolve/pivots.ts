import type { Expression, PivotRelation, UnpivotRelation } from '../ir.ts';
import { plainTypes } from '../types.ts';
import type { Input, ResolvedColumn } from './columns.ts';
import { ColumnSet, Inputs, mergeColumns } from './columns.ts';
import type { Context, Scope } from './context.ts';
import { addUses, resolveExpression } from './expressions.ts';

/** The columns of a PIVOT: those that are kept to group by, and one for every value and aggregate. */
export function resolvePivot(context: Context, relation: PivotRelation, scope: Scope): ColumnSet {
  const used = new Inputs();
  const aggregates = relation.aggregates.map(({ expression, alias }) => {
    const inputs = new Inputs();
    const { type } = resolveExpression(context, expression, scope, inputs, 'aggregated');
    for (const input of inputs.list) used.add(input);
    return { inputs: inputs.list, type, alias, text: context.text.slice(expression.span.start, expression.span.end), expression };
  });
  const on = new Inputs();
  for (const expression of relation.on) resolveExpression(context, expression, scope, on, 'computed');
  addUses(context, on, 'group');
  for (const input of on.list) used.add(input);
  const kept = keptColumns(context, relation, scope, new Set(used.list.map((input) => input.column)));
  const { values } = relation;
  const make = (name: string, quoted: boolean, index: number | undefined): ResolvedColumn => {
    const from = index === undefined ? aggregates.flatMap(({ inputs }) => inputs) : (aggregates[index]?.inputs ?? []);
    const expression = aggregates[index ?? 0]?.expression;
    return {
      name,
      quoted,
      type: aggregates[index ?? 0]?.type ?? plainTypes.unknown,
      nullable: true,
      inputs: from,
      span: relation.span,
      ...(expression === undefined ? {} : { expression }),
    };
  };
  if (values === undefined)
    return new ColumnSet([...kept, { ...make('*', false, undefined), isStar: true }], context.fold, (name, quoted) =>
      make(name, quoted, undefined),
    );
  const columns = [...kept];
  for (const { expression, alias } of values) {
    const value = alias?.text ?? valueName(expression);
    for (const [index, aggregate] of aggregates.entries()) {
      const label = aggregate.alias?.text ?? (aggregates.length > 1 ? aggregate.text : undefined);
      const name = label === undefined ? value : context.dialect === 'bigquery' ? `${label}_${value}` : `${value}_${label}`;
      columns.push(make(name, true, index));
    }
  }
  const folded = new ColumnSet(
    columns.map((column) => (column.table === undefined && !kept.includes(column) ? { ...column, quoted: false } : column)),
    context.fold,
  );
  // Snowflake names the columns of values with their quotes: "'a'".
  return new ColumnSet(folded.columns, context.fold, (name, quoted) => {
    const bare = name.replace(/^'(.*)'$/, '$1');
    const known = folded.columns.find((column) => column.name.toLowerCase() === bare.toLowerCase());
    if (known !== undefined) return known;
    const open = scope.sources.find((source) => source.columns.isOpen);
    const below = open?.columns.findOrGuess(name, quoted);
    return below === undefined ? undefined : mergeColumns(name, quoted, [below], relation.span);
  });
}

function keptColumns(context: Context, relation: PivotRelation, scope: Scope, used: ReadonlySet<ResolvedColumn>): ResolvedColumn[] {
  if (relation.groupBy.length > 0)
    return relation.groupBy.map((expression) => {
      const inputs = new Inputs();
      const info = resolveExpression(context, expression, scope, inputs);
      addUses(context, inputs, 'group');
      return { name: valueName(expression), quoted: false, ...info, inputs: inputs.list, expression, span: expression.span };
    });
  return scope.sources.flatMap((source) =>
    source.columns.columns
      .filter((column) => !used.has(column))
      .map(
        (column): ResolvedColumn => ({
          ...mergeColumns(column.name, column.quoted, [column], relation.span),
          ...(column.isStar ? { isStar: true } : {}),
        }),
      ),
  );
}

function valueName(expression: Expression): string {
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind === 'column') return expression.parts[expression.parts.length - 1]?.text ?? '';
  if (expression.kind === 'struct') return expression.fields.map(({ value }) => valueName(value)).join('_');
  return '';
}

/** The columns of an UNPIVOT: what is left of the input, the name, and the values. */
export function resolveUnpivot(context: Context, relation: UnpivotRelation, scope: Scope): ColumnSet {
  const find = (name: string, quoted: boolean): ResolvedColumn | undefined => {
    for (const source of scope.sources) {
      const column = source.columns.findOrGuess(name, quoted);
      if (column !== undefined) return column;
    }
    return undefined;
  };
  const spread = new Set<ResolvedColumn>();
  const values = relation.valueNames.map((name, index): ResolvedColumn => {
    const from: ResolvedColumn[] = [];
    for (const { sources } of relation.columns) {
      const source = sources[index];
      const column = source === undefined ? undefined : find(source.text, source.quoted);
      if (column === undefined) continue;
      spread.add(column);
      from.push(column);
    }
    return mergeColumns(name.text, name.quoted, from, relation.span, { kind: 'computed' });
  });
  if (!relation.includeNulls) {
    // A row is made of a value only where there is one.
    const read = new Inputs();
    for (const column of spread) read.add({ column, kind: 'computed', span: relation.span, confidence: 'exact' });
    addUses(context, read, 'filter');
  }
  // It holds names, but a name stands only where its column has a value.
  const label: ResolvedColumn = {
    ...mergeColumns(relation.nameColumn.text, relation.nameColumn.quoted, [...spread], relation.nameColumn.span, { kind: 'computed' }),
    type: plainTypes.string,
    nullable: false,
  };
  const kept = scope.sources.flatMap((source) =>
    source.columns.columns
      .filter((column) => !spread.has(column))
      .map(
        (column): ResolvedColumn => ({
          ...mergeColumns(column.name, column.quoted, [column], relation.span),
          ...(column.isStar ? { isStar: true } : {}),
        }),
      ),
  );
  const isOpen = scope.sources.some((source) => source.columns.isOpen);
  const guess = (name: string, quoted: boolean): ResolvedColumn | undefined => {
    const column = find(name, quoted);
    const input: Partial<Input> = {};
    return column === undefined ? undefined : mergeColumns(name, quoted, [column], relation.span, input);
  };
  return new ColumnSet([...kept, label, ...values], context.fold, isOpen ? guess : undefined);
}
