import type { Span } from '../text/span.ts';

/**
 * The one tree that lineage, types and translation see; both parsers are reduced to it. Every node carries the span of the SQL text
 * that it was read from (UTF-16 offsets). What a parser could not read is an `opaque` node around the smallest piece, with the reason.
 */
export interface Name {
  readonly text: string;
  readonly quoted: boolean;
  readonly span: Span;
}

export interface Query {
  readonly kind: 'query';
  readonly ctes: readonly Cte[];
  readonly recursive: boolean;
  readonly body: QueryBody;
  readonly orderBy: readonly SortKey[];
  readonly limit?: Expression;
  readonly offset?: Expression;
  readonly span: Span;
}

export interface Cte {
  readonly name: Name;
  readonly columns: readonly Name[];
  readonly query: Query;
  /** Whether WITH RECURSIVE lets it read itself. */
  readonly recursive?: boolean;
  readonly materialized?: boolean;
  /** The columns that SEARCH … SET and CYCLE … SET add, and what they are made from. */
  readonly marks?: readonly { readonly name: Name; readonly from: readonly Name[] }[];
  /** ClickHouse's `WITH expression AS name`: the name stands for a value, which is the query's only column. */
  readonly scalar?: boolean;
  readonly span: Span;
}

export type QueryBody = Select | SetOperation | Values | Nested | OpaqueQuery;

export interface Select {
  readonly kind: 'select';
  /** `true` for DISTINCT, expressions for DISTINCT ON. */
  readonly distinct: boolean | readonly Expression[];
  readonly items: readonly SelectItem[];
  readonly from: readonly Relation[];
  readonly where?: Expression;
  readonly groupBy: readonly Grouping[];
  readonly groupByAll: boolean;
  readonly having?: Expression;
  readonly qualify?: Expression;
  readonly windows: readonly { readonly name: Name; readonly window: Window }[];
  /** BigQuery's SELECT AS STRUCT and SELECT AS VALUE. */
  readonly as?: 'struct' | 'value';
  /** START WITH … CONNECT BY …. */
  readonly connectBy?: { readonly start?: Expression; readonly by: Expression };
  /** The table that SELECT … INTO fills. */
  readonly into?: readonly Name[];
  /** Other names for the rows of FROM: the variables of a pattern of MATCH_RECOGNIZE. */
  readonly variables?: readonly Name[];
  readonly span: Span;
}

export type SelectItem = ExpressionItem | StarItem;

export interface ExpressionItem {
  readonly kind: 'item';
  readonly expression: Expression;
  readonly alias?: Name;
  /** The names of the further columns that the expression gives: `explode(m) as (key, value)`. */
  readonly others?: readonly Name[];
  readonly span: Span;
}

export interface StarItem {
  readonly kind: 'star';
  /** `t` in `t.*`; several parts for `schema.t.*` or `struct.field.*`. */
  readonly qualifier: readonly Name[];
  readonly except: readonly Name[];
  readonly replace: readonly { readonly expression: Expression; readonly name: Name }[];
  readonly rename: readonly { readonly from: Name; readonly to: Name }[];
  /** Snowflake's and DuckDB's `* ILIKE 'pattern'`: the columns whose names match. */
  readonly like?: { readonly pattern: string; readonly ignoresCase: boolean };
  /** The expression whose fields are spread, as in `(struct_expression).*`. */
  readonly of?: Expression;
  readonly span: Span;
}

export type Grouping =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'rollup' | 'cube' | 'sets'; readonly sets: readonly (readonly Expression[])[] };

export interface SetOperation {
  readonly kind: 'set';
  readonly operator: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly byName: boolean;
  /** Which side's columns are kept where names are compared: BigQuery's LEFT, INNER and FULL; all where it is not said. */
  readonly side?: 'left' | 'inner' | 'full';
  readonly left: Query;
  readonly right: Query;
  readonly span: Span;
}

export interface Values {
  readonly kind: 'values';
  readonly rows: readonly (readonly Expression[])[];
  readonly span: Span;
}

/** A parenthesised query standing where a body may stand. */
export interface Nested {
  readonly kind: 'nested';
  readonly query: Query;
  readonly span: Span;
}

export interface OpaqueQuery {
  readonly kind: 'opaque-query';
  readonly reason: string;
  readonly text: string;
  /** What a second parser reads in it. */
  readonly meaning?: Query;
  readonly span: Span;
}

