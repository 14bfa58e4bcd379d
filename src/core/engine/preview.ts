import type { QueryAnswer } from '../dbt/environment.ts';
import type { Rendering } from '../dbt/rendering.ts';
import { type NodeText, type Snapshot, textToRun } from '../snapshot.ts';
import type { Query } from '../sql/ir.ts';
import { parseSql } from '../sql/parse.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { layOutSql } from '../translate/lay-out-sql.ts';
import type { KnownTable } from '../translate/table.ts';
import { BuildProgress } from './build-progress.ts';
import type { Engine } from './engine.ts';
import { PreviewResult } from './preview-result.ts';
import { RelationBuilder } from './relation-builder.ts';
import { starOf } from './relation-names.ts';
import { planRun, type Run, type RunChoice } from './runs.ts';
import { ScriptRun } from './script-run.ts';
import { initialRows } from './scripts.ts';
import { StandingTables } from './standing.ts';
import type { Rendered } from './templates.ts';
import { type Place, Stopped, type Work } from './work.ts';

/** What to preview: a relation of the project, one CTE of it, or SQL that may name the project's relations. */
export type Question =
  /** `isPassing` asks for the rows of a model's query alone, where they are all that it has, and keeps no relation of it for those who read it. */
  | { readonly kind: 'node'; readonly node: NodeId; readonly cte?: string; readonly isPassing?: boolean }
  /** `within` completes the SQL with the CTEs of a model, as for text that was selected in it; `path` is the file it is written in. */
  | { readonly kind: 'sql'; readonly sql: string; readonly within?: NodeId; readonly path?: string };

export type Answer =
  | { readonly kind: 'rows'; readonly result: PreviewResult }
  | { readonly kind: 'failed'; readonly problems: readonly Problem[]; readonly notes: readonly string[] };

/** Where a relation stands in the engine, or what keeps it from standing. */
export type StandingRelation =
  | { readonly kind: 'table'; readonly table: KnownTable; readonly notes: readonly string[] }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly notes: readonly string[] };

/** How many rows a CTE of a model has, or why they could not be counted. */
export type FunnelStep = { readonly cte: string } & ({ readonly rows: number } | { readonly problem: Problem });

/** The inside of a model: its query, and what it runs over. */
export interface Inspected {
  readonly builder: RelationBuilder;
  readonly query: Query;
  /** The rendered text that the query was read from. */
  readonly sql: string;
  readonly place: Place;
  readonly work: Work;
  /** Where the model itself stands. */
  readonly table: KnownTable;
}

/** Previews over one engine: what was built for one question is kept, by content, for the next. */
export class PreviewSession {
  readonly #standing: StandingTables;
  #builder: RelationBuilder;
  #choice: RunChoice = {};
  #run: Run;
  #results = 0;
  readonly #progress: BuildProgress;

  constructor(
    readonly engine: Engine,
    private snapshot: Snapshot,
    private readonly moment: string,
    /** Called before each relation is built. */
    tell: (message: string) => void = () => {},
  ) {
    this.#progress = new BuildProgress(tell);
    this.#standing = new StandingTables(engine);
    this.#builder = new RelationBuilder(engine, snapshot, this.#standing, this.#progress);
    this.#run = planRun(snapshot.headwater.batches, {}, moment);
  }

  /** The moment of CURRENT_DATE and NOW, `YYYY-MM-DD HH:MM:SS` in UTC. */
  get now(): string {
    return this.#run.now;
  }

  /** The run whose state is looked at. */
  get run(): Run {
    return this.#run;
  }

