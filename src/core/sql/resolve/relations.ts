import type { Span } from '../../text/span.ts';
import type { Dialect } from '../dialect.ts';
import { tableFunctions } from '../functions.ts';
import type {
  Cte,
  FunctionRelation,
  JoinRelation,
  Name,
  OpaqueRelation,
  PivotRelation,
  Query,
  Relation,
  TableAlias,
  TableRelation,
  UnpivotRelation,
} from '../ir.ts';
import { parseType, plainTypes } from '../types.ts';
import type { Input, ResolvedColumn } from './columns.ts';
import { ColumnSet, Inputs, mergeColumns } from './columns.ts';
import type { Context, CteScope, Scope, Source } from './context.ts';
import { addUses, resolveExpression, resolveUse } from './expressions.ts';
import { findSource } from './names.ts';
import { resolvePivot, resolveUnpivot } from './pivots.ts';
import { resolveTableFunction } from './table-arguments.ts';
import { tableUse } from './tables.ts';

/** Adds a relation of FROM, and everything joined to it, to a scope. */
export function addRelation(context: Context, relation: Relation, scope: Scope): void {
  switch (relation.kind) {
    case 'table':
      addTable(context, relation, scope);
      return;
    case 'derived': {
      // A subquery sees its siblings where LATERAL allows it; elsewhere it names none, so that looking there does no harm.
      const columns = context.resolveQuery(context, relation.query, scope.ctes, relation.lateral ? scope : scope.parent);
      const { behind } = relation;
      const table = behind === undefined ? undefined : tableUse(context, behind, relation.span);
      const open =
        table === undefined
          ? columns
          : new ColumnSet(columns.columns, context.fold, (name, quoted) => table.columns.findOrGuess(name, quoted));
      addSource(context, scope, relation.alias, behind?.[behind.length - 1], open, relation.span);
      if (relation.piped) addPiped(context, relation.query, scope);
      return;
    }
    case 'join':
      addJoin(context, relation, scope);
      return;
    case 'function':
      addFunction(context, relation, scope);
      return;
    case 'pivot':
    case 'unpivot': {
      const columns = resolveSpread(context, relation, scope);
      addSource(context, scope, relation.alias, nameOf(relation.input), columns, relation.span);
      return;
    }
    case 'opaque-relation':
      addOpaque(context, relation, scope);
  }
}

/** The relations that an operator before read from can be named by those behind it. */
function addPiped(context: Context, query: Query, scope: Scope): void {
  const inner = query.body.kind === 'select' ? context.scopes.get(query.body) : undefined;
  for (const source of inner?.sources ?? []) if (source.folded !== '') scope.sources.push({ ...source, isOnlyNamed: true });
}

function resolveSpread(context: Context, relation: PivotRelation | UnpivotRelation, scope: Scope): ColumnSet {
  const inner: Scope = { ...scope, sources: [], merged: new Map(), aliases: new Map(), aliasesToTheLeft: new Map(), parent: scope };
  addRelation(context, relation.input, inner);
  return relation.kind === 'pivot' ? resolvePivot(context, relation, inner) : resolveUnpivot(context, relation, inner);
}

function nameOf(relation: Relation): Name | undefined {
  if (relation.kind === 'join') return undefined;
  if (relation.alias !== undefined) return relation.alias.name;
  return relation.kind === 'table' ? relation.parts[relation.parts.length - 1] : undefined;
}

function addSource(
  context: Context,
  scope: Scope,
  alias: TableAlias | undefined,
  name: Name | undefined,
  columns: ColumnSet,
  span: Span,
  parts: readonly string[] = [],
): Source {
  const named = alias !== undefined && alias.name.text !== '' ? alias.name : name;
  const source: Source = {
    name: named?.text ?? '',
    folded: named === undefined ? '' : context.foldName(named),
    parts,
    columns: alias === undefined || alias.columns.length === 0 ? columns : renameColumns(context, columns, alias.columns, span),
    isOptional: false,
    hidden: new Set(),
    isHidden: false,
  };
  scope.sources.push(source);
  return source;
}

