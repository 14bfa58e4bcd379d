import type { Span } from '../../text/span.ts';
import type { Expression, Grouping, Query, Select, SelectItem, StarItem, Values } from '../ir.ts';
import { secondReason } from '../second/second-reader.ts';
import type { SqlType } from '../types.ts';
import { commonType, plainTypes } from '../types.ts';
import { findPattern, likePattern, matchPattern } from './column-patterns.ts';
import type { EdgeKind, Input, ResolvedColumn } from './columns.ts';
import { ColumnSet, Inputs, mergeColumns } from './columns.ts';
import type { Context, CteScope, Scope, Source } from './context.ts';
import { emptyScope } from './context.ts';
import { resolveExpression, resolveUse } from './expressions.ts';
import { findSource } from './names.ts';
import { addRelation, readCte } from './relations.ts';
import { unite } from './set-operations.ts';

/** Resolves a query and everything in it; each CTE once, when it is first read. */
export function resolveQuery(context: Context, query: Query, outer: CteScope | undefined, parent: Scope | undefined): ColumnSet {
  let ctes = outer;
  const own: CteScope[] = [];
  for (const cte of query.ctes) {
    const entry: CteScope = {
      folded: context.foldName(cte.name),
      cte,
      parent: ctes,
      scope: parent,
      columns: undefined,
      isBeingRead: false,
    };
    own.push(entry);
    ctes = entry;
  }
  const columns = resolveBody(context, query, ctes, parent);
  context.results.set(query, columns);
  for (const entry of own) if (entry.columns === undefined && !entry.cte.scalar) resolveUnread(context, entry);
  return columns;
}

/** A CTE that nothing reads decides nothing: its types and tables are known, but what it filters is no use of the query. */
function resolveUnread(context: Context, entry: CteScope): void {
  const uses = context.uses.length;
  readCte(context, entry);
  context.uses.length = uses;
}

/** The columns of a query that a second parser read: the same, and none of them certain. */
function readAgain(columns: ColumnSet, span: Span): ColumnSet {
  const toDoubtful = (column: ResolvedColumn): ResolvedColumn => ({
    name: column.name,
    quoted: column.quoted,
    type: column.type,
    nullable: undefined,
    inputs: [{ column, kind: 'copied', span, confidence: 'assumed', reason: secondReason }],
    span,
    ...(column.isStar ? { isStar: true } : {}),
  });
  const guess = columns.isOpen
    ? (name: string, quoted: boolean) => {
        const found = columns.findOrGuess(name, quoted);
        return found === undefined ? undefined : toDoubtful(found);
      }
    : undefined;
  return new ColumnSet(columns.columns.map(toDoubtful), columns.fold, guess);
}

function resolveBody(context: Context, query: Query, ctes: CteScope | undefined, parent: Scope | undefined): ColumnSet {
  const { body } = query;
  switch (body.kind) {
    case 'select':
      return resolveSelect(context, body, query, ctes, parent);
    case 'nested': {
      const columns = resolveQuery(context, body.query, ctes, parent);
      sortBy(context, query, columns, ctes, parent);
      return columns;
    }
    case 'set': {
      const columns = unite(context, query, ctes, (branch) => resolveQuery(context, branch, ctes, parent));
      // Whatever drops rows that occur twice, or on one side only, compares all columns.
      if (!body.all || body.operator !== 'union') for (const column of columns.columns) groupByInputs(context, column, body.span);
      sortBy(context, query, columns, ctes, parent);
      return columns;
    }
    case 'values':
      return resolveValues(context, body, ctes, parent);
    case 'opaque-query': {
      if (body.meaning !== undefined) return readAgain(resolveQuery(context, body.meaning, ctes, parent), body.span);
      const make = (name: string, quoted: boolean): ResolvedColumn => ({
        name,
        quoted,
        type: plainTypes.unknown,
        nullable: undefined,
        inputs: [],
        span: body.span,
      });
      return new ColumnSet([{ ...make('*', false), isStar: true }], context.fold, make);
    }
  }
}

/** ORDER BY behind brackets or a set operation sees the columns of the result only. */
function sortBy(context: Context, query: Query, columns: ColumnSet, ctes: CteScope | undefined, parent: Scope | undefined): void {
  const scope = emptyScope(parent, ctes);
  scope.sources.push({ name: '', folded: '', parts: [], columns, isOptional: false, hidden: new Set(), isHidden: false });
  for (const { expression } of query.orderBy) resolveUse(context, expression, scope, 'order');
  for (const part of [query.limit, query.offset]) if (part !== undefined) resolveExpression(context, part, scope, new Inputs());
}

