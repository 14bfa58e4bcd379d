import type { Expression, OperatorExpression } from '../sql/ir.ts';
import { coerce, literalNumber, toJsonItem, toText } from './coerce.ts';
import type { Context } from './context.ts';
import type { Scope } from './scope.ts';
import type { Typed } from './sql-text.ts';
import { commonType, isNumeric, isTemporal, isWide, types, type ValueType } from './value-type.ts';

/** The values made comparable: all in the type they share. */
export function unify(cx: Context, values: readonly Typed[]): string[] {
  const type = commonType(values.map((value) => value.type));
  if (type.kind === 'string' && (cx.dialect === 'mysql' || cx.dialect === 'tsql'))
    cx.notes.add('Text is compared exactly; the collation of the warehouse may ignore case.');
  return values.map((value) => coerce(value, type.kind, cx.dialect) ?? value.sql);
}

const comparisons = new Set(['=', '<>', '<', '<=', '>', '>=', '<=>', 'is distinct from', 'is not distinct from']);

/** The engine's SQL for an operator, with the meaning it has in the dialect. */
export function emitOperator(cx: Context, expression: OperatorExpression, scope: Scope): Typed {
  const { operator, operands, span } = expression;
  const boolean = (sql: string): Typed => ({ sql, type: types.boolean });
  if (operator === 'and' || operator === 'or')
    return boolean(`(${operands.map((item) => coerce(cx.emit(item, scope), 'boolean', cx.dialect) ?? '0').join(` ${operator} `)})`);
  if (comparisons.has(operator)) return emitComparison(cx, expression, scope);
  if (operator === 'prior' || operator === 'connect_by_root') {
    const above = scope.above();
    const [operand] = operands;
    if (operator === 'prior' && above !== undefined && operand !== undefined) return cx.emit(operand, above);
    return scope.carried(expression) ?? cx.refuse(`${operator.toUpperCase()} stands only in a query with CONNECT BY.`, span);
  }
  const values = operands.map((item) => cx.emit(item, scope));
  const [first, second] = values as [Typed, Typed];
  switch (operator) {
    case 'not':
      return boolean(`(not ${coerce(first, 'boolean', cx.dialect) ?? first.sql})`);
    case 'xor':
      return boolean(`((${first.sql} <> 0) <> (${second.sql} <> 0))`);
    case 'is null':
    case 'is not null':
      return boolean(`(${first.sql} ${operator})`);
    case 'is true':
    case 'is false':
      return boolean(`(${coerce(first, 'boolean', cx.dialect) ?? first.sql} is ${operator === 'is true' ? 1 : 0})`);
    case 'is not true':
    case 'is not false':
      return boolean(`(${coerce(first, 'boolean', cx.dialect) ?? first.sql} is not ${operator === 'is not true' ? 1 : 0})`);
    case 'is unknown':
    case 'is not unknown':
      return boolean(`(${first.sql} is ${operator === 'is unknown' ? '' : 'not '}null)`);
    case '||':
      return concatenate(cx, values);
    case '+':
      if (values.length > 2) return values.slice(1).reduce((sum, value) => add(cx, '+', sum, value, expression), first);
      if (second === undefined) return first;
      return add(cx, '+', first, second, expression);
    case '-':
      if (second === undefined) {
        if (first.type.kind === 'interval') return { sql: `hw_interval_times(${first.sql},-1)`, type: types.interval };
        const number = coerce(first, isNumeric(first.type) ? first.type.kind : 'float', cx.dialect) ?? first.sql;
        return {
          sql: `(-${number})`,
          type: isNumeric(first.type) ? first.type : types.float,
          ...(first.literal === undefined ? {} : { literal: `-${first.literal}` }),
        };
      }
      return add(cx, '-', first, second, expression);
    case '*':
      return values.slice(1).reduce((product, value) => multiply(cx, product, value), first);
    case '/':
      return divide(cx, first, second);
    case '//':
    case 'div':
      return { sql: `cast(hw_div_int(${numeric(cx, first)},${nullZero(cx, numeric(cx, second))}) as integer)`, type: types.integer };
    case '%':
      return modulo(cx, first, second);
    case '^':
      if (['bigquery', 'tsql', 'mysql', 'databricks', 'spark', 'hive'].includes(cx.dialect))
        return { sql: `cast(hw_bit_xor(${first.sql},${second.sql}) as integer)`, type: types.integer };
      return { sql: `hw_power(${numeric(cx, first)},${numeric(cx, second)})`, type: types.float };
    case '**':
      return { sql: `hw_power(${numeric(cx, first)},${numeric(cx, second)})`, type: types.float };
    case '#':
      return { sql: `cast(hw_bit_xor(${first.sql},${second.sql}) as integer)`, type: types.integer };
    case '|':
    case '&':
    case '<<':
    case '>>':
      return { sql: `(${values.map((value) => value.sql).join(` ${operator} `)})`, type: types.integer };
    case '~':
      return { sql: `(~${first.sql})`, type: types.integer };
    case '->':
    case '->>':
      return operator === '->'
        ? { sql: `hw_json_key(${first.sql},${second.sql})`, type: types.json }
        : { sql: `hw_json_key_text(${first.sql},${second.sql})`, type: types.string };
    case '#>':
    case '#>>': {
      const path =
        second.literal === undefined
          ? `'$' || replace(replace(replace(${second.sql},'{','.'),'}',''),',','.')`
          : `'$${second.literal
              .replace(/[{}]/g, '')
              .split(',')
              .map((part) => (/^-?\d+$/.test(part.trim()) ? `[${part.trim()}]` : `["${part.trim().replace(/'/g, "''")}"]`))
              .join('')}'`;
      return operator === '#>'
        ? { sql: `hw_json_path(${first.sql},${path},'json')`, type: types.json }
        : { sql: `hw_json_scalar(${first.sql},${path},1)`, type: types.string };
    }
    case '@>':
    case '<@': {
      const [whole, part] = operator === '@>' ? [first, second] : [second, first];
      return boolean(`hw_json_contains(${whole.sql},${part.sql})`);
    }
    case '&&':
      if (first.type.kind === 'array') return boolean(`hw_array_overlap(${first.sql},${second.sql})`);
      return boolean(`(${first.sql} and ${second.sql})`);
    case '?|':
    case '?&':
      return boolean(`hw_json_has_keys(${first.sql},${second.sql},${operator === '?&' ? 1 : 0})`);
    case '?':
      return boolean(`hw_json_has_key(${first.sql},${second.sql})`);
    case '^@':
      return boolean(`hw_starts_with(${first.sql},${second.sql})`);
    case 'at time zone':
      // Trino shows the same moment elsewhere; the others give a time of day its zone.
      return first.type.kind === 'timestamptz' || cx.dialect === 'trino' || cx.dialect === 'athena'
        ? { sql: `hw_shift_zone(${coerce(first, 'timestamp', cx.dialect) ?? first.sql},'UTC',${second.sql})`, type: types.timestamp }
        : { sql: `hw_shift_zone(${coerce(first, 'timestamp', cx.dialect)},${second.sql},'UTC')`, type: types.timestamptz };
    case 'collate':
      cx.notes.add('Text is compared exactly; the collation of the warehouse may ignore case.');
      return first;
    case 'overlaps':
      if (operands[0]?.kind === 'struct' && operands[1]?.kind === 'struct') {
        const ends = [...operands[0].fields, ...operands[1].fields].map(
          (field) => coerce(cx.emit(field.value, scope), 'timestamp', cx.dialect) ?? 'NULL',
        );
        return boolean(`hw_overlaps(${ends.join(',')})`);
      }
      break;
  }
  return cx.refuse(`The operator '${operator}' is not available in a preview.`, span);
}

