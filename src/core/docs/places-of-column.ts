import { isMap, isScalar, isSeq } from 'yaml';
import type { ColumnRef } from '../lineage/questions.ts';
import type { ProjectNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ColumnExpression, ExpressionItem, JoinRelation, Name, StarItem } from '../sql/ir.ts';
import type { ResolvedColumn } from '../sql/resolve/columns.ts';
import type { NodeId } from '../text/ids.ts';
import type { Span } from '../text/span.ts';
import { packageOf } from './jinja-meaning.ts';
import { placesInUnitTests } from './places-in-unit-tests.ts';
import type { SqlReading } from './reading.ts';
import { findNodeOfTable, readSql, toVerbatim } from './reading.ts';
import { visitTree } from './tree-path.ts';
import { findYamlMeaning } from './yaml-meaning.ts';
import { readYamlTree } from './yaml-place.ts';

/** One place where a column is named. */
export interface ColumnPlace {
  readonly path: string;
  readonly span: Span;
  /** `alias`: ` as name` is to be added here, because the column has its name from another that keeps it. */
  readonly kind: 'name' | 'alias';
}

/** Everywhere that a column is named under its own name, and what stands in the way of naming it otherwise. */
export interface ColumnPlaces {
  readonly name: string;
  readonly places: readonly ColumnPlace[];
  /** The columns of relations that have the name from it, itself included. */
  readonly carriers: readonly ColumnRef[];
  readonly obstacles: readonly string[];
}

/** Follows a column from the place that gives it its name to all that copy it under that name, through SQL and properties files. */
export function placesOfColumn(snapshot: Snapshot, ref: ColumnRef): ColumnPlaces {
  const origin = findNaming(snapshot, ref);
  const found = new Places(snapshot, origin.column);
  found.follow(origin);
  return { name: origin.column, places: found.list(), carriers: found.carriers, obstacles: [...found.obstacles] };
}

/** The places in one model's SQL of a column that a CTE or subquery of it names; undefined where a table does. */
export function placesInQuery(snapshot: Snapshot, reading: SqlReading, column: ResolvedColumn): ColumnPlaces | undefined {
  const root = rootOf(new Naming(reading), column);
  if (root.table !== undefined || root.span === undefined) return undefined;
  const found = new Places(snapshot, root.name);
  found.followInside(reading, root);
  return { name: root.name, places: found.list(), carriers: [], obstacles: [...found.obstacles] };
}

/** Whether the CTE or subquery that makes a column has another of a name. */
export function isTakenBeside(reading: SqlReading, column: ResolvedColumn, name: string): boolean {
  const root = rootOf(new Naming(reading), column);
  const beside = [...reading.resolution.results.values()].filter(({ columns }) => columns.includes(root));
  return beside.some(({ columns }) => columns.some((other) => other !== root && other.name.toLowerCase() === name.toLowerCase()));
}

/** The column of a model's own that has its name from a column inside its SQL. */
export function outputNamedBy(reading: SqlReading, column: ResolvedColumn): ResolvedColumn | undefined {
  const naming = new Naming(reading);
  return reading.resolution.columns.find((own) => {
    if (own.isStar) return false;
    for (let at: ResolvedColumn | undefined = own; at !== undefined; at = naming.parent(at)) if (at === column) return true;
    return false;
  });
}

/** The column that gives another its name, when a star only hands it on. */
function findNaming(snapshot: Snapshot, ref: ColumnRef, steps = 0): ColumnRef {
  const reading = readSql(snapshot, ref.node);
  const column = reading?.resolution.columns.find((one) => !one.isStar && one.name.toLowerCase() === ref.column.toLowerCase());
  if (reading === undefined || column === undefined || steps > 100) return ref;
  const root = rootOf(new Naming(reading), column);
  if (root.table === undefined) return { node: ref.node, column: column.name };
  const node = findNodeOfTable(snapshot, root.table.parts, ref.node);
  return node === undefined ? ref : findNaming(snapshot, { node: node.id, column: root.name }, steps + 1);
}

