import type { Expression, Name, Query, Relation, SelectItem, Statement } from '../sql/ir.ts';
import { parseSql } from '../sql/parse.ts';
import type { Span } from '../text/span.ts';
import type { KnownTable, TableColumn } from '../translate/table.ts';
import { toValueType, types } from '../translate/value-type.ts';
import type { RelationBuilder } from './relation-builder.ts';
import { tablesIn } from './relation-names.ts';
import { toEngineColumns } from './run-sql.ts';
import { readPlain, whyNotRun } from './script-check.ts';
import { aliased, aliasOf, isEnd, listOf, number, rowOf, same, selectOf, starFrom, type Tables, toParts, yes } from './script-queries.ts';
import { type Place, problemAt, quote, Stopped, type Work } from './work.ts';

/** A text of statements, and where it was written. */
export interface Script {
  readonly text: string;
  readonly place: Place;
}

/** A table as the statements until now have left it; a view is worked out when it is read. */
interface Entry {
  readonly parts: readonly string[];
  table?: KnownTable;
  view?: { readonly query: Query; readonly place: Place };
  /** The types that a CREATE TABLE gives its columns, by lower-case name, as they are written. */
  readonly written: ReadonlyMap<string, string>;
}

/** Statements run in their order over the engine: what they make and change is seen by those after them. */
export class ScriptRun {
  readonly #entries: Entry[] = [];
  readonly #temporary: string[] = [];
  readonly #queries: KnownTable[] = [];
  #count = 0;
  /** The rows of the last statement: of a query its own, of a change the table that it changed. */
  #last: KnownTable | undefined;

  constructor(
    private readonly builder: RelationBuilder,
    private readonly prefix: string,
    private readonly work: Work,
    /** The rows that a table has before any statement, where a file holds them. */
    private readonly initial: (parts: readonly string[]) => Promise<KnownTable | undefined>,
  ) {}

  /** Runs the scripts one after the other; stops before the first statement where there is one that cannot be run. */
  async run(scripts: readonly Script[]): Promise<void> {
    const { dialect } = this.builder.snapshot.project;
    const read = scripts.map((script) => ({ script, parsed: parseSql(script.text, dialect) }));
    for (const { script, parsed } of read) {
      const [problem] = parsed.problems;
      if (problem !== undefined) this.#stop(`${problem.message}.`, script.place, problem.span);
      for (const statement of parsed.statements) {
        const why = whyNotRun(statement, script.text);
        if (why !== undefined) this.#stop(why.message, script.place, why.span);
      }
    }
    for (const { script, parsed } of read)
      for (const statement of parsed.statements) {
        this.work.signal?.throwIfAborted();
        await this.#statement(statement, script);
      }
  }

  /** A table as the script left it, under a name of its own; undefined where no statement made it. */
  async take(parts: readonly string[], physical: string): Promise<KnownTable | undefined> {
    const entry = this.#find(parts);
    const table = entry === undefined ? undefined : await this.#rowsOf(entry);
    return table === undefined ? undefined : this.#copy(table, physical);
  }

  /** The rows of one of the queries that stand alone, by its place among them. */
  async takeQuery(at: number, physical: string): Promise<KnownTable | undefined> {
    const table = this.#queries[at];
    return table === undefined ? undefined : this.#copy(table, physical);
  }

  /** What the last statement gave. */
  async takeLast(physical: string): Promise<KnownTable | undefined> {
    return this.#last === undefined ? undefined : this.#copy(this.#last, physical);
  }