  /** Answers from another Snapshot from now on; relations whose content did not change stay. */
  use(snapshot: Snapshot): void {
    this.snapshot = snapshot;
    this.#standing.doubt();
    this.#builder = new RelationBuilder(this.engine, snapshot, this.#standing, this.#progress);
    this.choose(this.#choice);
  }

  /** Answers from the state that a choice of batch and way of building gives, from now on. */
  choose(choice: RunChoice): void {
    this.#choice = choice;
    this.#run = planRun(this.snapshot.headwater.batches, choice, this.moment);
  }

  /** Builds what a question needs and gives its rows; throws only when cancelled. */
  async preview(question: Question, signal?: AbortSignal): Promise<Answer> {
    const work = this.#work(signal);
    this.#progress.start(this.snapshot, question.kind === 'node' ? question.node : undefined);
    const done = await this.#settle(signal, async () =>
      PreviewResult.open(this.engine, await this.#answer(question, work), [...work.notes]),
    );
    return 'problem' in done ? { kind: 'failed', problems: [done.problem], notes: [...work.notes] } : { kind: 'rows', result: done.value };
  }

  /** The table that a relation of the project stands in, built when it does not stand yet. */
  async relation(id: NodeId, signal?: AbortSignal): Promise<StandingRelation> {
    const work = this.#work(signal);
    this.#progress.start(this.snapshot, id);
    const done = await this.#settle(signal, () => this.#builder.build(id, work));
    const notes = [...work.notes];
    return 'problem' in done ? { kind: 'failed', problem: done.problem, notes } : { kind: 'table', table: done.value, notes };
  }

  /** The answer to a query that a template asks while it renders, or why there is none. */
  async ask(sql: string, path: string, signal?: AbortSignal): Promise<QueryAnswer | Problem> {
    const done = await this.#settle(signal, () => this.#builder.ask(sql, { path }, this.#work(signal)));
    return 'problem' in done ? done.problem : done.value;
  }

  /** A model's SQL with the queries of its template answered. */
  async render(id: NodeId, signal?: AbortSignal): Promise<{ readonly sql: string } | Problem> {
    const text = textToRun(this.snapshot, id);
    if (text === undefined) return toProblem('preview-refused', `'${id}' has no SQL.`, this.snapshot.nodes.get(id)?.path ?? '');
    const done = await this.#settle(signal, () => this.#builder.templates.node(id, text, this.#work(signal)));
    return 'problem' in done ? done.problem : { sql: done.value.sql };
  }

  /** A node's text rendered with the queries of its template answered; undefined where it does not come to its end. */
  async answer(id: NodeId, signal?: AbortSignal): Promise<Rendering | undefined> {
    const text = textToRun(this.snapshot, id);
    if (text === undefined) return undefined;
    const done = await this.#settle(signal, () => this.#builder.templates.rendering(id, text, this.#work(signal)));
    return 'problem' in done || done.value.status !== 'rendered' ? undefined : done.value;
  }

  /** The SQL that the engine runs for a model, over the relations that it builds for it. */
  async translate(id: NodeId, signal?: AbortSignal): Promise<{ readonly sql: string } | Problem> {
    const text = textToRun(this.snapshot, id);
    if (text === undefined) return toProblem('preview-refused', `'${id}' has no SQL.`, this.snapshot.nodes.get(id)?.path ?? '');
    const work: Work = { ...this.#work(signal), reader: id };
    const done = await this.#settle(signal, async () => {
      const rendered = await this.#builder.templates.node(id, text, work);
      return this.#builder.translate(this.#builder.parse(rendered), rendered.place, work);
    });
    return 'problem' in done ? done.problem : { sql: layOutSql(done.value.sql) };
  }

  /** Looks into a model: its query with what it runs over, once the model itself and everything that it reads stands. */
  async inspect<Value>(
    id: NodeId,
    run: (inside: Inspected) => Promise<Value>,
    signal?: AbortSignal,
  ): Promise<{ readonly value: Value } | { readonly problem: Problem }> {
    const node = this.snapshot.nodes.get(id);
    const text = textToRun(this.snapshot, id);
    if (text === undefined) return { problem: toProblem('preview-refused', `'${node?.name ?? id}' has no SQL.`, node?.path ?? '') };
    const work: Work = { ...this.#work(signal), reader: id };
    return this.#settle(signal, async () => {
      const table = await this.#builder.build(id, work);
      const { sql, place } = await this.#builder.templates.node(id, text, work);
      const query = this.#builder.parse({ sql, place });
      await this.#builder.parents(query, work);
      return run({ builder: this.#builder, query, sql, place, work, table });
    });
  }

  /** How many rows each CTE of a model has, in order: where rows are lost or multiplied. */
  async funnel(node: NodeId, signal?: AbortSignal): Promise<readonly FunnelStep[]> {
    const text = textToRun(this.snapshot, node);
    if (text === undefined) return [];
    const parsed = await this.#settle(signal, async () =>
      this.#builder.parse(await this.#builder.templates.node(node, text, this.#work(signal))),
    );
    if ('problem' in parsed) return [{ cte: this.snapshot.nodes.get(node)?.name ?? node, problem: parsed.problem }];
    const steps: FunnelStep[] = [];
    for (const { name } of parsed.value.ctes) {
      const answer = await this.preview({ kind: 'node', node, cte: name.text }, signal);
      if (answer.kind === 'rows') {
        steps.push({ cte: name.text, rows: answer.result.rowCount });
        await answer.result.drop();
        continue;
      }
      const [problem] = answer.problems;
      if (problem !== undefined) steps.push({ cte: name.text, problem });
    }
    return steps;
  }

  #work(signal: AbortSignal | undefined): Work {
    return { run: this.#run, notes: new Set(guessNotes(this.snapshot)), signal, path: [] };
  }

