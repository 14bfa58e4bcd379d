import type { Dialect } from '../sql/dialect.ts';
import { integerIn } from '../sql/number-types.ts';
import { plainTypes, type SqlType, showType } from '../sql/types.ts';
import type { ValueType } from '../translate/value-type.ts';
import type { EngineColumn } from './engine.ts';

/** The columns of a result with their types in the words of the project's dialect, as lineage, hover and graph spell them; empty where a type is unknown. */
export function toResultColumns(columns: readonly { readonly name: string; readonly type: ValueType }[], dialect: Dialect): EngineColumn[] {
  return columns.map(({ name, type }) => ({ name, type: isUnknown(type) ? '' : showType(toSqlType(type, dialect), dialect) }));
}

/** Where the preview tells integers of 32 bits apart from wider ones. */
const narrowing: ReadonlySet<Dialect> = new Set<Dialect>(['postgres', 'redshift']);

function isUnknown(type: ValueType): boolean {
  return type.kind === 'unknown' || type.kind === 'null';
}

const otherNames: Partial<Record<ValueType['kind'], SqlType>> = {
  timestamp: plainTypes.datetime,
  timestamptz: plainTypes.timestamp,
  variant: plainTypes.json,
};

function toSqlType(type: ValueType, dialect: Dialect): SqlType {
  if (type.kind === 'array') return { kind: 'array', element: toSqlType(type.element, dialect) };
  if (type.kind === 'integer' && type.wide !== true && narrowing.has(dialect)) return integerIn(dialect);
  return otherNames[type.kind] ?? plainTypes[type.kind as keyof typeof plainTypes];
}
