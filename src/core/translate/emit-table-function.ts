import type { FunctionRelation } from '../sql/ir.ts';
import { castTo, coerce, kindText, toJsonItem, toText } from './coerce.ts';
import { castInteger } from './emit-values.ts';
import type { From } from './from.ts';
import type { ScopeColumn } from './scope.ts';
import { quoteText, type Typed } from './sql-text.ts';
import type { TableColumn } from './table.ts';
import { commonType, isTemporal, toValueType, types, type ValueType } from './value-type.ts';

const unnesting = new Set([
  'unnest',
  'explode',
  'explode_outer',
  'posexplode',
  'posexplode_outer',
  'arrayjoin',
  'json_array_elements',
  'jsonb_array_elements',
  'json_array_elements_text',
  'jsonb_array_elements_text',
  'openjson',
  'inline',
  'inline_outer',
  'json_each',
  'jsonb_each',
  'json_each_text',
  'jsonb_each_text',
  'string_to_table',
  'regexp_matches',
  'split_to_table',
  'string_split',
  'strtok_split_to_table',
  'regexp_split_to_table',
  'jsonb_object_keys',
  'json_object_keys',
  'array_join',
  'stack',
]);

/** A function in FROM; it may read the columns of what stands to its left. */
export function emitTableFunction(from: From, relation: FunctionRelation): string {
  const { cx } = from;
  const { name } = relation;
  if (name === 'flatten') return emitFlatten(from, relation);
  if (name === 'generator') return emitGenerator(from, relation);
  if (
    name === 'generate_series' ||
    name === 'range' ||
    name === 'numbers' ||
    name === 'generate_date_array' ||
    name === 'sequence' ||
    name === 'generate_array'
  )
    return emitSeries(from, relation);
  if (unnesting.has(name)) return emitUnnest(from, relation);
  return cx.refuse(`The table function ${name.toUpperCase()} is not available in a preview.`, relation.span);
}

function add(from: From, relation: FunctionRelation, columns: readonly ScopeColumn[], isValue = false): void {
  const alias = relation.alias;
  const names = alias === undefined || alias.name.text === '' ? [] : [alias.name.text.toLowerCase()];
  const renamed = columns.map((column, i) => ({
    ...column,
    sql: from.cx.placed(column.sql, column.type),
    name: alias?.columns[i]?.text ?? column.name,
  }));
  from.scope.relations.push({ names, columns: renamed, ...(isValue ? { isValue } : {}) });
}

/** json_each over an array; outer joins give one row of NULLs where it is empty. */
function rows(name: string, array: string, isOuter: boolean): string {
  if (!isOuter) return `json_each(${array}) as ${name}`;
  return `json_each(iif(coalesce(json_array_length(${array}),0) = 0,'[null]',${array})) as ${name}`;
}

function ordinalColumn(cx: From['cx'], relation: FunctionRelation, name: string): ScopeColumn[] {
  const ordinal = relation.ordinal;
  if (ordinal === undefined) return [];
  return [{ name: ordinal.text, sql: cx.dialect === 'bigquery' ? `${name}.key` : `(${name}.key + 1)`, type: types.integer }];
}

