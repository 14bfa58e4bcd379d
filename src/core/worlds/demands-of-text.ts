import type { SqlReading } from '../docs/reading.ts';
import { conjunctsOf, expressionsIn } from '../keys/conditions.ts';
import type { CallExpression, Expression, Query, Select } from '../sql/ir.ts';
import type { ColumnId, Origin, Scenario, ValueKind, Wish } from './demand.ts';
import { columnIn, type PullBack } from './pull-back.ts';

/** What a text was found to want. */
export interface Found {
  readonly wishes: Wish[];
  readonly pairs: (readonly [ColumnId, ColumnId])[];
  readonly scenarios: Scenario[];
}

/** Collects what the SQL of a node wants of the columns that it reads. */
export function demandsOfText(reading: SqlReading, back: PullBack, originOf: (at: Expression) => Origin, into: Found): void {
  const text = new TextDemands(reading, back, originOf, into);
  const pending: object[] = [reading.query];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const { kind } = part as { readonly kind?: string };
    if (kind === 'select') text.select(part as Select);
    if (kind === 'join' && (part as { on?: Expression }).on !== undefined) text.conditions((part as { on: Expression }).on);
    if (kind === 'join') text.using(part as { readonly using: readonly { readonly text: string }[] });
    for (const key in part) {
      const value = (part as Record<string, unknown>)[key];
      if (key !== 'span' && typeof value === 'object' && value !== null) pending.push(value);
    }
  }
  for (const expression of expressionsIn(reading.query, true)) text.expression(expression);
}

const dates =
  /^(date_trunc|datetrunc|datediff|date_diff|dateadd|date_add|date_sub|extract|date_part|datepart|year|month|day|week|quarter|dayofweek|dayname|monthname|last_day|to_date|try_to_date|date|format_date|date_format|months_between|age|timestampdiff|timestamp_diff|datetime_diff|isoweek|week_iso|weekofyear|trunc_date|add_months|to_char_date)$/;
const timestamps =
  /^(timestamp_trunc|datetime_trunc|to_timestamp|to_timestamp_ntz|to_timestamp_tz|to_timestamp_ltz|try_to_timestamp|try_to_timestamp_ntz|convert_timezone|from_iso8601_timestamp|parse_timestamp|timestamp|datetime|timestampadd|timestamp_add|timestamp_sub|hour|minute|date_parse|to_iso8601|at_timezone|with_timezone|from_utc_timestamp|to_utc_timestamp)$/;
const epochs = /^(from_unixtime|timestamp_seconds|timestamp_millis|timestamp_micros|to_timestamp_seconds|epoch_ms)$/;
const numbers =
  /^(sum|avg|round|ceil|ceiling|floor|sqrt|power|pow|ln|log|stddev|stddev_pop|variance|median|abs|sign|mod|percentile_cont|safe_divide|div0|zeroifnull|to_number|try_to_number|to_decimal|try_to_decimal|to_numeric)$/;
const jsons =
  /^(parse_json|try_parse_json|json_extract|json_extract_scalar|json_value|json_query|json_extract_path_text|get_json_object|json_parse|from_json|object_keys|get_path|jsonb_extract_path_text|json_extract_string|to_variant)$/;
const arrays =
  /^(unnest|flatten|explode|explode_outer|json_array_elements|jsonb_array_elements|json_extract_array|json_query_array|array_size|array_length|json_array_length|cardinality|split_to_table)$/;
const texts =
  /^(lower|upper|trim|ltrim|rtrim|initcap|length|len|replace|regexp_replace|regexp_extract|regexp_substr|regexp_like|regexp_contains|substr|substring|left|right|concat|split|startswith|starts_with|endswith|contains|strpos|position|charindex|instr|md5|sha2|sha256|like)$/;

class TextDemands {
  constructor(
    private readonly reading: SqlReading,
    private readonly back: PullBack,
    private readonly originOf: (at: Expression) => Origin,
    private readonly into: Found,
  ) {}

  /** What WHERE wants all at once. */
  select(select: Select): void {
    this.#scenario([...conjunctsOf(select.where), ...conjunctsOf(select.qualify)]);
    for (const condition of [...conjunctsOf(select.where), ...conjunctsOf(select.having)]) this.#truth(condition);
  }

  /** What ON wants. */
  conditions(on: Expression): void {
    const parts = conjunctsOf(on);
    for (const part of parts) {
      this.#truth(part);
      if (part.kind !== 'operator' || part.operator !== '=') continue;
      const [a, b] = part.operands.map((one) => this.back.ofExpression(this.reading, one));
      for (const left of a ?? []) for (const right of b ?? []) this.into.pairs.push([left, right]);
    }
    this.#scenario(parts);
  }

