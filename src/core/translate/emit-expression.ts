import type { Expression, FieldExpression, IndexExpression, LikeExpression, LiteralExpression, SubqueryExpression } from '../sql/ir.ts';
import { unreachable } from '../text/unreachable.ts';
import { castTo, coerce, kindText, toJsonItem, toText } from './coerce.ts';
import type { Context } from './context.ts';
import { emitCall } from './emit-call.ts';
import { emitOperator, unify } from './emit-operator.ts';
import { castInteger, emitCondition, to } from './emit-values.ts';
import { expandFunction } from './expand-function.ts';
import { formatClock, formatDate, formatMoment, parseClock, parseMoment } from './runtime/calendar.ts';
import { parseInterval } from './runtime/interval.ts';
import type { Scope } from './scope.ts';
import { isMixed } from './special-nested.ts';
import { quoteText, type Typed } from './sql-text.ts';
import { commonType, isNested, toValueType, types, type ValueType } from './value-type.ts';

/** The engine's SQL for an expression, with its type. */
export function emitExpression(cx: Context, expression: Expression, scope: Scope): Typed {
  switch (expression.kind) {
    case 'column': {
      const { value, rest } = scope.find(expression);
      return rest.reduce((at: Typed, part) => readField(cx, at, part.text, 'struct'), value);
    }
    case 'literal':
      return emitLiteral(cx, expression);
    case 'call': {
      const { functions } = cx.options;
      const body = functions?.get(expression.name);
      if (functions === undefined || body === undefined) return emitCall(cx, expression, scope);
      return emitExpression(cx, expandFunction(body, expression, cx.dialect, functions), scope);
    }
    case 'operator':
      return emitOperator(cx, expression, scope);
    case 'cast': {
      const operand = cx.emit(expression.operand, scope);
      const type = toValueType(expression.type, cx.dialect);
      // Macros that cast every column to the type that the catalogue gives write 'unknown' where the project does not say one.
      if (/^unknown$/i.test(expression.type.trim())) return operand;
      if (type.kind === 'unknown') cx.refuse(`The type '${expression.type}' is not known to the preview.`, expression.span);
      if (expression.format !== undefined) return castFormatted(cx, operand, type, expression.format, expression.safe, scope);
      return castTo(operand, type, expression.safe, cx.dialect, expression.span);
    }
    case 'case': {
      const branches = expression.branches.map(({ when, result }) => ({ when, result: cx.emit(result, scope) }));
      const otherwise = expression.otherwise && cx.emit(expression.otherwise, scope);
      const type = commonType([...branches.map((branch) => branch.result.type), ...(otherwise ? [otherwise.type] : [])]);
      const operand = expression.operand;
      const parts = branches.map(({ when, result }) => {
        const condition =
          operand === undefined
            ? emitCondition(cx, when, scope)
            : emitOperator(cx, { kind: 'operator', operator: '=', operands: [operand, when], span: when.span }, scope).sql;
        return `when ${condition} then ${to(cx, result, type)}`;
      });
      return { sql: `(case ${parts.join(' ')}${otherwise ? ` else ${to(cx, otherwise, type)}` : ''} end)`, type };
    }
    case 'in':
      return emitIn(cx, expression, scope);
    case 'between': {
      const [operand, low, high] = unify(
        cx,
        [expression.operand, expression.low, expression.high].map((item) => cx.emit(item, scope)),
      );
      return { sql: `(${operand} ${expression.negated ? 'not ' : ''}between ${low} and ${high})`, type: types.boolean };
    }
    case 'like':
      return emitLike(cx, expression, scope);
    case 'subquery':
      return emitSubquery(cx, expression, scope);
    case 'field':
      return emitField(cx, expression, scope);
    case 'index':
      return emitIndex(cx, expression, scope);
    case 'array': {
      const items = expression.items.map((item) => cx.emit(item, scope));
      if (cx.dialect === 'snowflake' && isMixed(items))
        return { sql: `json_array(${items.map(toJsonItem).join(',')})`, type: { kind: 'array', element: types.variant } };
      const element = commonType(items.map((item) => item.type));
      return {
        sql: `json_array(${items.map((item) => toJsonItem({ sql: renameFields(item, element) ?? to(cx, item, element), type: element })).join(',')})`,
        type: { kind: 'array', element: element.kind === 'null' ? types.unknown : element },
      };
    }
    case 'struct': {
      const fields = expression.fields.map((field, i) => ({
        name:
          field.name?.text ??
          (field.value.kind === 'column'
            ? (field.value.parts.at(-1)?.text ?? '')
            : `${['databricks', 'spark', 'hive'].includes(cx.dialect) ? 'col' : '_'}${i + 1}`),
        value: cx.emit(field.value, scope),
      }));
      return {
        sql: `json_object(${fields.map(({ name, value }) => `${quoteText(name)},${toJsonItem(value)}`).join(',')})`,
        type: { kind: 'struct', fields: fields.map(({ name, value }) => ({ name, type: value.type })) },
      };
    }
    case 'interval': {
      const value = cx.emit(expression.value, scope);
      const unit = expression.unit ?? '';
      if (value.literal !== undefined) {
        if (cx.dialect === 'snowflake' && /\b(day|week|hour|minute|second)s?\b.*\b(month|quarter|year)s?\b/i.test(value.literal))
          cx.refuse(
            'An interval whose days stand before its months is not available in a preview.',
            expression.span,
            'Write the months first.',
          );
        const constant = parseInterval(value.literal, unit);
        if (constant === undefined) cx.refuse(`'${value.literal} ${unit}' is not an interval that can be read here.`, expression.span);
        return { sql: quoteText(constant), type: types.interval };
      }
      return {
        sql: `hw_make_interval(${coerce(value, 'float', cx.dialect) ?? value.sql},${quoteText(unit === '' ? 'second' : unit)})`,
        type: types.interval,
      };
    }
    case 'parameter': {
      const position = /^\$(\d+)$/.exec(expression.text);
      const column = position ? scope.columns()[Number(position[1]) - 1] : undefined;
      return column ?? cx.refuse(`The parameter '${expression.text}' has no value in a preview.`, expression.span);
    }
    case 'lambda':
      return cx.refuse('A lambda can only be previewed as an argument of a function over arrays.', expression.span);
    case 'all-columns':
      return cx.refuse('A star cannot be previewed here.', expression.span);
    case 'opaque':
      return cx.refuse(`This part could not be read: ${expression.reason}.`, expression.span);
    default:
      return unreachable(expression);
  }
}

