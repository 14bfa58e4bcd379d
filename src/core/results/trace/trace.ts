import type { Cell } from '../../engine/engine.ts';
import type { Inspected, PreviewSession } from '../../engine/preview.ts';
import { toCell } from '../../engine/run-sql.ts';
import { quote } from '../../engine/work.ts';
import { isRelation } from '../../project/node.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { NodeId } from '../../text/ids.ts';
import type { Problem } from '../../text/problem.ts';
import { toProblem } from '../../text/problem.ts';
import type { KnownTable } from '../../translate/table.ts';
import { checkEnds, type Passage } from './check-ends.ts';
import { type Given, showGiven, toCondition } from './condition.ts';
import { linesOf } from './csv-lines.ts';
import type { Wanted } from './flow.ts';
import { followModel, type Hop, join, noHop, type Rung } from './hop.ts';
import { hasRow, Losses } from './lost.ts';
import { RowSets } from './row-sets.ts';
import { lineAt } from './tables.ts';
import { TakingApart } from './take-apart.ts';

/** A value of a model's row: the row that has the given values, and the column. */
export interface TracedCell {
  readonly node: NodeId;
  readonly given: readonly Given[];
  readonly column: string;
}

/** Rows of one relation that make the value. */
export interface TraceStep {
  readonly node: NodeId;
  /** The columns that the value comes through. */
  readonly columns: readonly string[];
  /** What computes them here, as written. */
  readonly expression: string;
  /** The rows, at most a hundred of them. */
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  readonly rowCount: number;
  /** The lines of the file that they lie in. */
  readonly lines?: readonly number[];
  /** The numbers of all the rows in the engine's table. */
  readonly ids: readonly number[];
  /** Whether these rows alone give the value and none of them could be left out. */
  readonly exact: boolean;
  readonly because: readonly string[];
  /** The CTEs that the value comes through, the last first. */
  readonly rungs: readonly Rung[];
  readonly path: string;
  readonly line: number;
}

/** Where a row that is not there was lost. */
export interface LostStep {
  readonly node: NodeId;
  readonly step: string;
  readonly because: string;
  readonly path: string;
  readonly line: number;
}

export interface Trace {
  readonly cell: TracedCell & { readonly value: Cell; readonly row: Readonly<Record<string, Cell>> | undefined; readonly rows: number };
  readonly steps: readonly TraceStep[];
  readonly lost: readonly LostStep[];
}

/** So many rows of a step are shown. */
const rowsShown = 100;

/** So many relations are followed. */
const mostNodes = 200;

/** Follows a value from a model's row back to the rows of files, or says where a row that is missing was lost. */
export class Tracing {
  #count = 0;

  constructor(
    private readonly session: PreviewSession,
    private readonly snapshot: Snapshot,
    private readonly signal?: AbortSignal,
  ) {}