function emitComparison(cx: Context, expression: OperatorExpression, scope: Scope): Typed {
  const [left, right] = expression.operands as [Expression, Expression];
  const symbol = { '<=>': 'is', 'is not distinct from': 'is', 'is distinct from': 'is not' }[expression.operator] ?? expression.operator;
  const boolean = (sql: string): Typed => ({ sql, type: types.boolean });
  if (right.kind === 'subquery' && (right.form === 'any' || right.form === 'all')) {
    const query = cx.query(right.query, scope);
    const name = cx.fresh('q');
    const column = { sql: `${name}.${JSON.stringify(query.columns[0]?.name ?? '')}`, type: query.columns[0]?.type ?? types.unknown };
    return boolean(quantified(cx, cx.emit(left, scope), symbol, column, `(${query.sql}) as ${name}`, right.form));
  }
  if (right.kind === 'call' && (right.name === 'any' || right.name === 'all' || right.name === 'some') && right.args[0] !== undefined) {
    const array = cx.emit(right.args[0], scope);
    const name = cx.fresh('q');
    const element = array.type.kind === 'array' ? array.type.element : types.unknown;
    return boolean(
      quantified(
        cx,
        cx.emit(left, scope),
        symbol,
        { sql: `${name}.value`, type: element },
        `json_each(hw_elements(${array.sql},'${element.kind}')) as ${name}`,
        right.name === 'all' ? 'all' : 'any',
      ),
    );
  }
  if (
    left.kind === 'struct' &&
    right.kind === 'struct' &&
    left.fields.length === right.fields.length &&
    symbol !== 'is' &&
    symbol !== 'is not'
  ) {
    const pairs = left.fields.map((field, i) => unify(cx, [cx.emit(field.value, scope), cx.emit(right.fields[i]?.value ?? right, scope)]));
    return boolean(`((${pairs.map((pair) => pair[0]).join(',')}) ${symbol} (${pairs.map((pair) => pair[1]).join(',')}))`);
  }
  const values = [cx.emit(left, scope), cx.emit(right, scope)];
  const [a, b] = unify(cx, values);
  if (commonType(values.map((value) => value.type)).kind === 'interval')
    return boolean(`(hw_interval_micros(${a}) ${symbol} hw_interval_micros(${b}))`);
  return boolean(`(${a} ${symbol} ${b})`);
}

