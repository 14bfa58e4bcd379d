import type { Inspected } from '../../engine/preview.ts';
import { tablesIn } from '../../engine/relation-names.ts';
import { quote, Stopped } from '../../engine/work.ts';
import type { Expression, Name, Query, Select, SetOperation } from '../../sql/ir.ts';
import type { NodeId } from '../../text/ids.ts';
import type { KnownTable } from '../../translate/table.ts';
import { groupKeys } from './group-keys.ts';
import { readFrom } from './read-from.ts';
import type { Environment, SelectStage, SetStage, Stage } from './stage.ts';
import { keyOf, numbered, visible } from './tables.ts';
import { columnOf, itemOf, numberOf, ours, queryOf, rowColumn, star, tableOf } from './tree.ts';

/** So many tables may one model be taken apart into. */
const mostStages = 400;

/** Takes a query apart into stages, each a table of the engine whose rows know the rows that they are made from. */
export class TakingApart {
  readonly #tables: string[] = [];
  #count = 0;

  constructor(
    readonly inside: Inspected,
    private readonly prefix: string,
  ) {}

  /** The stage of the whole query. */
  whole(): Promise<Stage> {
    return this.query(this.inside.query, new Map(), '');
  }

  /** Lets the tables go. */
  async drop(): Promise<void> {
    for (const name of this.#tables.splice(0)) await this.inside.builder.engine.execute(`drop table if exists ${quote(name)}`);
  }

  async query(query: Query, outer: Environment, name: string): Promise<Stage> {
    const environment = new Map(outer);
    for (const cte of query.ctes) {
      const around: Environment = new Map(environment);
      let made: Promise<Stage> | undefined;
      const make = async (): Promise<Stage> => {
        const readsItself = [...tablesIn(cte.query)].some((parts) => parts.length === 1 && isNamed(parts[0], cte.name.text));
        if (cte.scalar === true || (readsItself && !around.has(cte.name.text.toLowerCase()) && isRecursive(query, this.inside)))
          return this.#opaque(
            { ...queryOf({ items: [star], from: [tableOf(cte.name.text)] }), ctes: [cte], recursive: query.recursive },
            around,
            cte.name.text,
            'it reads itself, round by round',
          );
        const stage = await this.query(cte.query, around, cte.name.text);
        return cte.columns.length === 0 ? stage : this.#renamed(stage, cte.columns, cte.name.text);
      };
      environment.set(cte.name.text.toLowerCase(), () => (made ??= make()));
    }
    const { body } = query;
    switch (body.kind) {
      case 'nested':
        if (query.orderBy.length === 0 && query.limit === undefined && query.offset === undefined)
          return this.query(body.query, environment, name);
        return this.#opaque(query, environment, name, 'it is cut to some of its rows');
      case 'select':
        return this.#select(body, query, environment, name);
      case 'set':
        return this.#set(body, query, environment, name);
      default:
        return this.#opaque(query, environment, name, 'it is not a SELECT');
    }
  }