  using({ using }: { readonly using: readonly { readonly text: string }[] }): void {
    if (using.length === 0) return;
    for (const name of using) {
      const found = this.reading.resolution.tables.flatMap((table) =>
        table.columns.columns.filter((column) => column.name.toLowerCase() === name.text.toLowerCase()),
      );
      const ids = found.flatMap((column) =>
        this.back.ofExpression(this.reading, {
          kind: 'column',
          parts: [{ text: column.name, quoted: false, span: { start: 0, end: 0 } }],
          span: { start: 0, end: 0 },
        }),
      );
      for (const [index, id] of ids.entries()) if (index > 0 && ids[0] !== undefined) this.into.pairs.push([ids[0], id]);
    }
  }

  expression(expression: Expression): void {
    switch (expression.kind) {
      case 'operator':
        this.#operator(expression.operator, expression.operands);
        return;
      case 'in':
        this.#in(expression.operand, expression.values);
        return;
      case 'between':
        this.#compare(expression.operand, expression.low);
        this.#compare(expression.operand, expression.high);
        return;
      case 'like':
        for (const pattern of expression.patterns)
          if (pattern.kind === 'literal' && (expression.operator === 'like' || expression.operator === 'ilike'))
            this.#wish(expression.operand, { kind: 'value', value: pattern.value.replace(/%/g, '').replace(/_/g, 'a') || 'a' });
        this.#is(expression.operand, 'text', 2);
        return;
      case 'case':
        for (const { when } of expression.branches) {
          if (expression.operand === undefined) this.#truth(when);
          else if (when.kind === 'literal') this.#wish(expression.operand, { kind: 'value', value: when.value });
        }
        return;
      case 'cast':
        if (expression.operand.kind === 'field' && expression.operand.form !== 'struct')
          this.#path(expression.operand, kindOfType(expression.type));
        this.#is(expression.operand, kindOfType(expression.type), expression.safe ? 3 : 5);
        return;
      case 'call':
        this.#call(expression);
        return;
      case 'field':
        if (expression.form !== 'struct') this.#path(expression);
        return;
      default:
    }
  }

