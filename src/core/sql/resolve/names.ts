import type { ColumnExpression, Name } from '../ir.ts';
import type { SqlType } from '../types.ts';
import { plainTypes } from '../types.ts';
import type { ResolvedColumn } from './columns.ts';
import type { Context, Reference, Scope, Source } from './context.ts';

/** What a column reference means in a scope: first what stands nearest, then what stands around. */
export function resolveReference(context: Context, expression: ColumnExpression, scope: Scope): Reference {
  const { parts } = expression;
  const [first] = parts;
  if (first === undefined) return unresolved('the reference has no name');
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = parts.length === 1 ? findPlain(context, first, at) : findQualified(context, parts, at);
    if (found === undefined) continue;
    // A table around that may have any column is a worse guess than the array that is read right here.
    const isGuess = at !== scope && parts.length === 1 && found.columns.some(isMadeUp);
    return (isGuess ? findField(first, scope) : undefined) ?? found;
  }
  if (parts.length === 1)
    return (
      findAliasToTheLeft(context, first, scope) ??
      findField(first, scope) ??
      findMissing(context, parts, scope) ??
      unresolved(`no relation in scope has a column '${first.text}'`)
    );
  const found = findStruct(context, parts, scope) ?? findMissing(context, parts, scope);
  if (found !== undefined) return found;
  const last = parts[parts.length - 1];
  const written = parts
    .slice(0, -1)
    .map((part) => part.text)
    .join('.');
  return unresolved(
    sourceAround(context, parts, scope) === undefined
      ? `no relation named '${written}' is in scope`
      : `'${written}' has no column '${last?.text}'`,
  );
}

/** An alias to the left in the SELECT list, although the dialect does not show it there: nothing else bears the name. */
function findAliasToTheLeft(context: Context, name: Name, scope: Scope): Reference | undefined {
  const folded = context.foldName(name);
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const alias = at.aliasesToTheLeft.get(folded);
    if (alias !== undefined)
      return {
        kind: 'alias',
        columns: [alias],
        path: [],
        confidence: 'assumed',
        reason: `no relation has a column '${name.text}', so the alias to its left is meant`,
      };
  }
  return undefined;
}

/** A field of the structs that an array holds whose type is not known: nothing else can bear the name. */
function findField(name: Name, scope: Scope): Reference | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent)
    for (const { name: source, element } of at.sources)
      if (element !== undefined) {
        const reason = `no relation has a column '${name.text}', so a field of what '${source}' holds is meant`;
        return { kind: 'column', columns: [element], source, path: [name], confidence: 'assumed', reason };
      }
  return undefined;
}

/** The relation that the qualifier of a column names, here or around. */
function sourceAround(context: Context, parts: readonly Name[], scope: Scope): Source | undefined {
  const qualifier = parts.slice(0, -1).map((part) => context.foldName(part));
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const source = findSource(at, qualifier);
    if (source !== undefined) return source;
  }
  return undefined;
}

/** A column that differs in case only, or one that the schema does not list, of the only table that can be meant: schemas grow old. */
function findMissing(context: Context, parts: readonly Name[], scope: Scope): Reference | undefined {
  const name = parts[parts.length - 1];
  const source = parts.length > 1 ? sourceAround(context, parts, scope) : onlySource(scope);
  if (name === undefined) return undefined;
  const inCase = (source === undefined ? scope.sources.filter((candidate) => !candidate.isOnlyNamed) : [source]).flatMap((candidate) => {
    const column = candidate.columns.columns.find(({ name: text }) => text.toLowerCase() === name.text.toLowerCase());
    return column === undefined ? [] : [{ column, source: candidate }];
  });
  const [only] = inCase;
  if (only !== undefined && inCase.length === 1)
    return {
      ...exact(only.column, only.source.name),
      confidence: 'assumed',
      reason: `'${name.text}' and '${only.column.name}' differ in case only`,
    };
  const table = source?.columns.columns[0]?.table;
  if (source === undefined || table === undefined || table.columns !== source.columns) return undefined;
  const column: ResolvedColumn = { name: name.text, quoted: name.quoted, type: plainTypes.unknown, nullable: undefined, inputs: [], table };
  source.columns.addMissing(column);
  return { ...exact(column, source.name), confidence: 'assumed', reason: `the schema of '${table.name}' does not list '${name.text}'` };
}

