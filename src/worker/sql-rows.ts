import type { Dialect } from '../core/sql/dialect.ts';
import type { ShownCell, TextStyle } from '../protocol.ts';

interface SqlStyle {
  /** A whole query that names its columns, or rows alone. */
  readonly header: boolean;
  readonly dialect: Dialect;
  readonly ends: TextStyle['ends'];
}

/** In these a backslash in a text begins an escape. */
const withEscapes = new Set<Dialect>(['bigquery', 'snowflake', 'databricks', 'spark', 'hive', 'mysql', 'clickhouse']);

/** These have no VALUES in FROM, or name the columns of it otherwise. */
const withoutValues = new Set<Dialect>(['bigquery', 'oracle', 'sqlite', 'mysql', 'clickhouse', 'hive', 'generic']);

const isNumber = (type: string): boolean => /int|num|dec|real|double|float/i.test(type.replace(/interval|point/gi, ''));

/** Rows as SQL that gives them: `values` with the names of the columns, or selects in a row where a dialect has no such thing. */
export function toSqlRows(
  columns: readonly { readonly name: string; readonly type: string }[],
  rows: readonly (readonly ShownCell[])[],
  { header, dialect, ends }: SqlStyle,
): string {
  if (rows.length === 0 && ends.isFirst) return '-- no rows\n';
  const literals = rows.map((row) => row.map((value, at) => toLiteral(value, columns[at]?.type ?? '', dialect)));
  if (!header) return literals.map((row) => `(${row.join(', ')})`).join(',\n') + (ends.isLast ? '\n' : ',\n');
  const names = columns.map(({ name }) => toName(name, dialect));
  if (withoutValues.has(dialect)) {
    const from = dialect === 'oracle' ? ' from dual' : '';
    const selects = literals.map((row, at) => {
      const isNamed = ends.isFirst && at === 0;
      return `select ${row.map((literal, column) => (isNamed ? `${literal} as ${names[column]}` : literal)).join(', ')}${from}`;
    });
    return `${ends.isFirst ? '' : 'union all\n'}${selects.join('\nunion all\n')}\n`;
  }
  const values = literals.map((row) => `    (${row.join(', ')})`).join(',\n');
  const before = ends.isFirst ? 'select *\nfrom (\n  values\n' : ',\n';
  return `${before}${values}${ends.isLast ? `\n) as t (${names.join(', ')})\n` : ''}`;
}

function toLiteral(value: ShownCell, type: string, dialect: Dialect): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return dialect === 'tsql' || dialect === 'oracle' ? String(Number(value)) : String(value);
  if (isNumber(type) && /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value)) return value;
  const text = withEscapes.has(dialect) ? value.replaceAll('\\', '\\\\') : value;
  // BigQuery has no doubled quote.
  const quoted = dialect === 'bigquery' ? text.replaceAll("'", "\\'").replaceAll('\n', '\\n') : text.replaceAll("'", "''");
  return `${toTypeName(value, type, dialect)}'${quoted}'`;
}

/** A date or a time says what it is, where the dialect has a word for it. */
function toTypeName(value: string, type: string, dialect: Dialect): string {
  if (dialect === 'tsql' || dialect === 'sqlite' || dialect === 'generic') return '';
  if (/^date$/i.test(type) && /^\d{4}-\d\d-\d\d$/.test(value)) return 'date ';
  return /^(?:timestamp|datetime)/i.test(type) && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.test(value) && !/tz|zone/i.test(type)
    ? 'timestamp '
    : '';
}

function toName(name: string, dialect: Dialect): string {
  if (/^[a-z_][a-z0-9_]*$/.test(name)) return name;
  if (['bigquery', 'databricks', 'spark', 'hive', 'mysql', 'clickhouse'].includes(dialect)) return `\`${name.replaceAll('`', '``')}\``;
  return `"${name.replaceAll('"', '""')}"`;
}