function quantified(cx: Context, left: Typed, symbol: string, right: Typed, from: string, form: 'any' | 'all'): string {
  const [a, b] = unify(cx, [left, right]);
  return form === 'any'
    ? `(select case when max(${a} ${symbol} ${b}) = 1 then 1 when count(*) > count(${a} ${symbol} ${b}) then null else 0 end from ${from})`
    : `(select case when min(${a} ${symbol} ${b}) = 0 then 0 when count(*) > count(${a} ${symbol} ${b}) then null else 1 end from ${from})`;
}

/** Joins texts, or arrays and their elements; any NULL gives NULL, but for Oracle, where it is the empty text. */
function concatenate(cx: Context, values: readonly Typed[]): Typed {
  const array = values.find((value) => value.type.kind === 'array')?.type;
  if (array !== undefined) {
    const parts = values.map((value) =>
      value.type.kind === 'array' || value.type.kind === 'null'
        ? value.sql
        : value.type.kind === 'string' && value.literal?.startsWith('{')
          ? value.sql
          : `json_array(${toJsonItem(value)})`,
    );
    return { sql: parts.length === 1 ? (parts[0] ?? '') : `hw_array_concat(${parts.join(',')})`, type: array };
  }
  const joinsJson = cx.dialect === 'postgres' && values.some((value) => value.type.kind === 'json' && isWide(value.type));
  if (joinsJson || values.every((value) => value.type.kind === 'json' || value.type.kind === 'null'))
    return { sql: values.slice(1).reduce((sum, value) => `hw_json_merge(${sum},${value.sql})`, values[0]?.sql ?? ''), type: types.json };
  if (values.every((value) => value.type.kind === 'bytes'))
    return { sql: `cast(${values.map((value) => value.sql).join(' || ')} as blob)`, type: types.bytes };
  const texts = values.map((value) => toText(value, cx.dialect).sql);
  return { sql: `(${texts.map((text) => (cx.dialect === 'oracle' ? `coalesce(${text},'')` : text)).join(' || ')})`, type: types.string };
}

export function numeric(cx: Context, value: Typed): string {
  return isNumeric(value.type) || value.type.kind === 'boolean' ? value.sql : (coerce(value, 'float', cx.dialect) ?? value.sql);
}

function numericType(value: Typed): ValueType {
  if (isNumeric(value.type)) return value.type;
  if (value.type.kind === 'boolean' || value.type.kind === 'null') return types.integer;
  return value.literal !== undefined && /^\s*-?\d+\s*$/.test(value.literal) ? types.integer : types.float;
}

const maxScale = 15;

function scaleOf(type: ValueType): number | undefined {
  return type.kind === 'integer' ? 0 : type.kind === 'decimal' ? type.scale : undefined;
}

/** A computed decimal, brought back to the double nearest to it. */
function decimal(sql: string, scale: number | undefined): Typed {
  if (scale === undefined) return { sql: `hw_significant(${sql})`, type: types.decimal };
  const kept = Math.min(scale, maxScale);
  return { sql: kept === 0 ? sql : `round(${sql},${kept})`, type: { kind: 'decimal', precision: 38, scale: kept } };
}

