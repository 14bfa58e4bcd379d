import type { Dialect } from './dialect.ts';

/** What tells one dialect from another when text is read and names are compared. */
export interface DialectTraits {
  /** What `"…"` stands for. */
  readonly doubleQuoted: 'name' | 'string';
  /** Whether a backslash escapes inside a string. */
  readonly backslash: boolean;
  /** `[name]`, as T-SQL writes it. */
  readonly brackets: boolean;
  /** `#name` is a table of this session. */
  readonly temporaryMarks: boolean;
  /** `# …` begins a comment. */
  readonly hashComments: boolean;
  /** `// …` begins a comment. */
  readonly slashComments: boolean;
  /** `/* … *` + `/` may be nested. */
  readonly nestedComments: boolean;
  /** How an unquoted name is stored, or `ignore` where case never tells two names apart. */
  readonly unquoted: 'lower' | 'upper' | 'ignore';
  /** Whether quoted names keep their case, so that `"A"` and `"a"` are two columns. */
  readonly quotedIsExact: boolean;
  /** An item of a SELECT list may name an alias to its left: before or after the columns of FROM, or never. */
  readonly lateralAlias: 'columns-first' | 'alias-first' | 'never';
  /** `value:path.to[0]` reads into semi-structured data. */
  readonly colonPath: boolean;
  /** `column.field` may read a field of a struct. */
  readonly structPaths: boolean;
  /** `x -> x + 1` is a function. */
  readonly lambdas: boolean;
  /** Where `*` shows the columns of USING: before all others, or where the left relation has them. */
  readonly usingColumns: 'first' | 'in-place';
  /** Whether there are operators beyond those that all share, as extensions of PostgreSQL bring them. */
  readonly ownOperators: boolean;
  /** `${name}` stands for a value or a part of a name that is filled in before the text is run. */
  readonly substitutes: boolean;
  /** `||` means OR, as MySQL reads it. */
  readonly pipesMeanOr: boolean;
}

const base: DialectTraits = {
  doubleQuoted: 'name',
  backslash: false,
  brackets: false,
  temporaryMarks: false,
  hashComments: false,
  slashComments: false,
  nestedComments: false,
  unquoted: 'lower',
  quotedIsExact: true,
  lateralAlias: 'never',
  colonPath: false,
  structPaths: true,
  lambdas: false,
  usingColumns: 'first',
  ownOperators: false,
  substitutes: false,
  pipesMeanOr: false,
};

const spark: DialectTraits = {
  ...base,
  doubleQuoted: 'string',
  backslash: true,
  unquoted: 'ignore',
  quotedIsExact: false,
  lateralAlias: 'columns-first',
  lambdas: true,
  substitutes: true,
};

const trino: DialectTraits = { ...base, unquoted: 'ignore', quotedIsExact: false, lambdas: true };

const traits: Readonly<Record<Dialect, DialectTraits>> = {
  bigquery: { ...base, doubleQuoted: 'string', backslash: true, hashComments: true, unquoted: 'ignore', quotedIsExact: false },
  snowflake: {
    ...base,
    backslash: true,
    slashComments: true,
    unquoted: 'upper',
    lateralAlias: 'columns-first',
    colonPath: true,
    lambdas: true,
  },
  redshift: {
    ...base,
    temporaryMarks: true,
    backslash: true,
    nestedComments: true,
    quotedIsExact: false,
    unquoted: 'ignore',
    lateralAlias: 'columns-first',
  },
  postgres: { ...base, nestedComments: true, ownOperators: true },
  databricks: { ...spark, colonPath: true },
  spark,
  duckdb: {
    ...base,
    nestedComments: true,
    unquoted: 'ignore',
    quotedIsExact: false,
    lateralAlias: 'columns-first',
    lambdas: true,
    usingColumns: 'in-place',
  },
  trino,
  athena: trino,
  tsql: {
    ...base,
    brackets: true,
    temporaryMarks: true,
    nestedComments: true,
    unquoted: 'ignore',
    quotedIsExact: false,
    structPaths: false,
  },
  sqlite: {
    ...base,
    brackets: true,
    temporaryMarks: true,
    unquoted: 'ignore',
    quotedIsExact: false,
    structPaths: false,
    usingColumns: 'in-place',
  },
  mysql: {
    ...base,
    doubleQuoted: 'string',
    backslash: true,
    hashComments: true,
    unquoted: 'ignore',
    quotedIsExact: false,
    structPaths: false,
    pipesMeanOr: true,
  },
  clickhouse: {
    ...base,
    backslash: true,
    hashComments: true,
    unquoted: 'ignore',
    quotedIsExact: false,
    lateralAlias: 'alias-first',
    lambdas: true,
  },
  oracle: { ...base, unquoted: 'upper' },
  hive: { ...spark, lateralAlias: 'never' },
  generic: { ...base, unquoted: 'ignore', quotedIsExact: false, colonPath: true },
};

/** The reading rules of a dialect. */
export function traitsOf(dialect: Dialect): DialectTraits {
  return traits[dialect];
}

/** The form under which two names of a dialect are compared. */
export function foldName(text: string, quoted: boolean, dialect: DialectTraits): string {
  if (dialect.unquoted === 'ignore' || (quoted && !dialect.quotedIsExact)) return text.toLowerCase();
  if (quoted) return text;
  return dialect.unquoted === 'upper' ? text.toUpperCase() : text.toLowerCase();
}