/** The relation of a scope that has but one. */
function onlySource(scope: Scope): Source | undefined {
  const [first, second] = scope.sources.filter((source) => !source.isOnlyNamed);
  return second === undefined ? first : undefined;
}

function unresolved(reason: string): Reference {
  return { kind: 'unresolved', columns: [], path: [], confidence: 'opaque', reason };
}

function exact(column: ResolvedColumn, source: string | undefined, path: readonly Name[] = []): Reference {
  return { kind: 'column', columns: [column], ...(source === undefined ? {} : { source }), path, confidence: 'exact' };
}

function findPlain(context: Context, name: Name, scope: Scope): Reference | undefined {
  if (isPosition(name)) {
    const source = onlySource(scope);
    const column = source === undefined ? undefined : (atPosition(name, source) ?? source.columns.findOrGuess(name.text, name.quoted));
    return column === undefined ? undefined : exact(column, source?.name);
  }
  const folded = context.foldName(name);
  if (scope.parameters.has(folded)) return { kind: 'parameter', columns: [], path: [], confidence: 'exact' };
  const alias = scope.aliases.get(folded);
  const asAlias = (): Reference | undefined => alias && { kind: 'alias', columns: [alias], path: [], confidence: 'exact' };
  if (context.traits.lateralAlias === 'alias-first' && alias !== undefined) return asAlias();
  const merged = scope.merged.get(folded);
  if (merged !== undefined) return exact(merged, undefined);
  const known: { source: Source; column: ResolvedColumn }[] = [];
  const open: Source[] = [];
  for (const source of scope.sources) {
    if (source.isOnlyNamed) continue;
    const column = source.columns.find(folded);
    if (column !== undefined) known.push({ source, column });
    else if (source.columns.isOpen && !(source.isHidden && context.dialect !== 'clickhouse')) open.push(source);
  }
  const [only] = known;
  // What nothing but other queries' reading tells of is less certain than a name that stands right here.
  if (alias !== undefined && only?.column.isGuess && known.length === 1) return asAlias();
  if (only !== undefined && known.length === 1 && (open.length === 0 || !isMadeUp(only.column)))
    return exact(only.column, only.source.name);
  if (only !== undefined && open.length === 0) {
    const visible = known.filter(({ source }) => !source.isHidden);
    if (visible.length === 1 && visible[0] !== undefined) return exact(visible[0].column, visible[0].source.name);
    const names = known.map(({ source }) => source.name).join(', ');
    return {
      kind: 'column',
      columns: known.map(({ column }) => column),
      path: [],
      confidence: 'assumed',
      reason: `'${name.text}' is ambiguous: ${names} have it`,
      ...(known.some(({ column }) => isMadeUp(column)) ? { oneOf: name.text } : {}),
    };
  }
  if (alias !== undefined) return asAlias();
  const row = findRow(context, folded, scope);
  if (row !== undefined) return row;
  if (open.length === 0 && only === undefined) return undefined;
  if (only !== undefined && known.length === 1) {
    const reason = `unqualified column resolved by use: the query reads it from '${only.source.name}' elsewhere`;
    return { ...exact(only.column, only.source.name), confidence: 'assumed', reason };
  }
  const guesses = [...known.map(({ source }) => source), ...open].flatMap((source) => {
    const column = source.columns.findOrGuess(name.text, name.quoted);
    return column === undefined ? [] : [{ source, column }];
  });
  const [guess] = guesses;
  if (guess === undefined) return undefined;
  if (guesses.length === 1 && onlySource(scope) !== undefined) return exact(guess.column, guess.source.name);
  if (guesses.length === 1)
    return {
      kind: 'column',
      columns: [guess.column],
      source: guess.source.name,
      path: [],
      confidence: 'assumed',
      reason: `unqualified column resolved by use: only '${guess.source.name}' may have it`,
    };
  const names = guesses.map(({ source }) => source.name).join(', ');
  return {
    kind: 'column',
    columns: guesses.map(({ column }) => column),
    path: [],
    confidence: 'assumed',
    reason: `unqualified column: any of ${names} may have it`,
    oneOf: name.text,
  };
}