/** The columns under the names that an alias or a CTE gives them, by position. */
export function renameColumns(context: Context, columns: ColumnSet, names: readonly Name[], span: Span): ColumnSet {
  const renamed = columns.columns.map((column, index): ResolvedColumn => {
    const name = names[index];
    if (name === undefined || column.isStar) return column;
    return {
      ...mergeColumns(name.text, name.quoted, [column], name.span, { kind: name.text === column.name ? 'copied' : 'renamed' }),
      nullable: column.nullable,
    };
  });
  if (!columns.isOpen) return new ColumnSet(renamed, context.fold);
  const star = columns.columns.find((column) => column.isStar);
  const fromStar = (name: Name): ResolvedColumn => {
    const inputs: Input[] =
      star === undefined
        ? []
        : [
            {
              column: star,
              kind: 'renamed',
              span,
              confidence: 'opaque',
              reason: 'the columns behind * are not known, so none can be told by its position',
            },
          ];
    return { name: name.text, quoted: name.quoted, type: plainTypes.unknown, nullable: undefined, inputs, span: name.span };
  };
  return new ColumnSet(
    names.map((name, index) =>
      renamed[index]?.isStar === false || (renamed[index] !== undefined && !renamed.slice(0, index + 1).some((c) => c.isStar))
        ? (renamed[index] as ResolvedColumn)
        : fromStar(name),
    ),
    context.fold,
  );
}

function addTable(context: Context, relation: TableRelation, scope: Scope): void {
  const last = relation.parts[relation.parts.length - 1];
  const [first] = relation.parts;
  if (first === undefined || last === undefined) return;
  if (relation.parts.length === 1) {
    const cte = findCte(scope.ctes, context.foldName(first));
    if (cte !== undefined) {
      addSource(context, scope, relation.alias, last, readCte(context, cte), relation.span);
      return;
    }
  } else {
    // BigQuery's, Redshift's and Impala's `from t, t.items`: an array column of a relation to the left.
    let array: Source | undefined;
    for (let at: Scope | undefined = scope; at !== undefined && array === undefined; at = at.parent)
      array = findSource(at, [context.foldName(first)]);
    if (array !== undefined && spreadsPaths.has(context.dialect) && !array.parts.includes(context.foldName(last))) {
      addFunction(
        context,
        {
          kind: 'function',
          name: 'unnest',
          args: [{ kind: 'column', parts: relation.parts, span: relation.span }],
          lateral: true,
          outer: false,
          alias: relation.alias ?? { name: last, columns: [] },
          declared: [],
          span: relation.span,
        },
        scope,
      );
      return;
    }
  }
  const table = tableUse(context, relation.parts, relation.span);
  const source = addSource(
    context,
    scope,
    relation.alias,
    last,
    table.columns,
    relation.span,
    relation.parts.map((part) => context.foldName(part)),
  );
  if (relation.onlyNamed) source.isOnlyNamed = true;
}

const spreadsPaths: ReadonlySet<Dialect> = new Set<Dialect>(['bigquery', 'redshift', 'hive']);

function findCte(ctes: CteScope | undefined, folded: string): CteScope | undefined {
  for (let at = ctes; at !== undefined; at = at.parent) {
    if (at.folded !== folded || at.cte.scalar) continue;
    // Inside itself a CTE that is not recursive is not in sight: what it names is the table that it hides.
    if (at.isBeingRead && at.self === undefined) continue;
    return at;
  }
  return undefined;
}

/** The columns of a CTE, resolved when it is first read. */
export function readCte(context: Context, entry: CteScope): ColumnSet {
  if (entry.columns !== undefined) return entry.columns;
  if (entry.self !== undefined) return entry.self;
  entry.isBeingRead = true;
  const { cte } = entry;
  const resolved = context.resolveQuery(context, cte.query, entry, entry.scope);
  entry.isBeingRead = false;
  const named = cte.columns.length === 0 ? resolved : renameColumns(context, resolved, cte.columns, cte.span);
  entry.columns = cte.marks === undefined ? named : withMarks(context, named, cte.marks);
  context.cteColumns.set(cte, entry.columns);
  for (const column of entry.columns.columns) column.relation ??= cte.name.text;
  return entry.columns;
}

/** The columns of a recursive CTE with those that SEARCH and CYCLE add behind them. */
function withMarks(context: Context, columns: ColumnSet, marks: NonNullable<Cte['marks']>): ColumnSet {
  const added = marks.map(({ name, from }) => {
    const made = from.map((one) => columns.findOrGuess(one.text, one.quoted)).filter((column) => column !== undefined);
    return { ...mergeColumns(name.text, name.quoted, made, name.span, { kind: 'computed' }), type: plainTypes.unknown };
  });
  return new ColumnSet([...columns.columns, ...added], context.fold, columns.guesser);
}