function emitUnnest(from: From, relation: FunctionRelation): string {
  const { cx } = from;
  const position = cx.fresh('t');
  const [first, second] = relation.args;
  if (first === undefined) return cx.refuse(`${relation.name.toUpperCase()} needs an argument.`, relation.span);
  if (relation.args.length > 1 && relation.name === 'unnest') return unnestMany(from, relation);
  if (relation.name === 'openjson') return emitOpenJson(from, relation);
  if (relation.name === 'stack') return emitStack(from, relation);
  const value = cx.emit(first, from.scope);
  const isOuter = relation.outer || relation.name.endsWith('_outer');
  if (relation.name === 'regexp_matches') {
    const [pattern, flags] = [second, relation.args[2]].map((item) => (item === undefined ? "''" : cx.emit(item, from.scope).sql));
    const type: ValueType = { kind: 'array', element: types.string };
    add(from, relation, [{ name: relation.alias?.name.text || 'regexp_matches', sql: `${position}.value`, type }], true);
    return `json_each(hw_regex_all_groups(${value.sql},${pattern},${flags})) as ${position}`;
  }
  if (/^(string_split|string_to_table|split_to_table|strtok_split_to_table|regexp_split_to_table)$/.test(relation.name)) {
    const delimiter = second === undefined ? "' '" : cx.emit(second, from.scope).sql;
    const split =
      relation.name === 'regexp_split_to_table' ? `hw_regex_split(${value.sql},${delimiter},'')` : `hw_split(${value.sql},${delimiter},0)`;
    const columns: ScopeColumn[] = [{ name: 'value', sql: `${position}.value`, type: types.string }];
    if (relation.name !== 'string_split' && relation.name !== 'regexp_split_to_table' && relation.name !== 'string_to_table')
      columns.unshift({ name: 'seq', sql: '1', type: types.integer }, { name: 'index', sql: `(${position}.key + 1)`, type: types.integer });
    add(from, relation, columns, columns.length === 1);
    return `json_each(${split}) as ${position}`;
  }
  if (
    value.type.kind === 'map' ||
    /_each(_text)?$|object_keys$/.test(relation.name) ||
    (relation.name === 'openjson' && value.literal?.trim().startsWith('{'))
  )
    return unnestEntries(from, relation, value, position);
  const isText = relation.name.endsWith('_elements_text');
  const element: ValueType =
    value.type.kind === 'array'
      ? value.type.element
      : isText
        ? types.string
        : relation.name.startsWith('json')
          ? types.json
          : types.variant;
  const source = `hw_elements(${value.sql},${kindText(element)})`;
  const item: ScopeColumn = {
    // PostgreSQL names the column of these functions itself; an alias is that of the relation.
    name: /^jsonb?_array_elements/.test(relation.name)
      ? 'value'
      : relation.alias?.name.text || (relation.name === 'unnest' ? 'unnest' : 'col'),
    sql: element.kind === 'integer' ? `${position}.value` : `${position}.value`,
    type: element,
  };
  const positions: ScopeColumn[] = relation.name.startsWith('posexplode')
    ? [{ name: 'pos', sql: `${position}.key`, type: types.integer }]
    : [];
  if (
    element.kind === 'struct' &&
    (cx.dialect === 'bigquery' || cx.dialect === 'trino' || cx.dialect === 'athena' || relation.name.startsWith('inline'))
  ) {
    const fields = element.fields.map(
      (field): ScopeColumn => ({
        name: field.name,
        sql: `hw_struct_field(${position}.value,${quoteText(field.name)},${kindText(field.type)})`,
        type: field.type,
      }),
    );
    if (cx.dialect === 'bigquery') {
      from.scope.relations.push({ names: relation.alias === undefined ? [] : [relation.alias.name.text.toLowerCase()], columns: fields });
      if (relation.alias !== undefined) from.scope.aliases.set(relation.alias.name.text.toLowerCase(), item);
      const ordinal = ordinalColumn(cx, relation, position);
      if (ordinal.length > 0) from.scope.relations.push({ names: [], columns: ordinal });
      return rows(position, source, isOuter);
    }
    add(from, relation, [...positions, ...fields, ...ordinalColumn(cx, relation, position)]);
    return rows(position, source, isOuter);
  }
  const named =
    relation.name === 'openjson'
      ? [
          { name: 'key', sql: `cast(${position}.key as text)`, type: types.string },
          { ...item, name: 'value', type: types.string, sql: `hw_variant_text(${position}.value)` },
        ]
      : [...positions, item];
  add(from, relation, [...named, ...ordinalColumn(cx, relation, position)], named.length === 1);
  return rows(position, source, isOuter);
}

/** T-SQL's OPENJSON: key, value and type of each element, or the columns that WITH declares. */
function emitOpenJson(from: From, relation: FunctionRelation): string {
  const { cx } = from;
  const name = cx.fresh('t');
  const [first, path] = relation.args;
  if (first === undefined) return cx.refuse('OPENJSON needs a text.', relation.span);
  const value = toText(cx.emit(first, from.scope), cx.dialect).sql;
  const source = path === undefined ? value : `hw_json_path_lax(${value},${cx.emit(path, from.scope).sql})`;
  if (relation.declared.length === 0) {
    const at = (i: number): string => `json_extract(${name}.value,'$[${i}]')`;
    add(from, relation, [
      { name: 'key', sql: at(0), type: types.string },
      { name: 'value', sql: at(1), type: types.string },
      { name: 'type', sql: at(2), type: types.integer },
    ]);
    return `json_each(hw_open_json(${source})) as ${name}`;
  }
  const columns = relation.declared.map((column): ScopeColumn => {
    const type = toValueType(column.type ?? 'nvarchar', cx.dialect);
    const text = `hw_json_scalar(${name}.value,${quoteText(column.path ?? `$.${column.name.text}`)},1)`;
    return { name: column.name.text, sql: castTo({ sql: text, type: types.string }, type, false, cx.dialect, relation.span).sql, type };
  });
  add(from, relation, columns);
  return `json_each(hw_json_rows(${source})) as ${name}`;
}

