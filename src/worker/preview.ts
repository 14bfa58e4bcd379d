import { makeUnitTest } from '../core/checks/unit-test-from-rows.ts';
import { propertiesPathOf } from '../core/checks/write-tests.ts';
import { chooseEngine, engineFor } from '../core/engine/choice.ts';
import type { Engine } from '../core/engine/engine.ts';
import type { FunnelStep, Question } from '../core/engine/preview.ts';
import { toResultColumns } from '../core/engine/result-columns.ts';
import { toEngineColumns } from '../core/engine/run-sql.ts';
import type { RunChoice } from '../core/engine/runs.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Dialect } from '../core/sql/dialect.ts';
import type { Problem } from '../core/text/problem.ts';
import type { KnownTable } from '../core/translate/table.ts';
import type {
  BuiltRow,
  PickedView,
  PreviewCalls,
  PreviewHostCalls,
  PreviewQuestion,
  ProjectKey,
  ResultHead,
  ResultNote,
  ResultRange,
} from '../protocol.ts';
import type { Handlers, Wire } from '../wire.ts';
import { connect } from '../wire.ts';
import { readChart } from './chart-data.ts';
import { graceWhileTyping, type OpenSession, Sessions, toKey } from './engines.ts';
import { CountedErds, toErdAnswer } from './erds.ts';
import type { ReadAsset } from './open-engine.ts';
import { exportErd } from './picture-exports.ts';
import type { WorkerPlatform } from './platform.ts';
import { Profiles, type ShownNode } from './profiles.ts';
import type { ProjectStore } from './project-store.ts';
import { ResultTable, toName } from './result-table.ts';
import { toTableText } from './table-text.ts';