  async trace(cell: TracedCell): Promise<Trace | Problem> {
    const relation = await this.session.relation(cell.node, this.signal);
    if (relation.kind === 'failed') return relation.problem;
    const { table } = relation;
    const path = this.snapshot.nodes.get(cell.node)?.path ?? '';
    for (const name of [cell.column, ...cell.given.map(({ column }) => column)])
      if (findColumn(table, name) === undefined)
        return toProblem(
          'preview-refused',
          `There is no column '${name}' in ${cell.node}; there are ${table.columns.map((one) => one.name).join(', ')}.`,
          path,
        );
    const where = cell.given.map(({ column, value }) =>
      toCondition(quote(findColumn(table, column)?.name ?? column), findColumn(table, column)?.type ?? { kind: 'unknown' }, value),
    );
    const { rows } = await this.session.engine.query(
      `select rowid from ${quote(table.physical)}${where.length === 0 ? '' : ` where ${where.join(' and ')}`} order by rowid`,
      {
        offset: 0,
        limit: 1000,
      },
    );
    const first = rows[0]?.[0];
    if (first === undefined || first === null)
      return {
        cell: { ...cell, value: null, row: undefined, rows: 0 },
        steps: [],
        lost: await this.#lost(cell.node, cell.given, new Set()),
      };
    const id = Number(first);
    const row = (await this.#rows(table, new Set([id])))[0];
    const value = row?.[findColumn(table, cell.column)?.name ?? ''] ?? null;
    const column = cell.column.toLowerCase();
    const wanted: Wanted = {
      rows: new Set([id]),
      columns: new Set([column, ...cell.given.map((one) => one.column.toLowerCase())]),
      values: new Set([column]),
    };
    return { cell: { ...cell, value, row, rows: rows.length }, steps: await this.#follow(cell.node, wanted), lost: [] };
  }

  async #follow(start: NodeId, wanted: Wanted): Promise<readonly TraceStep[]> {
    const steps: TraceStep[] = [];
    const pending = new Map<NodeId, Wanted>([[start, wanted]]);
    const doubtful = new Map<NodeId, readonly string[]>();
    const passages: Passage[] = [];
    let isEnough = true;
    const ends = new Map<NodeId, Wanted>();
    while (pending.size > 0 && steps.length < mostNodes) {
      this.signal?.throwIfAborted();
      // A relation is followed once all that read it have been.
      const id =
        [...pending.keys()].find(
          (one) => ![...pending.keys()].some((other) => other !== one && this.snapshot.graph.ancestors(other).has(one)),
        ) ??
        [...pending.keys()][0] ??
        start;
      const own = pending.get(id) ?? wanted;
      pending.delete(id);
      const node = this.snapshot.nodes.get(id);
      const isModel = (node?.kind === 'model' || node?.kind === 'snapshot') && this.snapshot.texts.has(id);
      const followed = isModel ? await this.#hop(id, own) : undefined;
      const hop = followed?.hop;
      if (followed?.inside === undefined) ends.set(id, own);
      else passages.unshift({ id, inside: followed.inside, inputs: new Set(followed.hop.inputs.keys()), whole: followed.hop.whole });
      const doubts = doubtful.get(id);
      steps.push(await this.#step(id, own, hop, doubts));
      if (hop === undefined) continue;
      if (!hop.verdict.isEnough) isEnough = false;
      const isExact = hop.verdict.isEnough && hop.whole.size === 0 && doubts === undefined;
      for (const [input, rows] of hop.inputs) {
        pending.set(input, join(pending.get(input), rows));
        if (isExact && !hop.verdict.idle.has(input)) continue;
        const why = doubts === undefined ? [...hop.because, hop.verdict.because] : ['The way to these rows is not exact.'];
        doubtful.set(input, [...(doubtful.get(input) ?? []), ...why]);
      }
      for (const input of hop.whole) if (!pending.has(input)) steps.push(await this.#wholeStep(input, hop));
    }
    // What stands between one model and its inputs has been checked.
    if (passages.length < 2 || ends.size === 0) return steps;
    if (!isEnough)
      return steps.map((step) =>
        ends.has(step.node) && step.exact
          ? {
              ...step,
              exact: false,
              because: [...step.because, 'They make the rows above; not held against the value, since another way to it is not exact.'],
            }
          : step,
      );
    return this.#checkEnds(start, steps, passages, ends, wanted);
  }

  /** A row that the model above needs may still be of no effect on the value: all models of the way are run together. */
  async #checkEnds(
    start: NodeId,
    steps: readonly TraceStep[],
    passages: readonly Passage[],
    ends: ReadonlyMap<NodeId, Wanted>,
    wanted: Wanted,
  ): Promise<readonly TraceStep[]> {
    const run = () => checkEnds(passages, ends, wanted, `trace:${++this.#count}`);
    const done = await this.session.inspect(start, run, this.signal);
    const verdict = 'value' in done ? done.value : undefined;
    if (verdict === undefined) return steps;
    return steps.map((step) => {
      if (!ends.has(step.node)) return step;
      if (!verdict.isEnough)
        return { ...step, exact: false, because: [...step.because, 'The rows of all ends together do not give the value again.'] };
      const idle = verdict.idle.get(step.node) ?? 0;
      const tried = verdict.tried.get(step.node) ?? 0;
      const all = tried === step.rowCount ? 'each of them' : `each of ${tried} of them that were tried`;
      const said =
        idle === 0
          ? `Checked through ${passages.length} models: the rows at the ends alone give the value again, and it changes without ${tried === 1 && step.rowCount === 1 ? 'this one' : all}.`
          : `They make the rows above, but ${idle === 1 ? 'one of them' : `any one of ${idle} of them`} could be left out without changing the value.`;
      return { ...step, exact: step.exact && idle === 0, because: tried === 0 ? step.because : [...step.because, said] };
    });
  }

  async #hop(id: NodeId, wanted: Wanted): Promise<{ readonly hop: Hop; readonly inside?: Inspected }> {
    const run = async (inside: Inspected) => ({ hop: await followModel(inside, wanted, `trace:${++this.#count}`), inside });
    const done = await this.session.inspect(id, run, this.signal);
    if ('value' in done) return done.value;
    return { hop: noHop(`It is not followed further: ${done.problem.message}`) };
  }

  async #step(id: NodeId, wanted: Wanted, hop: Hop | undefined, doubts: readonly string[] | undefined): Promise<TraceStep> {
    const node = this.snapshot.nodes.get(id);
    const relation = await this.session.relation(id, this.signal);
    const table = relation.kind === 'table' ? relation.table : undefined;
    const ids = [...wanted.rows].sort((a, b) => a - b);
    const rows = table === undefined ? [] : await this.#rows(table, new Set(ids.slice(0, rowsShown)));
    const lines =
      table === undefined ? undefined : linesOf(this.snapshot, id, ids.slice(0, rowsShown), this.session.engine.capabilities.name);
    const last = hop?.rungs[0];
    const data = node?.kind === 'source' ? node.data : undefined;
    return {
      node: id,
      columns: [...wanted.values],
      expression: last?.expression ?? [...(wanted.values.size > 0 ? wanted.values : wanted.columns)].join(', '),
      rows,
      rowCount: ids.length,
      ids,
      ...(lines === undefined ? {} : { lines }),
      exact: doubts === undefined,
      because: [...new Set([...(doubts ?? []), ...(hop === undefined ? [] : [...hop.because, hop.verdict.because])])],
      rungs: hop?.rungs ?? [],
      path: last?.path ?? data?.path ?? node?.path ?? '',
      line: last?.line ?? lines?.[0] ?? 1,
    };
  }