/** Spark's STACK: the values row by row. */
function emitStack(from: From, relation: FunctionRelation): string {
  const { cx } = from;
  const name = cx.fresh('t');
  const [count, ...rest] = relation.args;
  const rowsWanted = count?.kind === 'literal' ? Number(count.value) : Number.NaN;
  if (!Number.isInteger(rowsWanted) || rowsWanted < 1) return cx.refuse('STACK needs a number of rows.', relation.span);
  const values = rest.map((item) => cx.emit(item, from.scope));
  const width = Math.ceil(values.length / rowsWanted);
  const columns = Array.from({ length: width }, (_, i): ScopeColumn => {
    const type = commonType(values.filter((_value, at) => at % width === i).map((value) => value.type));
    return { name: `col${i}`, sql: castInteger(`json_extract(${name}.value,'$[${i}]')`, type), type };
  });
  const list = Array.from({ length: rowsWanted }, (_, row) => {
    const cells = columns.map((column, i) => {
      const value = values[row * width + i];
      return value === undefined
        ? 'NULL'
        : toJsonItem({ sql: coerce(value, column.type.kind, cx.dialect) ?? value.sql, type: column.type });
    });
    return `json_array(${cells.join(',')})`;
  });
  add(from, relation, columns);
  return `json_each(json_array(${list.join(',')})) as ${name}`;
}

/** UNNEST of several arrays side by side. */
function unnestMany(from: From, relation: FunctionRelation): string {
  const { cx } = from;
  const name = cx.fresh('t');
  const arrays = relation.args.map((arg) => cx.emit(arg, from.scope));
  const columns = arrays.map((array, i): ScopeColumn => {
    const element = array.type.kind === 'array' ? array.type.element : types.variant;
    return { name: `unnest${i}`, sql: `hw_struct_field(${name}.value,'_${i + 1}',${kindText(element)})`, type: element };
  });
  add(from, relation, [...columns, ...ordinalColumn(cx, relation, name)]);
  // An array that is NULL has no items; those beside it have theirs.
  return `json_each(hw_array_zip(${arrays.map((array) => `coalesce(${array.sql},'[]')`).join(',')})) as ${name}`;
}

/** A map or an object: one row for every key. */
function unnestEntries(from: From, relation: FunctionRelation, value: Typed, name: string): string {
  const type: ValueType =
    value.type.kind === 'map'
      ? value.type.value
      : relation.name === 'openjson' || relation.name.endsWith('_text')
        ? types.string
        : types.json;
  const key: ScopeColumn = { name: 'key', sql: `json_extract(${name}.value,'$[0]')`, type: types.string };
  const item: ScopeColumn = { name: 'value', sql: `json_extract(${name}.value,'$[1]')`, type };
  add(from, relation, relation.name.endsWith('object_keys') ? [key] : [key, item]);
  return `json_each(hw_entries(${value.sql},${kindText(type)})) as ${name}`;
}

