import type { Cte, Query, QueryBody, Relation, Select, SetOperation } from '../sql/ir.ts';
import { readsTable } from '../sql/reads-table.ts';
import type { Resolution } from '../sql/resolve.ts';
import { type RelationReader, renamed } from './joined-rows.ts';
import { type Dependency, distinctKeys, type Proof, type RelationFacts, type RowKey, unknownFacts, weakerNulls } from './row-key.ts';
import { hasRowFunctions, readSelect, type SelectReading } from './select-facts.ts';

/** A text that is read for the keys of its rows. */
export interface TextToRead {
  readonly query: Query;
  readonly resolution: Resolution;
  readonly sql: string;
  /** What is known of a table by its parts, innermost last. */
  table(parts: readonly string[]): RelationFacts;
  /** A sentence about a piece of the text. */
  proof(text: string, at: { readonly start: number; readonly end: number }): Proof;
}

/** What is known of a text: its result, its CTEs and every SELECT in it. */
export interface TextFacts {
  readonly facts: RelationFacts;
  readonly ctes: ReadonlyMap<Cte, RelationFacts>;
  readonly selects: readonly PlacedSelect[];
  readonly unions: readonly PlacedUnion[];
}

/** A SELECT with the queries that it stands in, the outermost first. */
export interface PlacedSelect extends SelectReading {
  readonly around: readonly Query[];
}

/** A set operation with what is known of its branches. */
export interface PlacedUnion {
  readonly body: SetOperation;
  readonly left: RelationFacts;
  readonly right: RelationFacts;
  readonly around: readonly Query[];
}

type Scope = { readonly name: string; readonly facts: RelationFacts; readonly parent: Scope } | undefined;

/** Works out the keys of a text's result and of everything in it. */
export function readText(text: TextToRead): TextFacts {
  const reading = new TextReading(text);
  const facts = reading.query(text.query, undefined);
  return { facts, ctes: reading.ctes, selects: reading.selects, unions: reading.unions };
}

class TextReading {
  readonly ctes = new Map<Cte, RelationFacts>();
  readonly selects: PlacedSelect[] = [];
  readonly unions: PlacedUnion[] = [];
  readonly #around: Query[] = [];

  constructor(private readonly text: TextToRead) {}

  query(query: Query, around: Scope): RelationFacts {
    // Queries nested this deeply are no one's to read.
    if (this.#around.length > 60) return unknownFacts;
    this.#around.push(query);
    let scope = around;
    for (const cte of query.ctes) {
      const isSelf = cte.recursive === true || query.recursive;
      const inner: Scope = isSelf ? { name: cte.name.text.toLowerCase(), facts: unknownFacts, parent: scope } : scope;
      const read = renamed(
        this.query(cte.query, inner),
        cte.columns.map((name) => name.text),
      );
      const facts = isSelf && readsTable(cte.query, cte.name.text) ? { ...unknownFacts, columns: read.columns } : read;
      this.ctes.set(cte, facts);
      scope = { name: cte.name.text.toLowerCase(), facts, parent: scope };
    }
    const facts = this.#body(query.body, scope);
    this.#around.pop();
    if (query.limit?.kind === 'literal' && query.limit.value === '1')
      return {
        ...facts,
        keys: [{ columns: [], nulls: 'none', isDeclared: false, because: [this.text.proof('LIMIT 1 gives one row', query.limit.span)] }],
      };
    return facts;
  }

  #body(body: QueryBody, scope: Scope): RelationFacts {
    switch (body.kind) {
      case 'select':
        return this.#select(body, scope);
      case 'set':
        return this.#set(body, scope);
      case 'nested':
        return this.query(body.query, scope);
      case 'values':
        return { ...unknownFacts, columns: body.rows[0]?.map((_, index) => `column${index + 1}`) };
      case 'opaque-query':
        return unknownFacts;
    }
  }

  #select(select: Select, scope: Scope): RelationFacts {
    // Nobody reads a query of so many relations or columns, and following its keys would take for ever.
    if (select.items.length > mostItems || hasTooManyRelations(select.from)) return unknownFacts;
    const reader: RelationReader = {
      resolution: this.text.resolution,
      sql: this.text.sql,
      read: (relation) => this.#relation(relation, scope),
      proof: (text, at) => this.text.proof(text, at),
    };
    const reading = readSelect(select, reader);
    this.selects.push({ ...reading, around: [...this.#around] });
    this.#inside(select, scope);
    return hasRowFunctions(select) ? { ...reading.facts, keys: [] } : reading.facts;
  }

  /** Reads the queries that stand in expressions, for the sake of what is said of them. */
  #inside(select: Select, scope: Scope): void {
    const pending: object[] = [
      select.items,
      select.groupBy,
      ...[select.where, select.having, select.qualify].filter((one) => one !== undefined),
    ];
    for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
      if ((part as { kind?: string }).kind === 'query') {
        this.query(part as Query, scope);
        continue;
      }
      for (const key in part) {
        const value = (part as Record<string, unknown>)[key];
        if (key !== 'span' && typeof value === 'object' && value !== null) pending.push(value);
      }
    }
  }