  #operator(operator: string, operands: readonly Expression[]): void {
    if (['=', '<>', '!=', '<', '<=', '>', '>=', '==', 'is distinct from', 'is not distinct from'].includes(operator)) {
      const [a, b] = operands;
      if (a === undefined || b === undefined) return;
      this.#compare(a, b);
      this.#compare(b, a);
    } else if (operator === 'is null' || operator === 'is not null') {
      if (operands[0] !== undefined) this.#wish(operands[0], { kind: 'null' });
    } else if (['*', '/', '%'].includes(operator)) for (const one of operands) this.#is(one, 'number', 2);
    else if (operator === '||') for (const one of operands) this.#is(one, 'text', 1);
    else if ((operator === '+' || operator === '-') && operands.some((one) => one.kind === 'literal' && one.type === 'number'))
      for (const one of operands) this.#is(one, 'number', 1);
    else if ((operator === '+' || operator === '-') && operands.some((one) => one.kind === 'interval'))
      for (const one of operands) this.#is(one, 'timestamp', 2);
    else if (operator === 'not' || operator === 'and' || operator === 'or') for (const one of operands) this.#truth(one);
  }

  /** A column compared with something whose value or kind is known. */
  #compare(column: Expression, other: Expression): void {
    if (columnIn(column) === undefined) return;
    const value = literalOf(other);
    if (value !== undefined) {
      if (other.kind === 'literal' && other.type === 'boolean') this.#is(column, 'boolean', 4);
      else if (other.kind === 'literal' && other.type === 'number') {
        this.#is(column, /\./.test(value) ? 'number' : 'integer', 2);
        this.#wish(column, { kind: 'value', value });
      } else if (/^\d{4}-\d{2}-\d{2}/.test(value)) this.#is(column, value.length > 10 ? 'timestamp' : 'date', 2);
      else if (!(other.kind === 'literal' && other.type === 'null')) {
        this.#is(column, 'text', 2);
        this.#wish(column, { kind: 'value', value });
      }
    } else if (isClock(other)) this.#is(column, 'timestamp', 2);
  }

  #in(operand: Expression, values: readonly Expression[] | Query): void {
    if (Array.isArray(values)) {
      for (const value of values as readonly Expression[]) this.#compare(operand, value);
      return;
    }
    const query = values as Query;
    const first = query.body.kind === 'select' && query.body.items[0]?.kind === 'item' ? query.body.items[0].expression : undefined;
    if (first === undefined) return;
    for (const left of this.back.ofExpression(this.reading, operand))
      for (const right of this.back.ofExpression(this.reading, first)) this.into.pairs.push([left, right]);
  }

  /** An expression that stands where a condition does. */
  #truth(condition: Expression): void {
    if (condition.kind === 'column') this.#is(condition, 'boolean', 4);
    else if (condition.kind === 'operator' && condition.operator === 'not' && condition.operands[0] !== undefined)
      this.#truth(condition.operands[0]);
  }

  #call(call: CallExpression): void {
    const name = call.name.slice(call.name.lastIndexOf('.') + 1);
    const kind: ValueKind | undefined = epochs.test(name)
      ? 'epoch'
      : timestamps.test(name)
        ? 'timestamp'
        : dates.test(name)
          ? 'timestamp'
          : numbers.test(name)
            ? 'number'
            : jsons.test(name) || arrays.test(name)
              ? 'json'
              : texts.test(name)
                ? 'text'
                : undefined;
    if (name === 'split_part' || name === 'split') {
      const separator = call.args[1] === undefined ? undefined : literalOf(call.args[1]);
      const count = call.args[2] === undefined ? 2 : Number(literalOf(call.args[2]) ?? 2);
      if (separator !== undefined && call.args[0] !== undefined)
        this.#wish(call.args[0], { kind: 'parts', separator, count: Math.min(8, Math.max(2, count || 2)) });
    }
    const format = /^(to_date|to_timestamp|parse_date|parse_timestamp|strptime|date_parse|try_to_date|try_to_timestamp)$/.test(name)
      ? call.args.map(literalOf).find((one) => one !== undefined && /[%YMD]/i.test(one) && one.length > 3)
      : undefined;
    for (const argument of call.args) {
      if (format !== undefined) this.#wish(argument, { kind: 'format', format });
      if (kind !== undefined && argument.kind !== 'literal')
        this.#is(argument, kind, kind === 'text' ? 1 : arrays.test(name) || kind === 'epoch' ? 5 : 3);
    }
    if (arrays.test(name)) for (const argument of call.args) this.#wish(argument, { kind: 'path', path: ['[]'] });
    if (jsons.test(name)) {
      const path = call.args
        .slice(1)
        .map(literalOf)
        .filter((one) => one !== undefined);
      const steps = path.flatMap((one) => one.replace(/^\$\.?/, '').split(/[.[\]"']+/)).filter((one) => one !== '');
      if (call.args[0] !== undefined && steps.length > 0) this.#wish(call.args[0], { kind: 'path', path: steps });
    }
  }

  #path(expression: Extract<Expression, { kind: 'field' }>, type?: ValueKind): void {
    const path: string[] = [];
    let at: Expression = expression;
    while (at.kind === 'field' && at.form !== 'struct') {
      path.unshift(at.field.text);
      at = at.operand;
    }
    this.#is(at, 'json', 6);
    this.#wish(at, { kind: 'path', path, ...(type === undefined ? {} : { type }) });
  }

  #is(expression: Expression, type: ValueKind | undefined, weight: number): void {
    if (type === undefined || columnIn(expression) === undefined) return;
    // What a function is applied to is another value than what the function gives.
    const inner = expression.kind === 'cast' || expression.kind === 'call' ? undefined : type;
    if (inner !== undefined) this.#wish(expression, { kind: 'is', type: inner, weight });
  }

  #wish(expression: Expression, what: Wish['what']): void {
    const because = this.originOf(expression);
    for (const at of this.back.ofExpression(this.reading, expression)) this.into.wishes.push({ at, what, because });
  }

  /** The values that conditions want of one row of each relation at once. */
  #scenario(conditions: readonly Expression[]): void {
    const values = new Map<ColumnId['node'], Map<string, string | null>>();
    let because: Origin | undefined;
    for (const condition of conditions) {
      const wanted = wantedBy(condition);
      if (wanted === undefined) continue;
      for (const { node, column } of this.back.ofExpression(this.reading, wanted.column)) {
        const map = values.get(node) ?? new Map<string, string | null>();
        map.set(column, wanted.value);
        values.set(node, map);
        because ??= this.originOf(condition);
      }
    }
    for (const [node, map] of values) this.into.scenarios.push({ node, values: map, because: because ?? { text: 'a condition' } });
  }
}

