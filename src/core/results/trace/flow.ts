import type { Engine } from '../../engine/engine.ts';
import { quote } from '../../engine/work.ts';
import type { CallExpression, Expression, Query } from '../../sql/ir.ts';
import type { NodeId } from '../../text/ids.ts';
import type { KnownTable } from '../../translate/table.ts';
import { withoutAliases } from './group-keys.ts';
import { columnsRead, itemOf } from './item-of.ts';
import {
  branchProbe,
  type Probe,
  probeAggregates,
  probeWindow,
  type SubqueryProbe,
  subqueriesIn,
  type WindowProbe,
  windowsIn,
} from './probes.ts';
import { RowSets } from './row-sets.ts';
import type { Input, NodeSource, SelectStage, SetStage, Stage } from './stage.ts';
import { lineAt, visibleNames } from './tables.ts';
import type { TakingApart } from './take-apart.ts';
import { itemOf as asItem, columnOf, ours, queryOf, rowColumn } from './tree.ts';

/** Rows of a source of a stage, and the columns of theirs that count. */
export interface Flow {
  readonly source: Stage | NodeSource;
  readonly rows: ReadonlySet<number>;
  /** In lower case. */
  readonly columns: ReadonlySet<string>;
  /** Those among them that the value itself is made from. */
  readonly values: ReadonlySet<string>;
}

/** Rows of a stage, with the columns of theirs that count and those that hold the value. */
export interface Wanted {
  readonly rows: ReadonlySet<number>;
  readonly columns: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

/** What the rows of a stage are made from. */
export interface Through {
  readonly flows: readonly Flow[];
  /** Relations that are read in a way that is not followed, so that all of their rows may count. */
  readonly whole: ReadonlySet<NodeId>;
  readonly because: readonly string[];
  /** The expressions of the value's columns. */
  readonly expressions: readonly Expression[];
}

const nothing = { whole: new Set<NodeId>(), because: [], expressions: [] } as const;

/** Follows rows of stages to the rows that they are made from. */
export class Following {
  readonly #sets: RowSets;
  readonly #engine: Engine;

  constructor(
    private readonly apart: TakingApart,
    prefix: string,
    /** Follows everything that may count, not only what seems to: all sides of joins, whole partitions. */
    private readonly wide: boolean,
  ) {
    this.#engine = apart.inside.builder.engine;
    this.#sets = new RowSets(this.#engine, `${prefix}:rows`);
  }

  async drop(): Promise<void> {
    await this.#sets.drop();
  }

  async through(stage: Stage, { rows, columns, values }: Wanted): Promise<Through> {
    if (stage.kind === 'set') return { ...nothing, flows: await this.#set(stage, rows, columns, values) };
    if (stage.kind === 'opaque') {
      const what = stage.name === '' ? 'A part of the query' : `'${stage.name}'`;
      return { ...nothing, flows: [], whole: stage.reads, because: [`${what} is not followed row by row: ${stage.because}.`] };
    }
    return this.#select(stage, rows, columns, values);
  }

  async #set(
    stage: SetStage,
    rows: ReadonlySet<number>,
    columns: ReadonlySet<string>,
    values: ReadonlySet<string>,
  ): Promise<readonly Flow[]> {
    const ids = await this.#sets.table(rows);
    const table = quote(stage.table.physical);
    const names = visibleNames(stage.table);
    const flows: Flow[] = [];
    for (const [at, branch] of (stage.isExcept ? stage.branches.slice(0, 1) : stage.branches).entries()) {
      const own = visibleNames(branch.table);
      const same = names.map((name, i) => `b.${quote(own[i] ?? name)} is not distinct from t.${quote(name)}`).join(' and ');
      const sql = stage.isMarked
        ? `select ${quote(rowColumn)} from ${table} where ${quote(`${ours}branch`)} = ${at} and rowid in (select id from ${ids})`
        : `select b.rowid from ${quote(branch.table.physical)} as b where exists (select 1 from ${table} as t where t.rowid in (select id from ${ids}) and ${same})`;
      const found = await this.#sets.read(sql);
      const renamed = (of: ReadonlySet<string>) =>
        new Set(names.flatMap((name, i) => (of.has(name.toLowerCase()) ? [(own[i] ?? name).toLowerCase()] : [])));
      // Rows that are told apart by all of their values count with all of them.
      const counted = stage.isMarked ? renamed(columns) : new Set(own.map((name) => name.toLowerCase()));
      if (found.size > 0) flows.push({ source: branch, rows: found, columns: counted, values: renamed(values) });
    }
    return flows;
  }