  #relation(relation: Relation, scope: Scope): RelationFacts {
    switch (relation.kind) {
      case 'table': {
        const parts = relation.parts.map((part) => part.text);
        const [first] = parts;
        if (parts.length === 1 && first !== undefined)
          for (let at = scope; at !== undefined; at = at.parent)
            if (at.name === first.toLowerCase()) return renamed(at.facts, relation.alias?.columns.map((name) => name.text) ?? []);
        return renamed(this.text.table(parts), relation.alias?.columns.map((name) => name.text) ?? []);
      }
      case 'derived':
        return renamed(this.query(relation.query, scope), relation.alias?.columns.map((name) => name.text) ?? []);
      case 'pivot': {
        this.#relation(relation.input, scope);
        return unknownFacts;
      }
      case 'unpivot':
        this.#relation(relation.input, scope);
        return unknownFacts;
      case 'opaque-relation':
        for (const input of relation.inputs) this.#relation(input, scope);
        return unknownFacts;
      case 'function':
      case 'join':
        return unknownFacts;
    }
  }

  #set(body: SetOperation, scope: Scope): RelationFacts {
    const [left, right] = [this.query(body.left, scope), this.query(body.right, scope)];
    this.unions.push({ body, left, right, around: [...this.#around] });
    const { columns } = left;
    if (body.byName || columns === undefined || right.columns === undefined || columns.length !== right.columns.length)
      return { ...unknownFacts, columns };
    const dependencies: readonly Dependency[] = [];
    const other = new Map(right.columns.map((column, index) => [columns[index] ?? column, column]));
    const values = new Map<string, ReadonlySet<string>>();
    for (const column of columns) {
      const [a, b] = [left.values.get(column), right.values.get(other.get(column) ?? '')];
      if (a !== undefined && b !== undefined) values.set(column, new Set([...a, ...b]));
    }
    const keys: RowKey[] = [];
    if (!body.all)
      keys.push({
        columns: [...new Set(columns)],
        nulls: 'one',
        isDeclared: false,
        because: [this.text.proof(`${body.operator.toUpperCase()} gives every row once`, body.span)],
      });
    if (body.operator !== 'union') keys.push(...left.keys);
    else keys.push(...this.#tagged(body, left, right, other));
    const both = (a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> =>
      new Set([...a].filter((column) => b.has(other.get(column) ?? '')));
    return {
      columns,
      keys: distinctKeys(keys),
      dependencies,
      values,
      notNull: body.operator === 'union' ? both(left.notNull, right.notNull) : left.notNull,
      restricted: both(left.restricted, right.restricted),
      averages: left.averages,
    };
  }

  /** Branches that a literal tells apart have the keys of both beside it. */
  #tagged(body: SetOperation, left: RelationFacts, right: RelationFacts, other: ReadonlyMap<string, string>): readonly RowKey[] {
    const tag = left.columns?.find((column) => {
      const [a, b] = [left.values.get(column), right.values.get(other.get(column) ?? '')];
      return a !== undefined && b !== undefined && ![...a].some((value) => b.has(value));
    });
    if (tag === undefined) return [];
    return left.keys.flatMap((key): readonly RowKey[] => {
      const wanted = key.columns.filter((column) => column !== tag).map((column) => other.get(column) ?? column);
      const match = right.keys.find((one) => one.columns.every((column) => wanted.includes(column) || column === other.get(tag)));
      if (match === undefined) return [];
      return [
        {
          columns: [...new Set([...key.columns, tag])],
          nulls: weakerNulls([key, match]),
          isDeclared: key.isDeclared || match.isDeclared,
          because: [...key.because, ...match.because, this.text.proof(`${tag} tells the branches of the union apart`, body.span)],
        },
      ];
    });
  }
}

const mostItems = 3000;
const mostRelations = 150;

function hasTooManyRelations(from: readonly Relation[]): boolean {
  const pending = [...from];
  let count = 0;
  for (let relation = pending.pop(); relation !== undefined; relation = pending.pop()) {
    if (relation.kind === 'join') pending.push(relation.left, relation.right);
    else if (++count > mostRelations) return true;
  }
  return false;
}