function add(cx: Context, sign: '+' | '-', left: Typed, right: Typed, expression: OperatorExpression): Typed {
  const temporal = addTemporal(cx, sign, left, right, expression);
  if (temporal !== undefined) return temporal;
  if (sign === '+' && (cx.dialect === 'tsql' || cx.dialect === 'duckdb') && left.type.kind === 'string' && right.type.kind === 'string')
    return { sql: `(${left.sql} || ${right.sql})`, type: types.string };
  if (
    sign === '+' &&
    cx.dialect === 'tsql' &&
    (left.type.kind === 'string' || right.type.kind === 'string') &&
    !isNumeric(left.type) &&
    !isNumeric(right.type)
  )
    return concatenate(cx, [left, right]);
  if (sign === '-' && (left.type.kind === 'json' || left.type.kind === 'variant') && cx.dialect === 'postgres')
    return { sql: `hw_json_delete(${left.sql},${right.sql})`, type: left.type };
  const type = commonType([numericType(left), numericType(right)]);
  const sql = `(${numeric(cx, left)} ${sign} ${numeric(cx, right)})`;
  if (type.kind !== 'decimal') return { sql, type };
  const scales = [scaleOf(numericType(left)), scaleOf(numericType(right))];
  return decimal(sql, scales.includes(undefined) ? undefined : Math.max(scales[0] ?? 0, scales[1] ?? 0));
}

const keepsDate = new Set(['snowflake', 'databricks', 'spark', 'hive', 'trino', 'athena', 'mysql', 'generic']);

function addTemporal(cx: Context, sign: '+' | '-', left: Typed, right: Typed, expression: OperatorExpression): Typed | undefined {
  const factor = sign === '-' ? -1 : 1;
  const [a, b] = [left.type, right.type];
  if (a.kind === 'interval' && b.kind === 'interval')
    return { sql: `hw_interval_sum(${left.sql},${right.sql},${factor})`, type: types.interval };
  if (b.kind === 'interval' || (a.kind === 'interval' && sign === '+')) {
    const [value, interval] = b.kind === 'interval' ? [left, right] : [right, left];
    if (value.type.kind === 'time')
      return { sql: `substr(hw_interval_add('1970-01-01 ' || ${value.sql},${interval.sql},${factor},'timestamp'),12)`, type: types.time };
    const at = isTemporal(value.type) ? value : { sql: coerce(value, 'timestamp', cx.dialect) ?? value.sql, type: types.timestamp };
    const hasTime = /\|-?0*[1-9]\d*'$/.test(interval.sql) || !interval.sql.startsWith("'");
    const type = at.type.kind !== 'date' ? at.type : keepsDate.has(cx.dialect) && !hasTime ? types.date : types.timestamp;
    return { sql: `hw_interval_add(${at.sql},${interval.sql},${factor},'${type.kind === 'date' ? 'date' : 'timestamp'}')`, type };
  }
  if (isTemporal(a) && (isTemporal(b) || (b.kind === 'string' && sign === '-'))) {
    if (sign !== '-') return cx.refuse('Two dates cannot be added.', expression.span);
    const later = right.type.kind === 'string' ? { sql: coerce(right, a.kind, cx.dialect) ?? right.sql, type: a } : right;
    if (
      a.kind === 'date' &&
      later.type.kind === 'date' &&
      cx.dialect !== 'bigquery' &&
      cx.dialect !== 'databricks' &&
      cx.dialect !== 'spark' &&
      cx.dialect !== 'trino' &&
      cx.dialect !== 'athena'
    )
      return { sql: `cast(hw_diff_date('edges','day',${later.sql},${left.sql},1) as integer)`, type: types.integer };
    if (cx.dialect === 'snowflake' || cx.dialect === 'tsql' || cx.dialect === 'mysql')
      return cx.refuse('The difference of two timestamps is not available here.', expression.span, 'DATEDIFF is.');
    if (cx.dialect === 'oracle')
      return {
        sql: `(hw_part_date('epoch.fraction',${left.sql}) - hw_part_date('epoch.fraction',${later.sql})) / 86400.0`,
        type: types.float,
      };
    return { sql: `hw_interval_between(${left.sql},${later.sql})`, type: types.interval };
  }
  if (a.kind === 'date' && b.kind === 'time' && sign === '+') return { sql: `(${left.sql} || ' ' || ${right.sql})`, type: types.timestamp };
  const [value, number] = isTemporal(a) ? [left, right] : [right, left];
  if (isTemporal(value.type) && (isNumeric(number.type) || number.type.kind === 'unknown') && (value === left || sign === '+')) {
    const kind = value.type.kind === 'date' ? 'date' : 'timestamp';
    if (kind === 'timestamp' && cx.dialect !== 'oracle' && cx.dialect !== 'tsql')
      return cx.refuse('A number cannot be added to a timestamp.', expression.span, 'DATEADD or an interval can.');
    if (kind === 'timestamp')
      return { sql: `hw_add_date('second',${factor} * (${number.sql}) * 86400.0,${value.sql},'timestamp')`, type: value.type };
    return { sql: `hw_add_date('day',${factor} * (${number.sql}),${value.sql},'date')`, type: types.date };
  }
  if (a.kind === 'time' && b.kind === 'time' && sign === '-')
    return { sql: `hw_interval_between('1970-01-01 ' || ${left.sql},'1970-01-01 ' || ${right.sql})`, type: types.interval };
  return undefined;
}

