import type { ColumnExpression, Name } from '../sql/ir.ts';
import { withNearest } from '../text/nearest.ts';
import { Refusal, type Typed } from './sql-text.ts';
import type { ValueType } from './value-type.ts';

export interface ScopeColumn {
  readonly name: string;
  readonly sql: string;
  readonly type: ValueType;
  /** Set on the columns that USING has merged: they are found without a qualifier only on their first side. */
  readonly merged?: boolean;
}

export interface ScopeRelation {
  /** The alias, or the parts of the table's name; lower case. */
  readonly names: readonly string[];
  readonly columns: readonly ScopeColumn[];
  /** The columns of its declared primary key, lower case. */
  readonly primaryKey?: readonly string[];
  /** A relation of one value per row, which its alias names: `unnest(x) as u`. */
  readonly isValue?: boolean;
}

/** What names mean at a place in a query. */
export class Scope {
  readonly relations: ScopeRelation[] = [];
  /** Aliases of the SELECT list that may be used in it, and parameters of lambdas. */
  readonly aliases = new Map<string, Typed>();
  aliasesFirst = false;
  /** In CONNECT BY, the row above, which PRIOR reads. */
  prior?: Scope;
  /** What CONNECT_BY_ROOT, PRIOR and SYS_CONNECT_BY_PATH stand for, by their nodes. */
  hierarchy?: ReadonlyMap<unknown, Typed>;

  constructor(readonly parent?: Scope) {}

  /** All columns in order, those merged by USING once. */
  columns(): readonly ScopeColumn[] {
    return this.relations.flatMap((relation) => relation.columns.filter((column) => column.merged !== true));
  }

  qualified(parts: readonly Name[]): ScopeRelation | undefined {
    const wanted = parts.map((part) => part.text.toLowerCase());
    const exact = this.relations.find((relation) => endsWith(relation.names, wanted));
    return exact ?? this.parent?.qualified(parts);
  }

  /** The column or alias that a name stands for, with the parts behind it that read into a struct. */
  find(expression: ColumnExpression): { value: Typed; rest: readonly Name[] } {
    const found = this.#find(expression.parts);
    if (found !== undefined) return found;
    const last = expression.parts[expression.parts.length - 1]?.text ?? '';
    const written = expression.parts.map((part) => part.text).join('.');
    throw new Refusal(withNearest(`There is no column '${written}' here.`, last, this.#allNames()), expression.span);
  }

  /** The row above, here or in a scope around this. */
  above(): Scope | undefined {
    return this.prior ?? this.parent?.above();
  }

  carried(node: unknown): Typed | undefined {
    return this.hierarchy?.get(node) ?? this.parent?.carried(node);
  }

  #allNames(): string[] {
    return [
      ...this.columns().map((column) => column.name),
      ...this.aliases.keys(),
      ...(this.parent === undefined ? [] : this.parent.#allNames()),
    ];
  }

  #find(parts: readonly Name[]): { value: Typed; rest: readonly Name[] } | undefined {
    const [first, ...rest] = parts;
    if (first === undefined) return undefined;
    if (this.aliasesFirst) {
      const alias = this.aliases.get(first.text.toLowerCase());
      if (alias !== undefined) return { value: alias, rest };
    }
    for (let length = Math.min(parts.length - 1, 4); length >= 1; length--) {
      const relation = this.relations.find((candidate) =>
        endsWith(
          candidate.names,
          parts.slice(0, length).map((part) => part.text.toLowerCase()),
        ),
      );
      const name = parts[length]?.text.toLowerCase();
      const column = relation?.columns.find((candidate) => candidate.name.toLowerCase() === name);
      if (column !== undefined) return { value: column, rest: parts.slice(length + 1) };
    }
    const name = first.text.toLowerCase();
    const columns = this.columns().filter((column) => column.name.toLowerCase() === name);
    const exact = columns.find((column) => column.name === first.text) ?? columns[0];
    if (exact !== undefined) return { value: exact, rest };
    const alias = this.aliases.get(name);
    if (alias !== undefined) return { value: alias, rest };
    const value = this.relations.find((relation) => relation.isValue === true && relation.names[relation.names.length - 1] === name);
    const only = value?.columns[0];
    if (only !== undefined) return { value: only, rest };
    return this.parent === undefined ? undefined : this.parent.#find(parts);
  }
}

function endsWith(names: readonly string[], wanted: readonly string[]): boolean {
  if (wanted.length > names.length) return false;
  for (let i = 1; i <= wanted.length; i++) if (names[names.length - i] !== wanted[wanted.length - i]) return false;
  return wanted.length > 0;
}