function emitLiteral(cx: Context, literal: LiteralExpression): Typed {
  const { value } = literal;
  switch (literal.type) {
    case 'null':
      return { sql: 'NULL', type: types.null };
    case 'boolean':
      return { sql: value.toLowerCase() === 'true' ? '1' : '0', type: types.boolean };
    case 'number':
      return emitNumber(cx, value.replace(/_/g, ''));
    case 'string':
      return { sql: quoteText(value), type: types.string, literal: value };
    case 'bytes':
      return { sql: `hw_utf8_bytes(${quoteText(value)})`, type: types.bytes };
    case 'date':
    case 'datetime':
    case 'timestamp': {
      const found = parseMoment(value, true);
      if (found === undefined) cx.refuse(`'${value}' is not a ${literal.type}.`, literal.span);
      const isDate = literal.type === 'date' && cx.dialect !== 'oracle';
      const text = isDate ? formatDate(found.days) : formatMoment(found);
      const zoned = literal.type === 'timestamp' && (cx.dialect === 'bigquery' || cx.dialect === 'databricks' || cx.dialect === 'spark');
      return { sql: quoteText(text), type: isDate ? types.date : zoned ? types.timestamptz : types.timestamp, literal: text };
    }
    case 'time': {
      const micros = parseClock(value);
      if (micros === undefined) cx.refuse(`'${value}' is not a time.`, literal.span);
      return { sql: quoteText(formatClock(micros)), type: types.time };
    }
    default:
      return unreachable(literal.type);
  }
}