/** Tells from which column another has its name. */
class Naming {
  readonly items = new Map<Span, ExpressionItem>();
  readonly stars = new Map<Span, StarItem>();

  constructor(readonly reading: SqlReading) {
    visitTree(reading.query, (part) => {
      if (part.span === undefined) return;
      if (part.kind === 'item') this.items.set(part.span, part as ExpressionItem);
      if (part.kind === 'star') this.stars.set(part.span, part as StarItem);
    });
  }

  /** The column whose name another bears because nothing names it anew. */
  parent(column: ResolvedColumn): ResolvedColumn | undefined {
    const [input] = column.inputs;
    if (input === undefined || column.table !== undefined || column.span === undefined) return undefined;
    const isSame = input.column.name.toLowerCase() === column.name.toLowerCase();
    if (!isSame) return undefined;
    const item = this.items.get(column.span);
    if (item !== undefined) return item.alias === undefined && item.expression.kind === 'column' ? input.column : undefined;
    if (this.stars.has(column.span)) return column.expression === undefined ? input.column : undefined;
    // The rows of a union, and the two sides of USING, have the name of the first.
    return column.expression === undefined ? input.column : undefined;
  }
}

function rootOf(naming: Naming, column: ResolvedColumn): ResolvedColumn {
  let at = column;
  for (let step = 0; step < 500; step++) {
    const parent = naming.parent(at);
    if (parent === undefined) return at;
    // A table's column keeps its name where the item that reads it can be given an alias.
    if (parent.table !== undefined && at.span !== undefined && naming.items.has(at.span)) return at;
    at = parent;
  }
  return at;
}

class Places {
  readonly carriers: ColumnRef[] = [];
  readonly obstacles = new Set<string>();
  readonly #places = new Map<string, ColumnPlace>();
  readonly #done = new Set<NodeId>();

  constructor(
    readonly snapshot: Snapshot,
    readonly name: string,
  ) {}

