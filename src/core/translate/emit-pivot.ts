import type { Expression, Name, PivotRelation, Relation, UnpivotRelation } from '../sql/ir.ts';
import { withNearest } from '../text/nearest.ts';
import { coerce } from './coerce.ts';
import type { Context } from './context.ts';
import { derived } from './derived.ts';
import { emitOperator } from './emit-operator.ts';
import { to } from './emit-values.ts';
import { nullsFirst } from './emit-window.ts';
import type { From } from './from.ts';
import { Scope, type ScopeColumn } from './scope.ts';
import { quoteName, quoteText } from './sql-text.ts';
import type { TableColumn } from './table.ts';
import { commonType, type ValueType } from './value-type.ts';

/** How the relation that is spread is written itself. */
type EmitRelation = (from: From, relation: Relation) => string;

/** A value that becomes columns: the condition of its rows, and its name. */
interface Spread {
  readonly condition: string;
  readonly text: string;
  readonly alias?: string;
  readonly isText: boolean;
}

/** PIVOT as a GROUP BY over the columns that are neither spread nor aggregated. */
export function emitPivot(from: From, pivot: PivotRelation, emitRelation: EmitRelation): string {
  const { cx } = from;
  const inner: From = { cx, scope: new Scope(from.scope.parent), ctes: from.ctes, conditions: [] };
  const input = emitRelation(inner, pivot.input);
  const used = new Set<string>();
  for (const expression of [...pivot.on, ...pivot.aggregates.map((item) => item.expression)])
    for (const name of columnNames(expression)) used.add(name);
  const available = inner.scope.columns();
  const grouped =
    pivot.groupBy.length > 0
      ? pivot.groupBy.map((item) => ({
          name: item.kind === 'column' ? (item.parts.at(-1)?.text ?? '') : '',
          ...cx.emit(item, inner.scope),
        }))
      : available.filter((column) => !used.has(column.name.toLowerCase()));
  const columns: TableColumn[] = grouped.map((column) => ({ name: column.name, type: column.type }));
  const list = grouped.map((column) => `${column.sql} as ${quoteName(column.name)}`);
  const spreads = pivot.values === undefined ? findValues(inner, pivot, input) : writtenValues(inner, pivot, pivot.values);
  for (const spread of spreads)
    for (const aggregate of pivot.aggregates) {
      const call = aggregate.expression;
      if (call.kind !== 'call') return cx.refuse('PIVOT needs an aggregate.', pivot.span);
      const name: Name = { text: cx.fresh('hw:value'), quoted: true, span: call.span };
      inner.scope.aliases.set(name.text.toLowerCase(), { sql: spread.condition, type: { kind: 'boolean' } });
      const filter: Expression = { kind: 'column', parts: [name], span: call.span };
      const emitted = cx.emit(
        {
          ...call,
          filter:
            call.filter === undefined ? filter : { kind: 'operator', operator: 'and', operands: [call.filter, filter], span: call.span },
        },
        inner.scope,
      );
      const fallback = pivot.fallback === undefined ? undefined : cx.emit(pivot.fallback, inner.scope);
      const title = pivotName(cx, spread, aggregate.alias?.text, pivot.aggregates.length);
      columns.push({ name: title, type: emitted.type });
      const value = fallback === undefined ? emitted.sql : `coalesce(${emitted.sql},${to(cx, fallback, emitted.type)})`;
      list.push(`${cx.filled({ sql: value, type: emitted.type })} as ${quoteName(title)}`);
    }
  const by = grouped.length === 0 ? '' : ` group by ${grouped.map((column) => column.sql).join(',')}`;
  return derived(from, `select ${list.join(',')} from ${input}${by}`, columns, pivot.alias);
}

/** The values that stand in IN (…). */
function writtenValues(inner: From, pivot: PivotRelation, values: NonNullable<PivotRelation['values']>): Spread[] {
  const { cx } = inner;
  return values.map((value) => {
    const parts =
      pivot.on.length > 1 && value.expression.kind === 'struct' ? value.expression.fields.map((field) => field.value) : [value.expression];
    // T-SQL and DuckDB name the values like columns.
    const literals = parts.map(
      (part): Expression =>
        part.kind === 'column' ? { kind: 'literal', type: 'string', value: part.parts.at(-1)?.text ?? '', span: part.span } : part,
    );
    const conditions = literals.map(
      (literal, i) =>
        emitOperator(cx, { kind: 'operator', operator: '=', operands: [pivot.on[i] ?? literal, literal], span: literal.span }, inner.scope)
          .sql,
    );
    return {
      condition: conditions.length === 1 ? (conditions[0] ?? '') : `(${conditions.join(' and ')})`,
      text: literals.map((literal) => (literal.kind === 'literal' ? literal.value : 'value')).join('_'),
      ...(value.alias === undefined ? {} : { alias: value.alias.text }),
      isText: value.expression.kind === 'literal' && value.expression.type === 'string',
    };
  });
}

