import type { Dialect } from '../sql/dialect.ts';
import { foldName, traitsOf } from '../sql/dialect-traits.ts';
import type { Name, Statement } from '../sql/ir.ts';
import type { SqlProblem } from '../sql/parse.ts';
import { parseSql } from '../sql/parse.ts';
import type { Confidence, EdgeKind, Origin, ResolvedColumn, TableUse, UseKind } from '../sql/resolve/columns.ts';
import { originsOf, strongerKind } from '../sql/resolve/columns.ts';
import type { Catalog, CatalogTable } from '../sql/resolve/context.ts';
import type { Resolution } from '../sql/resolve.ts';
import { resolve } from '../sql/resolve.ts';
import type { SqlType } from '../sql/types.ts';
import { parseType } from '../sql/types.ts';

/** The columns of tables by their names, as `--schema` and batch lines give them. */
export type Schema = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface ColumnSource {
  /** Null where several tables may have the column and no schema tells which. */
  readonly table: string | null;
  readonly column: string;
  readonly kind: EdgeKind;
  readonly confidence: Confidence;
  readonly reason?: string;
  /** The tables that may be meant. */
  readonly candidates?: readonly string[];
}

export interface OutputColumn {
  readonly name: string;
  readonly from: readonly ColumnSource[];
  /** `generated` where no column of a table goes in. */
  readonly kind: EdgeKind | 'generated';
  readonly type: SqlType;
  readonly nullable: boolean | undefined;
}

export interface ColumnUse {
  readonly table: string | null;
  readonly column: string;
  readonly kind: UseKind;
}

/** Where the columns of one statement come from. */
export interface StatementLineage {
  readonly columns: readonly OutputColumn[];
  /** The tables that it reads; those that the same script filled before are replaced by what they were filled from. */
  readonly tables: readonly string[];
  readonly target: string | undefined;
  readonly uses: readonly ColumnUse[];
}

export interface ScriptLineage {
  readonly statements: readonly StatementLineage[];
  readonly problems: readonly SqlProblem[];
}

/** What a script has put into a table so far. */
interface Filled {
  readonly columns: ReadonlyMap<string, ResolvedColumn>;
  readonly list: readonly ResolvedColumn[];
}

/** Traces every statement of a script; a table that one statement fills is known to those after it. */
export function traceScript(text: string, dialect: Dialect, schema: Schema = {}): ScriptLineage {
  const parsed = parseSql(text, dialect);
  const session = new Session(dialect, schema);
  const statements: StatementLineage[] = [];
  const problems = [...parsed.problems];
  for (const statement of parsed.statements) {
    if (statement.kind === 'define' && statement.target !== undefined) session.define(statement);
    if (statement.query === undefined) {
      if (statement.target !== undefined && statement.kind !== 'define' && statement.kind !== 'other')
        statements.push({ columns: [], tables: [], target: show(statement.target), uses: [] });
      continue;
    }
    const resolution = resolve(statement.query, session, dialect, text);
    problems.push(...resolution.problems);
    const columns = session.outputs(statement, resolution);
    statements.push(session.trace(statement, resolution, columns));
    if (statement.target !== undefined && statement.kind !== 'delete') session.fill(statement, columns);
  }
  // A script that only defines tables is about the last of them.
  const defined = parsed.statements.findLast((statement) => statement.kind === 'define')?.target;
  if (statements.length === 0 && defined !== undefined) statements.push({ columns: [], tables: [], target: show(defined), uses: [] });
  return { statements, problems };
}

function show(parts: readonly Name[]): string {
  return parts.map((part) => part.text).join('.');
}

class Session implements Catalog {
  readonly #known = new Map<string, CatalogTable>();
  readonly #filled = new Map<string, Filled>();
  readonly #fold: (name: string, quoted: boolean) => string;

  constructor(
    readonly dialect: Dialect,
    schema: Schema,
  ) {
    const traits = traitsOf(dialect);
    this.#fold = (name, quoted) => foldName(name, quoted, traits);
    for (const [name, columns] of Object.entries(schema)) {
      const list = Object.entries(columns).map(([column, type]) => ({
        name: column,
        ...(type === '' ? {} : { type: parseType(String(type), dialect) }),
      }));
      this.#known.set(name.toLowerCase(), { columns: list, isComplete: true });
    }
  }