function addJoin(context: Context, relation: JoinRelation, scope: Scope): void {
  // Long chains of joins lean to the left; they are walked without recursion.
  const chain: JoinRelation[] = [];
  const first = scope.sources.length;
  let left: Relation = relation;
  while (left.kind === 'join') {
    chain.push(left);
    left = left.left;
  }
  addRelation(context, left, scope);
  for (const join of chain.reverse()) {
    const middle = scope.sources.length;
    addRelation(context, join.right, scope);
    const lefts = scope.sources.slice(first, middle);
    const rights = scope.sources.slice(middle);
    if (join.type === 'left' || join.type === 'full' || join.type === 'asof') for (const source of rights) source.isOptional = true;
    if (join.type === 'right' || join.type === 'full') for (const source of lefts) source.isOptional = true;
    if (join.right.kind === 'function' && join.right.outer) for (const source of rights) source.isOptional = true;
    const names = join.natural ? naturalNames(lefts, rights, context) : join.using;
    for (const name of names) {
      if (join.type === 'semi' || join.type === 'anti') useBoth(context, name, [lefts, rights]);
      else mergeUsing(context, name, join, scope, lefts, rights);
    }
    if (join.on !== undefined) resolveUse(context, join.on, scope, 'join');
    if (join.type === 'semi' || join.type === 'anti') for (const source of rights) source.isHidden = true;
  }
}

function naturalNames(lefts: readonly Source[], rights: readonly Source[], context: Context): Name[] {
  const names: Name[] = [];
  for (const left of lefts)
    for (const column of left.columns.columns) {
      if (column.isStar || !rights.some((right) => right.columns.find(context.fold(column.name, column.quoted)) !== undefined)) continue;
      names.push({ text: column.name, quoted: column.quoted, span: column.span ?? { start: 0, end: 0 } });
    }
  return names;
}

/** USING of a semi join compares two columns and merges none: the result has the left side only. */
function useBoth(context: Context, name: Name, sides: readonly (readonly Source[])[]): void {
  const inputs = new Inputs();
  for (const sources of sides) {
    const source = sources.find(({ columns }) => columns.find(context.foldName(name)) !== undefined) ?? sources[0];
    const column = source?.columns.findOrGuess(name.text, name.quoted);
    if (column !== undefined) inputs.add({ column, kind: 'computed', span: name.span, confidence: 'exact' });
  }
  addUses(context, inputs, 'join');
}

function mergeUsing(
  context: Context,
  name: Name,
  join: JoinRelation,
  scope: Scope,
  lefts: readonly Source[],
  rights: readonly Source[],
): void {
  const folded = context.foldName(name);
  const inputs = new Inputs();
  const found: ResolvedColumn[] = [];
  const merged = scope.merged.get(folded);
  if (merged !== undefined) found.push(merged);
  const take = (sources: readonly Source[]): void => {
    const known = sources.filter((source) => source.columns.find(folded) !== undefined);
    for (const source of known.length > 0 ? known : sources.filter((candidate) => candidate.columns.isOpen)) {
      if (source.hidden.has(folded)) continue;
      const column = source.columns.findOrGuess(name.text, name.quoted);
      if (column === undefined) continue;
      source.hidden.add(folded);
      found.push(column);
      inputs.add({ column, kind: 'computed', span: name.span, confidence: known.length > 0 || sources.length === 1 ? 'exact' : 'assumed' });
    }
  };
  take(lefts);
  take(rights);
  addUses(context, inputs, 'join');
  const column = mergeColumns(name.text, name.quoted, found, name.span);
  const [left, right] = [found[0], found[found.length - 1]];
  const nullable =
    join.type === 'left' || join.type === 'inner' ? left?.nullable : join.type === 'right' ? right?.nullable : column.nullable;
  scope.merged.set(folded, { ...column, nullable });
}

