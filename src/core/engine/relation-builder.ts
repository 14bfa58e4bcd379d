import type { QueryAnswer } from '../dbt/environment.ts';
import { BudgetError } from '../jinja/budget.ts';
import { isRelation, type ModelNode, type ProjectNode, type SnapshotNode } from '../project/node.ts';
import { type NodeText, type Snapshot, textToRun } from '../snapshot.ts';
import type { Name, Query } from '../sql/ir.ts';
import { findModelQuery, parseSql } from '../sql/parse.ts';
import { toHash } from '../text/hash.ts';
import type { NodeId } from '../text/ids.ts';
import { toProblem } from '../text/problem.ts';
import type { KnownTable } from '../translate/table.ts';
import type { Translation } from '../translate/translate.ts';
import { spellType } from './adapter-types.ts';
import type { BuildProgress } from './build-progress.ts';
import { findCatalogueView, loadCatalogueView } from './catalogue.ts';
import { DataLoader } from './data-loader.ts';
import type { Engine } from './engine.ts';
import { readIncremental } from './incremental.ts';
import { applyIncrement } from './incremental-run.ts';
import { locateFailure } from './locate-failure.ts';
import { runMicrobatches } from './microbatch.ts';
import { RelationNames, tablesIn } from './relation-names.ts';
import { toCell, translateAsking } from './run-sql.ts';
import type { Run } from './runs.ts';
import { runScripts, Scripts } from './scripts.ts';
import { readSnapshot } from './snapshot-config.ts';
import { applySnapshot } from './snapshot-run.ts';
import type { StandingTables } from './standing.ts';
import { TableMaker } from './table-maker.ts';
import { type Rendered, Templates } from './templates.ts';
import { type Built, isEmptyTable, type Place, problemAt, quote, Stopped, uniqueColumns, type Work } from './work.ts';

/** Builds the relations of one Snapshot in an engine, each with what it reads, unless it stands there already with the same content. */
export class RelationBuilder {
  readonly names: RelationNames;
  readonly templates: Templates;
  readonly #loader: DataLoader;
  readonly #scripts: Scripts;
  readonly #catalogue = new Map<string, KnownTable>();
  #answers = 0;

  constructor(
    readonly engine: Engine,
    readonly snapshot: Snapshot,
    readonly standing: StandingTables,
    readonly progress: BuildProgress,
  ) {
    this.names = new RelationNames(snapshot);
    this.templates = new Templates(snapshot, (sql, place, work) => this.ask(sql, place, work));
    this.#scripts = new Scripts(snapshot);
    this.#loader = new DataLoader(engine, standing, snapshot, progress);
  }

  /** The relation of a node, built unless it stands already with this very content. */
  async build(id: NodeId, work: Work): Promise<Built> {
    const { run, notes, path, signal } = work;
    signal?.throwIfAborted();
    const current = this.standing.current(run, id);
    if (current !== undefined) {
      this.progress.finish(id);
      for (const note of current.notes) notes.add(note);
      return current;
    }
    const node = this.snapshot.nodes.get(id);
    if (node === undefined || !isRelation(node))
      throw new Stopped(toProblem('preview-refused', `'${id}' is not a relation that rows can be read from.`, node?.path ?? ''));
    if (path.includes(id))
      throw new Stopped(toProblem('preview-refused', `'${node.name}' reads itself: ${[...path, id].join(' → ')}.`, node.path));
    const own = new Set<string>();
    const inner: Work = { run, notes: own, signal, path: [...path, id], reader: id };
    const built =
      node.kind === 'seed'
        ? await this.#loader.seed(node, inner)
        : node.kind === 'source'
          ? await this.#loader.source(node, inner)
          : await this.#model(node, inner);
    const complete = { ...built, notes: [...new Set([...own, ...built.notes])] };
    for (const note of complete.notes) notes.add(note);
    await this.standing.keep(run, id, complete);
    this.progress.finish(id);
    return complete;
  }