/** The value that makes a simple condition true; `now` stands for a moment shortly before the run. */
function wantedBy(condition: Expression): { readonly column: Expression; readonly value: string | null } | undefined {
  if (condition.kind === 'column') return { column: condition, value: 'true' };
  if (condition.kind === 'operator') {
    const [a, b] = condition.operands;
    if (a === undefined) return undefined;
    if (condition.operator === 'not') return a.kind === 'column' ? { column: a, value: 'false' } : undefined;
    if (condition.operator === 'is null') return { column: a, value: null };
    if (condition.operator === 'is not null' || b === undefined) return undefined;
    const isFlipped = columnIn(a) === undefined;
    const [column, other] = isFlipped ? [b, a] : [a, b];
    const value = literalOf(other);
    if (columnIn(column) === undefined) return undefined;
    const operator = isFlipped ? (flipped[condition.operator] ?? condition.operator) : condition.operator;
    if (value === undefined) return isClock(other) ? { column, value: operator.startsWith('<') ? 'past' : 'now' } : undefined;
    return { column, value: fitting(operator, value, other) };
  }
  if (condition.kind === 'in' && !condition.negated && Array.isArray(condition.values)) {
    const value = literalOf((condition.values as readonly Expression[])[0]);
    return value === undefined ? undefined : { column: condition.operand, value };
  }
  if (condition.kind === 'like' && !condition.negated && condition.patterns[0]?.kind === 'literal')
    return { column: condition.operand, value: condition.patterns[0].value.replace(/%/g, '').replace(/_/g, 'a') || 'a' };
  if (condition.kind === 'between' && !condition.negated) {
    const value = literalOf(condition.low);
    return value === undefined ? undefined : { column: condition.operand, value };
  }
  return undefined;
}

const flipped: Readonly<Record<string, string | undefined>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function fitting(operator: string, value: string, other: Expression): string {
  const isNumber = other.kind === 'literal' && other.type === 'number';
  const isDate = /^\d{4}-\d{2}-\d{2}/.test(value);
  if (operator === '=' || operator === '==' || operator === '<=' || operator === '>=') return value;
  if (isNumber) return String(Number(value) + (operator === '<' ? -1 : 1));
  if (isDate) return moved(value, operator === '<' ? -1 : 1);
  return operator === '<>' || operator === '!=' ? `not ${value}`.slice(0, 60) : value;
}

function moved(date: string, days: number): string {
  const at = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10)) + days);
  return Number.isNaN(at) ? date : new Date(at).toISOString().slice(0, 10) + date.slice(10);
}

/** The text of a literal, or of a cast or a call of one. */
export function literalOf(expression: Expression | undefined): string | undefined {
  if (expression === undefined) return undefined;
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind === 'cast') return literalOf(expression.operand);
  if (expression.kind === 'operator' && expression.operator === '-' && expression.operands.length === 1) {
    const value = literalOf(expression.operands[0]);
    return value === undefined ? undefined : `-${value}`;
  }
  if (expression.kind === 'call' && /^(lower|upper|date|to_date|timestamp|to_timestamp)$/.test(expression.name))
    return literalOf(expression.args[0]);
  return undefined;
}

function isClock(expression: Expression): boolean {
  for (const part of expressionsIn(expression)) {
    if (
      part.kind === 'call' &&
      /^(current_date|current_timestamp|now|getdate|sysdate|systimestamp|current_datetime|today|localtimestamp|convert_timezone|dateadd|date_add|date_sub)$/.test(
        part.name,
      )
    )
      return true;
    if (part.kind === 'column' && /^(current_date|current_timestamp|sysdate|localtimestamp)$/i.test(part.parts[0]?.text ?? '')) return true;
  }
  return false;
}

/** The kind of values that a type's name stands for. */
export function kindOfType(type: string): ValueKind | undefined {
  const name = type.toLowerCase().replace(/\(.*$/, '').trim();
  if (/^(date)$/.test(name)) return 'date';
  if (/^(timestamp|datetime|timestamptz|timestamp_|smalldatetime)/.test(name)) return 'timestamp';
  if (/^time/.test(name)) return 'time';
  if (/^(int|integer|bigint|smallint|tinyint|int2|int4|int8|int64|long|byteint|hugeint|uint)/.test(name)) return 'integer';
  if (/^(numeric|decimal|number|float|double|real|bignumeric|money|dec)/.test(name)) return 'number';
  if (/^bool/.test(name)) return 'boolean';
  if (/^(json|jsonb|variant|object|array|struct|map|super)/.test(name) || name.endsWith('[]')) return 'json';
  if (/^(varchar|text|string|char|nvarchar|character|nchar|uuid|bpchar)/.test(name)) return 'text';
  return undefined;
}
