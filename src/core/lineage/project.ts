import type { OwnNames } from '../project/relation-names.ts';
import type { SqlFinding } from '../sql/diagnose.ts';
import { diagnoseQuery } from '../sql/diagnose.ts';
import type { Dialect } from '../sql/dialect.ts';
import type { Name, Query } from '../sql/ir.ts';
import type { SqlProblem } from '../sql/parse.ts';
import { findModelQuery, parseSql } from '../sql/parse.ts';
import type { ColumnSet, Confidence, EdgeKind, ResolvedColumn, TableUse, UseKind } from '../sql/resolve/columns.ts';
import { originsOf } from '../sql/resolve/columns.ts';
import type { Catalog, CatalogTable } from '../sql/resolve/context.ts';
import { type Resolution, resolve } from '../sql/resolve.ts';
import type { SqlType } from '../sql/types.ts';
import { commonType, parseType, plainTypes, showType } from '../sql/types.ts';
import { finish, type Steps } from '../text/gradually.ts';
import type { NodeId } from '../text/ids.ts';
import type { Span } from '../text/span.ts';
import { areEqual, areSameColumns, areSameNames, haveSameIds } from './compare-nodes.ts';
import { findLeaves, type LostOrigin } from './lost-origins.ts';
import { addSnapshotColumns, distinctUses, edgesOf, nodeOf, signature, toCatalogColumn, toDeclared, withUsed } from './node-columns.ts';

/** A relation of a project, as far as lineage needs to know it. */
export interface LineageNode {
  readonly id: NodeId;
  /** The rendered texts: one, or both branches of `is_incremental()`; none for seeds, sources and Python models. */
  readonly sql: readonly string[];
  /** Columns that something else than the query tells of: headers, DDL, properties, contracts. */
  readonly declared: readonly DeclaredLineageColumn[];
  /** Whether the declared columns are all there are, as those of seeds, tables of SQLite and contracts. */
  readonly isComplete: boolean;
  /** Whether the rendering stopped before the end of the text. */
  readonly isCut?: boolean;
  /** Why its columns, or some of them, cannot be told by any SQL. */
  readonly because?: readonly string[];
  /** What names mean in its texts where they mean something else than elsewhere. */
  readonly names?: OwnNames;
  /** The column that tells a snapshot when a row changed; present for snapshots only. */
  readonly snapshot?: { readonly updatedAt?: string };
}

export interface DeclaredLineageColumn {
  readonly name: string;
  readonly type?: string;
  readonly nullable?: boolean;
  /** Only that others seem to read it tells of it. */
  readonly isGuess?: boolean;
}

export interface LineageInput {
  readonly dialect: Dialect;
  readonly nodes: readonly LineageNode[];
  /** The node that a table's name in a node's SQL means; parts run from the outermost qualifier. */
  readonly findNode: (parts: readonly string[], reader?: NodeId) => NodeId | undefined;
  /** The nodes that a node is known to read, so that parents are resolved first however long the chain is. */
  readonly parents?: (id: NodeId) => readonly NodeId[];
}

export interface LineageColumn {
  readonly name: string;
  readonly type: SqlType;
  /** In the project's dialect; `unknown` where it is unknown. */
  readonly typeText: string;
  readonly nullable: boolean | undefined;
  /** `sql`: the query makes it; `declared`: something else tells of it; `use`: only that others read it does. */
  readonly origin: 'sql' | 'declared' | 'use';
  /** What computes it, in the first of the node's rendered texts. */
  readonly span?: Span;
  /** The literals and calls that it is made of, where no column goes into it. */
  readonly expression?: string;
}

/** A column goes into another of a later relation. */
export interface LineageEdge {
  readonly from: NodeId;
  readonly fromColumn: string;
  readonly to: NodeId;
  readonly toColumn: string;
  readonly kind: EdgeKind;
  readonly confidence: Confidence;
  readonly reason?: string;
}

/** A column decides which rows a relation has, or in which order or group. */
export interface LineageUse {
  readonly from: NodeId;
  readonly fromColumn: string;
  readonly to: NodeId;
  readonly kind: UseKind;
  readonly span: Span;
}