  find(parts: readonly Name[]): CatalogTable | undefined {
    const filled = this.#filled.get(this.#key(parts));
    if (filled !== undefined)
      return {
        columns: filled.list
          .filter((column) => !column.isStar)
          .map(({ name, quoted, type, nullable }) => ({ name, quoted, type, ...(nullable === undefined ? {} : { nullable }) })),
        isComplete: !filled.list.some((column) => column.isStar),
      };
    // A schema may name its tables with fewer or with more qualifiers than the query.
    const names = parts.map((part) => part.text.toLowerCase());
    for (let from = 0; from < names.length; from++) {
      const found = this.#known.get(names.slice(from).join('.'));
      if (found !== undefined) return found;
    }
    const suffix = `.${names.join('.')}`;
    const matches = [...this.#known.keys()].filter((name) => name.endsWith(suffix));
    return matches.length === 1 && matches[0] !== undefined ? this.#known.get(matches[0]) : undefined;
  }

  define(statement: Statement): void {
    if (statement.target === undefined || statement.definitions.length === 0) return;
    const columns = statement.definitions.map(({ name, type, notNull }) => ({
      name: name.text,
      quoted: name.quoted,
      ...(type === undefined ? {} : { type: parseType(type, this.dialect) }),
      ...(notNull ? { nullable: false } : {}),
    }));
    this.#known.set(show(statement.target).toLowerCase(), { columns, isComplete: true });
  }

  /** The columns of a statement under the names of the table that it fills. */
  outputs(statement: Statement, resolution: Resolution): readonly ResolvedColumn[] {
    const { columns } = resolution;
    const { targetColumns } = statement;
    const named = targetColumns.length > 0 ? targetColumns.map((name) => name.text) : this.#targetNames(statement, columns);
    const star = columns.find((column) => column.isStar);
    if (named === undefined) return columns;
    if (star !== undefined) {
      const inputs = [{ column: star, kind: 'copied' as const, span: statement.span, confidence: 'assumed' as const }];
      return named.map((name, index): ResolvedColumn => {
        const column = columns.slice(0, index + 1).some((at) => at.isStar) ? undefined : columns[index];
        return column === undefined ? { name, quoted: false, type: star.type, nullable: undefined, inputs } : { ...column, name };
      });
    }
    return columns.map((column, index) => ({ ...column, name: named[index] ?? column.name }));
  }

  /** The names of the columns that an INSERT without a list of them fills, where the table is known or PARTITION tells them. */
  #targetNames({ kind, target, partition }: Statement, columns: readonly ResolvedColumn[]): readonly string[] | undefined {
    if (kind !== 'insert' || target === undefined || columns.some((column) => column.isStar)) return undefined;
    const known = this.find(target);
    const filled = partition?.filled.map((name) => name.text) ?? [];
    const apart = new Set([...filled, ...(partition?.fixed.map((name) => name.text) ?? [])].map((name) => name.toLowerCase()));
    const plain = known?.columns.map((column) => column.name).filter((name) => !apart.has(name.toLowerCase())) ?? [];
    if (known?.isComplete && plain.length + filled.length === columns.length) return [...plain, ...filled];
    // The columns of the partition come last.
    const before = columns.length - filled.length;
    return filled.length === 0
      ? undefined
      : columns.map((column, index) => (index < before ? column.name : (filled[index - before] ?? column.name)));
  }