  async #select(
    stage: SelectStage,
    rows: ReadonlySet<number>,
    columns: ReadonlySet<string>,
    values: ReadonlySet<string>,
  ): Promise<Through> {
    const { select, inputs } = stage;
    const plain = (one: Expression): Expression => withoutAliases(one, select.items, inputs);
    const asked = stage.select.distinct === true ? visibleNames(stage.table).map((name) => name.toLowerCase()) : [...columns];
    const missing = asked.filter((column) => itemOf(stage, column) === undefined);
    const expressions = asked.flatMap((column) => itemOf(stage, column) ?? []).map(plain);
    const because: string[] = missing.length === 0 ? [] : [`What computes ${missing.join(', ')} could not be told.`];
    const narrowed = rows.size === 1 ? await this.#takenBranches(stage, rows, expressions, because) : expressions;
    const conditions = [select.where, select.having, select.qualify].flatMap((one) => (one === undefined ? [] : [plain(one)]));
    const keys = stage.keys ?? [];
    const used: unknown[] = [...narrowed, ...conditions, ...keys, ...(Array.isArray(select.distinct) ? select.distinct : [])];
    const relevant = this.#relevant(inputs, used);
    const ons = inputs.flatMap((input, i) => (input.on !== undefined && relevant.has(i) ? [input.on] : []));
    const all = [...used, ...ons];
    const whole = new Set<NodeId>();
    const found: Found = { inputs: inputs.map(() => new Set<number>()), subs: [] };
    const subqueries = await this.#subqueries(stage, all, whole, because);
    if (keys.length > 0 || stage.rows === undefined)
      await this.#grouped(stage, rows, [...narrowed, ...conditions], subqueries, found, because);
    else await this.#single(stage, rows, stage.rows, [...narrowed, ...(this.wide ? conditions : [])], subqueries, found, because);
    const read = columnsRead(inputs, all);
    const own = [...values].flatMap((column) => itemOf(stage, column) ?? []);
    const carrying = columnsRead(inputs, own.map(plain));
    const flows: Flow[] = inputs.flatMap((input, i): Flow[] => {
      const ids = found.inputs[i] ?? new Set<number>();
      if (ids.size === 0 || !relevant.has(i)) return [];
      const names = (of: ReadonlySet<string> | undefined) => new Set([...(of ?? [])].map((name) => sourceName(input, name)));
      return [{ source: input.source, rows: ids, columns: names(read.get(i)), values: names(carrying.get(i)) }];
    });
    return { flows: [...flows, ...found.subs], whole, because, expressions: own };
  }