function multiply(cx: Context, left: Typed, right: Typed): Typed {
  if (left.type.kind === 'interval' || right.type.kind === 'interval') {
    const [interval, factor] = left.type.kind === 'interval' ? [left, right] : [right, left];
    return { sql: `hw_interval_times(${interval.sql},${factor.sql})`, type: types.interval };
  }
  const type = commonType([numericType(left), numericType(right)]);
  const sql = `(${numeric(cx, left)} * ${numeric(cx, right)})`;
  if (type.kind !== 'decimal') return { sql, type };
  const scales = [scaleOf(numericType(left)), scaleOf(numericType(right))];
  return decimal(sql, scales.includes(undefined) ? undefined : (scales[0] ?? 0) + (scales[1] ?? 0));
}

const truncating = new Set(['postgres', 'redshift', 'trino', 'athena', 'tsql', 'sqlite']);
const nullOnZero = new Set(['spark', 'hive', 'mysql', 'sqlite', 'duckdb']);

/** The divisor, NULL instead of zero in the dialects where that gives NULL. */
function nullZero(cx: Context, divisor: string): string {
  return nullOnZero.has(cx.dialect) ? `nullif(${divisor},0)` : divisor;
}

/** `/` with the integer rule, the scale and the division by zero of the dialect. */
function divide(cx: Context, left: Typed, right: Typed): Typed {
  if (left.type.kind === 'interval') return { sql: `hw_interval_times(${left.sql},1.0 / (${right.sql}))`, type: types.interval };
  const [a, b] = [numericType(left), numericType(right)];
  const [x, y] = [numeric(cx, left), numeric(cx, right)];
  const constant = literalNumber(right);
  const integers = a.kind === 'integer' && b.kind === 'integer';
  if (integers && truncating.has(cx.dialect)) {
    if (constant !== undefined && constant !== 0) return { sql: `(${x} / ${y})`, type: types.integer };
    return { sql: `cast(hw_div_int(${x},${nullZero(cx, y)}) as integer)`, type: types.integer };
  }
  const quotient =
    constant !== undefined && constant !== 0
      ? `(${x} / cast(${y} as real))`
      : cx.dialect === 'duckdb' || cx.dialect === 'clickhouse'
        ? `hw_div_ieee(${x},${y})`
        : nullOnZero.has(cx.dialect)
          ? `(${x} / nullif(cast(${y} as real),0))`
          : `hw_div_real(${x},${y})`;
  if (a.kind === 'float' || b.kind === 'float') return { sql: quotient, type: types.float };
  const [scaleA, scaleB] = [scaleOf(a), scaleOf(b)];
  const precisionB = b.kind === 'decimal' ? (b.precision ?? 38) : constant === undefined ? 10 : String(Math.abs(constant)).length;
  switch (cx.dialect) {
    case 'snowflake':
      return decimal(quotient, scaleA === undefined ? 6 : Math.max(scaleA, Math.min(scaleA + 6, 12)));
    case 'trino':
    case 'athena':
      return decimal(quotient, Math.max(scaleA ?? 0, scaleB ?? 0));
    case 'tsql':
      return decimal(quotient, Math.max(6, Math.min((scaleA ?? 0) + precisionB + 1, maxScale)));
    case 'redshift':
      return decimal(quotient, Math.max(4, Math.min((scaleA ?? 0) + precisionB - (scaleB ?? 0) + 1, maxScale)));
    case 'databricks':
    case 'spark':
      if (integers) return { sql: quotient, type: types.float };
      return decimal(quotient, Math.max(6, Math.min((scaleA ?? 0) + precisionB + 1, maxScale)));
    case 'mysql':
      return decimal(quotient, (scaleA ?? 0) + 4);
    case 'postgres':
    case 'oracle':
      return { sql: quotient, type: types.decimal };
    default:
      return { sql: quotient, type: types.float };
  }
}

export function modulo(cx: Context, left: Typed, right: Typed): Typed {
  const type = commonType([numericType(left), numericType(right)]);
  const [x, y] = [numeric(cx, left), numeric(cx, right)];
  const constant = literalNumber(right);
  if (type.kind === 'integer' && constant !== undefined && constant !== 0) return { sql: `(${x} % ${y})`, type };
  const sql = nullOnZero.has(cx.dialect) ? `hw_mod_null(${x},${y})` : `hw_mod(${x},${y})`;
  return { sql: type.kind === 'integer' ? `cast(${sql} as integer)` : sql, type };
}