  /** Fills a table with a query over tables that go by names of its own. */
  async create(query: Query, tables: ReadonlyMap<string, KnownTable>): Promise<KnownTable> {
    const { builder, place, work } = this.inside;
    if (++this.#count > mostStages) throw new Stopped({ ...noProblem(place.path), message: 'The model has too many parts to be traced.' });
    const name = `${this.prefix}:${this.#count}`;
    this.#tables.push(name);
    return builder.create(name, query, place, { ...work, own: (parts) => tables.get(keyOf(parts)) });
  }

  /** The tables that names in a tree stand for, CTEs first, each with its rows numbered. */
  async tablesOf(tree: unknown, environment: Environment): Promise<Map<string, KnownTable>> {
    const tables = new Map<string, KnownTable>();
    for (const parts of tablesIn(tree)) {
      const cte = parts.length === 1 ? environment.get(parts[0]?.text.toLowerCase() ?? '') : undefined;
      const table = cte === undefined ? this.relation(parts)?.table : (await cte()).table;
      if (table !== undefined) tables.set(keyOf(parts), numbered(table));
    }
    return tables;
  }

  /** The relation of the project that a name stands for. */
  relation(parts: readonly Name[]): { readonly id: NodeId; readonly table: KnownTable } | undefined {
    const { builder, work } = this.inside;
    const id = builder.names.find(parts, work.reader);
    const table = id === undefined ? undefined : builder.table(parts, work);
    return id === undefined || table === undefined ? undefined : { id, table };
  }

  /** The relations of the project below a tree, through CTEs. */
  async nodesUnder(tree: unknown, environment: Environment): Promise<Set<NodeId>> {
    const found = new Set<NodeId>();
    for (const parts of tablesIn(tree)) {
      const cte = parts.length === 1 ? environment.get(parts[0]?.text.toLowerCase() ?? '') : undefined;
      if (cte === undefined) {
        const id = this.relation(parts)?.id;
        if (id !== undefined) found.add(id);
      } else for (const id of nodesOf(await cte())) found.add(id);
    }
    return found;
  }

  async #select(select: Select, query: Query, environment: Environment, name: string): Promise<Stage> {
    const { dialect } = this.inside.builder.snapshot.project;
    if (select.connectBy !== undefined || select.as !== undefined) return this.#opaque(query, environment, name, 'it reads a hierarchy');
    const from = await readFrom(this, select.from, environment);
    if (typeof from === 'string') return this.#opaque(query, environment, name, from);
    const tables = new Map([...(await this.tablesOf({ ...select, from: from.relations }, environment)), ...from.tables]);
    const own: Select = { ...select, from: from.relations };
    const grouping = groupKeys(own, from.inputs, dialect);
    if (typeof grouping === 'string') return this.#opaque(query, environment, name, grouping);
    const base = { order: 0, kind: 'select', name, select: own, inputs: from.inputs, tables, environment, span: select.span } as const;
    const cut = {
      orderBy: query.orderBy,
      ...(query.limit ? { limit: query.limit } : {}),
      ...(query.offset ? { offset: query.offset } : {}),
    };
    const given = (added: readonly (readonly [Expression, string])[], changes: Partial<Select> = {}): Query => ({
      ...queryOf({ ...own, items: [...own.items, ...added.map(([expression, alias]) => itemOf(expression, alias))], ...changes }),
      ...cut,
    });
    if (grouping !== undefined) {
      const all = await this.create(given(grouping.keys.map((key, k) => [key, `${ours}g${k}`])), tables);
      return this.#numbered({ ...base, table: all, rows: undefined, keys: grouping.keys, hasSets: grouping.hasSets });
    }
    const numbers = from.inputs.map((input, i) => [columnOf(input.name.text, rowColumn), `${ours}i${i}`] as const);
    if (select.distinct !== true) {
      const all = await this.create(given(numbers), tables);
      return this.#numbered({ ...base, table: all, rows: all, keys: undefined, hasSets: false });
    }
    const table = await this.create(given([]), tables);
    const rows = await this.create({ ...given(numbers, { distinct: false }), orderBy: [] }, tables);
    return this.#numbered({ ...base, table, rows, keys: undefined, hasSets: false });
  }