  async #model(node: ModelNode | SnapshotNode, work: Work): Promise<Built> {
    const text = textToRun(this.snapshot, node.id);
    if (node.kind === 'model' && node.language === 'python') {
      work.notes.add(`'${node.name}' is a Python model, which is not run, ${isEmptyTable}.`);
      return this.#loader.empty(node);
    }
    if (text === undefined) throw new Stopped(toProblem('preview-refused', `'${node.name}' has no SQL.`, node.path));
    if (hooksOf(node).length > 0) work.notes.add(`The hooks of '${node.name}' are not run.`);
    const files = node.kind === 'model' ? this.#scripts.filesOf(node) : undefined;
    if (node.kind === 'model' && files !== undefined) return runScripts(this, node, files, work);
    if (node.kind === 'snapshot') return this.#snapshotTable(node, text, work);
    if (node.materialized === 'incremental') return this.#incrementalTable(node, text, work);
    const rendered = await this.templates.node(node.id, text, work);
    return this.#fromQuery(node, this.parse(rendered), rendered, work);
  }

  /** Whether the rows of a node are those of its query, whatever stood before. */
  isPlain(id: NodeId): boolean {
    const node = this.snapshot.nodes.get(id);
    if (node?.kind !== 'model' || node.language === 'python' || node.materialized === 'incremental') return false;
    return this.#scripts.filesOf(node) === undefined;
  }

  /** A table filled by a query, unless it stands with the same query over the same tables. */
  async #fromQuery(node: ModelNode | SnapshotNode, query: Query, rendered: Rendered, work: Work): Promise<Built> {
    const key = await this.#keyOf(query, rendered.sql, node, work);
    const physical = `${node.id}:${key}`;
    const known = this.standing.find(physical);
    if (known !== undefined) return { ...known, notes: [] };
    this.progress.say(`Building ${node.name}`);
    return { ...(await this.create(physical, query, rendered.place, work)), key, notes: [] };
  }

  async #keyOf(query: Query, sql: string, node: ProjectNode, work: Work): Promise<string> {
    const parents = await this.parents(query, work);
    return toHash([sql, node.kind, work.run.now, work.self?.physical ?? '', ...parents.map((parent) => parent.physical)].join('\n'));
  }

  /** An incremental model: in full in a first run and in a full refresh, else on top of what the run before left. */
  async #incrementalTable(node: ModelNode, text: NodeText, work: Work): Promise<Built> {
    const { run } = work;
    const full = run.fullRefresh ? node.config.full_refresh !== false : node.config.full_refresh === true;
    const plan = readIncremental(node, this.snapshot.project.adapter);
    if (run.previous === undefined || full) {
      work.notes.add(`'${node.name}' is incremental: the preview builds it in full.`);
      if (typeof plan !== 'string' && plan.strategy === 'microbatch') return runMicrobatches(this, node, text, work, plan);
      const rendered = await this.templates.node(node.id, text, work);
      return this.#fromQuery(node, this.parse(rendered), rendered, work);
    }
    if (typeof plan === 'string') throw new Stopped(toProblem('preview-refused', plan, node.path));
    const before = await this.#before(node, work, run.previous);
    const inner: Work = { ...work, self: before };
    if (plan.strategy === 'microbatch') return runMicrobatches(this, node, text, inner, plan);
    const rendered = await this.templates.node(node.id, text, inner, true);
    const query = this.parse(rendered);
    const key = await this.#keyOf(query, rendered.sql, node, inner);
    const physical = `${node.id}:run:${key}`;
    const known = this.standing.find(physical);
    if (known !== undefined) return { ...known };
    this.progress.say(`Building ${node.name}`);
    const rows = await this.create(`${physical}:rows`, query, rendered.place, inner);
    const { table, note } = await applyIncrement(this.maker(run, node.path), node, plan, before, rows, physical);
    await this.engine.execute(`drop table if exists ${quote(rows.physical)}`);
    return { ...table, key, notes: [note] };
  }

  /** The columns that dbt adds to a snapshot, with the versions of every run until now. */
  async #snapshotTable(node: SnapshotNode, text: NodeText, work: Work): Promise<Built> {
    const plan = readSnapshot(node);
    if (typeof plan === 'string') throw new Stopped(toProblem('preview-refused', plan, node.path));
    const { run } = work;
    const before = run.previous === undefined ? undefined : await this.#before(node, work, run.previous);
    const rendered = await this.templates.node(node.id, text, work);
    const query = this.parse(rendered);
    const inner: Work = before === undefined ? work : { ...work, self: before };
    const key = toHash([await this.#keyOf(query, rendered.sql, node, inner), JSON.stringify(plan)].join('\n'));
    const physical = `${node.id}:${key}`;
    const known = this.standing.find(physical);
    if (known !== undefined) return { ...known };
    this.progress.say(`Building ${node.name}`);
    const rows = await this.create(`${physical}:rows`, query, rendered.place, inner);
    const render = async (template: string): Promise<string> => (await this.templates.text(template, { path: node.path }, work)).sql.trim();
    const macros = {
      hash: (parts: readonly string[]) =>
        render(`{{ snapshot_hash_arguments([${parts.map((part) => JSON.stringify(part)).join(', ')}]) }}`),
      time: () => render('{{ snapshot_get_time() }}'),
    };
    const { table, note } = await applySnapshot(this.maker(run, node.path), macros, node, plan, rows, before, physical);
    await this.engine.execute(`drop table if exists ${quote(rows.physical)}`);
    return { ...table, key, notes: [note] };
  }

  /** What the run before left of a node. */
  async #before(node: ModelNode | SnapshotNode, work: Work, previous: Run): Promise<Built> {
    try {
      return await this.build(node.id, { run: previous, notes: new Set(), signal: work.signal, path: [] });
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      const label = previous.name === '' ? 'The run before this one' : `The run over '${previous.name}', before this one,`;
      throw new Stopped({ ...error.problem, message: `${label} failed: ${error.problem.message}` });
    }
  }

  maker(run: Run, path: string): TableMaker {
    return new TableMaker(this.engine, this.snapshot.project.dialect, run.now, path);
  }

  /** The relations that a query reads, built in the order in which it names them. */
  async parents(query: Query, work: Work): Promise<Built[]> {
    const ids = new Set<NodeId>();
    for (const parts of tablesIn(query)) {
      if (work.own?.(parts) !== undefined) continue;
      const view = findCatalogueView(parts);
      if (view !== undefined && !this.#catalogue.has(view))
        this.#catalogue.set(view, await loadCatalogueView(this.engine, this.snapshot, view));
      const id = this.names.find(parts, work.reader);
      const isCte = parts.length === 1 && query.ctes.some((cte) => cte.name.text.toLowerCase() === parts[0]?.text.toLowerCase());
      if (id !== undefined && (!isCte || work.path.includes(id))) ids.add(id);
    }
    const built: Built[] = [];
    for (const id of ids) if (!work.path.includes(id)) built.push(await this.build(id, work));
    return built;
  }

  /** The table that a name in a node's SQL means, once it is built. */
  table(parts: readonly Name[], work: Work): KnownTable | undefined {
    const own = work.own?.(parts);
    if (own !== undefined) return own;
    const view = findCatalogueView(parts);
    if (view !== undefined) return this.#catalogue.get(view);
    const id = this.names.find(parts, work.reader);
    if (id === undefined) return undefined;
    if (id === work.path.at(-1) && work.self !== undefined) return work.self;
    const part = work.parts?.get(id);
    if (part !== undefined) return part;
    const built = this.standing.current(work.run, id);
    const primaryKey = primaryKeyOf(this.snapshot.nodes.get(id));
    return built === undefined || primaryKey === undefined ? built : { ...built, primaryKey };
  }

  /** A query in the engine's own SQL, over what is built for it. */
  async translate(query: Query, place: Place, work: Work): Promise<Extract<Translation, { readonly kind: 'translated' }>> {
    await this.parents(query, work);
    work.signal?.throwIfAborted();
    const translation = await this.#translate(query, work).catch((error: unknown) => {
      if (!(error instanceof BudgetError)) throw error;
      throw new Stopped(problemAt(this.snapshot, 'preview-failed', error.message, place, query.span));
    });
    if (translation.kind === 'refused') {
      const message = translation.alternative === undefined ? translation.message : `${translation.message} ${translation.alternative}`;
      throw new Stopped(problemAt(this.snapshot, 'preview-refused', message, place, translation.span));
    }
    return translation;
  }

  /** Fills a table with the rows of a query. */
  async create(name: string, query: Query, place: Place, work: Work): Promise<KnownTable> {
    const translation = await this.translate(query, place, work);
    for (const note of translation.notes) work.notes.add(note);
    const columns = uniqueColumns(translation.columns);
    try {
      await this.#fill(name, translation.sql, columns);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (isTooLarge(reason)) throw new Stopped(problemAt(this.snapshot, 'preview-failed', tooLarge(this.engine), place, query.span));
      const span = await locateFailure(query, (part) => this.#fails(part, work));
      throw new Stopped(problemAt(this.snapshot, 'preview-failed', `The query failed: ${reason}.`, place, span));
    }
    return { physical: name, columns };
  }

  #translate(query: Query, work: Work) {
    return translateAsking(this.engine, query, {
      dialect: this.snapshot.project.dialect,
      now: work.run.now,
      table: (parts) => this.table(parts, work),
      functions: this.snapshot.headwater.functions,
      tableNames: () => this.names.all(),
    });
  }

  async #fill(name: string, sql: string, columns: readonly { readonly name: string }[]): Promise<void> {
    const list = columns.map((column) => quote(column.name)).join(',');
    await this.engine.execute(`drop table if exists ${quote(name)}`);
    await this.engine.execute(`create table ${quote(name)} as select * from (with "hw:all"(${list}) as (${sql}) select * from "hw:all")`);
  }

  /** Whether a part of a query that failed fails by itself; one that cannot be run by itself does not. */
  async #fails(part: Query, work: Work): Promise<boolean> {
    work.signal?.throwIfAborted();
    const translation = await this.#translate(part, work);
    if (translation.kind === 'refused') return false;
    try {
      await this.#fill('part', translation.sql, uniqueColumns(translation.columns));
      return false;
    } catch {
      return true;
    } finally {
      // An engine whose memory has ended answers nothing any more.
      await this.engine.execute('drop table if exists "part"').catch(() => undefined);
    }
  }

  /** The answer to a query that a template asks. */
  async ask(sql: string, place: Place, work: Work): Promise<QueryAnswer> {
    const name = `answer:${++this.#answers}`;
    const table = await this.create(name, this.parse({ sql, place }), place, work);
    const page = await this.engine.query(`select * from ${quote(name)}`, { offset: 0, limit: 100_000 });
    await this.engine.execute(`drop table ${quote(name)}`);
    const rows = page.rows.map((row) =>
      row.map((cell, i) => {
        const value = toCell(cell, table.columns[i]?.type ?? { kind: 'unknown' });
        return value instanceof Uint8Array ? String(value) : value;
      }),
    );
    const { dialect } = this.snapshot.project;
    return { columns: table.columns.map(({ name, type }) => ({ name, type: spellType(type, dialect) })), rows };
  }

  /** The query of a rendered text. */
  parse({ sql, place }: Rendered): Query {
    const parsed = parseSql(sql, this.snapshot.project.dialect);
    const query = findModelQuery(parsed);
    if (query !== undefined) return query;
    const [problem] = parsed.problems;
    const message = problem === undefined ? 'There is no query here.' : `${problem.message}.`;
    throw new Stopped(problemAt(this.snapshot, 'preview-refused', message, place, problem?.span ?? { start: 0, end: 0 }));
  }
}

/** What engines say where their memory ends. */
function isTooLarge(reason: string): boolean {
  return /out of memory|memory limit|allocation failed|memory access out of bounds|database or disk is full|string or blob too big/i.test(
    reason,
  );
}

function tooLarge({ capabilities }: Engine): string {
  const size = `${Math.round(capabilities.maxBytes / 2 ** 20).toLocaleString('en-US')} MB`;
  const other = capabilities.name === 'sqlite' ? ', or take the engine duckdb' : '';
  return `This needs more than the ${size} of memory that the preview has: narrow it with WHERE or LIMIT${other}.`;
}

function hooksOf({ config }: ProjectNode): readonly unknown[] {
  return [config['pre-hook'], config['post-hook'], config.pre_hook, config.post_hook]
    .flat()
    .filter((hook) => hook !== undefined && hook !== null && hook !== '');
}

/** The columns of the primary key that a node declares. */
function primaryKeyOf(node: ProjectNode | undefined): readonly string[] | undefined {
  if (node === undefined || !isRelation(node)) return undefined;
  return node.constraints.find((constraint) => constraint.kind === 'primary_key')?.columns;
}