function emitNumber(cx: Context, text: string): Typed {
  if (/^0x[0-9a-f]+$/i.test(text) || /^\d+$/.test(text)) {
    if (/^\d+$/.test(text) && BigInt(text) > 9223372036854775807n) return { sql: `${text}.0`, type: types.decimal, literal: text };
    return { sql: text.replace(/^0+(?=\d)/, ''), type: types.integer, literal: text };
  }
  const plain = text.replace(/[lLdDfF]$|[bB][dD]$/, '');
  const number = plain.startsWith('.') ? `0${plain}` : plain.endsWith('.') ? `${plain}0` : plain;
  const isFloat =
    /e/i.test(number) || cx.dialect === 'bigquery' || cx.dialect === 'sqlite' || cx.dialect === 'clickhouse' || /[dDfF]$/.test(text);
  const [whole = '', behind = ''] = number.split('.');
  return {
    sql: number,
    type: isFloat ? types.float : { kind: 'decimal', precision: whole.replace(/^0+/, '').length + behind.length, scale: behind.length },
    literal: number,
  };
}

function castFormatted(cx: Context, operand: Typed, type: ValueType, format: Expression, safe: boolean, scope: Scope): Typed {
  const pattern = cx.emit(format, scope);
  if (cx.dialect === 'tsql') return castStyled(cx, operand, type, pattern, format, safe);
  const kind = type.kind;
  if (kind === 'string') return { sql: `hw_format_date(${operand.sql},${pattern.sql},'oracle')`, type };
  if (kind === 'date' || kind === 'timestamp' || kind === 'timestamptz' || kind === 'time')
    return { sql: `hw_parse_date(${toText(operand, cx.dialect).sql},${pattern.sql},'oracle','${kind}',${safe ? 1 : 0})`, type };
  return cx.refuse('A cast with this format is not available in a preview.', format.span);
}

const styles: Readonly<Record<string, string>> = {
  '1': 'MM/dd/yy',
  '3': 'dd/MM/yy',
  '23': 'yyyy-MM-dd',
  '101': 'MM/dd/yyyy',
  '102': 'yyyy.MM.dd',
  '103': 'dd/MM/yyyy',
  '104': 'dd.MM.yyyy',
  '105': 'dd-MM-yyyy',
  '106': 'dd MMM yyyy',
  '107': 'MMM dd, yyyy',
  '108': 'HH:mm:ss',
  '110': 'MM-dd-yyyy',
  '111': 'yyyy/MM/dd',
  '112': 'yyyyMMdd',
  '120': 'yyyy-MM-dd HH:mm:ss',
  '121': 'yyyy-MM-dd HH:mm:ss.fff',
  '126': "yyyy-MM-dd'T'HH:mm:ss.FFFFFF",
  '127': "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'",
  '0': 'MMM d yyyy h:mmtt',
  '100': 'MMM d yyyy h:mmtt',
  '2': 'yy.MM.dd',
  '4': 'dd.MM.yy',
  '5': 'dd-MM-yy',
  '10': 'MM-dd-yy',
  '11': 'yy/MM/dd',
  '12': 'yyMMdd',
  '8': 'HH:mm:ss',
  '24': 'HH:mm:ss',
  '20': 'yyyy-MM-dd HH:mm:ss',
  '21': 'yyyy-MM-dd HH:mm:ss.fff',
  '25': 'yyyy-MM-dd HH:mm:ss.fff',
  '113': 'dd MMM yyyy HH:mm:ss:fff',
  '114': 'HH:mm:ss:fff',
};

/** T-SQL's CONVERT between bytes and text: style 1 writes and reads `0x` before the hexadecimal digits, style 2 does not. */
function castBytes(operand: Typed, type: ValueType, style: string): Typed | undefined {
  if (style !== '1' && style !== '2') return undefined;
  if (operand.type.kind === 'bytes' && type.kind === 'string') {
    const text = `${style === '1' ? "'0x' || " : ''}upper(hw_to_hex(${operand.sql},0))`;
    return { sql: type.length === undefined ? `(${text})` : `hw_varchar(${text},${type.length})`, type: types.string };
  }
  if (operand.type.kind !== 'string' || type.kind !== 'bytes') return undefined;
  return { sql: `hw_from_hex(${style === '1' ? `substr(${operand.sql},3)` : operand.sql})`, type };
}