function resolveValues(context: Context, body: Values, ctes: CteScope | undefined, parent: Scope | undefined): ColumnSet {
  const scope = emptyScope(parent, ctes);
  const columns: { type: SqlType; nullable: boolean | undefined; inputs: Inputs }[] = [];
  for (const row of body.rows)
    for (const [index, expression] of row.entries()) {
      const column = columns[index];
      const inputs = column?.inputs ?? new Inputs();
      const info = resolveExpression(context, expression, scope, inputs);
      if (column === undefined) columns[index] = { ...info, inputs };
      else {
        column.type = commonType(column.type, info.type);
        column.nullable =
          column.nullable || info.nullable ? true : column.nullable === undefined || info.nullable === undefined ? undefined : false;
      }
    }
  return new ColumnSet(
    columns.map(({ type, nullable, inputs }, index) => ({
      name: `column${index + 1}`,
      quoted: false,
      type,
      nullable,
      inputs: inputs.list,
      ...(body.rows[0]?.[index] === undefined ? {} : { expression: body.rows[0][index] }),
      span: body.span,
    })),
    context.fold,
  );
}

function resolveSelect(context: Context, select: Select, query: Query, ctes: CteScope | undefined, parent: Scope | undefined): ColumnSet {
  const scope = emptyScope(parent, ctes);
  for (const relation of select.from) addRelation(context, relation, scope);
  addScalars(context, scope);
  addVariables(context, select, scope);
  for (const { name, window } of select.windows) scope.windows.set(context.foldName(name), window);
  const isLateral = context.traits.lateralAlias !== 'never';
  const inner: Scope = { ...scope, aliases: new Map(), aliasesToTheLeft: new Map() };
  const columns: ResolvedColumn[] = [];
  const opens: { columns: ColumnSet; except: ReadonlySet<string> }[] = [];
  for (const item of select.items) {
    if (item.kind === 'star') addStar(context, item, scope, columns, opens);
    else columns.push(...resolveItems(context, item, inner, isLateral));
  }
  const guesser = opens.length === 0 ? undefined : guessFrom(context, opens, select);
  const set = new ColumnSet(columns, context.fold, guesser);
  if (select.where !== undefined) resolveUse(context, select.where, inner, 'filter');
  if (select.variables !== undefined)
    for (const { window } of select.windows) for (const key of window.partitionBy) resolveUse(context, key, inner, 'partition');
  // What follows may name the columns of the result, also where the list itself may not.
  const named: Scope = { ...scope, aliases: new Map(inner.aliases) };
  for (const column of columns) {
    const folded = context.fold(column.name, column.quoted);
    if (!column.isStar && column.expression !== undefined && !named.aliases.has(folded)) named.aliases.set(folded, column);
  }
  context.scopes.set(select, named);
  for (const grouping of select.groupBy) resolveGrouping(context, grouping, named, columns);
  if (select.groupByAll) groupByAll(context, select, columns);
  if (select.having !== undefined) resolveUse(context, select.having, named, 'filter');
  if (select.qualify !== undefined) resolveUse(context, select.qualify, named, 'filter');
  if (select.connectBy !== undefined) {
    resolveUse(context, select.connectBy.by, scope, 'join');
    if (select.connectBy.start !== undefined) resolveUse(context, select.connectBy.start, scope, 'filter');
  }
  if (select.distinct === true) for (const column of columns) groupByInputs(context, column, column.span ?? select.span);
  if (typeof select.distinct !== 'boolean') for (const expression of select.distinct) resolveUse(context, expression, named, 'group');
  for (const { expression } of query.orderBy)
    if (!sortsByAll(context, expression, named)) resolvePositioned(context, expression, named, columns, 'order');
    else
      for (const column of columns)
        for (const input of column.inputs)
          context.uses.push({ column: input.column, kind: 'order', span: expression.span, confidence: input.confidence });
  for (const part of [query.limit, query.offset]) if (part !== undefined) resolveExpression(context, part, scope, new Inputs());
  return set;
}

/** The variables of a pattern stand for rows of the relation that it is matched against. */
function addVariables(context: Context, select: Select, scope: Scope): void {
  const [rows] = scope.sources;
  if (rows === undefined) return;
  for (const name of select.variables ?? [])
    scope.sources.push({ ...rows, name: name.text, folded: context.foldName(name), parts: [], isOnlyNamed: true });
}

