import type { Column } from '../snapshot.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { CsvType } from './csv-columns.ts';
import type { MarkdownTable } from './markdown-dictionary.ts';
import type { DeclaredColumn, DeclaredConstraint, Provenance } from './node.ts';

const ansi: Readonly<Record<CsvType, string>> = {
  boolean: 'boolean', integer: 'integer', bigint: 'bigint', decimal: 'numeric', double: 'double precision', date: 'date', timestamp: 'timestamp', text: 'varchar',
}; // biome-ignore format: a table

const peculiar: Partial<Record<Dialect, Partial<Record<CsvType, string>>>> = {
  bigquery: { integer: 'int64', bigint: 'int64', decimal: 'numeric', double: 'float64', boolean: 'bool', text: 'string' },
  snowflake: { double: 'float', decimal: 'number', timestamp: 'timestamp_ntz' },
  postgres: { text: 'text' },
  sqlite: { boolean: 'boolean', double: 'real', text: 'text' },
  spark: { integer: 'int', decimal: 'decimal(38,10)', double: 'double', text: 'string' },
  databricks: { integer: 'int', decimal: 'decimal(38,10)', double: 'double', text: 'string' },
  hive: { integer: 'int', decimal: 'decimal(38,10)', double: 'double', text: 'string' },
  duckdb: { decimal: 'decimal(38,10)', double: 'double' },
  trino: { decimal: 'decimal(38,10)', double: 'double' },
  athena: { decimal: 'decimal(38,10)', double: 'double' },
  tsql: { boolean: 'bit', integer: 'int', double: 'float', timestamp: 'datetime2', text: 'varchar(max)' },
  mysql: { integer: 'int', decimal: 'decimal(38,10)', double: 'double', timestamp: 'datetime', text: 'text' },
  clickhouse: {
    boolean: 'Bool',
    integer: 'Int32',
    bigint: 'Int64',
    decimal: 'Decimal(38,10)',
    double: 'Float64',
    date: 'Date',
    timestamp: 'DateTime',
    text: 'String',
  },
  oracle: {
    boolean: 'number(1)',
    integer: 'number(10)',
    bigint: 'number(19)',
    decimal: 'number',
    double: 'binary_double',
    text: 'varchar2(4000)',
  },
};

/** What a dialect calls the type of a CSV file's column. */
export function toDialectType(type: CsvType, dialect: Dialect): string {
  return peculiar[dialect]?.[type] ?? ansi[type];
}

/** A column of a snapshot made of one that was declared somewhere. */
export function toColumn(declared: DeclaredColumn, origin: Column['origin']): Column {
  return {
    name: declared.name,
    type: declared.type ?? '',
    ...(declared.constraints.some(({ kind }) => kind === 'not_null' || kind === 'primary_key') && { nullable: false }),
    description: declared.description ?? '',
    ...(declared.descriptionFrom && { descriptionFrom: declared.descriptionFrom }),
    origin,
    tests: [],
  };
}

/** A column of which only its name and place are known. */
export function toBareColumn(name: string, from: Provenance, type?: string): DeclaredColumn {
  return { name, ...(type !== undefined && type !== '' && { type }), tags: [], meta: {}, constraints: [], from };
}

/** What is documented of a relation. */
export interface Documented {
  readonly description: string;
  readonly descriptionFrom?: Provenance;
  readonly columns: readonly DeclaredColumn[];
  readonly constraints: readonly DeclaredConstraint[];
}

/** Adds what a document says to what is known; what the relation says of itself stays. Columns it alone knows come only where none are known. */
export function addDictionary(known: Documented, table: MarkdownTable): Documented {
  const documented = new Map(table.columns.map((column) => [column.name.toLowerCase(), column]));
  const columns = known.columns.map((column): DeclaredColumn => {
    const said = documented.get(column.name.toLowerCase());
    if (said === undefined) return column;
    return {
      ...column,
      ...(column.type === undefined && said.type !== undefined && { type: said.type }),
      ...(!column.description &&
        said.description && { description: said.description, ...(said.descriptionFrom && { descriptionFrom: said.descriptionFrom }) }),
      constraints: [...column.constraints, ...said.constraints],
    };
  });
  return {
    description: known.description || table.description,
    ...(known.description
      ? known.descriptionFrom && { descriptionFrom: known.descriptionFrom }
      : table.description && { descriptionFrom: table.from }),
    columns: known.columns.length > 0 ? columns : table.columns,
    constraints: [...known.constraints, ...table.constraints],
  };
}