  list(): readonly ColumnPlace[] {
    return [...this.#places.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.span.start - b.span.start));
  }

  follow(origin: ColumnRef): void {
    const node = this.snapshot.nodes.get(origin.node);
    if (node === undefined) return;
    if (readSql(this.snapshot, node.id) === undefined)
      this.obstacles.add(`${node.name} is a ${node.kind}: its columns have their names from outside the project.`);
    const pending: NodeId[] = [origin.node];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (this.#done.has(id)) continue;
      this.#done.add(id);
      const isOrigin = id === origin.node;
      const carries = this.#inSql(id, isOrigin);
      if (!carries && !isOrigin) continue;
      this.carriers.push({ node: id, column: this.name });
      const own = this.snapshot.nodes.get(id);
      if (own !== undefined && own.package !== this.snapshot.project.name)
        this.obstacles.add(`${own.name} belongs to the package ${own.package}, which is not changed.`);
      if (own !== undefined) {
        this.#inProperties(own);
        this.#inUnitTests(own);
      }
      for (const child of this.snapshot.graph.children(id)) {
        // A test that hangs on several relations is read once, when the first of them is followed.
        const known = this.snapshot.nodes.get(child);
        if (known !== undefined && this.snapshot.texts.has(child) && !/\.ya?ml$/.test(known.path)) pending.push(child);
      }
    }
    // Readers that were seen before all of their columns were known to bear the name are looked at once more.
    for (const id of [...this.#done]) this.#inSql(id, id === origin.node);
  }

  /** Only in the SQL that a column stands in, also as an incremental run sees it. */
  followInside(reading: SqlReading, root: ResolvedColumn): void {
    this.#markNames(reading, new Naming(reading), root);
    const start = root.span && toVerbatim(reading, root.span)?.start;
    const other = readSql(this.snapshot, reading.node.id, true);
    if (other === undefined || other === reading || start === undefined) return;
    const offset = other.map.outputOf(start);
    const same = [...other.resolution.results.values()].flatMap(({ columns }) => columns).find(({ span }) => span?.start === offset);
    if (same !== undefined) this.#markNames(other, new Naming(other), same);
  }

  #isCarrier(reading: SqlReading, column: ResolvedColumn): boolean {
    if (column.table === undefined || column.name.toLowerCase() !== this.name.toLowerCase()) return false;
    const node = findNodeOfTable(this.snapshot, column.table.parts, reading.node.id);
    return node !== undefined && this.carriers.some((carrier) => carrier.node === node.id);
  }

  /** Notes every place in a node's SQL; answers whether one of the node's own columns bears the name. */
  #inSql(id: NodeId, isOrigin: boolean): boolean {
    let carries = false;
    for (const incremental of [false, true]) {
      const reading = readSql(this.snapshot, id, incremental);
      if (reading === undefined) continue;
      const naming = new Naming(reading);
      const own = reading.resolution.columns.find((column) => !column.isStar && column.name.toLowerCase() === this.name.toLowerCase());
      const root = isOrigin && own !== undefined ? rootOf(naming, own) : undefined;
      const bears = this.#markNames(reading, naming, root);
      carries ||= own !== undefined && bears(own);
    }
    return carries;
  }

  /** Notes every place in a query that names a column by the name of `root`, or of a carrier; answers which columns bear that name. */
  #markNames(reading: SqlReading, naming: Naming, root: ResolvedColumn | undefined): (column: ResolvedColumn) => boolean {
    const memo = new Map<ResolvedColumn, boolean>();
    const bears = (column: ResolvedColumn): boolean => {
      const known = memo.get(column);
      if (known !== undefined) return known;
      memo.set(column, false);
      const parent = column === root ? undefined : naming.parent(column);
      const found = column === root || this.#isCarrier(reading, column) || (parent !== undefined && bears(parent));
      memo.set(column, found);
      return found;
    };
    if (root !== undefined) this.#nameRoot(reading, naming, root);
    visitTree(reading.query, (part) => {
      if (part.kind === 'column') this.#inReference(reading, part as ColumnExpression, bears);
      if (part.kind === 'star')
        for (const name of [
          ...(part as StarItem).except,
          ...(part as StarItem).rename.map((one) => one.from),
          ...(part as StarItem).replace.map((one) => one.name),
        ])
          this.#inStar(reading, part as StarItem, name, bears);
      if (part.kind === 'join') for (const name of (part as JoinRelation).using) this.#inUsing(reading, name, bears);
    });
    return bears;
  }