/** Snowflake's FLATTEN with its six columns. */
function emitFlatten(from: From, relation: FunctionRelation): string {
  const { cx } = from;
  const name = cx.fresh('f');
  const [input, ...rest] = relation.args;
  if (input === undefined) return cx.refuse('FLATTEN needs an input.', relation.span);
  const value = cx.emit(input, from.scope);
  const path = rest.find((item) => item.kind === 'literal' && item.type === 'string' && !/^(array|object|both)$/i.test(item.value));
  const mode = rest.find((item) => item.kind === 'literal' && item.type === 'string' && /^(array|object|both)$/i.test(item.value));
  const isDeep = rest.some((item) => item.kind === 'literal' && item.type === 'boolean' && item.value.toLowerCase() === 'true');
  const base = path?.kind === 'literal' ? path.value : '';
  const kept = mode?.kind === 'literal' ? mode.value.toLowerCase() : 'both';
  const source =
    base === '' ? (coerce(value, 'variant', cx.dialect) ?? value.sql) : `hw_json_path(${value.sql},${quoteText(base)},'variant')`;
  const array = `hw_flatten_rows(${source},${quoteText(base)},${quoteText(kept)},${isDeep ? 1 : 0},${relation.outer ? 1 : 0})`;
  const column = (title: string, sql: string, type: ValueType): ScopeColumn => ({ name: title, sql, type });
  const at = (i: number): string => `json_extract(${name}.value,'$[${i}]')`;
  add(from, relation, [
    column('seq', '1', types.integer),
    column('key', at(1), types.string),
    column('path', at(3), types.string),
    column('index', at(0), types.integer),
    column('value', at(2), types.variant),
    column('this', isDeep ? at(4) : source, types.variant),
  ]);
  return `json_each(${relation.outer ? `coalesce(${array},'[[null,null,null,""]]')` : array}) as ${name}`;
}

/** GENERATOR(ROWCOUNT => n): rows without columns, which SEQ4 numbers. */
function emitGenerator(from: From, relation: FunctionRelation): string {
  const { cx } = from;
  const name = cx.fresh('g');
  const count =
    relation.args[0] === undefined ? cx.refuse('GENERATOR needs a row count.', relation.span) : cx.emit(relation.args[0], from.scope).sql;
  from.scope.relations.push({
    names: relation.alias === undefined ? ['generator'] : [relation.alias.name.text.toLowerCase()],
    columns: [],
  });
  return `json_each(hw_array_generate(1,${count},1)) as ${name}`;
}

/** generate_series and its like over numbers and dates. */
function emitSeries(from: From, relation: FunctionRelation): string {
  const { cx } = from;
  const name = cx.fresh('s');
  const isRange = relation.name === 'range' || relation.name === 'numbers';
  const values = relation.args.map((arg) => cx.emit(arg, from.scope));
  const [first, second, third] = values as [Typed | undefined, Typed | undefined, Typed | undefined];
  if (first === undefined) return cx.refuse(`${relation.name.toUpperCase()} needs its bounds.`, relation.span);
  const title = relation.alias?.name.text ?? relation.name;
  const isTime =
    [first, second].some((value) => value !== undefined && isTemporal(value.type)) ||
    third?.type.kind === 'interval' ||
    relation.name === 'generate_date_array';
  if (isTime && second !== undefined) {
    const isDate = relation.name === 'generate_date_array' || (relation.name === 'sequence' && first.type.kind === 'date');
    const type = isDate ? types.date : first.type.kind === 'timestamptz' ? types.timestamptz : types.timestamp;
    const [low, high] = [first, second].map((value) => coerce(value, type.kind, cx.dialect) ?? value.sql);
    const column: TableColumn & { sql: string } = { name: title, sql: `${name}.value`, type };
    add(from, relation, [column, ...ordinalColumn(cx, relation, name)], true);
    return `json_each(hw_date_series(${low},${high},${third === undefined ? "'0|1|0'" : (coerce(third, 'interval', cx.dialect) ?? third.sql)},'${isDate ? 'date' : 'timestamp'}',${isRange ? 1 : 0})) as ${name}`;
  }
  const [low, high] =
    second === undefined
      ? ['0', first.sql]
      : relation.name === 'numbers'
        ? [first.sql, `(${first.sql}) + (${second.sql})`]
        : [first.sql, second.sql];
  const step = third?.sql ?? '1';
  const top = isRange ? `(${high}) - iif(${step} > 0,1,-1)` : high;
  const column = {
    name:
      cx.dialect === 'clickhouse'
        ? 'number'
        : cx.dialect === 'databricks' && isRange
          ? 'id'
          : relation.alias === undefined && cx.dialect === 'tsql'
            ? 'value'
            : title,
    sql: `${name}.value`,
    type: first.type.kind === 'string' ? types.integer : first.type,
  };
  add(from, relation, [column, ...ordinalColumn(cx, relation, name)], true);
  return `json_each(hw_array_generate(${low},${top},${step})) as ${name}`;
}