function addFunction(context: Context, relation: FunctionRelation, scope: Scope): void {
  const kept = resolveTableFunction(context, relation, scope);
  if (kept !== undefined) {
    addSource(context, scope, relation.alias, { text: relation.name, quoted: false, span: relation.span }, kept, relation.span);
    return;
  }
  const inputs = new Inputs();
  const perArgument: Inputs[] = [];
  const infos = relation.args.map((arg, index) => {
    const own = new Inputs();
    perArgument[index] = own;
    const info = resolveExpression(context, arg, scope, own, 'computed');
    for (const input of own.list) inputs.add(input);
    return info;
  });
  // How many rows there are depends on what is spread into rows.
  addUses(context, inputs, 'join');
  const { alias, name } = relation;
  const make = (text: string, quoted: boolean, type = plainTypes.unknown, from: readonly Input[] = inputs.list): ResolvedColumn => ({
    name: text,
    quoted,
    type,
    nullable: undefined,
    inputs: from,
    span: relation.span,
    ...(relation.args[0] === undefined ? {} : { expression: relation.args[0] }),
  });
  const element = infos[0]?.type.element ?? (infos[0]?.type.kind === 'json' ? plainTypes.json : plainTypes.unknown);
  let columns: ResolvedColumn[];
  let isOpen = false;
  const values = name === 'unnest' ? infos.length || 1 : 1;
  /** Whether the last name of the alias is that of the position. */
  const numbersItself = relation.ordinal !== undefined && alias !== undefined && alias.columns.length > values;
  const facts = tableFunctions[name];
  if (relation.declared.length > 0)
    columns = relation.declared.map((column) =>
      column.isOrdinal
        ? make(column.name.text, column.name.quoted, plainTypes.integer, [])
        : make(
            column.name.text,
            column.name.quoted,
            column.type === undefined ? plainTypes.unknown : parseType(column.type, context.dialect),
          ),
    );
  else if (alias !== undefined && alias.columns.length > 0)
    columns = alias.columns.map((column, index) => {
      if (numbersItself && index === alias.columns.length - 1) return make(column.text, column.quoted, plainTypes.integer, []);
      // Arrays side by side: each makes a column of its own, unless one of them is a map, which makes two.
      const isPaired = name === 'unnest' && infos.length > 1 && alias.columns.length - (numbersItself ? 1 : 0) === infos.length;
      const type = columnType(name, index, infos.length > 1 ? infos[index]?.type.element : element);
      return make(column.text, column.quoted, type, isPaired ? perArgument[index]?.list : inputs.list);
    });
  else if (name === 'unnest' && element.fields !== undefined) columns = element.fields.map((field) => make(field.name, false, field.type));
  else if (facts !== undefined)
    columns = facts.map(([column, kind]) =>
      make(column, false, kind === 'unknown' ? element : plainTypes[kind], kind === 'integer' ? [] : inputs.list),
    );
  else if (valueFunctions.has(name)) {
    const text = alias === undefined || alias.name.text === '' ? name : alias.name.text;
    columns = [
      make(text, alias?.name.quoted ?? false, name === 'unnest' || name === 'arrayjoin' ? element : seriesType(infos[0]?.type.kind)),
    ];
  } else {
    columns = [{ ...make('*', false), isStar: true }];
    isOpen = true;
  }
  if (
    alias !== undefined &&
    alias.name.text !== '' &&
    name === 'unnest' &&
    !columns.some((column) => context.fold(column.name, column.quoted) === context.foldName(alias.name)) &&
    context.dialect === 'bigquery'
  )
    columns.push(make(alias.name.text, alias.name.quoted, element));
  if (relation.ordinal !== undefined && !numbersItself)
    columns.push(make(relation.ordinal.text, relation.ordinal.quoted, plainTypes.integer, []));
  const set = new ColumnSet(columns, context.fold, isOpen ? (text, quoted) => make(text, quoted) : undefined);
  const named: TableAlias | undefined = alias === undefined ? undefined : { name: alias.name, columns: [] };
  const source = addSource(context, scope, named, { text: name, quoted: false, span: relation.span }, set, relation.span);
  if (relation.outer) source.isOptional = true;
  if (name === 'unnest' && context.dialect === 'bigquery' && element.kind === 'unknown') source.element = make(name, false);
}

const valueFunctions = new Set([
  'unnest',
  'generate_series',
  'generate_array',
  'generate_date_array',
  'generate_timestamp_array',
  'range',
  'arrayjoin',
  'explode',
  'regexp_split_to_table',
  'string_to_table',
  'sequence',
  'jsonb_object_keys',
  'json_object_keys',
  'regexp_matches',
  'generate_subscripts',
  'jsonb_path_query',
]);

function columnType(name: string, index: number, element = plainTypes.unknown) {
  return (name === 'posexplode' || name === 'posexplode_outer') && index === 0 ? plainTypes.integer : element;
}

function seriesType(kind: string | undefined) {
  return kind === 'integer' || kind === 'date' || kind === 'datetime' || kind === 'timestamp' ? plainTypes[kind] : plainTypes.unknown;
}

function addOpaque(context: Context, relation: OpaqueRelation, scope: Scope): void {
  if (relation.meaning !== undefined) {
    const columns = context.resolveQuery(context, relation.meaning, scope.ctes, scope);
    addSource(context, scope, relation.alias, undefined, columns, relation.span);
    return;
  }
  const inner: Scope = { ...scope, sources: [], merged: new Map(), aliases: new Map(), parent: scope };
  for (const input of relation.inputs) addRelation(context, input, inner);
  const from = inner.sources.flatMap((source) => source.columns.columns);
  const make = (text: string, quoted: boolean): ResolvedColumn => ({
    name: text,
    quoted,
    type: plainTypes.unknown,
    nullable: undefined,
    inputs: from.map((column): Input => ({ column, kind: 'computed', span: relation.span, confidence: 'opaque', reason: relation.reason })),
    span: relation.span,
  });
  const set = new ColumnSet([{ ...make('*', false), isStar: true }], context.fold, make);
  addSource(context, scope, relation.alias, relation.inputs[0] === undefined ? undefined : nameOf(relation.inputs[0]), set, relation.span);
}