/** Runs previews and keeps their results; a query that cannot be interrupted loses its engine when it is cancelled. */
export function servePreview(platform: WorkerPlatform, store: ProjectStore, readAsset: ReadAsset): void {
  const results = new Map<number, { readonly table: ResultTable; readonly engine: Engine }>();
  const profiles = new Profiles(store);
  /** What results are written in where they become SQL. */
  const dialects = new Map<number, Dialect>();
  const sessions = new Sessions(
    platform,
    readAsset,
    (message) => progress(message),
    (engine, reason) => {
      const kept = [...results].flatMap(([id, result]) => (result.engine === engine ? [id] : []));
      const ended = [...running].flatMap(([id, used]) => (used === engine ? [id] : []));
      for (const id of kept) results.delete(id);
      for (const id of ended) running.delete(id);
      void host.ask('lost', { kept, ended, reason }).catch(() => undefined);
    },
  );
  /** The engines of previews under way. */
  const running = new Map<number, Engine>();
  /** The node that a result shows the rows of, where it shows all of one. */
  const shown = new Map<number, ShownNode>();
  const erds = new CountedErds();
  /** The batch that each project is looked at in, by project. */
  const batches = new Map<string, string>();
  let progress: (message: string) => void = () => undefined;
  const get = (id: number): ResultTable => {
    const result = results.get(id)?.table;
    if (result === undefined) throw new Error('the rows of this preview are no longer kept; run it again');
    return result;
  };

  const handlers: Handlers<PreviewCalls> = {
    choose: ({ project, batch }) => {
      if (batch === undefined) batches.delete(toKey(project));
      else batches.set(toKey(project), batch);
    },
    run: ({ result, question, settings, isTyped }, signal) => {
      const work = async (): Promise<ResultHead> => {
        progress = (message) => void host.ask('progress', { result, message });
        const snapshot = await store.newest(question.project, signal);
        if (question.kind === 'build') return keepBuild((await open(question.project, snapshot)).engine, result, question.rows);
        if (question.kind === 'funnel') {
          const name = engineFor(settings.engine, snapshot, { kind: 'node', node: question.node });
          const { engine, session } = await open(question.project, snapshot, name);
          return keepFunnel(engine, result, await session.funnel(question.node, signal));
        }
        const asked = toQuestion(question, isTyped === true);
        const {
          answer,
          engine: name,
          because,
        } = await chooseEngine(settings.engine, snapshot, asked, async (engine) => {
          const { session, engine: used } = await open(question.project, snapshot, engine);
          running.set(result, used);
          if (question.kind === 'node' && question.build !== undefined)
            session.choose({ ...toChoice(question.project), build: question.build });
          return session.preview(asked, signal);
        });
        const notes = (told: readonly string[]): ResultNote[] => [...because, ...told].map((message) => ({ severity: 'info', message }));
        if (answer.kind === 'failed') return toRefusal(name, [...answer.problems.map(toNote), ...notes(answer.notes)]);
        const { engine } = await open(question.project, snapshot, name);
        if (signal.aborted) await answer.result.drop();
        signal.throwIfAborted();
        const { table, rowCount } = answer.result;
        const head = {
          ...(await keep(engine, result, table, rowCount, settings.rowLimit)),
          columns: toResultColumns(table.columns, snapshot.project.dialect),
        };
        if (question.kind === 'node' && question.cte === undefined) shown.set(result, question);
        dialects.set(result, snapshot.project.dialect);
        await answer.result.drop();
        // Nobody would ask for these rows, nor drop them.
        if (signal.aborted) await drop(result);
        return { ...head, notes: [...head.notes, ...notes(answer.result.notes)] };
      };
      const ran = sessions.inTurn(question.project, signal, work, isTyped === true ? graceWhileTyping : undefined);
      return ran.finally(() => running.delete(result));
    },
    compiled: ({ project, node }, signal) =>
      sessions.inTurn(project, signal, async () => {
        const { session } = await open(project, await store.newest(project, signal));
        const rendered = await session.render(node, signal);
        return 'sql' in rendered ? rendered : { problem: rendered.message };
      }),
    translated: ({ project, node }, signal) =>
      sessions.inTurn(project, signal, async () => {
        const { session } = await open(project, await store.newest(project, signal));
        const translated = await session.translate(node, signal);
        return 'sql' in translated ? translated : { problem: translated.message };
      }),
    counts: ({ project, node }, signal) =>
      sessions.inTurn(
        project,
        signal,
        async () => {
          const { session, snapshot } = await open(project, await store.newest(project, signal));
          const steps = await session.funnel(node, signal);
          const counts = steps.flatMap((step) => ('rows' in step ? [step] : []));
          const uncounted = steps.find((step) => 'problem' in step);
          const answer = await session.preview({ kind: 'node', node }, signal);
          if (answer.kind === 'failed') return { counts, problem: answer.problems[0]?.message ?? 'The model could not be previewed.' };
          counts.push({ cte: snapshot.nodes.get(node)?.name ?? node, rows: answer.result.rowCount });
          await answer.result.drop();
          return uncounted === undefined ? { counts } : { counts, problem: toUncounted(uncounted).message };
        },
        graceWhileTyping,
      ),
    erdPicture: (question, signal) =>
      sessions.inTurn(question.project, signal, async () => {
        const { session, snapshot } = await open(question.project, await store.newest(question.project, signal));
        return toErdAnswer(await erds.get(snapshot, session), snapshot, question, true);
      }),
    erdExport: ({ project, view, format }, signal) =>
      sessions.inTurn(project, signal, async () => {
        const { session, snapshot } = await open(project, await store.newest(project, signal));
        return exportErd(await erds.get(snapshot, session), view, format);
      }),
    page: ({ result, view, offset, limit }) => get(result).page(view, offset, limit),
    statistics: ({ result, view, column }) => get(result).statistics(view, column),
    profile: ({ result, view, column }, signal) => profiles.column(get(result), view, column, shown.get(result), signal),
    chart: ({ result, view, question }) => readChart(get(result), view, question),
    totals: ({ result, view, range }) => get(result).totals(view, range),
    values: ({ result, view, column }) => get(result).values(view, column),
    find: ({ result, view, search }) => get(result).find(view, search),
    text: async ({ result, view, style, range }) => {
      const table = get(result);
      const columns = range.columns.flatMap((index) => table.columns[index] ?? []);
      return toTableText(style, columns, await table.rows(view, range), range.header, dialects.get(result));
    },
    unitTest: ({ result, project, settings, model: id, picked }, signal) =>
      sessions.inTurn(project, signal, async () => {
        progress = () => undefined;
        const snapshot = await store.newest(project, signal);
        const model = snapshot.nodes.get(id);
        if (model?.kind !== 'model') return { problem: 'A unit test tests a model.' };
        const { columns, rows, of } = await pick(result, picked);
        if (of === undefined) return { problem: 'These are not the rows of a model or of what a model reads.' };
        const { session } = await open(project, snapshot, engineFor(settings.engine, snapshot, { kind: 'node', node: id }));
        const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
        const made = await makeUnitTest(session, snapshot, model, { of, columns, rows }, { signal, pause });
        return 'problem' in made ? made : { ...made, path: propertiesPathOf(model) };
      }),
    drop: ({ result }) => drop(result),
    endEngines: () => sessions.endAll('ended on request'),
  };
  const host: Wire<PreviewHostCalls> = connect<PreviewHostCalls, PreviewCalls>(platform.port, handlers);

  async function drop(result: number): Promise<void> {
    const kept = results.get(result);
    results.delete(result);
    shown.delete(result);
    dialects.delete(result);
    await kept?.table.drop();
  }

  /** The rows of a result that a person selected, and the node that they are rows of. */
  async function pick(id: number, { view, rows: [from, to] }: PickedView) {
    const result = get(id);
    const range: ResultRange = { rows: [from, to], columns: result.columns.map((_, index) => index), header: false };
    return { of: shown.get(id)?.node, columns: result.columns.map((column) => column.name), rows: await result.rows(view, range) };
  }

  const toChoice = (project: ProjectKey): RunChoice => {
    const batch = batches.get(toKey(project));
    return batch === undefined ? {} : { batch };
  };

  /** Rows stay under a result's own name, so that a tab keeps what it shows when its model is built anew. */
  async function keep(engine: Engine, result: number, table: KnownTable, all: number, limit: number): Promise<ResultHead> {
    const name = `hw_result_${result}`;
    const columns = toEngineColumns(table.columns);
    const rowCount = Math.min(all, limit);
    const names = columns.map((_, index) => toName(index)).join(', ');
    // A table that nobody else reads is taken over as it is; another one is copied.
    const isOurs = table.physical.startsWith('result:') && all <= limit && !columns.some((column) => /^c\d+$/i.test(column.name));
    const renamed = table.columns.map((column, at) => `alter table ${name} rename column ${quote(column.name)} to ${toName(at)}`);
    if (columns.length === 0) await engine.execute(`create table ${name} as select 1`);
    else if (isOurs) await engine.execute([`alter table ${quote(table.physical)} rename to ${name}`, ...renamed].join(';'));
    else
      await engine.execute(
        `create table ${name} as with q(${names}) as (select * from ${quote(table.physical)}) select * from q limit ${limit}`,
      );
    const types = table.columns.map((column) => column.type);
    results.set(result, { table: new ResultTable(engine, name, columns, rowCount, types), engine });
    const cut = `Only the first ${rowCount} of ${all} rows are kept: headwater.rowLimit.`;
    const notes: ResultNote[] = all > rowCount ? [{ severity: 'warning', message: cut }] : [];
    return { columns, rowCount, truncated: all > rowCount, engine: titles[engine.capabilities.name], notes, failed: false };
  }

  async function keepFunnel(engine: Engine, result: number, steps: readonly FunnelStep[]): Promise<ResultHead> {
    const physical = `hw_funnel_${result}`;
    const columns = [
      { name: 'step', type: { kind: 'integer' } },
      { name: 'cte', type: { kind: 'string' } },
      { name: 'rows', type: { kind: 'integer' } },
      { name: 'change', type: { kind: 'integer' } },
    ] as const;
    const countOf = (step: FunnelStep | undefined): number | null => (step !== undefined && 'rows' in step ? step.rows : null);
    const rows = steps.map((step, at) => {
      const [before, now] = [countOf(steps[at - 1]), countOf(step)];
      return [at + 1, step.cte, now, before === null || now === null ? null : now - before];
    });
    await engine.load(physical, toEngineColumns(columns), rows);
    const head = await keep(engine, result, { physical, columns }, rows.length, rows.length + 1);
    await engine.execute(`drop table ${quote(physical)}`);
    const uncounted = steps.flatMap((step) => ('problem' in step ? [toUncounted(step)] : []));
    return { ...head, notes: [...head.notes, ...uncounted] };
  }

  /** What a build did as rows, which can be sorted, filtered and exported like others. */
  async function keepBuild(engine: Engine, result: number, built: readonly BuiltRow[]): Promise<ResultHead> {
    const physical = `hw_build_${result}`;
    const columns = [
      { name: 'status', type: { kind: 'string' } },
      { name: 'kind', type: { kind: 'string' } },
      { name: 'name', type: { kind: 'string' } },
      { name: 'rows', type: { kind: 'integer' } },
      { name: 'ms', type: { kind: 'float' } },
      { name: 'message', type: { kind: 'string' } },
    ] as const;
    const rows = built.map(({ status, kind, name, rows, ms, message }) => [status, kind, name, rows, ms, message]);
    await engine.load(physical, toEngineColumns(columns), rows);
    const head = await keep(engine, result, { physical, columns }, rows.length, rows.length + 1);
    await engine.execute(`drop table ${quote(physical)}`);
    return head;
  }

  async function open(project: ProjectKey, snapshot: Snapshot, name: 'sqlite' | 'duckdb' = 'sqlite'): Promise<OpenSession> {
    const opened = await sessions.get(project, snapshot, name);
    opened.session.choose(toChoice(project));
    return opened;
  }
}

/** The engines as results name them. */
const titles = { sqlite: 'SQLite', duckdb: 'DuckDB' } as const;

function toQuestion(question: Exclude<PreviewQuestion, { kind: 'funnel' | 'build' }>, isPassing: boolean): Question {
  if (question.kind === 'sql')
    return { kind: 'sql', sql: question.sql, ...(question.within === undefined ? {} : { within: question.within }) };
  return { kind: 'node', node: question.node, isPassing, ...(question.cte === undefined ? {} : { cte: question.cte }) };
}

/** The project keeps the preview from running, which is no failure of ours. */
function toRefusal(engine: keyof typeof titles, notes: readonly ResultNote[]): ResultHead {
  return { columns: [], rowCount: 0, truncated: false, engine: titles[engine], notes, failed: true };
}

/** Why a CTE has no count. */
function toUncounted({ cte, problem }: Extract<FunnelStep, { readonly problem: Problem }>): ResultNote {
  return { ...toNote(problem), message: `'${cte}' could not be counted: ${problem.message}` };
}

function toNote({ severity, message, path, start, end }: Problem): ResultNote {
  const note = { severity: severity === 'hint' ? 'info' : severity, message } as const;
  return path === '' ? note : { ...note, location: { path, start, end } };
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