export type Relation = TableRelation | DerivedRelation | JoinRelation | FunctionRelation | PivotRelation | UnpivotRelation | OpaqueRelation;

export interface TableAlias {
  readonly name: Name;
  readonly columns: readonly Name[];
}

export interface TableRelation {
  readonly kind: 'table';
  /** From the outermost qualifier to the table itself. */
  readonly parts: readonly Name[];
  readonly alias?: TableAlias;
  /** Whether its columns are read only where it is named, as those of a MERGE's target are by INSERT. */
  readonly onlyNamed?: boolean;
  /** TABLESAMPLE, FOR SYSTEM_TIME and the like, as written. */
  readonly modifiers: readonly string[];
  readonly span: Span;
}

export interface DerivedRelation {
  readonly kind: 'derived';
  readonly query: Query;
  /** The semantic view that has whatever other column is asked for. */
  readonly behind?: readonly Name[];
  /** What one operator of pipe syntax hands to the next: the relations in its FROM can still be named. */
  readonly piped?: boolean;
  readonly lateral: boolean;
  readonly alias?: TableAlias;
  readonly span: Span;
}

export interface JoinRelation {
  readonly kind: 'join';
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross' | 'semi' | 'anti' | 'asof';
  readonly natural: boolean;
  readonly left: Relation;
  readonly right: Relation;
  readonly on?: Expression;
  readonly using: readonly Name[];
  readonly span: Span;
}

/** A function in FROM: `unnest(x)`, `table(flatten(…))`, `lateral view explode(x)`, `generate_series(…)`, `json_table(…)`. */
export interface FunctionRelation {
  readonly kind: 'function';
  /** Lower case. */
  readonly name: string;
  readonly args: readonly Expression[];
  readonly lateral: boolean;
  /** LATERAL VIEW OUTER, FLATTEN(outer => true), LEFT JOIN LATERAL … ON true. */
  readonly outer: boolean;
  readonly alias?: TableAlias;
  /** WITH OFFSET AS, WITH ORDINALITY, POSEXPLODE's position. */
  readonly ordinal?: Name;
  /** Columns the function declares itself, as JSON_TABLE or OPENJSON do. */
  readonly declared: readonly {
    readonly name: Name;
    readonly type?: string;
    readonly path?: string;
    /** FOR ORDINALITY: the number of the row. */
    readonly isOrdinal?: boolean;
  }[];
  readonly span: Span;
}

export interface PivotRelation {
  readonly kind: 'pivot';
  readonly input: Relation;
  readonly aggregates: readonly { readonly expression: Expression; readonly alias?: Name }[];
  readonly on: readonly Expression[];
  /** The values to spread, or undefined where the dialect finds them in the data (`ANY`, DuckDB's bare PIVOT). */
  readonly values?: readonly { readonly expression: Expression; readonly alias?: Name }[];
  /** The query that finds the values, and the order in which `ANY` wants them. */
  readonly found?: { readonly query?: Query; readonly orderBy: readonly SortKey[] };
  /** Snowflake's DEFAULT ON NULL. */
  readonly fallback?: Expression;
  readonly groupBy: readonly Expression[];
  readonly alias?: TableAlias;
  readonly span: Span;
}

export interface UnpivotRelation {
  readonly kind: 'unpivot';
  readonly input: Relation;
  readonly valueNames: readonly Name[];
  readonly nameColumn: Name;
  readonly columns: readonly { readonly sources: readonly Name[]; readonly label?: Expression }[];
  readonly includeNulls: boolean;
  readonly alias?: TableAlias;
  readonly span: Span;
}

export interface OpaqueRelation {
  readonly kind: 'opaque-relation';
  readonly reason: string;
  readonly text: string;
  /** Relations found inside, so that no table is lost. */
  readonly inputs: readonly Relation[];
  /** A query with the same columns made from the same inputs, though it may give other rows; undefined where nobody can tell. */
  readonly meaning?: Query;
  readonly alias?: TableAlias;
  readonly span: Span;
}

export interface SortKey {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nulls?: 'first' | 'last';
}

export interface Window {
  readonly base?: Name;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortKey[];
  readonly frame?: Frame;
}