/** What is known of one node. */
export interface NodeLineage {
  readonly id: NodeId;
  readonly columns: readonly LineageColumn[];
  /** What its columns are made from. */
  readonly edges: readonly LineageEdge[];
  /** What goes into its columns and is no column of the project's; `*` stands for columns that nobody can name. */
  readonly lost: readonly LostOrigin[];
  readonly uses: readonly LineageUse[];
  /** The nodes that its text reads, whether or not a column of theirs is named. */
  readonly reads: readonly NodeId[];
  /** What could not be read of the first of its texts. */
  readonly problems: readonly SqlProblem[];
  /** What is certainly wrong with the names in the first of its texts. */
  readonly findings: readonly SqlFinding[];
  /** The relations of the project that the first of its texts names, and where. */
  readonly tables: readonly { readonly node: NodeId; readonly name: string; readonly spans: readonly Span[] }[];
  /** Whether it may have columns beside these. */
  readonly isOpen: boolean;
}

/** The lineage of a project's relations, with what its next resolution can use again. */
export interface ProjectLineage {
  readonly nodes: ReadonlyMap<NodeId, NodeLineage>;
  readonly reuse: ReadonlyMap<NodeId, Resolved>;
  readonly used: UsedColumns;
  /** How many columns nodes have, where that is known without looking at them. */
  readonly columnCounts?: ReadonlyMap<NodeId, number>;
  /** What it was resolved from; nodes that are the same objects again are not compared. */
  readonly input: LineageInput;
  /** The nodes, parents first. */
  readonly order: readonly NodeId[];
  /** Where only some nodes were looked at again since the previous resolution: those. */
  readonly changed?: ReadonlySet<NodeId>;
  /** The nodes that read each other in a circle: what is known of those depends on where it was entered. */
  readonly circular: ReadonlySet<NodeId>;
}

/** The columns that others read from a node and that nothing else tells of; undefined where only the name is known. */
export type UsedColumns = ReadonlyMap<NodeId, ReadonlyMap<string, ResolvedColumn>>;

/** One node's resolution, kept as long as neither it nor the columns that it reads change. */
export interface Resolved {
  readonly node: LineageNode;
  readonly lineage: NodeLineage;
  /** The same object as before while its columns are the same to those that read them. */
  readonly table: CatalogTable;
  /** The tables of the nodes that it reads, in the order of `lineage.reads`, as they were. */
  readonly parents: readonly (CatalogTable | undefined)[];
  /** The names of tables in its texts and what each meant. */
  readonly names: readonly { readonly parts: readonly string[]; readonly id: NodeId | undefined }[];
  /** The columns that were asked of each node that does not tell all of its own. */
  readonly asked: ReadonlyMap<NodeId, readonly string[]>;
  /** Finds a column behind a star; present while the node's columns are not all known. */
  readonly open?: ColumnSet;
}

/** Resolves every relation of a project, parents first; what `previous` knows and nothing changed is taken from it. */
export function resolveProject(input: LineageInput, previous?: ProjectLineage): ProjectLineage {
  return finish(resolveGradually(input, previous));
}

/** The same, node by node. */
export function resolveGradually(input: LineageInput, previous?: ProjectLineage): Steps<ProjectLineage> {
  return new Resolver(input, previous).run();
}

class Resolver {
  readonly #byId = new Map<NodeId, LineageNode>();
  #done = new Map<NodeId, Resolved>();
  readonly #open = new Set<NodeId>();
  readonly #before: ProjectLineage | undefined;
  /** The nodes of circles, known from before and found in this resolution. */
  readonly #circular: Set<NodeId>;
  readonly #met = new Set<NodeId>();
  /** Whether names of tables mean what they meant before. */
  readonly #namesHold: boolean;
  /** The nodes that are not the same objects as before. */
  readonly #changed = new Set<NodeId>();
  /** The nodes that were read anew, where all others are as they were. */
  #readAgain: ReadonlySet<NodeId> | undefined;

  constructor(
    readonly input: LineageInput,
    previous: ProjectLineage | undefined,
  ) {
    for (const node of input.nodes) this.#byId.set(node.id, node);
    this.#before = previous?.input.dialect === input.dialect ? previous : undefined;
    this.#circular = new Set(this.#before?.circular);
    this.#namesHold = this.#before?.input.findNode === input.findNode;
  }