  async clean(): Promise<void> {
    for (const name of this.#temporary) await this.builder.engine.execute(`drop table if exists ${quote(name)}`);
  }

  async #statement(statement: Statement, { text, place }: Script): Promise<void> {
    const { kind, query, target } = statement;
    const own = text.slice(statement.span.start, statement.span.end);
    const parts = target === undefined ? [] : toParts(target);
    switch (kind) {
      case 'select':
        if (query === undefined) return;
        this.#last = await this.#create(query, place);
        this.#queries.push(this.#last);
        return;
      case 'create-table':
      case 'create-view': {
        if (query === undefined) return;
        if (/^\s*create\s+(\w+\s+){0,3}if\s+not\s+exists/i.test(own) && this.#find(parts) !== undefined) return;
        const entry = this.#replace(parts, statement);
        if (kind === 'create-view') entry.view = { query, place };
        else entry.table = await this.#renamed(await this.#create(query, place), statement.targetColumns);
        this.#last = await this.#rowsOf(entry);
        return;
      }
      case 'define':
        return this.#define(statement, parts, own);
      case 'insert':
        return this.#insert(statement, parts, own, place);
      case 'update':
        return this.#update(statement, parts, place);
      case 'delete':
        return this.#delete(statement, parts, place);
      case 'merge':
        return this.#merge(statement, parts, place);
      case 'other': {
        const plain = readPlain(own);
        if (plain === undefined || plain.kind === 'pass') return;
        const name = plain.name.split('.').filter((part) => part !== '');
        const entry = this.#find(name);
        if (plain.kind === 'drop') {
          if (entry !== undefined) this.#entries.splice(this.#entries.indexOf(entry), 1);
          return;
        }
        const known = await this.#known(name, place, statement.span);
        const empty = await this.#fill(`select * from ${quote(known.table.physical)} where 1 = 0`, known.table.columns);
        known.entry.table = empty;
        this.#last = empty;
      }
    }
  }

  /** CREATE TABLE without a query: empty, unless a file holds its rows. */
  async #define(statement: Statement, parts: readonly string[], own: string): Promise<void> {
    if (!/^\s*create\b/i.test(own) || statement.definitions.length === 0) return;
    if (/\bif\s+not\s+exists\b/i.test(own) && this.#find(parts) !== undefined) return;
    const { dialect } = this.builder.snapshot.project;
    const entry = this.#replace(parts, statement);
    const held = await this.initial(parts);
    if (held !== undefined) {
      entry.table = held;
      return;
    }
    const columns = statement.definitions.map(
      ({ name, type }): TableColumn => ({ name: name.text, type: toValueType(type ?? '', dialect) }),
    );
    const physical = this.#name();
    await this.builder.engine.load(physical, toEngineColumns(columns), []);
    entry.table = { physical, columns };
  }

  async #insert(statement: Statement, parts: readonly string[], own: string, place: Place): Promise<void> {
    if (statement.query === undefined) return;
    const rows = await this.#create(statement.query, place);
    const names = statement.targetColumns.map((name) => name.text);
    const found = this.#find(parts);
    const before = found === undefined ? await this.initial(parts) : await this.#rowsOf(found);
    if (before === undefined) {
      // Nothing says what the table is like, so the first rows do.
      const entry = found ?? this.#replace(parts, statement);
      entry.table = await this.#renamed(rows, statement.targetColumns);
      this.#last = entry.table;
      return;
    }
    const entry = found ?? this.#replace(parts, statement);
    const into = names.length > 0 ? names : before.columns.map((column) => column.name);
    if (into.length < rows.columns.length || (names.length > 0 && into.length !== rows.columns.length))
      this.#stop(`This INSERT gives ${rows.columns.length} columns for ${into.length}.`, place, statement.span);
    const unknown = into.find((name) => !before.columns.some((column) => same(column.name, name)));
    if (unknown !== undefined) this.#stop(`There is no column '${unknown}' to insert into.`, place, statement.span);
    const typed = await this.#typed(rows, into, entry, before.columns, place);
    const values = before.columns.map((column) => {
      const at = into.findIndex((name) => same(name, column.name));
      const value = typed.columns[at];
      return `${value === undefined ? 'null' : quote(value.name)} as ${quote(column.name)}`;
    });
    const added = `select ${values.join(', ')} from ${quote(typed.physical)}`;
    const kept = /^\s*insert\s+overwrite\b/i.test(own) ? '' : `select * from ${quote(before.physical)} union all `;
    entry.table = await this.#fill(kept + added, before.columns);
    delete entry.view;
    this.#last = entry.table;
  }