export interface Frame {
  readonly unit: 'rows' | 'range' | 'groups';
  readonly start: FrameBound;
  readonly end?: FrameBound;
  readonly exclude?: 'current row' | 'group' | 'ties';
}

export interface FrameBound {
  readonly kind: 'unbounded preceding' | 'preceding' | 'current row' | 'following' | 'unbounded following';
  readonly value?: Expression;
}

export type Expression =
  | ColumnExpression
  | LiteralExpression
  | CallExpression
  | OperatorExpression
  | CastExpression
  | CaseExpression
  | InExpression
  | BetweenExpression
  | LikeExpression
  | SubqueryExpression
  | FieldExpression
  | IndexExpression
  | ArrayExpression
  | StructExpression
  | IntervalExpression
  | LambdaExpression
  | StarExpression
  | ParameterExpression
  | OpaqueExpression;

export interface ColumnExpression {
  readonly kind: 'column';
  /** `a`, `t.a`, `schema.t.a`, or a struct path whose split only the scopes can tell. */
  readonly parts: readonly Name[];
  readonly span: Span;
}

export interface LiteralExpression {
  readonly kind: 'literal';
  readonly type: 'string' | 'number' | 'boolean' | 'null' | 'date' | 'timestamp' | 'time' | 'datetime' | 'bytes';
  /** The value's text without quotes; escapes are resolved. */
  readonly value: string;
  readonly span: Span;
}

/** Every function, also those with syntax of their own (`extract`, `trim`, `position`): arguments in a canonical order by name. */
export interface CallExpression {
  readonly kind: 'call';
  /** Lower case, as written in the dialect; `safe.` and schema prefixes are kept. */
  readonly name: string;
  readonly args: readonly Expression[];
  /** Arguments given by name (`input => x`). */
  readonly named: readonly { readonly name: string; readonly value: Expression }[];
  readonly distinct: boolean;
  readonly filter?: Expression;
  readonly orderBy: readonly SortKey[];
  readonly limit?: Expression;
  readonly nulls?: 'ignore' | 'respect';
  readonly over?: Window;
  readonly span: Span;
}

/**
 * Operators in lower case: `+ - * / % || and or not = <> < <= > >= is null …`, with one operand or two; chains of `and`, `or`, `||`, `+`, `*`,
 * `|` and `&` are one node with all their operands, read from the left.
 */
export interface OperatorExpression {
  readonly kind: 'operator';
  readonly operator: string;
  readonly operands: readonly Expression[];
  readonly span: Span;
}

export interface CastExpression {
  readonly kind: 'cast';
  readonly operand: Expression;
  /** The type as written, lower case, with its arguments: `numeric(10,2)`. */
  readonly type: string;
  /** TRY_CAST and SAFE_CAST give NULL where CAST fails. */
  readonly safe: boolean;
  readonly format?: Expression;
  readonly span: Span;
}

export interface CaseExpression {
  readonly kind: 'case';
  readonly operand?: Expression;
  readonly branches: readonly { readonly when: Expression; readonly result: Expression }[];
  readonly otherwise?: Expression;
  readonly span: Span;
}

export interface InExpression {
  readonly kind: 'in';
  readonly operand: Expression;
  readonly negated: boolean;
  readonly values: readonly Expression[] | Query;
  readonly span: Span;
}

export interface BetweenExpression {
  readonly kind: 'between';
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
  readonly negated: boolean;
  readonly span: Span;
}

export interface LikeExpression {
  readonly kind: 'like';
  readonly operator: 'like' | 'ilike' | 'rlike' | 'regexp' | 'similar to' | 'glob' | '~' | '~*';
  readonly operand: Expression;
  /** Several patterns for LIKE ANY and LIKE ALL. */
  readonly patterns: readonly Expression[];
  readonly quantifier?: 'any' | 'all';
  readonly escape?: Expression;
  readonly negated: boolean;
  readonly span: Span;
}

export interface SubqueryExpression {
  readonly kind: 'subquery';
  readonly form: 'scalar' | 'exists' | 'array' | 'any' | 'all';
  readonly query: Query;
  readonly span: Span;
}

/** `(expression).field`, Snowflake's `v:path.to`, JSON's `->` and `->>` with a constant key. */
export interface FieldExpression {
  readonly kind: 'field';
  readonly operand: Expression;
  readonly field: Name;
  readonly form: 'struct' | 'variant' | 'json' | 'json-text';
  readonly span: Span;
}