/** ClickHouse's WITH names values, which stand beside the columns. */
function addScalars(context: Context, scope: Scope): void {
  const scalars: CteScope[] = [];
  for (let at = scope.ctes; at !== undefined; at = at.parent) if (at.cte.scalar && !at.isBeingRead) scalars.push(at);
  for (const entry of scalars.reverse()) {
    const { body } = entry.cte.query;
    const [item] = body.kind === 'select' ? body.items : [];
    if (item?.kind !== 'item') continue;
    // Its names are those of the relations that each SELECT reads: what one of them does not have is no fault of another.
    const problems = context.problems.length;
    entry.isBeingRead = true;
    const inputs = new Inputs();
    const info = resolveExpression(context, item.expression, scope, inputs);
    entry.isBeingRead = false;
    context.problems.length = problems;
    const { text: name, quoted, span } = entry.cte.name;
    scope.merged.set(entry.folded, { name, quoted, ...info, inputs: named(inputs.list, name), expression: item.expression, span });
  }
}

/** An item as one column, or DuckDB's and ClickHouse's `COLUMNS('pattern')` as all that it stands for. */
function resolveItems(context: Context, item: Extract<SelectItem, { kind: 'item' }>, scope: Scope, isLateral: boolean): ResolvedColumn[] {
  const mayMatch = context.dialect === 'duckdb' || context.dialect === 'clickhouse';
  const pattern = mayMatch ? findPattern(item.expression) : undefined;
  const matched = pattern === undefined ? undefined : matchPattern(context, pattern, scope);
  if (matched === undefined) {
    const first = resolveItem(context, item, scope, isLateral);
    const { others = [] } = item;
    return [
      first,
      ...others.map(({ text, quoted, span }): ResolvedColumn => ({ ...first, name: text, quoted, type: plainTypes.unknown, span })),
    ];
  }
  return matched.map((column) => {
    context.spread = column;
    const made = resolveItem(context, item, scope, false);
    context.spread = undefined;
    return item.alias === undefined ? { ...made, name: column.name, quoted: column.quoted, inputs: named(made.inputs, column.name) } : made;
  });
}

function resolveItem(context: Context, item: Extract<SelectItem, { kind: 'item' }>, scope: Scope, isLateral: boolean): ResolvedColumn {
  const { expression, alias } = item;
  const inputs = new Inputs();
  const info = resolveExpression(context, expression, scope, inputs);
  const last = lastName(expression, context);
  const name = alias?.text ?? last?.text ?? context.text.slice(item.span.start, item.span.end);
  const quoted = alias?.quoted ?? last?.quoted ?? true;
  const column: ResolvedColumn = { name, quoted, ...info, inputs: named(inputs.list, name), expression, span: item.span };
  if (alias !== undefined) (isLateral ? scope.aliases : scope.aliasesToTheLeft).set(context.foldName(alias), column);
  return column;
}