  /** What the project keeps from being done comes as a problem; throws when cancelled. */
  async #settle<Value>(
    signal: AbortSignal | undefined,
    run: () => Promise<Value>,
  ): Promise<{ readonly value: Value } | { readonly problem: Problem }> {
    try {
      return { value: await run() };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Stopped) return { problem: error.problem };
      throw error;
    }
  }

  async #answer(question: Question, work: Work): Promise<KnownTable> {
    if (question.kind === 'sql') return this.#sql(question.sql, question.within, question.path ?? '', work);
    const { node, cte } = question;
    const text = textToRun(this.snapshot, node);
    const kind = this.snapshot.nodes.get(node)?.kind;
    if (cte !== undefined) return this.#cte(node, text, cte, work);
    // An analysis is a query that no relation holds: its SQL is run as it stands.
    const isQuery = kind === 'analysis' || (question.isPassing === true && this.#builder.isPlain(node));
    if (!isQuery || text === undefined) return this.#builder.build(node, work);
    const reader: Work = { ...work, path: [node], reader: node };
    const rendered = await this.#builder.templates.node(node, text, reader);
    return this.#builder.create(this.#next(), this.#builder.parse(rendered), rendered.place, reader);
  }

  async #cte(node: NodeId, text: NodeText | undefined, name: string, work: Work): Promise<KnownTable> {
    const path = text?.path ?? this.snapshot.nodes.get(node)?.path ?? '';
    if (text === undefined) throw new Stopped(toProblem('preview-refused', `'${node}' has no SQL and so no CTE '${name}'.`, path));
    const reader: Work = { ...work, reader: node };
    const rendered = await this.#builder.templates.node(node, text, reader);
    const query = this.#builder.parse(rendered);
    const at = query.ctes.findIndex((cte) => cte.name.text.toLowerCase() === name.toLowerCase());
    const cte = query.ctes[at];
    if (cte === undefined) {
      const names = query.ctes.map((item) => item.name.text).join(', ') || 'none';
      throw new Stopped(toProblem('preview-refused', `There is no CTE '${name}' in this model; it has ${names}.`, path));
    }
    const upTo = { ...starOf(cte.name), ctes: query.ctes.slice(0, at + 1), recursive: query.recursive };
    return this.#builder.create(this.#next(), upTo, rendered.place, reader);
  }

  /** SQL in the middle of the project, with the CTEs of the model that it was taken from. */
  async #sql(sql: string, within: NodeId | undefined, path: string, work: Work): Promise<KnownTable> {
    const text = within === undefined ? undefined : textToRun(this.snapshot, within);
    const reader: Work = within === undefined ? work : { ...work, reader: within };
    // Text that was selected in a model keeps the places that it has there.
    const at = text === undefined ? -1 : (this.snapshot.sources.find(text.path)?.text ?? '').indexOf(sql);
    const place: Place = text === undefined || at === -1 ? { path, text: sql } : { path: text.path, offset: at };
    const own = await this.#builder.templates.text(sql, place, reader);
    const statements = within === undefined ? parseSql(own.sql, this.snapshot.project.dialect).statements : [];
    if (statements.some(({ kind }) => kind !== 'select' && kind !== 'other')) return this.#script(own, reader);
    const query = this.#builder.parse(own);
    const outer =
      within === undefined || text === undefined ? [] : this.#builder.parse(await this.#builder.templates.node(within, text, reader)).ctes;
    const missing = outer.filter((cte) => !query.ctes.some((mine) => mine.name.text.toLowerCase() === cte.name.text.toLowerCase()));
    return this.#builder.create(this.#next(), { ...query, ctes: [...missing, ...query.ctes] }, own.place, reader);
  }

  /** Statements run in order: the rows of the last query, or of the table that the last statement changed. */
  async #script({ sql, place }: Rendered, work: Work): Promise<KnownTable> {
    const name = this.#next();
    const run = new ScriptRun(this.#builder, `${name}:script`, work, (parts) => initialRows(this.#builder, parts, work));
    try {
      await run.run([{ text: sql, place }]);
      const table = await run.takeLast(name);
      if (table === undefined) throw new Stopped(toProblem('preview-refused', 'These statements leave no rows to show.', place.path));
      return table;
    } finally {
      await run.clean();
    }
  }

  #next(): string {
    return `result:${++this.#results}`;
  }
}

/** Rows may be other ones in another dialect: who reads them is told that nothing names it. */
function guessNotes({ project }: Snapshot): readonly string[] {
  if (!project.isGuessed || project.kind !== 'dbt') return [];
  return [`Computed as ${project.dialect} would: ${project.dialectBecause} Write 'dialect: NAME' into headwater.yml if that is wrong.`];
}