export interface IndexExpression {
  readonly kind: 'index';
  readonly operand: Expression;
  readonly index: Expression;
  readonly end?: Expression;
  /** BigQuery's OFFSET, ORDINAL and their SAFE_ forms. */
  readonly mode?: 'offset' | 'ordinal' | 'safe_offset' | 'safe_ordinal';
  readonly span: Span;
}

export interface ArrayExpression {
  readonly kind: 'array';
  readonly items: readonly Expression[];
  readonly span: Span;
}

export interface StructExpression {
  readonly kind: 'struct';
  readonly fields: readonly { readonly name?: Name; readonly value: Expression }[];
  readonly span: Span;
}

export interface IntervalExpression {
  readonly kind: 'interval';
  readonly value: Expression;
  /** Lower case; undefined when the unit stands inside the text (`interval '1 day 2 hours'`). */
  readonly unit?: string;
  readonly span: Span;
}

export interface LambdaExpression {
  readonly kind: 'lambda';
  readonly parameters: readonly Name[];
  readonly body: Expression;
  readonly span: Span;
}

/** The star of `count(*)` and `count(t.*)`. */
export interface StarExpression {
  readonly kind: 'all-columns';
  /** Whether it stands for the values of the row, as Snowflake's `{*}` does, rather than for rows to be counted. */
  readonly whole?: boolean;
  readonly qualifier?: readonly Name[];
  readonly span: Span;
}

export interface ParameterExpression {
  readonly kind: 'parameter';
  readonly text: string;
  readonly span: Span;
}

export interface OpaqueExpression {
  readonly kind: 'opaque';
  readonly reason: string;
  readonly text: string;
  /** Expressions found inside, so that no column is lost. */
  readonly inputs: readonly Expression[];
  /** What a second parser reads in it. */
  readonly meaning?: Expression;
  readonly span: Span;
}

/** A statement, reduced to the query it holds and the table it fills. */
export interface Statement {
  readonly kind: 'select' | 'create-table' | 'create-view' | 'insert' | 'merge' | 'update' | 'delete' | 'define' | 'other';
  readonly target?: readonly Name[];
  /** The columns that are filled, in the query's order, where the statement names them. */
  readonly targetColumns: readonly Name[];
  /** The columns that PARTITION (…) of an INSERT names: with a value, or filled by the last columns of the query. */
  readonly partition?: { readonly fixed: readonly Name[]; readonly filled: readonly Name[] };
  readonly query?: Query;
  readonly temporary: boolean;
  /** Column definitions of a CREATE TABLE without a query, or beside it. */
  readonly definitions: readonly ColumnDefinition[];
  readonly constraints: readonly TableConstraint[];
  /** The relation whose rows an UPDATE or DELETE changes, as the query names it. */
  readonly changed?: Relation;
  readonly merge?: Merge;
  /** The table's own comment, where the statement gives one. */
  readonly comment?: string;
  readonly span: Span;
}

/** `MERGE INTO target USING source ON …`, clause by clause. */
export interface Merge {
  readonly target: Relation;
  readonly source: Relation;
  readonly on?: Expression;
  readonly using: readonly Name[];
  readonly clauses: readonly MergeClause[];
}

export interface MergeClause {
  readonly when: 'matched' | 'not matched' | 'not matched by source';
  readonly condition?: Expression;
  /** `opaque` where the clause holds more than is read here. */
  readonly action: 'update' | 'insert' | 'delete' | 'nothing' | 'opaque';
  /** What goes into which column, one without a name into that of its place; `all` takes every column of the source by its name. */
  readonly assignments: readonly { readonly column: Name; readonly value: Expression }[] | 'all';
  readonly span: Span;
}

export interface ColumnDefinition {
  readonly name: Name;
  readonly type?: string;
  readonly notNull: boolean;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  readonly references?: { readonly table: readonly Name[]; readonly columns: readonly Name[] };
  readonly comment?: string;
}

export interface TableConstraint {
  readonly kind: 'primary-key' | 'unique' | 'foreign-key';
  readonly columns: readonly Name[];
  readonly references?: { readonly table: readonly Name[]; readonly columns: readonly Name[] };
}