/** The values found in the data: a question to the engine, whose answer names the columns. */
function findValues(inner: From, pivot: PivotRelation, input: string): Spread[] {
  const { cx } = inner;
  const on = pivot.on.map((expression) => cx.emit(expression, inner.scope));
  const names = on.map((_, i) => `"v${i}"`).join(',');
  const key = pivot.found?.orderBy[0];
  let question: string;
  if (pivot.found?.query !== undefined) {
    const query = cx.queryIn(pivot.found.query, inner.scope.parent, inner.ctes);
    question = `select * from (${query.sql})`;
  } else {
    const list = on.map((value, i) => `${value.sql} as "v${i}"`).join(',');
    // Without an order of its own the columns stand in the order of their values, so that they do not depend on that of the rows.
    const order = pivot.found?.orderBy.length ?? 0;
    const tail = order > 0 && key !== undefined ? `${key.descending ? ' desc' : ''} nulls ${nullsFirst(cx, key) ? 'first' : 'last'}` : '';
    question = `select distinct ${list} from ${input} where ${on.map((value) => `${value.sql} is not null`).join(' and ')} order by ${order > 0 ? `1${tail}` : names}`;
  }
  const rows = cx.ask(inner.ctes.definitions() + question, pivot.span);
  return rows.map((row) => {
    const values = on.map((_, i) => row[i] ?? null);
    const conditions = on.map((value, i) => {
      const found = values[i] ?? null;
      const sql = found === null ? 'NULL' : typeof found === 'number' ? String(found) : quoteText(String(found));
      return `(${value.sql} = ${coerce({ sql, type: value.type }, value.type.kind, cx.dialect) ?? sql})`;
    });
    return {
      condition: conditions.join(' and '),
      text: values.map((value, i) => shownValue(value, on[i]?.type)).join('_'),
      isText: on.every((value) => value.type.kind === 'string'),
    };
  });
}

function shownValue(value: string | number | null, type: ValueType | undefined): string {
  return type?.kind === 'boolean' ? (value === 1 ? 'true' : 'false') : String(value);
}

function pivotName(cx: Context, spread: Spread, aggregate: string | undefined, count: number): string {
  const { text, alias } = spread;
  const base =
    alias ??
    (cx.dialect === 'snowflake' && spread.isText ? `'${text}'` : cx.dialect === 'bigquery' && /^\d/.test(text) ? `_${text}` : text);
  if (aggregate === undefined && count === 1) return base;
  if (cx.dialect === 'bigquery') return aggregate === undefined ? base : `${aggregate}_${base}`;
  if (cx.dialect === 'snowflake' && base.endsWith("'")) return `${base.slice(0, -1)}_${(aggregate ?? '').toUpperCase()}'`;
  return `${base}_${aggregate ?? ''}`.replace(/_$/, '');
}

function columnNames(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(columnNames);
  const node = value as { kind?: unknown; parts?: readonly Name[] };
  if (node.kind === 'column') return [node.parts?.at(-1)?.text.toLowerCase() ?? ''];
  return Object.values(value).flatMap(columnNames);
}

/** A column's name as a value: Snowflake and Oracle keep names without quotes in capitals. */
function shownName(cx: Context, name: Name): string {
  return (cx.dialect === 'snowflake' || cx.dialect === 'oracle') && !name.quoted ? name.text.toUpperCase() : name.text;
}

/** UNPIVOT as a cross join with the names of the columns. */
export function emitUnpivot(from: From, unpivot: UnpivotRelation, emitRelation: EmitRelation): string {
  const { cx } = from;
  const inner: From = { cx, scope: new Scope(from.scope.parent), ctes: from.ctes, conditions: [] };
  const input = emitRelation(inner, unpivot.input);
  const source = (name: Name): ScopeColumn =>
    inner.scope.columns().find((column) => column.name.toLowerCase() === name.text.toLowerCase()) ??
    cx.refuse(
      withNearest(
        `There is no column '${name.text}' to unpivot.`,
        name.text,
        inner.scope.columns().map((column) => column.name),
      ),
      name.span,
    );
  const used = new Set(unpivot.columns.flatMap((column) => column.sources.map((name) => name.text.toLowerCase())));
  const kept = inner.scope.columns().filter((column) => !used.has(column.name.toLowerCase()));
  const index = cx.fresh('i');
  const labels = unpivot.columns.map((column) =>
    column.label === undefined
      ? quoteText(column.sources.map((name) => shownName(cx, name)).join('_'))
      : column.label.kind === 'column'
        ? quoteText(column.label.parts.map((name) => shownName(cx, name)).at(-1) ?? '')
        : cx.emit(column.label, inner.scope).sql,
  );
  const values = unpivot.valueNames.map((name, position) => {
    const sources = unpivot.columns.map((column) => source(column.sources[position] ?? name));
    const type = commonType(sources.map((column) => column.type));
    return {
      name: name.text,
      type,
      sql: `(case ${index}.column1 ${sources.map((column, i) => `when ${i} then ${to(cx, column, type)}`).join(' ')} end)`,
    };
  });
  const label = {
    name: unpivot.nameColumn.text,
    type: { kind: 'string' } as const,
    sql: `(case ${index}.column1 ${labels.map((text, i) => `when ${i} then ${text}`).join(' ')} end)`,
  };
  const all = [...kept, label, ...values];
  const where = unpivot.includeNulls ? '' : ` where ${values.map((value) => `${value.sql} is not null`).join(' or ')}`;
  const sql = `select ${all.map((column) => `${cx.filled(column)} as ${quoteName(column.name)}`).join(',')} from ${input} cross join (values ${unpivot.columns.map((_, i) => `(${i})`).join(',')}) as ${index}${where}`;
  return derived(
    from,
    sql,
    all.map((column) => ({ name: column.name, type: column.type })),
    unpivot.alias,
  );
}