  async #set(set: SetOperation, query: Query, environment: Environment, name: string): Promise<Stage> {
    if (set.byName) return this.#opaque(query, environment, name, 'its branches are matched by name');
    const branches: Stage[] = [];
    for (const part of partsOf(set)) branches.push(await this.query(part, environment, ''));
    const isMarked = set.operator === 'union' && set.all;
    const tables = new Map(
      branches.map((branch, i) => [`${ours}b${i}`, isMarked ? numbered(branch.table) : visible(branch.table)] as const),
    );
    const bodies = branches.map((_, i) =>
      queryOf({ items: isMarked ? [star, itemOf(numberOf(i), `${ours}branch`)] : [star], from: [tableOf(`${ours}b${i}`)] }),
    );
    const body = bodies
      .slice(1)
      .reduce<Query>(
        (left, right) => ({ ...queryOf({ items: [], from: [] }), body: { ...set, left, right } }),
        bodies[0] ?? queryOf({ items: [star], from: [] }),
      );
    const all = await this.create(
      {
        ...body,
        orderBy: query.orderBy,
        ...(query.limit ? { limit: query.limit } : {}),
        ...(query.offset ? { offset: query.offset } : {}),
      },
      tables,
    );
    const stage: SetStage = {
      order: 0,
      kind: 'set',
      name,
      table: all,
      branches,
      isMarked,
      isExcept: set.operator === 'except',
      span: set.span,
    };
    return this.#numbered(stage);
  }

  async #opaque(query: Query, environment: Environment, name: string, because: string): Promise<Stage> {
    const own = new Set(query.ctes.map((cte) => cte.name.text.toLowerCase()));
    const outside: Environment = new Map([...environment].filter(([cte]) => !own.has(cte)));
    const tables = await this.tablesOf(query, outside);
    const plain = new Map([...tables].map(([key, table]) => [key, visible(table)] as const));
    const table = await this.create(query, plain);
    return this.#numbered({
      order: 0,
      kind: 'opaque',
      name,
      table,
      because,
      reads: await this.nodesUnder(query, outside),
      span: query.span,
    });
  }

  /** `with c(a, b)`: the same stage under other names. */
  async #renamed(stage: Stage, names: readonly Name[], name: string): Promise<Stage> {
    const table = visible(stage.table);
    const columns = table.columns.map((column, i) => ({ ...column, name: names[i]?.text ?? column.name }));
    const alias = `${ours}renamed`;
    const source = { kind: 'table', parts: [{ text: alias, quoted: true, span: stage.span }], modifiers: [], span: stage.span } as const;
    const tables = new Map([[alias, numbered(table)]]);
    const items = table.columns.map((column, i) => itemOf(columnOf(alias, column.name), columns[i]?.name ?? column.name));
    const select = { ...(queryOf({ items, from: [source] }).body as Select) };
    const rows = await this.create(queryOf({ ...select, items: [...items, itemOf(columnOf(alias, rowColumn), `${ours}i0`)] }), tables);
    const sourceColumns = table.columns.map((column) => column.name);
    const input = {
      name: { text: alias, quoted: true, span: stage.span },
      source: stage,
      columns: sourceColumns,
      sourceColumns,
      role: 'needed',
      span: stage.span,
    } as const;
    const renamed: SelectStage = {
      order: 0,
      kind: 'select',
      name,
      select,
      inputs: [input],
      table: rows,
      rows,
      keys: undefined,
      hasSets: false,
      tables,
      environment: new Map(),
      span: stage.span,
    };
    return this.#numbered(renamed);
  }

  #numbered<Kind extends Stage>(stage: Kind): Kind {
    return { ...stage, order: this.#count };
  }
}

/** The relations of the project that a stage is made from. */
export function nodesOf(stage: Stage, found = new Set<NodeId>()): ReadonlySet<NodeId> {
  if (stage.kind === 'opaque') for (const id of stage.reads) found.add(id);
  else if (stage.kind === 'set') for (const branch of stage.branches) nodesOf(branch, found);
  else for (const { source } of stage.inputs) source.kind === 'node' ? found.add(source.id) : nodesOf(source, found);
  return found;
}

/** The branches of `a union all b union all c`, in order. */
function partsOf(set: SetOperation): Query[] {
  const { left } = set;
  const isPlain = left.ctes.length === 0 && left.orderBy.length === 0 && left.limit === undefined && left.offset === undefined;
  const same =
    isPlain && left.body.kind === 'set' && left.body.operator === 'union' && set.operator === 'union' && left.body.all === set.all;
  return same && left.body.kind === 'set' ? [...partsOf(left.body), set.right] : [left, set.right];
}

function isNamed(name: Name | undefined, text: string): boolean {
  return name?.text.toLowerCase() === text.toLowerCase();
}

function isRecursive(query: Query, { builder }: Inspected): boolean {
  const { dialect } = builder.snapshot.project;
  return query.recursive || dialect === 'tsql' || dialect === 'oracle';
}

function noProblem(path: string) {
  const start = { line: 1, column: 1 };
  return { code: 'preview-refused', severity: 'error', path, start, end: start } as const;
}
