import type { ColumnExpression, Expression, JoinRelation, Relation } from '../sql/ir.ts';
import type { Resolution } from '../sql/resolve.ts';
import { conjunctsOf, expressionsIn } from './conditions.ts';
import { closureOf, type Dependency, type Proof, type RelationFacts, unknownFacts } from './row-key.ts';

/** A relation in FROM, under the name that the query gives it. */
export interface Leaf {
  /** Lower case; made up where the query gives none. */
  readonly alias: string;
  readonly relation: Relation;
  readonly facts: RelationFacts;
  /** The join on whose right side it stands. */
  readonly join?: JoinRelation;
  /** Whether an outer join may fill it with NULL. */
  isOptional: boolean;
  /** Whether its columns cannot be read: the right side of a semi or anti join. */
  readonly isHidden: boolean;
}

/** What gives the facts of relations that a query names. */
export interface RelationReader {
  readonly resolution: Resolution;
  readonly sql: string;
  /** The facts of a table, CTE or derived relation. */
  read(relation: Relation): RelationFacts;
  /** A sentence about a piece of the text. */
  proof(text: string, at: { readonly start: number; readonly end: number }): Proof;
}

/** A dependency with what becomes of it where an outer join adds rows of NULL. */
type Held = Dependency & { readonly survivesNulls: boolean };

interface Side {
  readonly leaves: readonly Leaf[];
  readonly dependencies: readonly Held[];
}

/** The attribute that a column of a leaf is. */
export function attribute(alias: string, column: string): string {
  return `${alias}\u0001${column}`;
}

/** What stands for the row of a leaf itself: whatever decides it decides every column of it. */
export function rowOf(alias: string): string {
  return attribute(alias, '#');
}

/** The rows that FROM makes: their relations, and which attributes decide which. */
export class JoinedRows {
  readonly leaves: Leaf[] = [];
  readonly #merged = new Map<string, string>();
  readonly #attributes = new Map<string, Set<string>>();
  #dependencies: Held[] = [];

  constructor(
    from: readonly Relation[],
    private readonly reader: RelationReader,
  ) {
    let side: Side = { leaves: [], dependencies: [] };
    for (const relation of from) {
      const next = this.#read(relation, undefined);
      side = { leaves: [...side.leaves, ...next.leaves], dependencies: [...side.dependencies, ...next.dependencies] };
    }
    this.#dependencies = [...side.dependencies];
  }