  *run(): Steps<ProjectLineage> {
    const { input } = this;
    const before = this.#before;
    const order = (yield* this.#follow()) ?? (yield* this.#resolveAll());
    const used = before !== undefined && this.#askTheSame(before) ? before.used : this.#spreadUse();
    const followed =
      this.#readAgain === undefined || before === undefined ? undefined : new Set([...this.#readAgain, ...askedAnew(used, before.used)]);
    const nodes = new Map<NodeId, NodeLineage>(followed === undefined ? [] : before?.nodes);
    for (const id of followed ?? input.nodes.map((node) => node.id)) {
      const resolved = this.#done.get(id);
      if (resolved === undefined) continue;
      const asked = used.get(id);
      const known = before?.nodes.get(id);
      const isSame = known !== undefined && before?.reuse.get(id) === resolved && areSameColumns(asked, before.used.get(id));
      nodes.set(id, isSame ? known : asked === undefined ? resolved.lineage : withUsed(resolved, asked, input));
    }
    const changed = followed === undefined ? undefined : new Set([...this.#changed, ...followed]);
    return { nodes, reuse: this.#done, used, input, order, circular: this.#met, ...(changed === undefined ? {} : { changed }) };
  }

  *#resolveAll(): Steps<readonly NodeId[]> {
    const order = this.#inOrder();
    for (let isSettled = false; !isSettled; ) {
      this.#done.clear();
      this.#met.clear();
      for (const id of order) {
        this.#resolve(id);
        yield;
      }
      // A circle must be entered where a first resolution would enter it, so nothing of it is taken from before.
      isSettled = this.#before === undefined || [...this.#met].every((id) => this.#circular.has(id));
      for (const id of this.#met) this.#circular.add(id);
    }
    return order;
  }

  /** Resolves what changed and what reads it, in the order of before; undefined where that order or the nodes are others now. */
  *#follow(): Steps<readonly NodeId[] | undefined> {
    const before = this.#before;
    if (before === undefined || before.circular.size > 0 || !this.#namesHold || !haveSameIds(this.input.nodes, before.input.nodes))
      return undefined;
    const changed = this.#changed;
    for (const [index, node] of this.input.nodes.entries()) if (node !== before.input.nodes[index]) changed.add(node.id);
    this.#done = new Map(before.reuse);
    for (const id of changed) this.#done.delete(id);
    const again = new Set<NodeId>();
    const moved = new Set<NodeId>();
    let left = changed.size;
    for (const id of before.order) {
      if (left === 0 && moved.size === 0) break;
      const old = before.reuse.get(id);
      const isChanged = changed.has(id);
      if (isChanged) left--;
      if (!isChanged && (moved.size === 0 || old === undefined || !old.lineage.reads.some((parent) => moved.has(parent)))) continue;
      if (!isChanged) this.#done.delete(id);
      const resolved = this.#resolve(id);
      yield;
      if (resolved === old) continue;
      again.add(id);
      if (resolved?.table !== old?.table) moved.add(id);
    }
    // A node that now reads one behind it in the order has seen it as it was before.
    for (const id of again) {
      const resolved = this.#done.get(id);
      const isStale = resolved?.lineage.reads.some(
        (parent, index) => parent !== id && resolved.parents[index] !== this.#done.get(parent)?.table,
      );
      if (isStale !== false || (changed.has(id) && this.#readsItself(id))) return undefined;
      // The order must go on to hold for the next change, which is followed in it.
      if (resolved !== undefined && !readsBefore(resolved, before)) return undefined;
    }
    this.#readAgain = again;
    return before.order;
  }

  /** Whether a node reads itself by way of others. */
  #readsItself(start: NodeId): boolean {
    const seen = new Set<NodeId>();
    const open = (this.#done.get(start)?.lineage.reads ?? []).filter((id) => id !== start);
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (id === start) return true;
      if (seen.has(id)) continue;
      seen.add(id);
      open.push(...(this.#done.get(id)?.lineage.reads ?? []));
    }
    return false;
  }

  /** Every node behind its parents; those of a cycle come in the order given. */
  #inOrder(): NodeId[] {
    const { parents } = this.input;
    if (parents === undefined) return this.input.nodes.map((node) => node.id);
    const order: NodeId[] = [];
    const seen = new Set<NodeId>();
    for (const { id } of this.input.nodes) {
      const stack: { id: NodeId; rest: NodeId[] }[] = seen.has(id) ? [] : [{ id, rest: [...parents(id)] }];
      seen.add(id);
      for (let top = stack[stack.length - 1]; top !== undefined; top = stack[stack.length - 1]) {
        const parent = top.rest.pop();
        if (parent === undefined) {
          order.push(top.id);
          stack.pop();
        } else if (!seen.has(parent)) {
          seen.add(parent);
          stack.push({ id: parent, rest: [...parents(parent)] });
        }
      }
    }
    return order;
  }

  #resolve(id: NodeId): Resolved | undefined {
    const known = this.#done.get(id);
    if (known !== undefined) return known;
    const node = this.#byId.get(id);
    // A model that reads itself, or a cycle: what it declares is all that can be told.
    if (node === undefined) return undefined;
    if (this.#open.has(id)) {
      this.#meet(id);
      return undefined;
    }
    this.#open.add(id);
    const before = this.#circular.has(id) ? undefined : this.#before?.reuse.get(id);
    if (before !== undefined) for (const parent of before.lineage.reads) this.#resolve(parent);
    const resolved = before !== undefined && this.#holds(before, node) ? before : this.#readAnew(node, before);
    this.#open.delete(id);
    this.#done.set(id, resolved);
    return resolved;
  }

  /** Notes those who read each other in a circle; one that only reads itself is none. */
  #meet(id: NodeId): void {
    const open = [...this.#open];
    const members = open.slice(open.indexOf(id));
    if (members.length > 1) for (const member of members) this.#met.add(member);
  }

  /** Whether nothing changed that a node's lineage depends on. */
  #holds(before: Resolved, node: LineageNode): boolean {
    if (before.node !== node && !areEqual(before.node, node)) return false;
    if (!this.#namesHold && !before.names.every(({ parts, id }) => this.#nodeOf(parts, node) === id)) return false;
    return before.lineage.reads.every((id, index) => this.#done.get(id)?.table === before.parents[index]);
  }

  #readAnew(node: LineageNode, before: Resolved | undefined): Resolved {
    const made = this.#read(node);
    return before !== undefined && signature(before.table) === signature(made.table) ? { ...made, table: before.table } : made;
  }

  /** Whether no node was read anew that may ask others for other columns, or be asked for its own. */
  #askTheSame(before: ProjectLineage): boolean {
    if (this.#done.size !== before.reuse.size) return false;
    for (const id of this.#readAgain ?? this.#done.keys()) {
      const old = before.reuse.get(id);
      const resolved = this.#done.get(id);
      if (resolved === undefined) return false;
      if (old === resolved) continue;
      if (old === undefined || old.lineage.isOpen || resolved.lineage.isOpen || !areSameNames(old.asked, resolved.asked)) return false;
    }
    return true;
  }

  #read(node: LineageNode): Resolved {
    const { dialect } = this.input;
    const reads = new Set<NodeId>();
    const asked = new Map<NodeId, Set<string>>();
    const outputs = new Map<string, Output[]>();
    const uses: LineageUse[] = [];
    const problems: SqlProblem[] = [];
    const names: { parts: readonly string[]; id: NodeId | undefined }[] = [];
    const findings: SqlFinding[] = [];
    const named: NodeLineage['tables'][number][] = [];
    let open: ColumnSet | undefined;
    const findNode = (parts: readonly string[]) => this.#nodeOf(parts, node);
    const catalog: Catalog = { find: (parts) => this.#find(parts, node) };
    for (const sql of node.sql) {
      const parsed = parseSql(sql, dialect);
      if (sql === node.sql[0]) problems.push(...parsed.problems);
      const modelQuery = findModelQuery(parsed);
      if (modelQuery === undefined) continue;
      const query = withoutEphemerals(modelQuery, findNode);
      const resolution = resolve(query, catalog, dialect, sql);
      const isDoubtful = parsed.problems.length > 0 || resolution.problems.length > 0 || sql.includes('missing__');
      for (const column of resolution.columns)
        append(outputs, column.isStar ? '*' : column.name.toLowerCase(), { column, resolution, sql, isDoubtful });
      if (resolution.set.isOpen) open = resolution.set;
      for (const table of resolution.tables) {
        const id = findNode(table.parts);
        names.push({ parts: table.parts, id });
        if (id === undefined) continue;
        reads.add(id);
        if (sql === node.sql[0]) named.push({ node: id, name: table.name, spans: table.spans });
      }
      if (sql === node.sql[0]) findings.push(...diagnoseQuery(query, resolution, dialect));
      uses.push(...this.#usesOf(node, resolution.uses));
      for (const table of resolution.tables) this.#note(table, asked, node);
    }
    const { columns, edges, lost } = this.#columnsOf(node, outputs, open);
    // A text that was not rendered or read to its end may make columns that nobody sees here.
    const isCut = node.isCut === true || problems.length > 0 || outputs.size === 0;
    const isOpen = open !== undefined || (isCut && !node.isComplete);
    const lineage: NodeLineage = {
      id: node.id,
      columns,
      edges,
      lost,
      uses: distinctUses(uses),
      reads: [...reads],
      problems,
      findings,
      tables: named,
      isOpen,
    };
    const table: CatalogTable = {
      columns: columns.map(({ name, type, nullable }) => ({ name, type, ...(nullable === undefined ? {} : { nullable }) })),
      isComplete: !isOpen,
    };
    return {
      node,
      lineage,
      table,
      parents: lineage.reads.map((id) => this.#done.get(id)?.table),
      names,
      asked: new Map([...asked].map(([id, set]) => [id, [...set]])),
      ...(open === undefined ? {} : { open }),
    };
  }

  /** The node that a name means in the text of another. */
  #nodeOf(parts: readonly string[], reader: LineageNode): NodeId | undefined {
    return nodeOf(parts, reader, this.input);
  }

  #find(parts: readonly Name[], reader: LineageNode): CatalogTable | undefined {
    const id = this.#nodeOf(
      parts.map((part) => part.text),
      reader,
    );
    if (id === undefined) return undefined;
    const resolved = this.#resolve(id);
    if (resolved !== undefined) return resolved.table;
    const node = this.#byId.get(id);
    if (node === undefined) return undefined;
    return { columns: node.declared.map((column) => toCatalogColumn(column, this.input.dialect)), isComplete: false };
  }

  #note(table: TableUse, asked: Map<NodeId, Set<string>>, reader: LineageNode): void {
    const id = this.#nodeOf(table.parts, reader);
    if (id === undefined) return;
    for (const column of table.columns.guessed()) {
      const set = asked.get(id) ?? new Set();
      set.add(column.name);
      asked.set(id, set);
    }
  }

  #usesOf(reader: LineageNode, uses: readonly { column: ResolvedColumn; kind: UseKind; span: Span }[]): LineageUse[] {
    return uses.flatMap(({ column, kind, span }) =>
      [...originsOf(column).keys()].flatMap((base) => {
        const from = base.table === undefined ? undefined : this.#nodeOf(base.table.parts, reader);
        return from === undefined ? [] : [{ from, fromColumn: base.name, to: reader.id, kind, span }];
      }),
    );
  }

  #columnsOf(node: LineageNode, outputs: ReadonlyMap<string, readonly Output[]>, open: ColumnSet | undefined): NodeColumns {
    const { dialect } = this.input;
    const columns: LineageColumn[] = [];
    const edges: LineageEdge[] = [];
    const lost: LostOrigin[] = [];
    const declared = new Map(node.declared.map((column) => [column.name.toLowerCase(), column]));
    for (const [folded, made] of outputs) {
      const [first] = made.map(({ column }) => column);
      if (first === undefined) continue;
      const before = edges.length + lost.length;
      const expressions = new Set<string>();
      for (const { column, resolution, sql, isDoubtful } of made) {
        const found = edgesOf(node, first.name, column, this.input);
        edges.push(...found.edges);
        lost.push(...found.lost);
        if (found.edges.length + found.lost.length > 0 && !isDoubtful) continue;
        const leaves = findLeaves(column, resolution, sql);
        for (const reason of leaves.reasons) lost.push({ toColumn: first.name, reason });
        for (const text of leaves.expressions) expressions.add(text);
      }
      if (first.isStar) continue;
      const told = declared.get(folded);
      declared.delete(folded);
      const inferred = made.map(({ column }) => column.type).reduce(commonType);
      const type = inferred.kind === 'unknown' && told?.type !== undefined ? parseType(told.type, dialect) : inferred;
      const nullable = told?.nullable === false ? false : made.some(({ column }) => column.nullable === true) ? true : first.nullable;
      columns.push({
        name: first.name,
        type,
        typeText: showType(type, dialect),
        nullable,
        origin: 'sql',
        ...(first.span === undefined ? {} : { span: first.span }),
        ...(edges.length + lost.length > before || expressions.size === 0 ? {} : { expression: [...expressions].join(' | ') }),
      });
    }
    // What only a properties file tells of a model whose query is wholly known would be a mistake of the file.
    const isKnown = outputs.size > 0 && !outputs.has('*');
    if (!isKnown)
      for (const column of declared.values()) {
        columns.push(toDeclared(column, dialect));
        if (node.sql.length === 0 && node.because === undefined) continue;
        const behind = open?.findOrGuess(column.name, false);
        const found = behind === undefined ? undefined : edgesOf(node, column.name, behind, this.input, declaredReason);
        edges.push(...(found?.edges ?? []));
        lost.push(...(found?.lost ?? []));
        if (found === undefined || found.edges.length + found.lost.length === 0)
          lost.push({ toColumn: column.name, reason: node.because?.[0] ?? unreadReason });
      }
    for (const reason of node.because ?? []) lost.push({ toColumn: '*', reason });
    if (node.snapshot !== undefined) addSnapshotColumns(node, columns, edges, dialect);
    return { columns, edges, lost };
  }

  /** Asks the relations whose columns are not all known for those that others read from them, down to the sources. */
  #spreadUse(): UsedColumns {
    const used = new Map<NodeId, Map<string, ResolvedColumn>>();
    const pending: [NodeId, string][] = [];
    // In the order of the nodes: that in which they were resolved depends on what was known before.
    for (const node of this.input.nodes)
      for (const [id, names] of this.#done.get(node.id)?.asked ?? []) for (const name of names) pending.push([id, name]);
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [id, name] = next;
      const resolved = this.#done.get(id);
      const folded = name.toLowerCase();
      const known = used.get(id) ?? new Map<string, ResolvedColumn>();
      if (resolved === undefined || known.has(folded) || !resolved.lineage.isOpen) continue;
      const column = resolved.open?.findOrGuess(name, false);
      known.set(folded, column ?? { name, quoted: false, type: plainTypes.unknown, nullable: undefined, inputs: [] });
      used.set(id, known);
      if (column === undefined) continue;
      for (const base of originsOf(column).keys()) {
        const from = base.table === undefined ? undefined : this.#nodeOf(base.table.parts, resolved.node);
        if (from !== undefined) pending.push([from, base.name]);
      }
    }
    return used;
  }
}