/** T-SQL's CONVERT with a numbered style. */
function castStyled(cx: Context, operand: Typed, type: ValueType, style: Typed, format: Expression, safe: boolean): Typed {
  const bytes = castBytes(operand, type, style.literal ?? '');
  if (bytes !== undefined) return bytes;
  const pattern = styles[style.literal ?? ''];
  if (pattern === undefined)
    return cx.refuse(
      `The style ${style.literal ?? ''} of CONVERT is not available in a preview.`,
      format.span,
      `Styles ${Object.keys(styles).join(', ')} are.`,
    );
  if (type.kind === 'string') {
    const text = `hw_format_date(${operand.sql},${quoteText(pattern)},'dotnet')`;
    return { sql: type.length === undefined ? text : `hw_varchar(${text},${type.length})`, type: types.string };
  }
  if (operand.type.kind !== 'string') return castTo(operand, type, safe, cx.dialect, format.span);
  return { sql: `hw_parse_date(${operand.sql},${quoteText(pattern)},'dotnet','${type.kind}',${safe ? 1 : 0})`, type };
}

/** A struct in an array under the field names of the array's first, which give the others theirs. */
function renameFields(value: Typed, element: ValueType): string | undefined {
  if (element.kind !== 'struct' || value.type.kind !== 'struct') return undefined;
  const names = element.fields.map((field) => field.name);
  if (value.type.fields.every((field, i) => field.name === names[i])) return undefined;
  return `hw_rename_fields(${value.sql},${quoteText(JSON.stringify(names))})`;
}

function emitIn(cx: Context, expression: Extract<Expression, { kind: 'in' }>, scope: Scope): Typed {
  const not = expression.negated ? 'not ' : '';
  const operand = cx.emit(expression.operand, scope);
  if (!Array.isArray(expression.values)) {
    const query = cx.query(expression.values as Extract<Expression, { kind: 'subquery' }>['query'], scope);
    if (expression.operand.kind === 'struct') {
      const fields = expression.operand.fields.map((field) => cx.emit(field.value, scope).sql);
      return { sql: `((${fields.join(',')}) ${not}in (${query.sql}))`, type: types.boolean };
    }
    const type = commonType([operand.type, query.columns[0]?.type ?? types.unknown]);
    const name = cx.fresh('q');
    const column = query.columns[0];
    const same = column === undefined || column.type.kind === type.kind;
    const inner = same
      ? query.sql
      : `select ${to(cx, { sql: `${name}.${JSON.stringify(column.name)}`, type: column.type }, type)} from (${query.sql}) as ${name}`;
    return { sql: `(${to(cx, operand, type)} ${not}in (${inner}))`, type: types.boolean };
  }
  const values = expression.values as readonly Expression[];
  if (expression.operand.kind === 'struct' && values.every((value) => value.kind === 'struct')) {
    const rows = values.map((value) =>
      value.kind === 'struct' && expression.operand.kind === 'struct'
        ? expression.operand.fields
            .map(
              (field, i) =>
                emitOperator(
                  cx,
                  { kind: 'operator', operator: '=', operands: [field.value, value.fields[i]?.value ?? value], span: value.span },
                  scope,
                ).sql,
            )
            .join(' and ')
        : '0',
    );
    return { sql: `(${expression.negated ? 'not ' : ''}(${rows.map((row) => `(${row})`).join(' or ')}))`, type: types.boolean };
  }
  const emitted = values.map((value) => cx.emit(value, scope));
  const [only] = emitted;
  if (emitted.length === 1 && only?.type.kind === 'array') {
    const contained = `hw_array_contains(${only.sql},${operand.sql},${kindText(operand.type)})`;
    return { sql: expression.negated ? `(not ${contained})` : contained, type: types.boolean };
  }
  const [first, ...rest] = unify(cx, [operand, ...emitted]);
  return { sql: `(${first} ${not}in (${rest.join(',')}))`, type: types.boolean };
}