/** Whether a column of a table is only known because the query names it. */
function isMadeUp(column: ResolvedColumn): boolean {
  return column.table !== undefined && !column.table.isKnown && !column.table.columns.columns.includes(column);
}

/** A relation's name standing for its whole row. */
function findRow(context: Context, folded: string, scope: Scope): Reference | undefined {
  if (!context.traits.structPaths) return undefined;
  const source = scope.sources.find((candidate) => candidate.folded === folded);
  if (source === undefined || source.columns.columns.length === 0) return undefined;
  return { kind: 'row', columns: source.columns.columns, source: source.name, path: [], confidence: 'exact' };
}

function findQualified(context: Context, parts: readonly Name[], scope: Scope): Reference | undefined {
  const [head] = parts;
  if (parts.length > 1 && head !== undefined && scope.parameters.has(context.foldName(head)))
    return { kind: 'parameter', columns: [], path: parts.slice(1), confidence: 'exact' };
  const folded = parts.map((part) => context.foldName(part));
  for (let length = 1; length < parts.length; length++) {
    const source = findSource(scope, folded.slice(0, length));
    const name = parts[length];
    if (source === undefined || name === undefined) continue;
    const column = atPosition(name, source) ?? source.columns.findOrGuess(name.text, name.quoted);
    if (column !== undefined) return exact(column, source.name, parts.slice(length + 1));
    // A value named like its relation, as UNNEST makes them: `item.field` reads the field.
    const value = length === 1 ? source.columns.find(source.folded) : undefined;
    if (value !== undefined) return exact(value, source.name, parts.slice(1));
  }
  return undefined;
}

/** Whether a name is a place: Snowflake's `$2`, DuckDB's `#2`. */
function isPosition({ text, quoted }: Name): boolean {
  return !quoted && /^[$#][1-9]\d*$/.test(text);
}

/** Snowflake's `t.$2`: the second column, where those before it are known. */
function atPosition(name: Name, source: Source): ResolvedColumn | undefined {
  if (!isPosition(name)) return undefined;
  const before = source.columns.columns.slice(0, Number(name.text.slice(1)));
  return before.length === Number(name.text.slice(1)) && !before.some((column) => column.isStar) ? before[before.length - 1] : undefined;
}

/** The relation that a qualifier names: an alias, or the last parts of a table's name. */
export function findSource(scope: Scope, qualifier: readonly string[]): Source | undefined {
  const last = qualifier[qualifier.length - 1];
  if (qualifier.length === 1) {
    const byAlias = scope.sources.find((source) => source.folded === last);
    if (byAlias !== undefined) return byAlias;
  }
  return scope.sources.find(
    ({ parts }) => parts.length >= qualifier.length && qualifier.every((part, i) => parts[parts.length - qualifier.length + i] === part),
  );
}

/** `a.b.c` where `a` is a column that holds a struct. */
function findStruct(context: Context, parts: readonly Name[], scope: Scope): Reference | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = findPlain(context, first, at);
    if (found === undefined || found.columns.length === 0 || found.kind === 'row') continue;
    const isKnown = found.columns.every((column) => !isMadeUp(column));
    if (!isKnown && !context.traits.structPaths) continue;
    return {
      ...found,
      path: parts.slice(1),
      ...(isKnown ? {} : { confidence: 'assumed', reason: `'${first.text}' is read as a column that holds a struct` }),
    };
  }
  return undefined;
}

/** The type that a path of fields leads to. */
export function typeAt(type: SqlType, path: readonly Name[]): SqlType {
  let at = type;
  for (const { text } of path) {
    if (at.kind === 'json') return plainTypes.json;
    const field = at.fields?.find(({ name }) => name.toLowerCase() === text.toLowerCase());
    if (field === undefined) return plainTypes.unknown;
    at = field.type;
  }
  return at;
}