  /** Rows under the types that the table's CREATE gives the columns which they go into. */
  async #typed(
    rows: KnownTable,
    into: readonly string[],
    entry: Entry,
    columns: readonly TableColumn[],
    place: Place,
  ): Promise<KnownTable> {
    const casts = rows.columns.map((column, i) => {
      const name = into[i] ?? '';
      const target = columns.find((one) => same(one.name, name));
      const written = entry.written.get(name.toLowerCase());
      const differs =
        target !== undefined && written !== undefined && target.type.kind !== column.type.kind && target.type.kind !== 'unknown';
      return differs && column.type.kind !== 'null' ? `cast(c${i} as ${written}) as c${i}` : `c${i}`;
    });
    if (!casts.some((cast) => cast.startsWith('cast'))) return rows;
    const plain = await this.#fill(
      `select ${rows.columns.map((column, i) => `${quote(column.name)} as c${i}`).join(', ')} from ${quote(rows.physical)}`,
      rows.columns.map((column, i) => ({ ...column, name: `c${i}` })),
    );
    const maker = this.builder.maker(this.work.run, place.path);
    return maker.fromText(this.#name(), `select ${casts.join(', ')} from hw_rows`, new Map([['hw_rows', plain]]), 'The INSERT');
  }

  async #update(statement: Statement, parts: readonly string[], place: Place): Promise<void> {
    const { query, changed, targetColumns } = statement;
    if (query?.body.kind !== 'select' || changed?.kind !== 'table') return;
    const { entry, table } = await this.#known(parts, place, statement.span);
    const numbered = await this.#numbered(table);
    const body = query.body;
    const items = [rowOf(changed), ...body.items.map((item, i) => (item.kind === 'item' ? aliased(item.expression, `hw_${i}`) : item))];
    const values = await this.#create({ ...query, body: { ...body, items } }, place, [[parts, numbered]]);
    for (const name of targetColumns)
      if (!table.columns.some((column) => same(column.name, name.text)))
        this.#stop(`There is no column '${name.text}' to update.`, place, name.span);
    const first = `select * from (select *, row_number() over (partition by hw_row) as hw_nth from ${quote(values.physical)}) as v where hw_nth = 1`;
    const columns = table.columns.map((column) => {
      const at = targetColumns.findIndex((name) => same(name.text, column.name));
      const old = `d.${quote(column.name)}`;
      return `${at === -1 ? old : `case when u.hw_row is null then ${old} else u.hw_${at} end`} as ${quote(column.name)}`;
    });
    entry.table = await this.#fill(
      `select ${columns.join(', ')} from ${quote(numbered.physical)} as d left join (${first}) as u on u.hw_row = d.hw_row`,
      table.columns,
    );
    this.#last = entry.table;
  }

  async #delete(statement: Statement, parts: readonly string[], place: Place): Promise<void> {
    const { query, changed } = statement;
    if (query?.body.kind !== 'select' || changed?.kind !== 'table') return;
    const { entry, table } = await this.#known(parts, place, statement.span);
    const numbered = await this.#numbered(table);
    const gone = await this.#create({ ...query, body: { ...query.body, items: [rowOf(changed)] } }, place, [[parts, numbered]]);
    entry.table = await this.#fill(
      `select ${listOf(table.columns, 'd')} from ${quote(numbered.physical)} as d where not exists (select 1 from ${quote(gone.physical)} as g where g.hw_row = d.hw_row)`,
      table.columns,
    );
    this.#last = entry.table;
  }

  async #merge(statement: Statement, parts: readonly string[], place: Place): Promise<void> {
    const { merge } = statement;
    if (merge?.target.kind !== 'table') return;
    const { entry, table } = await this.#known(parts, place, statement.span);
    const dest = await this.#numbered(table);
    const rows = await this.#create(starFrom(merge.source, statement.query?.ctes ?? []), place);
    const source = await this.#numbered(rows);
    const sourceName = aliasOf(merge.source) ?? { text: 'hw_source', quoted: false, span: statement.span };
    const destName = aliasOf(merge.target) ?? { text: 'hw_dest', quoted: false, span: statement.span };
    const mine: Relation = { ...merge.target, alias: { name: destName, columns: [] } };
    const theirs: Relation = {
      kind: 'table',
      parts: [{ text: 'hw_merge_source', quoted: false, span: merge.source.span }],
      alias: { name: sourceName, columns: [] },
      modifiers: [],
      span: merge.source.span,
    };
    const tables: Tables = [
      [parts, dest],
      [['hw_merge_source'], source],
    ];
    const both: Relation = {
      kind: 'join',
      type: 'inner',
      natural: false,
      left: mine,
      right: theirs,
      ...(merge.on === undefined ? {} : { on: merge.on }),
      using: merge.using,
      span: statement.span,
    };
    const ctes = statement.query?.ctes ?? [];
    const ask = async (from: Relation, where: Expression | undefined, items: readonly SelectItem[]): Promise<KnownTable> =>
      this.#create({ ...selectOf(items, from, where, statement.span), ctes }, place, tables);
    const pairs = await ask(both, undefined, [rowOf(mine, 'd_row'), rowOf(theirs, 's_row')]);
    await this.#refuseTwice(statement, pairs, place);
    // The first clause whose condition holds decides over a row.
    const clausesOf = (when: string) => merge.clauses.filter((clause) => clause.when === when);
    const decide = async (when: string, from: Relation, rows: readonly SelectItem[]): Promise<KnownTable | undefined> => {
      const clauses = clausesOf(when);
      if (clauses.length === 0) return undefined;
      const branches = clauses.map((clause, i) => ({
        when: clause.condition ?? yes(statement.span),
        result: number(i + 1, statement.span),
      }));
      const choice: Expression = { kind: 'case', branches, span: statement.span };
      const values = clauses.flatMap((clause, c) =>
        clause.assignments === 'all' ? [] : clause.assignments.map(({ value }, i) => aliased(value, `hw_${c + 1}_${i}`)),
      );
      return ask(from, undefined, [...rows, aliased(choice, 'hw_clause'), ...values]);
    };
    const matched = await decide('matched', both, [rowOf(mine, 'd_row'), rowOf(theirs, 's_row')]);
    const fresh = await decide('not matched', theirs, [rowOf(theirs, 's_row')]);
    const lost = await decide('not matched by source', mine, [rowOf(mine, 'd_row')]);
    const { columns } = table;
    const valueFor = (clause: (typeof merge.clauses)[number], c: number, alias: string, column: TableColumn): string | undefined => {
      if (clause.assignments === 'all') {
        const own = rows.columns.find((one) => same(one.name, column.name));
        return own === undefined ? undefined : `s.${quote(own.name)}`;
      }
      const at = clause.assignments.findIndex(({ column: name }, i) =>
        name.text === '' ? columns[i] === column : same(name.text, column.name),
      );
      return at === -1 ? undefined : `${alias}.hw_${c + 1}_${at}`;
    };
    const changed = columns.map((column) => {
      const old = `d.${quote(column.name)}`;
      const cases = [['matched', 'm'] as const, ['not matched by source', 'l'] as const].flatMap(([when, alias]) =>
        clausesOf(when).flatMap((clause, c) => {
          const value = clause.action === 'update' ? valueFor(clause, c, alias, column) : undefined;
          return value === undefined ? [] : [`when ${alias}.hw_clause = ${c + 1} then ${value}`];
        }),
      );
      return `${cases.length === 0 ? old : `case ${cases.join(' ')} else ${old} end`} as ${quote(column.name)}`;
    });
    const deleted = [['matched', 'm'] as const, ['not matched by source', 'l'] as const].flatMap(([when, alias]) =>
      clausesOf(when).flatMap((clause, c) => (clause.action === 'delete' ? [`coalesce(${alias}.hw_clause, 0) <> ${c + 1}`] : [])),
    );
    const unpaired = (alias: string, row: string): string =>
      `not exists (select 1 from ${quote(pairs.physical)} as p where p.${row} = ${alias}.${row})`;
    const joins = [
      matched === undefined
        ? ''
        : ` left join ${quote(matched.physical)} as m on m.d_row = d.hw_row left join ${quote(source.physical)} as s on s.hw_row = m.s_row`,
      lost === undefined
        ? ''
        : ` left join (select * from ${quote(lost.physical)} as x where ${unpaired('x', 'd_row')}) as l on l.d_row = d.hw_row`,
    ];
    const queries = [
      `select ${changed.join(', ')} from ${quote(dest.physical)} as d${joins.join('')}${deleted.length === 0 ? '' : ` where ${deleted.join(' and ')}`}`,
    ];
    for (const [c, clause] of clausesOf('not matched').entries()) {
      if (clause.action !== 'insert' || fresh === undefined) continue;
      const values = columns.map((column) => `${valueFor(clause, c, 'f', column) ?? 'null'} as ${quote(column.name)}`);
      queries.push(
        `select ${values.join(', ')} from ${quote(fresh.physical)} as f join ${quote(source.physical)} as s on s.hw_row = f.s_row where f.hw_clause = ${c + 1} and ${unpaired('f', 's_row')}`,
      );
    }
    entry.table = await this.#fill(queries.join(' union all '), columns);
    this.#last = entry.table;
  }

  /** MERGE may touch a row once. */
  async #refuseTwice(statement: Statement, pairs: KnownTable, place: Place): Promise<void> {
    if (!statement.merge?.clauses.some((clause) => clause.when === 'matched' && clause.action === 'update')) return;
    const twice = await this.builder.engine.query(
      `select count(*) from (select d_row from ${quote(pairs.physical)} group by d_row having count(*) > 1) as t`,
      { offset: 0, limit: 1 },
    );
    const count = Number(twice.rows[0]?.[0] ?? 0);
    if (count > 0)
      this.#stop(
        `This MERGE has several source rows for ${count === 1 ? 'a row' : `${count} rows`} of its table, which fails in the warehouse too.`,
        place,
        statement.span,
      );
  }

  #find(parts: readonly string[]): Entry | undefined {
    return this.#entries.findLast((entry) => {
      const shared = Math.min(entry.parts.length, parts.length);
      for (let i = 1; i <= shared; i++) if (!same(entry.parts.at(-i) ?? '', parts.at(-i) ?? '')) return false;
      return shared > 0;
    });
  }

  #replace(parts: readonly string[], statement: Statement): Entry {
    const known = this.#find(parts);
    if (known !== undefined) this.#entries.splice(this.#entries.indexOf(known), 1);
    const written = new Map(
      statement.definitions.flatMap(({ name, type }) => (type === undefined ? [] : [[name.text.toLowerCase(), type] as const])),
    );
    const entry: Entry = { parts, written };
    this.#entries.push(entry);
    return entry;
  }

  /** A table that a statement changes: as it stands, else as a file holds it. */
  async #known(parts: readonly string[], place: Place, span: Span): Promise<{ entry: Entry; table: KnownTable }> {
    const found = this.#find(parts);
    const table = found === undefined ? await this.initial(parts) : await this.#rowsOf(found);
    if (table === undefined)
      this.#stop(`There is no table '${parts.join('.')}' whose rows could be changed: nothing makes it and no file holds it.`, place, span);
    const entry = found ?? { parts, written: new Map<string, string>() };
    if (found === undefined) this.#entries.push(entry);
    return { entry, table };
  }

  async #rowsOf(entry: Entry): Promise<KnownTable | undefined> {
    return entry.view === undefined ? entry.table : this.#create(entry.view.query, entry.view.place);
  }

  /** A query over the tables as they are now; `over` puts tables in the place of some. */
  async #create(query: Query, place: Place, over: Tables = []): Promise<KnownTable> {
    const now = new Map<Entry, KnownTable>();
    for (const names of tablesIn(query)) {
      const entry = this.#find(toParts(names));
      if (entry === undefined || now.has(entry) || over.some(([parts]) => this.#find(parts) === entry)) continue;
      const table = await this.#rowsOf(entry);
      if (table !== undefined) now.set(entry, table);
    }
    const own = (names: readonly Name[]): KnownTable | undefined => {
      const parts = toParts(names);
      const put = over.find(([key]) => (key.length <= parts.length ? isEnd(parts, key) : isEnd(key, parts)));
      if (put !== undefined) return put[1];
      const entry = this.#find(parts);
      return entry === undefined ? undefined : now.get(entry);
    };
    return this.builder.create(this.#name(), query, place, { ...this.work, own });
  }

  /** The columns under the names that a statement gives them. */
  async #renamed(table: KnownTable, names: readonly Name[]): Promise<KnownTable> {
    if (names.length === 0 || names.length !== table.columns.length) return table;
    const columns = table.columns.map((column, i) => ({ ...column, name: names[i]?.text ?? column.name }));
    const list = table.columns.map((column, i) => `t.${quote(column.name)} as ${quote(columns[i]?.name ?? column.name)}`);
    return this.#fill(`select ${list.join(', ')} from ${quote(table.physical)} as t`, columns);
  }

  async #numbered(table: KnownTable): Promise<KnownTable> {
    const columns = [{ name: 'hw_row', type: types.integer }, ...table.columns];
    return this.#fill(`select row_number() over () as hw_row, ${listOf(table.columns, 't')} from ${quote(table.physical)} as t`, columns);
  }

  async #fill(sql: string, columns: readonly TableColumn[]): Promise<KnownTable> {
    const physical = this.#name();
    await this.builder.engine.execute(`create table ${quote(physical)} as ${sql}`);
    return { physical, columns };
  }

  async #copy(table: KnownTable, physical: string): Promise<KnownTable> {
    await this.builder.engine.execute(`drop table if exists ${quote(physical)}`);
    const columns = table.columns.length === 0 ? '*' : listOf(table.columns, 't');
    await this.builder.engine.execute(`create table ${quote(physical)} as select ${columns} from ${quote(table.physical)} as t`);
    return { physical, columns: table.columns };
  }

  #name(): string {
    const name = `${this.prefix}:${++this.#count}`;
    this.#temporary.push(name);
    return name;
  }

  #stop(message: string, place: Place, span: Span): never {
    throw new Stopped(problemAt(this.builder.snapshot, 'preview-refused', message, place, span));
  }
}