function emitLike(cx: Context, like: LikeExpression, scope: Scope): Typed {
  const operand = toText(cx.emit(like.operand, scope), cx.dialect).sql;
  const flags = like.operator === '~*' || ((like.operator === 'rlike' || like.operator === 'regexp') && cx.dialect === 'mysql') ? 'i' : '';
  const backslash =
    !['bigquery', 'tsql', 'trino', 'athena', 'duckdb', 'sqlite', 'oracle', 'snowflake'].includes(cx.dialect) || cx.dialect === 'bigquery';
  const escaped = like.escape ? toText(cx.emit(like.escape, scope), cx.dialect).sql : backslash ? `'\\'` : "''";
  const ignoresCase =
    like.operator === 'ilike' || (like.operator === 'like' && (cx.dialect === 'mysql' || cx.dialect === 'sqlite' || cx.dialect === 'tsql'));
  const one = (pattern: string): string => {
    switch (like.operator) {
      case 'like':
      case 'ilike':
        if (cx.dialect === 'tsql' && like.escape === undefined) return `hw_like_brackets(${operand},${pattern})`;
        return `hw_${ignoresCase ? 'ilike' : 'like'}(${operand},${pattern},${escaped})`;
      case 'similar to':
        return cx.dialect === 'duckdb' ? `hw_regex_full(${operand},${pattern},'')` : `hw_similar(${operand},${pattern})`;
      case 'glob':
        return `(${operand} glob ${pattern})`;
      case 'rlike':
      case 'regexp':
        return `hw_regex_${cx.dialect === 'snowflake' ? 'full' : 'find'}(${operand},${pattern},'${flags}')`;
      default:
        // DuckDB's `~` matches the whole text.
        return `hw_regex_${cx.dialect === 'duckdb' ? 'full' : 'find'}(${operand},${pattern},'${flags}')`;
    }
  };
  const patterns: string[] = [];
  for (const pattern of like.patterns) {
    const emitted = pattern.kind === 'subquery' ? undefined : cx.emit(pattern, scope);
    if (emitted === undefined || emitted.type.kind === 'array') {
      const name = cx.fresh('p');
      const source =
        emitted?.sql ??
        `(select json_group_array(column1) from (${pattern.kind === 'subquery' ? cx.query(pattern.query, scope).sql : ''}))`;
      const test = one(`${name}.value`);
      patterns.push(
        like.quantifier === 'all'
          ? `(not exists (select 1 from json_each(${source}) as ${name} where not ${test}))`
          : `exists (select 1 from json_each(${source}) as ${name} where ${test})`,
      );
    } else patterns.push(one(toText(emitted, cx.dialect).sql));
  }
  const joined = patterns.length === 1 ? (patterns[0] ?? '1') : `(${patterns.join(like.quantifier === 'all' ? ' and ' : ' or ')})`;
  return { sql: like.negated ? `(not ${joined})` : joined, type: types.boolean };
}

function emitSubquery(cx: Context, expression: SubqueryExpression, scope: Scope): Typed {
  const query = cx.query(expression.query, scope);
  const column = query.columns[0];
  if (expression.form === 'exists') return { sql: `exists (${query.sql})`, type: types.boolean };
  if (expression.form === 'array') {
    const name = cx.fresh('q');
    const element = column?.type ?? types.unknown;
    const item = toJsonItem({ sql: `${name}.${JSON.stringify(column?.name ?? '')}`, type: element });
    return { sql: `(select json_group_array(${item}) from (${query.sql}) as ${name})`, type: { kind: 'array', element } };
  }
  if (expression.form !== 'scalar')
    return cx.refuse(`'${expression.form}' over a query is only available on the right of a comparison.`, expression.span);
  return { sql: `(${query.sql})`, type: column?.type ?? types.unknown };
}

/** A field of a struct, a key of an object. */
function readField(cx: Context, value: Typed, name: string, form: FieldExpression['form']): Typed {
  if (value.type.kind === 'struct') {
    const position = /^_?(\d+)$/.exec(name);
    const field =
      value.type.fields.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase()) ??
      (position ? value.type.fields[Number(position[1]) - 1] : undefined);
    if (field !== undefined)
      return { sql: `hw_struct_field(${value.sql},${quoteText(field.name)},${kindText(field.type)})`, type: field.type };
  }
  if (value.type.kind === 'map')
    return { sql: `hw_struct_field(${value.sql},${quoteText(name)},${kindText(value.type.value)})`, type: value.type.value };
  if (form === 'json-text')
    return { sql: `hw_json_key_text(${value.sql},${/^\d+$/.test(name) ? name : quoteText(name)})`, type: types.string };
  if (form === 'json') return { sql: `hw_json_key(${value.sql},${/^\d+$/.test(name) ? name : quoteText(name)})`, type: types.json };
  const type = value.type.kind === 'json' ? types.json : types.variant;
  return { sql: `hw_json_key${form === 'variant' && cx.dialect === 'databricks' ? '_nocase' : ''}(${value.sql},${quoteText(name)})`, type };
}