  /** Everything that decides something, the rows of leaves with the attributes that were asked for so far. */
  get dependencies(): readonly Dependency[] {
    const rows = this.leaves.map(
      ({ alias }): Dependency => ({ from: [rowOf(alias)], to: [...(this.#attributes.get(alias) ?? [])], isDeclared: false, because: [] }),
    );
    return [...rows, ...this.#dependencies];
  }

  /** The rows of every leaf that can be read: together they tell apart what FROM makes. */
  get whole(): readonly string[] {
    return this.leaves.filter((leaf) => !leaf.isHidden).map((leaf) => rowOf(leaf.alias));
  }

  add(dependency: Dependency): void {
    this.#dependencies.push({ ...dependency, survivesNulls: false });
  }

  /** Adds what conditions say that rows have to meet once they are joined. */
  restrict(conditions: readonly Expression[], at: { readonly start: number; readonly end: number }): void {
    const pairs = conditions.flatMap((condition) => this.equalitiesIn(condition));
    for (const [a, b] of pairs) {
      this.add({ from: [a], to: [b], isDeclared: false, because: [] });
      this.add({ from: [b], to: [a], isDeclared: false, because: [] });
    }
    const equated = new Set(pairs.flat());
    const because =
      pairs.length === 0
        ? []
        : [this.reader.proof(`rows are kept where ${pairs.map((pair) => pair.map(nameOf).join(' = ')).join(', ')}`, at)];
    for (const leaf of pairs.length === 0 ? [] : this.leaves) for (const one of this.#weakKeys(leaf, equated, because)) this.add(one);
    for (const condition of conditions) {
      const constant = this.constantIn(condition);
      if (constant !== undefined)
        this.add({
          from: [],
          to: [constant],
          isDeclared: false,
          because: [this.reader.proof(`${nameOf(constant)} has one value`, condition.span)],
        });
    }
  }

  /** The leaf that an attribute belongs to. */
  leafOf(term: string): Leaf | undefined {
    const alias = term.split('\u0001', 1)[0];
    return this.leaves.find((leaf) => leaf.alias === alias);
  }

  /** The attribute that a plain column means; undefined for columns of queries around, and where several are meant. */
  find(expression: ColumnExpression): string | undefined {
    const reference = this.reader.resolution.references.get(expression);
    const [column, ...others] = reference?.columns ?? [];
    if (reference === undefined || reference.kind !== 'column' || column === undefined || others.length > 0) return undefined;
    if (reference.path.length > 0) return undefined;
    const name = column.name.toLowerCase();
    if (reference.source === undefined) return this.#merged.get(name);
    const source = reference.source.toLowerCase();
    return this.leaves.some(({ alias }) => alias === source) ? this.of(source, name) : undefined;
  }

  /** An attribute of a leaf, which the leaf's row decides from now on. */
  of(alias: string, column: string): string {
    const known = this.#attributes.get(alias);
    const made = attribute(alias, column);
    if (known === undefined) this.#attributes.set(alias, new Set([made]));
    else known.add(made);
    return made;
  }

  /** The columns that USING gives one name for both sides. */
  get merged(): ReadonlyMap<string, string> {
    return this.#merged;
  }

  #read(relation: Relation, join: JoinRelation | undefined, isHidden = false): Side {
    if (relation.kind === 'join') return this.#join(relation);
    const leaf = this.#leaf(relation, join, isHidden);
    const dependencies: Held[] = [];
    for (const key of leaf.facts.keys)
      dependencies.push({
        from: key.columns.map((column) => this.of(leaf.alias, column)),
        to: [rowOf(leaf.alias)],
        isDeclared: key.isDeclared,
        because: key.because,
        survivesNulls: key.nulls === 'none' && key.columns.length > 0,
      });
    for (const { from, to, ...rest } of leaf.facts.dependencies)
      dependencies.push({
        ...rest,
        from: from.map((column) => this.of(leaf.alias, column)),
        to: to.map((column) => this.of(leaf.alias, column)),
        survivesNulls: false,
      });
    // A key under which several rows of NULL may be alike counts once an equality keeps those out.
    return { leaves: [leaf], dependencies: dependencies.filter((_, index) => leaf.facts.keys[index]?.nulls !== 'many') };
  }

  #leaf(relation: Relation, join: JoinRelation | undefined, isHidden: boolean): Leaf {
    const written = aliasOf(relation)?.toLowerCase();
    const isFree = written !== undefined && !this.leaves.some(({ alias }) => alias === written);
    const alias = isFree ? written : `?${this.leaves.length}`;
    const leaf: Leaf = {
      alias,
      relation,
      facts: this.reader.read(relation),
      ...(join === undefined ? {} : { join }),
      isOptional: false,
      isHidden,
    };
    this.leaves.push(leaf);
    return leaf;
  }

  #join(join: JoinRelation): Side {
    const left = this.#read(join.left, undefined);
    const right = this.#read(join.right, join, join.type === 'semi' || join.type === 'anti');
    const pairs = this.#pairsOf(join, left, right);
    const isLateral = join.right.kind === 'function' || (join.right.kind === 'derived' && join.right.lateral);
    const dependencies = isLateral ? this.#unnested(join, left, right) : [];
    switch (join.type) {
      case 'semi':
      case 'anti':
        return left;
      case 'inner':
      case 'cross':
        return {
          leaves: [...left.leaves, ...right.leaves],
          dependencies: [...left.dependencies, ...right.dependencies, ...dependencies, ...this.#matched(join, pairs, left, right)],
        };
      case 'left':
      case 'asof':
        for (const leaf of right.leaves) leaf.isOptional = true;
        return this.#outer(join, left, right, pairs, dependencies);
      case 'right':
        for (const leaf of left.leaves) leaf.isOptional = true;
        return this.#outer(
          join,
          right,
          left,
          pairs.map(([a, b]) => [b, a] as const),
          [],
        );
      case 'full':
        for (const leaf of [...left.leaves, ...right.leaves]) leaf.isOptional = true;
        return {
          leaves: [...left.leaves, ...right.leaves],
          dependencies: [...left.dependencies, ...right.dependencies].filter((one) => one.survivesNulls),
        };
    }
  }

  /** The attributes that a join's condition holds equal, left before right. */
  #pairsOf(join: JoinRelation, left: Side, right: Side): readonly (readonly [string, string])[] {
    const pairs: (readonly [string, string])[] = [];
    const sideOf = (term: string): Side | undefined => {
      const leaf = this.leafOf(term);
      return leaf === undefined ? undefined : left.leaves.includes(leaf) ? left : right.leaves.includes(leaf) ? right : undefined;
    };
    for (const name of this.#sharedNames(join, left, right)) {
      const a = left.leaves.map((leaf) => this.#columnOf(leaf, name)).find((one) => one !== undefined) ?? this.#merged.get(name);
      const b = right.leaves.map((leaf) => this.#columnOf(leaf, name)).find((one) => one !== undefined);
      if (a === undefined || b === undefined) continue;
      pairs.push([a, b]);
      if (join.type !== 'full') this.#merged.set(name, join.type === 'right' ? b : a);
    }
    for (const [a, b] of join.on === undefined ? [] : this.equalitiesIn(join.on)) {
      if (sideOf(a) === left && sideOf(b) === right) pairs.push([a, b]);
      if (sideOf(a) === right && sideOf(b) === left) pairs.push([b, a]);
    }
    return pairs;
  }

  #columnOf(leaf: Leaf, name: string): string | undefined {
    // Of a relation whose columns are not known, USING says that it has this one.
    const has = leaf.facts.columns === undefined || leaf.facts.columns.includes(name);
    return has ? this.of(leaf.alias, name) : undefined;
  }

  #sharedNames(join: JoinRelation, left: Side, right: Side): readonly string[] {
    if (!join.natural) return join.using.map((name) => name.text.toLowerCase());
    const names = new Set(right.leaves.flatMap((leaf) => leaf.facts.columns ?? []));
    return [...new Set(left.leaves.flatMap((leaf) => leaf.facts.columns ?? []))].filter((name) => names.has(name));
  }

  /** The pairs of attributes that a condition's equalities name. */
  equalitiesIn(condition: Expression): readonly (readonly [string, string])[] {
    return conjunctsOf(condition).flatMap((part) => {
      if (part.kind !== 'operator' || part.operator !== '=') return [];
      const [a, b] = part.operands;
      if (a?.kind !== 'column' || b?.kind !== 'column') return [];
      const [left, right] = [this.find(a), this.find(b)];
      return left === undefined || right === undefined || left === right ? [] : [[left, right] as const];
    });
  }

  /** What equalities say where only rows that match are left. */
  #matched(join: JoinRelation, pairs: readonly (readonly [string, string])[], left: Side, right: Side): Held[] {
    const equated = new Set(pairs.flat());
    const because = [this.reader.proof(`joined on ${pairs.map(([a]) => nameOf(a)).join(', ')}`, join.span)];
    return [
      ...pairs.flatMap(([a, b]): Held[] => [
        { from: [a], to: [b], isDeclared: false, because: [], survivesNulls: true },
        { from: [b], to: [a], isDeclared: false, because: [], survivesNulls: true },
      ]),
      ...[...left.leaves, ...right.leaves].flatMap((leaf) => this.#weakKeys(leaf, equated, because)),
    ];
  }

  /** Keys that hold where none of their columns is NULL, as equalities make sure. */
  #weakKeys(leaf: Leaf, equated: ReadonlySet<string>, because: readonly Proof[]): Held[] {
    return leaf.facts.keys.flatMap((key): Held[] => {
      const from = key.columns.map((column) => this.of(leaf.alias, column));
      if (key.nulls !== 'many' || !from.every((one) => equated.has(one))) return [];
      return [{ from, to: [rowOf(leaf.alias)], isDeclared: key.isDeclared, because: [...key.because, ...because], survivesNulls: true }];
    });
  }

  /** An outer join that keeps the rows of one side: the other side's row is decided where the condition holds a key of it. */
  #outer(join: JoinRelation, kept: Side, filled: Side, pairs: readonly (readonly [string, string])[], more: readonly Held[]): Side {
    const equated = new Set(pairs.map(([, b]) => b));
    const proof = [this.reader.proof(`joined on ${[...equated].map(nameOf).join(', ')}`, join.span)];
    const fixed = join.on === undefined ? [] : this.#constantsIn(join.on, filled);
    const inside: readonly Dependency[] = [
      ...filled.dependencies,
      ...filled.leaves.flatMap((leaf) => [
        ...this.#weakKeys(leaf, equated, proof),
        { from: [rowOf(leaf.alias)], to: [...(this.#attributes.get(leaf.alias) ?? [])], isDeclared: false, because: [] },
      ]),
    ];
    const { columns, used } = closureOf([...equated, ...fixed], inside);
    const decided = filled.leaves.map((leaf) => rowOf(leaf.alias));
    const isCovered = join.type === 'asof' || decided.every((row) => columns.has(row));
    const survivors = filled.dependencies.filter((one) => one.survivesNulls);
    const covering: Held[] = isCovered
      ? [
          {
            from: kept.leaves.map((leaf) => rowOf(leaf.alias)),
            to: decided,
            isDeclared: used.some((one) => one.isDeclared),
            because: used.flatMap((one) => one.because),
            survivesNulls: true,
          },
        ]
      : [];
    return { leaves: [...kept.leaves, ...filled.leaves], dependencies: [...kept.dependencies, ...survivors, ...covering, ...more] };
  }

  /** The attributes of a side that a condition compares with a literal. */
  #constantsIn(condition: Expression, side: Side): readonly string[] {
    return conjunctsOf(condition).flatMap((part) => {
      const found = this.constantIn(part);
      const leaf = found === undefined ? undefined : this.leafOf(found);
      return found !== undefined && leaf !== undefined && side.leaves.includes(leaf) ? [found] : [];
    });
  }

  /** The attribute that a condition allows one value only. */
  constantIn(part: Expression): string | undefined {
    if (part.kind === 'column') return this.find(part);
    if (part.kind === 'operator' && part.operator === 'is null' && part.operands[0]?.kind === 'column') return this.find(part.operands[0]);
    if (part.kind !== 'operator' || part.operator !== '=') return undefined;
    const [a, b] = part.operands;
    if (a?.kind === 'column' && isFixed(b)) return this.find(a);
    if (b?.kind === 'column' && isFixed(a)) return this.find(b);
    return undefined;
  }

  /** What a function in FROM says of its rows: its position in the array tells those of one array apart. */
  #unnested(join: JoinRelation, left: Side, right: Side): Held[] {
    if (join.right.kind !== 'function' || join.right.ordinal === undefined) return [];
    const [leaf] = right.leaves;
    if (leaf === undefined) return [];
    return [
      {
        from: [...left.leaves.map((one) => rowOf(one.alias)), this.of(leaf.alias, join.right.ordinal.text.toLowerCase())],
        to: [rowOf(leaf.alias)],
        isDeclared: false,
        because: [this.reader.proof('a position in an array is there once', join.right.span)],
        survivesNulls: true,
      },
    ];
  }
}

/** Whether an expression has one value for all rows: it reads no column, or is a query of its own. */
function isFixed(expression: Expression | undefined): boolean {
  if (expression === undefined) return false;
  if (expression.kind === 'subquery')
    return (
      expression.form === 'scalar' &&
      ![...expressionsIn(expression.query.body, true)].some((part) => part.kind === 'column' && part.parts.length > 1)
    );
  return ![...expressionsIn(expression)].some(
    (part) => ['column', 'opaque', 'subquery', 'all-columns'].includes(part.kind) || (part.kind === 'call' && /rand|uuid/.test(part.name)),
  );
}

/** The name by which a query calls a relation. */
export function aliasOf(relation: Relation): string | undefined {
  if ('alias' in relation && relation.alias !== undefined) return relation.alias.name.text;
  if (relation.kind === 'table') return relation.parts.at(-1)?.text;
  return relation.kind === 'function' ? relation.name : undefined;
}

/** How a reader knows an attribute: `orders.id`. */
export function nameOf(term: string): string {
  return term.replace('\u0001', '.');
}

/** Facts whose columns a query gives other names in order. */
export function renamed(facts: RelationFacts, names: readonly string[]): RelationFacts {
  if (names.length === 0) return facts;
  if (facts.columns === undefined) return unknownFacts;
  const to = new Map(facts.columns.map((column, index) => [column, names[index]?.toLowerCase() ?? column]));
  const name = (column: string): string => to.get(column) ?? column;
  return {
    columns: facts.columns.map(name),
    keys: facts.keys.map((key) => ({ ...key, columns: key.columns.map(name) })),
    dependencies: facts.dependencies.map((one) => ({ ...one, from: one.from.map(name), to: one.to.map(name) })),
    values: new Map([...facts.values].map(([column, values]) => [name(column), values])),
    notNull: new Set([...facts.notNull].map(name)),
    restricted: new Set([...facts.restricted].map(name)),
    averages: new Map([...facts.averages].map(([column, text]) => [name(column), text])),
  };
}
