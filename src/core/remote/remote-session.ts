import type { Plain, QueryAnswer } from '../dbt/environment.ts';
import type { Question } from '../engine/preview.ts';
import { type Place, problemAt, Stopped } from '../engine/work.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import { findModelQuery, parseSql } from '../sql/parse.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { refuseWriting } from './read-only.ts';
import { type RemoteText, RemoteTexts } from './remote-texts.ts';
import { type DeferredRelations, StandingRelations } from './standing.ts';
import { type FetchLimits, type RemoteRows, type Warehouse, WarehouseError } from './warehouse.ts';

/** The rows that a question has where the data is, or what keeps it from having any. */
export type RemoteAnswer =
  | { readonly kind: 'rows'; readonly result: RemoteRows; readonly sql: string; readonly notes: readonly string[] }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly notes: readonly string[] };

/** Rows that a template may be answered with. */
const mostAnswered = 100_000;

/** Asks a database the project's questions in the project's own dialect; nothing is translated and nothing there is changed. */
export class RemoteSession {
  readonly texts: RemoteTexts;

  private constructor(
    readonly warehouse: Warehouse,
    readonly snapshot: Snapshot,
    readonly standing: StandingRelations,
    deferred: DeferredRelations,
  ) {
    this.texts = new RemoteTexts(snapshot, standing, deferred, (sql, path) => this.#answer(sql, path));
  }

  /** A session over a database; throws a WarehouseError where its catalogue cannot be read. */
  static async open(warehouse: Warehouse, snapshot: Snapshot, deferred: DeferredRelations = new Map()): Promise<RemoteSession> {
    return new RemoteSession(warehouse, snapshot, await StandingRelations.read(warehouse, snapshot), deferred);
  }

  /** Gives the rows of a question. */
  async preview(question: Question, limits: FetchLimits): Promise<RemoteAnswer> {
    return this.run(() => this.#text(question), limits);
  }

  /** The same with the question's own SQL inside another query. */
  async ask(question: Question, limits: FetchLimits, wrap: (sql: string) => string): Promise<RemoteAnswer> {
    return this.run(() => this.#text(question), limits, wrap);
  }

  /** Sends a text, once it is rendered, and says where its parents came from. */
  async run(render: () => Promise<RemoteText>, limits: FetchLimits, wrap = (sql: string) => sql): Promise<RemoteAnswer> {
    let notes: readonly string[] = [];
    try {
      const text = await render();
      notes = noteParents(text);
      const sql = wrap(text.sql);
      const result = await this.#send(sql, text, limits, sql.indexOf(text.sql));
      return { kind: 'rows', result, sql: text.sql, notes };
    } catch (error) {
      if (error instanceof Stopped) return { kind: 'failed', problem: error.problem, notes };
      throw error;
    }
  }

  async #send(sql: string, text: RemoteText, limits: FetchLimits, shift = 0): Promise<RemoteRows> {
    const refused = refuseWriting(sql, this.snapshot.project.dialect);
    if (refused !== undefined) throw new Stopped(toProblem('preview-refused', refused, text.place.path));
    try {
      return await this.warehouse.query(sql, limits);
    } catch (error) {
      if (!(error instanceof WarehouseError)) throw error;
      throw new Stopped(withMissing(locate(this.snapshot, error, text, sql, shift), text));
    }
  }

  async #answer(sql: string, path: string): Promise<QueryAnswer> {
    const place: Place = { path };
    const none = { standing: [], deferred: [], inlined: [], missing: [] };
    const text: RemoteText = { sql, place, inserted: { at: sql.length, length: 0 }, parents: none, config: {} };
    const { columns, rows } = await this.#send(sql, text, { rows: mostAnswered, counted: 0 });
    return { columns, rows: rows.map((row) => row.map((cell): Plain => (cell instanceof Uint8Array ? String(cell) : cell))) };
  }

  async #text(question: Question): Promise<RemoteText> {
    if (question.kind === 'sql') {
      const path = question.path ?? '';
      return this.texts.text(question.sql, { path, text: question.sql });
    }
    const node = this.snapshot.nodes.get(question.node);
    if (question.cte !== undefined) return this.#cte(question.node, question.cte);
    if (node !== undefined && isRelation(node) && (node.kind === 'seed' || node.kind === 'source' || node.kind === 'snapshot'))
      return this.relation(node.id);
    return this.texts.node(question.node);
  }

  /** Every row of a relation, or of the query that stands for one that was not built. */
  relation(id: NodeId): Promise<RemoteText> {
    const node = this.snapshot.nodes.get(id);
    if (node === undefined || !isRelation(node)) throw new Stopped(toProblem('preview-refused', `'${id}' has no rows.`, node?.path ?? ''));
    const call = node.kind === 'source' ? `source('${node.sourceName}', '${node.name}')` : `ref('${node.package}', '${node.name}')`;
    return this.texts.text(`select * from {{ ${call} }}`, { path: node.path });
  }

  async #cte(id: NodeId, name: string): Promise<RemoteText> {
    const text = await this.texts.node(id);
    const query = findModelQuery(parseSql(text.sql, this.snapshot.project.dialect));
    const found = query?.ctes.find((cte) => cte.name.text.toLowerCase() === name.toLowerCase());
    if (found === undefined) {
      const own = query?.ctes.map((cte) => cte.name.text).filter((one) => !one.startsWith('__dbt__cte__')) ?? [];
      const message = `There is no CTE '${name}' in this model; it has ${own.join(', ') || 'none'}.`;
      throw new Stopped(toProblem('preview-refused', message, text.place.path));
    }
    return {
      ...text,
      sql: `${text.sql.slice(0, found.span.end)}\nselect * from ${text.sql.slice(found.name.span.start, found.name.span.end)}`,
    };
  }
}

/** Says which parents were read where they stand, deferred to or written into the query. */
function noteParents({ parents }: RemoteText): readonly string[] {
  const list = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
  return [
    ...(parents.standing.length === 0 ? [] : [`Read from the target: ${list(parents.standing)}.`]),
    ...(parents.deferred.length === 0 ? [] : [`Read from the deferred state, not built on the target: ${list(parents.deferred)}.`]),
    ...(parents.inlined.length === 0 ? [] : [`Written into the query, not built on the target: ${list(parents.inlined)}.`]),
  ];
}

/** What is to be done where a source's table is not there. */
function withMissing(problem: Problem, { parents: { missing } }: RemoteText): Problem {
  if (missing.length === 0 || !/does not exist|not found/i.test(problem.message)) return problem;
  const names = missing.map((name) => `'${name}'`).join(', ');
  return {
    ...problem,
    message: `${problem.message} Not on the target: ${names}. Check the schema of the source, or make its table with 'headwater load'.`,
  };
}

/** What the database says, at the line that the user wrote; `shift` is where the text begins in what was sent. */
export function locate(snapshot: Snapshot, error: WarehouseError, text: RemoteText, sql: string, shift: number): Problem {
  const message = /[.!?]$/.test(error.message) ? error.message : `${error.message}.`;
  const { at, length } = text.inserted;
  const sent = error.position === undefined ? -1 : error.position - Math.max(0, shift);
  if (error.position === undefined || sent < 0 || (sent >= at && sent < at + length))
    return toProblem('preview-failed', message, text.place.path);
  const start = sent < at ? sent : sent - length;
  const word = /^(?:"[^"]*"|[\w.$]+|.)/.exec(sql.slice(error.position))?.[0].length ?? 1;
  return problemAt(snapshot, 'preview-failed', message, text.place, { start, end: start + word });
}