/** A column of one of a node's texts. */
interface Output {
  readonly column: ResolvedColumn;
  readonly resolution: Resolution;
  readonly sql: string;
  /** Whether something in the text is not understood, so that more may go into its columns than is seen. */
  readonly isDoubtful: boolean;
}

type NodeColumns = Pick<NodeLineage, 'columns' | 'edges' | 'lost'>;

const declaredReason = 'assumed: a properties file declares the column, and a star of the query may bring it';
const unreadReason = 'its SQL could not be read, so only the properties file tells of it';

/** Whether all that a node reads comes before it in an order; nothing is looked for where it reads what it read. */
function readsBefore({ lineage: { id, reads } }: Resolved, { order, reuse }: ProjectLineage): boolean {
  const before = new Set(reuse.get(id)?.lineage.reads);
  const found = new Set(reads.filter((parent) => parent !== id && !before.has(parent)));
  return found.size === 0 || !order.slice(order.indexOf(id)).some((behind) => found.has(behind));
}

/** The nodes of which other columns are used than before. */
function askedAnew(now: UsedColumns, before: UsedColumns): readonly NodeId[] {
  if (now === before) return [];
  const ids = new Set([...now.keys(), ...before.keys()]);
  return [...ids].filter((id) => !areSameColumns(now.get(id), before.get(id)));
}

/** dbt writes an ephemeral model into those that read it; lineage goes through the model itself. */
export function withoutEphemerals(query: Query, findNode: (parts: readonly string[]) => NodeId | undefined): Query {
  if (!query.ctes.some((cte) => cte.name.text.startsWith('__dbt__cte__'))) return query;
  const ctes = query.ctes.filter((cte) => !(cte.name.text.startsWith('__dbt__cte__') && findNode([cte.name.text]) !== undefined));
  return { ...query, ctes };
}

function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