  #nameRoot(reading: SqlReading, naming: Naming, root: ResolvedColumn): void {
    const item = root.span === undefined ? undefined : naming.items.get(root.span);
    if (item === undefined) {
      if (root.table === undefined) this.obstacles.add(`Nothing in ${reading.node.name} names '${this.name}' where it could be renamed.`);
      return;
    }
    if (item.alias !== undefined) {
      this.#add(reading, item.alias.span, 'name');
    } else this.#add(reading, { start: item.span.end, end: item.span.end }, 'alias', item.span);
  }

  #inReference(reading: SqlReading, expression: ColumnExpression, bears: (column: ResolvedColumn) => boolean): void {
    const reference = reading.resolution.references.get(expression);
    const name = expression.parts[expression.parts.length - 1 - (reference?.path.length ?? 0)];
    if (reference === undefined || name === undefined || reference.kind === 'row' || reference.kind === 'parameter') return;
    if (name.text.toLowerCase() !== this.name.toLowerCase() || !reference.columns.some(bears)) return;
    this.#add(reading, name.span, 'name');
  }

  #inStar(reading: SqlReading, star: StarItem, name: Name, bears: (column: ResolvedColumn) => boolean): void {
    if (name.text.toLowerCase() !== this.name.toLowerCase()) return;
    const scope = [...reading.resolution.scopes].find(([select]) => select.items.includes(star))?.[1];
    const has = scope?.sources.some((source) =>
      source.columns.columns.some((column) => column.name.toLowerCase() === this.name.toLowerCase() && bears(column)),
    );
    if (has === true) this.#add(reading, name.span, 'name');
  }

  #inUsing(reading: SqlReading, name: Name, bears: (column: ResolvedColumn) => boolean): void {
    if (name.text.toLowerCase() !== this.name.toLowerCase()) return;
    for (const scope of reading.resolution.scopes.values()) {
      const sides = [...scope.merged.values()]
        .filter((column) => column.span === name.span)
        .flatMap((column) => column.inputs.map((input) => input.column));
      if (sides.length === 0) continue;
      const many = sides.filter(bears).length;
      if (many === sides.length) this.#add(reading, name.span, 'name');
      else if (many > 0)
        this.obstacles.add(`${reading.node.name} joins USING (${name.text}), which needs the name on both sides: write it with ON first.`);
    }
  }

  #add(reading: SqlReading, span: Span, kind: ColumnPlace['kind'], within: Span = span): void {
    const { path } = reading.text;
    const whole = toVerbatim(reading, within);
    if (reading.node.package !== this.snapshot.project.name) {
      this.obstacles.add(`${reading.node.name} belongs to the package ${reading.node.package}, which is not changed.`);
      return;
    }
    if (whole !== undefined) {
      const place = kind === 'name' ? whole : { start: whole.end, end: whole.end };
      this.#places.set(`${path} ${place.start}`, { path, span: place, kind });
      return;
    }
    const tag = reading.map.locateSpan(within);
    const file = this.snapshot.sources.find(path)?.text ?? '';
    const inside = file.slice(tag.start, tag.end);
    // An argument of a macro that is the name: `{{ to_amount('cents') }}`.
    const written = [...inside.matchAll(/(['"])((?:\w+\.)?)(\w+)\1/g)].filter(
      (match) => match[3]?.toLowerCase() === this.name.toLowerCase(),
    );
    if (written.length === 0 || kind === 'alias') {
      this.obstacles.add(
        `${reading.node.name} names '${this.name}' inside ${inside.length > 60 ? 'a template' : inside.trim()}, where it is not changed.`,
      );
      return;
    }
    for (const match of written) {
      const start = tag.start + match.index + 1 + (match[2]?.length ?? 0);
      this.#places.set(`${path} ${start}`, { path, span: { start, end: start + this.name.length }, kind: 'name' });
    }
  }

  /** The headers of CSV rows in unit tests. */
  #inUnitTests(node: ProjectNode): void {
    const { places, obstacles } = placesInUnitTests(this.snapshot, node, this.name);
    for (const { path, span } of places) this.#places.set(`${path} ${span.start}`, { path, span, kind: 'name' });
    for (const obstacle of obstacles) this.obstacles.add(obstacle);
  }

  /** The places in properties files that name the column of a node: its entry, tests, keys, unit tests, relationships of others. */
  #inProperties(node: ProjectNode): void {
    if (!isRelation(node)) return;
    for (const path of this.snapshot.sources.below('', '.yml', '.yaml')) {
      const text = this.snapshot.sources.find(path)?.text;
      if (text === undefined || !text.toLowerCase().includes(this.name.toLowerCase()) || !text.includes(node.name)) continue;
      if (packageOf(this.snapshot, path) !== this.snapshot.project.name) continue;
      for (const span of scalars(text, this.name)) {
        const meaning = findYamlMeaning(this.snapshot, path, text, span.start);
        if (
          meaning?.kind === 'column' &&
          meaning.ref.node === node.id &&
          text.slice(meaning.span.start, meaning.span.end).toLowerCase() === this.name.toLowerCase()
        )
          this.#places.set(`${path} ${meaning.span.start}`, { path, span: meaning.span, kind: 'name' });
      }
    }
  }
}

/** Where a YAML text has a scalar of a value. */
function scalars(text: string, value: string): readonly Span[] {
  const found: Span[] = [];
  const walk = (node: unknown): void => {
    if (isMap(node))
      for (const pair of node.items) {
        walk(pair.key);
        walk(pair.value);
      }
    else if (isSeq(node)) for (const item of node.items) walk(item);
    else if (isScalar(node) && node.range && String(node.value).toLowerCase() === value.toLowerCase())
      found.push({ start: node.range[0] + 1, end: node.range[1] });
  };
  walk(readYamlTree(text).contents);
  return found;
}