  /** The inputs that a value may depend on: those that make rows, and optional ones that are read. */
  #relevant(inputs: readonly Input[], used: readonly unknown[]): ReadonlySet<number> {
    if (this.wide) return new Set(inputs.keys());
    const relevant = new Set<number>([...inputs.entries()].flatMap(([i, { role }]) => (role === 'needed' ? [i] : [])));
    for (let before = -1; before !== relevant.size; ) {
      before = relevant.size;
      const ons = [...relevant].flatMap((i) => inputs[i]?.on ?? []);
      for (const i of columnsRead(inputs, [...used, ...ons]).keys()) relevant.add(i);
    }
    return relevant;
  }

  /** Of a CASE only the branch that the row takes counts, and what led there. */
  async #takenBranches(
    stage: SelectStage,
    rows: ReadonlySet<number>,
    expressions: readonly Expression[],
    because: string[],
  ): Promise<readonly Expression[]> {
    const narrowed: Expression[] = [];
    for (const expression of expressions) {
      if (expression.kind !== 'case' || stage.rows === undefined || windowsIn([expression]).length > 0 || this.wide) {
        narrowed.push(expression);
        continue;
      }
      const taken = await this.#branch(stage, rows, stage.rows, branchProbe(expression)).catch(() => undefined);
      const branch = expression.branches[(taken ?? 0) - 1];
      if (taken === undefined) narrowed.push(expression);
      else {
        const upTo = branch === undefined ? expression.branches : expression.branches.slice(0, taken);
        const result = branch?.result ?? expression.otherwise;
        narrowed.push(...(expression.operand ? [expression.operand] : []), ...upTo.map(({ when }) => when), ...(result ? [result] : []));
        const { sql } = this.apart.inside;
        const text = branch === undefined ? undefined : sql.slice(branch.when.span.start, branch.when.span.end).replace(/\s+/g, ' ');
        because.push(
          text === undefined ? 'CASE takes its ELSE.' : `CASE takes its branch ${taken} of ${expression.branches.length}: when ${text}.`,
        );
      }
    }
    return narrowed;
  }

  async #branch(stage: SelectStage, rows: ReadonlySet<number>, table: KnownTable, probe: Expression): Promise<number | undefined> {
    const name = `${ours}branch`;
    const probed = await this.#probe(stage, [[probe, name]]);
    const mine = await this.#mine(stage, rows, table);
    const found = await this.#sets.read(
      `select p.${quote(name)} from ${quote(probed.physical)} as p join ${mine} as o on ${this.#same(stage, 'p', 'o')}`,
    );
    return found.size === 1 ? [...found][0] : undefined;
  }

  /** The rows of FROM and WHERE with the numbers of the rows that they are made from, and values beside them. */
  #probe(stage: SelectStage, probes: readonly Probe[]): Promise<KnownTable> {
    const { select, inputs } = stage;
    const where = select.where === undefined ? {} : { where: withoutAliases(select.where, select.items, inputs) };
    const numbers = inputs.map((input, i) => asItem(columnOf(input.name.text, rowColumn), `${ours}i${i}`));
    const items = [...numbers, ...probes.map(([expression, alias]) => asItem(withoutAliases(expression, select.items, inputs), alias))];
    // A query of no column is none.
    if (items.length === 0) items.push(asItem({ kind: 'literal', type: 'number', value: '1', span: select.span }, `${ours}one`));
    return this.apart.create(queryOf({ items, from: select.from, ...where, windows: select.windows, span: select.span }), stage.tables);
  }

  /** The numbers of the rows that rows of a stage are made from, as a table. */
  async #mine(stage: SelectStage, rows: ReadonlySet<number>, table: KnownTable): Promise<string> {
    const ids = await this.#sets.table(rows);
    const numbers = numbersOf(stage);
    if (table === stage.table)
      return this.#sets.make(`select ${numbers} from ${quote(table.physical)} where rowid in (select id from ${ids})`);
    const same = visibleNames(stage.table).map((name) => `r.${quote(name)} is not distinct from v.${quote(name)}`);
    return this.#sets.make(
      `select ${numbers} from ${quote(table.physical)} as r where exists (select 1 from ${quote(stage.table.physical)} as v where v.rowid in (select id from ${ids}) and ${same.join(' and ') || '1 = 1'})`,
    );
  }

  #same(stage: SelectStage, a: string, b: string): string {
    return (
      stage.inputs.map((_, i) => `${a}.${quote(`${ours}i${i}`)} is not distinct from ${b}.${quote(`${ours}i${i}`)}`).join(' and ') ||
      '1 = 1'
    );
  }

  async #single(
    stage: SelectStage,
    rows: ReadonlySet<number>,
    table: KnownTable,
    expressions: readonly Expression[],
    subqueries: readonly FollowedSubquery[],
    found: Found,
    because: string[],
  ): Promise<void> {
    const mine = await this.#mine(stage, rows, table);
    await this.#collect(stage, `select * from ${mine}`, found);
    if (stage.select.distinct === true && [...found.inputs].some((ids) => ids.size > rows.size))
      because.push('Any one of several equal rows is enough for a row of DISTINCT.');
    const windows = windowsIn(expressions);
    const probes = windows.map((call, at) => ({ call, ...probeWindow(call, stage.inputs, at) }));
    if (probes.length === 0 && subqueries.length === 0) return;
    const probed = await this.#probe(stage, [...probes.flatMap((one) => one.probes), ...operandsOf(subqueries)]);
    for (const window of probes) await this.#window(stage, window, probed, mine, found, because);
    await this.#subqueryRows(stage, subqueries, probed, mine, found);
  }

  async #window(
    stage: SelectStage,
    { call, partitions, upTo, picks }: WindowProbe & { readonly call: CallExpression },
    probed: KnownTable,
    mine: string,
    found: Found,
    because: string[],
  ): Promise<void> {
    const from = quote(probed.physical);
    if (picks !== undefined) {
      const columns = picks.map((pick, i) => `m.${quote(pick)} as ${quote(`${ours}i${i}`)}`).join(', ');
      if (columns !== '')
        await this.#collect(stage, `select ${columns} from ${from} as m join ${mine} as o on ${this.#same(stage, 'm', 'o')}`, found);
      because.push(`${call.name.toUpperCase()} picks another row of the window.`);
      return;
    }
    const same = [
      ...partitions.map((column) => `p.${quote(column)} is not distinct from m.${quote(column)}`),
      ...(upTo === undefined ? [] : [`p.${quote(upTo)} <= m.${quote(upTo)}`]),
    ];
    const numbers = stage.inputs.map((_, i) => `p.${quote(`${ours}i${i}`)}`).join(', ');
    if (numbers === '') return;
    await this.#collect(
      stage,
      `select distinct ${numbers} from ${from} as p join ${from} as m on ${same.join(' and ') || '1 = 1'} join ${mine} as o on ${this.#same(stage, 'm', 'o')}`,
      found,
    );
    because.push(
      `${call.name.toUpperCase()} reads the ${partitions.length === 0 ? 'rows of the whole table' : 'partition'}${upTo === undefined ? '' : ' up to this row'}.`,
    );
  }

  async #grouped(
    stage: SelectStage,
    rows: ReadonlySet<number>,
    expressions: readonly Expression[],
    subqueries: readonly FollowedSubquery[],
    found: Found,
    because: string[],
  ): Promise<void> {
    const { dialect } = this.apart.inside.builder.snapshot.project;
    const keys = stage.keys ?? [];
    const aggregates = probeAggregates(expressions, dialect);
    const probed = await this.#probe(stage, [
      ...keys.map((key, k) => [key, `${ours}g${k}`] as const),
      ...aggregates.map(({ probe }) => probe),
      ...operandsOf(subqueries),
    ]);
    const ids = await this.#sets.table(rows);
    const raw = quote(probed.physical);
    const equal = (a: string, b: string): string =>
      keys
        .map(
          (_, k) =>
            `(${stage.hasSets ? `${b}.${quote(`${ours}g${k}`)} is null or ` : ''}${a}.${quote(`${ours}g${k}`)} is not distinct from ${b}.${quote(`${ours}g${k}`)})`,
        )
        .join(' and ') || '1 = 1';
    // A window over groups may read every group.
    const groups = windowsIn(expressions).length > 0 ? '1 = 1' : equal('r', 'v');
    const group = await this.#sets.make(
      `select * from ${raw} as r where exists (select 1 from ${quote(stage.table.physical)} as v where v.rowid in (select id from ${ids}) and ${groups})`,
    );
    const counted = aggregates.map(({ probe: [, alias], condition, extreme }) =>
      extreme === undefined
        ? condition(`r.${quote(alias)}`)
        : `r.${quote(alias)} = (select ${extreme}(x.${quote(alias)}) from ${group} as x where ${equal('x', 'r')})`,
    );
    const mine = await this.#sets.make(`select * from ${group} as r${counted.length === 0 ? '' : ` where ${counted.join(' or ')}`}`);
    const one = (await this.#sets.read(`select count(*) from ${mine}`)).has(0) ? group : mine;
    if (one === group && keys.length > 0) because.push('Any one row is enough for its group to be there.');
    await this.#collect(stage, `select distinct ${numbersOf(stage) || '1'} from ${one}`, found);
    await this.#subqueryRows(stage, subqueries, probed, one, found);
  }

  /** Adds the numbers of rows that a query gives, by input. */
  async #collect(stage: SelectStage, sql: string, found: Found): Promise<void> {
    if (stage.inputs.length === 0) return;
    for (const row of await this.#sets.readRows(sql))
      for (const [i] of stage.inputs.entries()) {
        const id = row[i];
        if (id !== null && id !== undefined) found.inputs[i]?.add(Number(id));
      }
  }

  /** Subqueries of expressions as stages; those that look outside are read whole. */
  async #subqueries(
    stage: SelectStage,
    expressions: readonly unknown[],
    whole: Set<NodeId>,
    because: string[],
  ): Promise<readonly FollowedSubquery[]> {
    const followed: FollowedSubquery[] = [];
    for (const one of subqueriesIn(expressions)) {
      const query: Query = 'body' in one ? one : one.query;
      const made = 'body' in one ? undefined : await this.apart.query(query, stage.environment, '').catch(() => undefined);
      if (made === undefined || 'body' in one) {
        const nodes = await this.apart.nodesUnder(query, stage.environment);
        for (const id of nodes) whole.add(id);
        const line = lineAt(this.apart.inside, query.span);
        because.push(`The subquery in line ${line} is not followed: all rows that it reads may count.`);
      } else if (!one.isNegated) followed.push({ ...one, stage: made, at: followed.length }); // What NOT IN does not find is no row.
    }
    return followed;
  }

  async #subqueryRows(
    stage: SelectStage,
    subqueries: readonly FollowedSubquery[],
    probed: KnownTable,
    mine: string,
    found: Found,
  ): Promise<void> {
    for (const { stage: source, operand, at } of subqueries) {
      const [first] = visibleNames(source.table);
      if (first === undefined) continue;
      const sql =
        operand === undefined
          ? `select rowid from ${quote(source.table.physical)}`
          : `select distinct s.rowid from ${quote(source.table.physical)} as s join ${quote(probed.physical)} as p on s.${quote(first)} = p.${quote(`${ours}s${at}`)} join ${mine} as o on ${this.#same(stage, 'p', 'o')}`;
      const rows = await this.#sets.read(sql);
      if (rows.size > 0) found.subs.push({ source, rows, columns: new Set([first.toLowerCase()]), values: new Set() });
    }
  }
}

interface Found {
  readonly inputs: readonly Set<number>[];
  readonly subs: Flow[];
}

interface FollowedSubquery extends SubqueryProbe {
  readonly stage: Stage;
  readonly at: number;
}

function operandsOf(subqueries: readonly FollowedSubquery[]): readonly Probe[] {
  return subqueries.flatMap(({ operand, at }): Probe[] => (operand === undefined ? [] : [[operand, `${ours}s${at}`]]));
}

function numbersOf(stage: SelectStage): string {
  return stage.inputs.map((_, i) => quote(`${ours}i${i}`)).join(', ') || '1';
}

function sourceName(input: Input, name: string): string {
  const at = input.columns.findIndex((column) => column.toLowerCase() === name);
  return (input.sourceColumns[at] ?? name).toLowerCase();
}
