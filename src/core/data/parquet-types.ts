import type { SchemaElement, SchemaTree } from 'hyparquet';
import type { Dialect } from '../sql/dialect.ts';
import { integerIn } from '../sql/number-types.ts';
import { plainTypes, type SqlType, showType } from '../sql/types.ts';

/** A Parquet column's type as the dialect's SQL has it. */
export function toSqlType(tree: SchemaTree, dialect: Dialect): SqlType {
  const { element, children } = tree;
  if (children.length === 0) return toScalar(element, dialect);
  const kind = element.converted_type ?? element.logical_type?.type;
  if (kind === 'LIST') {
    const inner = children[0]?.children[0] ?? children[0];
    return inner === undefined ? plainTypes.json : { kind: 'array', element: toSqlType(inner, dialect) };
  }
  if (kind === 'MAP' || kind === 'MAP_KEY_VALUE') return mapType(children[0]?.children ?? [], dialect);
  return structType(children, dialect);
}

function toScalar(element: SchemaElement, dialect: Dialect): SqlType {
  const logical = element.logical_type;
  const converted = element.converted_type;
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') return decimalType(element.precision ?? 38, element.scale ?? 0, dialect);
  if (converted === 'DATE' || logical?.type === 'DATE') return plainTypes.date;
  if (logical?.type === 'TIME' || converted?.startsWith('TIME_')) return plainTypes.time;
  if (logical?.type === 'TIMESTAMP') return logical.isAdjustedToUTC ? plainTypes.timestamp : plainTypes.datetime;
  if (converted?.startsWith('TIMESTAMP_') || element.type === 'INT96') return plainTypes.datetime;
  if (logical?.type === 'UUID') return plainTypes.uuid;
  if (converted === 'JSON' || logical?.type === 'JSON') return plainTypes.json;
  if (converted === 'UTF8' || converted === 'ENUM' || logical?.type === 'STRING' || logical?.type === 'ENUM') return plainTypes.string;
  if (logical?.type === 'FLOAT16') return plainTypes.float;
  switch (element.type) {
    case 'BOOLEAN':
      return plainTypes.boolean;
    case 'INT32':
      return integerIn(dialect);
    case 'INT64':
      return plainTypes.integer;
    case 'FLOAT':
    case 'DOUBLE':
      return plainTypes.float;
    default:
      return plainTypes.bytes;
  }
}

/** `numeric(10,2)`, with the word that the dialect has for it. */
function decimalType(precision: number, scale: number, dialect: Dialect): SqlType {
  const word = showType(plainTypes.decimal, dialect);
  return { kind: 'decimal', precision, scale, text: `${word}(${precision},${scale})` };
}

function structType(children: readonly SchemaTree[], dialect: Dialect): SqlType {
  const fields = children.map((child) => ({ name: child.element.name, type: toSqlType(child, dialect) }));
  const inside = (between: string): string => fields.map(({ name, type }) => `${name}${between}${showType(type, dialect)}`).join(', ');
  const text =
    dialect === 'duckdb'
      ? `struct(${inside(' ')})`
      : dialect === 'bigquery'
        ? `struct<${inside(' ')}>`
        : dialect === 'spark' || dialect === 'databricks' || dialect === 'hive'
          ? `struct<${inside(':')}>`
          : dialect === 'trino' || dialect === 'athena'
            ? `row(${inside(' ')})`
            : undefined;
  return text === undefined ? plainTypes.json : { kind: 'struct', fields, text };
}

function mapType([key, value]: readonly SchemaTree[], dialect: Dialect): SqlType {
  if (key === undefined || value === undefined) return plainTypes.json;
  const inside = `${showType(toSqlType(key, dialect), dialect)}, ${showType(toSqlType(value, dialect), dialect)}`;
  if (dialect === 'duckdb' || dialect === 'trino' || dialect === 'athena') return { kind: 'map', text: `map(${inside})` };
  return dialect === 'spark' || dialect === 'databricks' || dialect === 'hive' ? { kind: 'map', text: `map<${inside}>` } : plainTypes.json;
}