/** The name that a column has without an alias: that of the column or field it reads. */
function lastName(expression: Expression, context: Context): { text: string; quoted: boolean } | undefined {
  if (expression.kind === 'column') return expression.parts[expression.parts.length - 1];
  if (expression.kind === 'field' && expression.form !== 'json' && expression.form !== 'json-text') return expression.field;
  if (expression.kind === 'cast') {
    const isCall =
      context.text.slice(expression.span.end - 1, expression.span.end) === ')' &&
      /^\w*cast\s*\(/i.test(context.text.slice(expression.span.start, expression.span.start + 12));
    return isCall && !namesCasts.has(context.dialect) ? undefined : lastName(expression.operand, context);
  }
  return undefined;
}

/** Dialects that name `cast(a as text)` after what it casts. */
const namesCasts = new Set(['postgres', 'redshift', 'spark', 'databricks']);

/** A copy under another name is a renaming. */
function named(inputs: readonly Input[], name: string): Input[] {
  return inputs.map((input) =>
    input.kind === 'copied' && input.column.name.toLowerCase() !== name.toLowerCase() ? { ...input, kind: 'renamed' } : input,
  );
}

function addStar(
  context: Context,
  item: StarItem,
  scope: Scope,
  columns: ResolvedColumn[],
  opens: { columns: ColumnSet; except: ReadonlySet<string> }[],
): void {
  const except = new Set(item.except.map((name) => context.foldName(name)));
  const replaced = new Map(item.replace.map((replacement) => [context.foldName(replacement.name), replacement]));
  const renamed = new Map(item.rename.map((rename) => [context.foldName(rename.from), rename.to]));
  const { span } = item;
  const isPlain = except.size === 0 && replaced.size === 0 && renamed.size === 0;
  const matches = item.like === undefined ? undefined : likePattern(item.like);
  const copy = (column: ResolvedColumn, isOptional: boolean): void => {
    if (matches !== undefined && !column.isStar && !matches.test(column.name)) return;
    if (isPlain) {
      const { name, quoted, type } = column;
      const inputs: readonly Input[] = [{ column, kind: 'copied', span, confidence: 'exact' }];
      const copied: ResolvedColumn = { name, quoted, type, nullable: isOptional ? true : column.nullable, inputs, span };
      columns.push(column.isStar ? { ...copied, isStar: true } : copied);
      return;
    }
    const folded = context.fold(column.name, column.quoted);
    if (except.has(folded) && !column.isStar) return;
    const replacement = replaced.get(folded);
    const to = renamed.get(folded);
    if (replacement !== undefined) {
      const alias = to ?? replacement.name;
      columns.push(
        resolveItem(context, { kind: 'item', expression: replacement.expression, alias, span: replacement.expression.span }, scope, false),
      );
      return;
    }
    const kind: EdgeKind = to === undefined ? 'copied' : 'renamed';
    columns.push({
      name: to?.text ?? column.name,
      quoted: to?.quoted ?? column.quoted,
      type: column.type,
      nullable: isOptional ? true : column.nullable,
      inputs: [{ column, kind, span, confidence: 'exact' }],
      span,
      ...(column.isStar ? { isStar: true } : {}),
    });
  };
  const spread = (source: Source, hidden: ReadonlySet<string>): void => {
    for (const column of source.columns.columns)
      if (hidden.size === 0 || !hidden.has(context.fold(column.name, column.quoted))) copy(column, source.isOptional);
    if (source.columns.isOpen) opens.push({ columns: source.columns, except });
  };
  if (item.of !== undefined || item.qualifier.length > 0) {
    const source = item.of === undefined ? findQualified(context, item, scope) : undefined;
    if (source !== undefined) spread(source, new Set());
    else spreadStruct(context, item, scope, columns);
  } else {
    const isFirst = context.traits.usingColumns === 'first';
    const shown = new Set(isFirst ? scope.merged.keys() : []);
    if (isFirst) for (const column of scope.merged.values()) copy(column, false);
    for (const source of scope.sources) {
      if (source.isHidden || source.isOnlyNamed) continue;
      if (isFirst || source.hidden.size === 0) {
        spread(source, source.hidden);
        continue;
      }
      for (const column of source.columns.columns) {
        const folded = context.fold(column.name, column.quoted);
        const merged = source.hidden.has(folded) ? scope.merged.get(folded) : undefined;
        if (merged === undefined) copy(column, source.isOptional);
        else if (!shown.has(folded)) {
          shown.add(folded);
          copy(merged, false);
        }
      }
      if (source.columns.isOpen) opens.push({ columns: source.columns, except });
    }
  }
  for (const [folded, replacement] of replaced) {
    // The replaced column is somewhere behind a star that no schema resolves.
    if (columns.some((column) => column.expression === replacement.expression)) continue;
    columns.push(resolveItem(context, { kind: 'item', expression: replacement.expression, alias: replacement.name, span }, scope, false));
    except.add(folded);
  }
  for (const [folded, to] of renamed) {
    if (columns.some((column) => column.name === to.text)) continue;
    const from = opens.map((open) => open.columns.findOrGuess(folded, false)).find((column) => column !== undefined);
    if (from !== undefined) columns.push(mergeColumns(to.text, to.quoted, [from], span, { kind: 'renamed' }));
    except.add(folded);
  }
}

function findQualified(context: Context, item: StarItem, scope: Scope): Source | undefined {
  const qualifier = item.qualifier.map((name) => context.foldName(name));
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = findSource(at, qualifier);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `struct_column.*`: its fields where the type tells them, and the column as a whole where not. */
function spreadStruct(context: Context, item: StarItem, scope: Scope, columns: ResolvedColumn[]): void {
  const inputs = new Inputs();
  const { span } = item;
  const expression: Expression = item.of ?? { kind: 'column', parts: item.qualifier, span };
  const { type } = resolveExpression(context, expression, scope, inputs, 'computed');
  const except = new Set(item.except.map((name) => context.foldName(name)));
  const common = { quoted: false, nullable: undefined, inputs: inputs.list, expression, span };
  if (type.fields === undefined) columns.push({ ...common, name: '*', type: plainTypes.unknown, isStar: true });
  else
    for (const field of type.fields)
      if (!except.has(context.fold(field.name, false))) columns.push({ ...common, name: field.name, type: field.type });
}

/** Finds a name behind the stars of a SELECT: in the one relation that may have it, or in any of several. */
function guessFrom(context: Context, opens: readonly { columns: ColumnSet; except: ReadonlySet<string> }[], select: Select) {
  return (name: string, quoted: boolean): ResolvedColumn | undefined => {
    const folded = context.fold(name, quoted);
    const found = opens.flatMap(({ columns, except }) => {
      const column = except.has(folded) ? undefined : columns.findOrGuess(name, quoted);
      return column === undefined ? [] : [column];
    });
    if (found.length === 0) return undefined;
    const doubt: Partial<Input> =
      found.length === 1
        ? {}
        : { confidence: 'assumed', reason: `'${name}' comes through a star over several relations whose columns are not known` };
    return mergeColumns(name, quoted, found, select.span, doubt);
  };
}

function resolveGrouping(context: Context, grouping: Grouping, scope: Scope, columns: readonly ResolvedColumn[]): void {
  if (grouping.kind === 'expression') resolvePositioned(context, grouping.expression, scope, columns, 'group');
  else for (const set of grouping.sets) for (const expression of set) resolvePositioned(context, expression, scope, columns, 'group');
}

/** `group by 1` and `order by 2` mean columns of the result. */
function resolvePositioned(
  context: Context,
  expression: Expression,
  scope: Scope,
  columns: readonly ResolvedColumn[],
  kind: 'group' | 'order',
): void {
  if (expression.kind === 'literal' && expression.type === 'number') {
    const column = columns[Number(expression.value) - 1];
    for (const input of column?.inputs ?? [])
      context.uses.push({ column: input.column, kind, span: expression.span, confidence: input.confidence });
    return;
  }
  const output = kind === 'order' ? findOutput(context, expression, scope) : undefined;
  if (output === undefined || expression.kind !== 'column') {
    resolveUse(context, expression, scope, kind);
    return;
  }
  context.references.set(expression, { kind: 'alias', columns: [output], path: [], confidence: 'exact' });
  context.types.set(expression, { type: output.type, nullable: output.nullable });
  for (const input of output.inputs) context.uses.push({ column: input.column, kind, span: expression.span, confidence: input.confidence });
}

/** ORDER BY ALL, where nothing is known to be called so. */
function sortsByAll(context: Context, expression: Expression, scope: Scope): boolean {
  if (expression.kind !== 'column' || expression.parts.length !== 1 || !knowsAll.has(context.dialect)) return false;
  const [name] = expression.parts;
  if (name === undefined || name.quoted || name.text.toLowerCase() !== 'all') return false;
  return !scope.sources.some((source) => source.columns.find(context.foldName(name)) !== undefined);
}

const knowsAll: ReadonlySet<string> = new Set(['duckdb', 'snowflake', 'databricks', 'spark', 'clickhouse']);

/** The column of the result that a bare name in ORDER BY means, although a relation of FROM has a column of that name too. */
function findOutput(context: Context, expression: Expression, scope: Scope): ResolvedColumn | undefined {
  const [name, ...more] = expression.kind === 'column' ? expression.parts : [];
  const output = name === undefined || more.length > 0 ? undefined : scope.aliases.get(context.foldName(name));
  return output?.expression?.kind === 'column' && output.inputs.every((input) => input.kind === 'copied') ? undefined : output;
}

function groupByAll(context: Context, select: Select, columns: readonly ResolvedColumn[]): void {
  for (const column of columns) {
    if (column.inputs.some((input) => input.kind === 'aggregated' || input.kind === 'windowed')) continue;
    groupByInputs(context, column, column.span ?? select.span);
  }
}

/** Notes that rows which agree in a column's inputs become one. */
export function groupByInputs(context: Context, column: ResolvedColumn, span: Span): void {
  for (const input of column.inputs) context.uses.push({ column: input.column, kind: 'group', span, confidence: input.confidence });
}