  async #wholeStep(id: NodeId, hop: Hop): Promise<TraceStep> {
    const node = this.snapshot.nodes.get(id);
    return {
      node: id,
      columns: [],
      expression: '',
      rows: [],
      rowCount: 0,
      ids: [],
      exact: false,
      because: [`All rows of '${node?.name ?? id}' may count.`, ...hop.because],
      rungs: [],
      path: node?.path ?? '',
      line: 1,
    };
  }

  async #rows(table: KnownTable, ids: ReadonlySet<number>): Promise<readonly Readonly<Record<string, Cell>>[]> {
    const sets = new RowSets(this.session.engine, 'trace:shown');
    try {
      const keep = await sets.table(ids);
      const list = table.columns.map((column) => quote(column.name)).join(', ') || '1';
      const { rows } = await this.session.engine.query(
        `select ${list} from ${quote(table.physical)} where rowid in (select id from ${keep}) order by rowid`,
        { offset: 0, limit: rowsShown },
      );
      return rows.map((row) => Object.fromEntries(table.columns.map((column, i) => [column.name, toCell(row[i] ?? null, column.type)])));
    } finally {
      await sets.drop();
    }
  }

  /** Goes back from a model that lacks a row to the first place where it is not. */
  async #lost(id: NodeId, given: readonly Given[], seen: Set<string>): Promise<readonly LostStep[]> {
    const node = this.snapshot.nodes.get(id);
    const key = `${id} ${JSON.stringify(given)}`;
    if (node === undefined || seen.has(key) || seen.size > mostNodes) return [];
    seen.add(key);
    const place = { path: (node.kind === 'source' ? node.data?.path : undefined) ?? node.path, line: 1 };
    if ((node.kind !== 'model' && node.kind !== 'snapshot') || !this.snapshot.texts.has(id) || !isRelation(node))
      return [{ node: id, step: node.name, because: `No row of '${node.name}' has ${showGiven(given)}.`, ...place }];
    const done = await this.session.inspect(
      id,
      async (inside) => {
        const apart = new TakingApart(inside, `lost:${++this.#count}`);
        const losses = new Losses(apart, `lost:${this.#count}:rows`);
        try {
          const stage = await apart.whole();
          if (await hasRow(apart, stage.table, given))
            return [
              {
                kind: 'lost',
                step: node.name,
                because: 'Its SQL gives the row: an earlier run or a later step removed it.',
                span: stage.span,
                line: lineAt(inside, stage.span),
              } as const,
            ];
          return (await losses.find(stage, given)).map((loss) =>
            loss.kind === 'lost' ? { ...loss, line: lineAt(inside, loss.span) } : loss,
          );
        } finally {
          await losses.drop();
          await apart.drop();
        }
      },
      this.signal,
    );
    if ('problem' in done) return [{ node: id, step: node.name, because: done.problem.message, ...place }];
    const steps: LostStep[] = [];
    for (const loss of done.value)
      if (loss.kind === 'lost') steps.push({ node: id, step: loss.step, because: loss.because, path: node.path, line: loss.line });
      else steps.push(...(await this.#lost(loss.node, loss.given, seen)));
    return steps;
  }
}

function findColumn(table: KnownTable, name: string) {
  return table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
}