  fill(statement: Statement, columns: readonly ResolvedColumn[]): void {
    if (statement.target === undefined) return;
    const key = this.#key(statement.target);
    const byName = new Map(columns.map((column) => [this.#fold(column.name, false), column]));
    const before =
      statement.kind === 'insert' || statement.kind === 'update' || statement.kind === 'merge' ? this.#filled.get(key) : undefined;
    if (before === undefined && (statement.kind === 'update' || statement.kind === 'merge')) return;
    const merged = before === undefined ? columns : mergeFilled(before.list, columns, this.#fold);
    this.#filled.set(key, {
      columns: before === undefined ? byName : new Map(merged.map((column) => [this.#fold(column.name, false), column])),
      list: merged,
    });
  }

  trace(statement: Statement, resolution: Resolution, columns: readonly ResolvedColumn[]): StatementLineage {
    const tables = new Set<string>();
    for (const table of resolution.tables)
      if (!this.#filled.has(this.#keyOf(table.parts)) && !this.#isOnlyTarget(statement, table)) tables.add(table.name);
    const uses = new Map<string, ColumnUse>();
    for (const use of resolution.uses)
      for (const source of this.#sources(use.column)) {
        const { table, column } = source;
        uses.set(`${table}\u0000${column}\u0000${use.kind}`, { table, column, kind: use.kind });
      }
    const outputs = columns.map((column): OutputColumn => {
      const from = this.#sources(column);
      const kind = from.length === 0 ? 'generated' : from.map((source) => source.kind).reduce(strongerKind);
      return { name: column.isStar ? '*' : column.name, from, kind, type: column.type, nullable: column.nullable };
    });
    const target = statement.target === undefined ? undefined : show(statement.target);
    return { columns: statement.kind === 'delete' ? [] : outputs, tables: [...tables], target, uses: [...uses.values()] };
  }

  /** Whether a table stands in a statement once, as that which it changes: its rows are no source of others. */
  #isOnlyTarget({ kind, target }: Statement, { parts, spans }: TableUse): boolean {
    if (target === undefined || (kind !== 'update' && kind !== 'merge' && kind !== 'delete')) return false;
    return this.#key(target) === this.#keyOf(parts) && spans.every((span) => span.start === spans[0]?.start);
  }

  #sources(column: ResolvedColumn): ColumnSource[] {
    const found = new Map<string, ColumnSource>();
    for (const [base, origin] of this.#through(column, new Set())) {
      const { table } = base;
      if (table === undefined) continue;
      const { kind, confidence, reason, oneOf } = origin;
      if (oneOf !== undefined) {
        const before = found.get(`\u0000${oneOf}`);
        const candidates = [...new Set([...(before?.candidates ?? []), table.name])];
        found.set(`\u0000${oneOf}`, {
          table: null,
          column: oneOf,
          kind,
          confidence,
          candidates,
          ...(reason === undefined ? {} : { reason }),
        });
        continue;
      }
      found.set(`${table.name}\u0000${base.name}`, {
        table: table.name,
        column: base.name,
        kind,
        confidence,
        ...(reason === undefined ? {} : { reason }),
      });
    }
    return [...found.values()].map((source) =>
      source.candidates?.length === 1 ? { ...source, table: source.candidates[0] ?? null } : source,
    );
  }

  /** The columns of tables that the script did not fill itself. */
  *#through(column: ResolvedColumn, open: Set<ResolvedColumn>): Iterable<[ResolvedColumn, Origin]> {
    for (const [base, origin] of originsOf(column)) {
      const filled = base.table === undefined ? undefined : this.#filled.get(this.#keyOf(base.table.parts));
      const before = filled?.columns.get(this.#fold(base.name, base.quoted)) ?? filled?.list.find((candidate) => candidate.isStar);
      if (before === undefined || open.has(before)) {
        yield [base, origin];
        continue;
      }
      open.add(before);
      for (const [deeper, inner] of this.#through(before, open)) {
        const named =
          deeper.isStar && !base.isStar && deeper.table !== undefined
            ? (deeper.table.columns.findOrGuess(base.name, base.quoted) ?? deeper)
            : deeper;
        yield [named, { ...origin, kind: strongerKind(origin.kind, inner.kind) }];
      }
      open.delete(before);
    }
  }

  #key(parts: readonly Name[]): string {
    return parts.map((part) => this.#fold(part.text, part.quoted)).join('\u0000');
  }

  #keyOf(parts: readonly string[]): string {
    return parts.map((part) => this.#fold(part, false)).join('\u0000');
  }
}

/** What a table holds after rows were added to those that it had. */
function mergeFilled(
  before: readonly ResolvedColumn[],
  added: readonly ResolvedColumn[],
  fold: (name: string, quoted: boolean) => string,
): readonly ResolvedColumn[] {
  const later = new Map(added.map((column) => [fold(column.name, false), column]));
  const merged = before.map((column): ResolvedColumn => {
    const more = later.get(fold(column.name, false));
    later.delete(fold(column.name, false));
    if (more === undefined) return column;
    const { origins: _, ...rest } = column;
    return { ...rest, inputs: [...column.inputs, ...more.inputs] };
  });
  return [...merged, ...later.values()];
}