function emitField(cx: Context, expression: FieldExpression, scope: Scope): Typed {
  const operand = cx.emit(expression.operand, scope);
  if (!isNested(operand.type) && !['string', 'unknown', 'null'].includes(operand.type.kind))
    cx.refuse(`There is no field '${expression.field.text}' in a value of type ${operand.type.kind}.`, expression.span);
  const isIndex = (expression.form === 'json' || expression.form === 'json-text') && !expression.field.quoted;
  const isPath = expression.field.quoted && expression.field.text.startsWith('$') && expression.form.startsWith('json');
  if (isPath)
    return expression.form === 'json'
      ? { sql: `hw_json_path(${operand.sql},${quoteText(expression.field.text)},'json')`, type: types.json }
      : { sql: `hw_json_scalar(${operand.sql},${quoteText(expression.field.text)},1)`, type: types.string };
  if (expression.form.startsWith('json') && !isIndex)
    return expression.form === 'json'
      ? { sql: `hw_json_key(${operand.sql},${quoteText(expression.field.text)})`, type: types.json }
      : { sql: `hw_json_key_text(${operand.sql},${quoteText(expression.field.text)})`, type: types.string };
  const field = readField(cx, operand, expression.field.text, expression.form);
  return cx.dialect === 'databricks' && expression.form === 'variant' && operand.type.kind === 'string'
    ? { sql: `hw_variant_text(${field.sql})`, type: types.json }
    : field;
}

/** The base that array positions count from where no mode is written. */
function arrayBase(cx: Context): number {
  return ['postgres', 'duckdb', 'trino', 'athena', 'clickhouse'].includes(cx.dialect) ? 1 : 0;
}

function emitIndex(cx: Context, expression: IndexExpression, scope: Scope): Typed {
  const operand = cx.emit(expression.operand, scope);
  const index = cx.emit(expression.index, scope);
  const base = arrayBase(cx);
  if (expression.end !== undefined) {
    const end = cx.emit(expression.end, scope);
    // DuckDB counts a negative bound from the end.
    if (cx.dialect === 'duckdb' && operand.type.kind === 'string')
      return {
        sql: `hw_slice_text(${operand.sql},${index.type.kind === 'null' ? '1' : index.sql},${end.type.kind === 'null' ? '-1' : end.sql})`,
        type: types.string,
      };
    const low = index.type.kind === 'null' ? '0' : `(${index.sql}) - ${base}`;
    if (operand.type.kind === 'string')
      return {
        sql: `hw_substring(${operand.sql},${index.type.kind === 'null' ? '1' : index.sql},${end.type.kind === 'null' ? '1000000000' : `(${end.sql}) - (${index.type.kind === 'null' ? '1' : index.sql}) + 1`},'negative-left')`,
        type: types.string,
      };
    return { sql: `hw_array_slice(${operand.sql},${low},${end.type.kind === 'null' ? '1000000000' : end.sql})`, type: operand.type };
  }
  if (operand.type.kind === 'struct' && index.literal !== undefined) return readField(cx, operand, index.literal, 'struct');
  if (operand.type.kind === 'map')
    return {
      sql: `hw_struct_field(${operand.sql},${toText(index, cx.dialect).sql},${kindText(operand.type.value)})`,
      type: operand.type.value,
    };
  if (operand.type.kind === 'string' && cx.dialect === 'duckdb')
    return { sql: `hw_substring(${operand.sql},${index.sql},1,'zero-empty')`, type: types.string };
  if (operand.type.kind !== 'array') {
    const type = operand.type.kind === 'json' ? types.json : types.variant;
    return { sql: `hw_json_key(${operand.sql},${index.sql})`, type };
  }
  const { element } = operand.type;
  const mode = expression.mode ?? '';
  const offset = mode.endsWith('ordinal') ? 1 : mode.endsWith('offset') ? 0 : base;
  const strictIndex =
    mode === 'offset' || mode === 'ordinal' || cx.dialect === 'trino' || cx.dialect === 'databricks' || cx.dialect === 'bigquery';
  const safe = mode.startsWith('safe') ? 1 : cx.dialect === 'duckdb' || cx.dialect === 'clickhouse' ? 2 : strictIndex ? 0 : 1;
  return { sql: castInteger(`hw_array_at(${operand.sql},${index.sql},${offset},${safe},${kindText(element)})`, element), type: element };
}
