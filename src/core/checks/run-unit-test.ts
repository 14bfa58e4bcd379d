import type { QueryAnswer, RefCall, RelationName, RenderEnvironment, RenderSubject, Resolution, SourceCall } from '../dbt/environment.ts';
import { renderNode } from '../dbt/render.ts';
import type { PreviewSession } from '../engine/preview.ts';
import { prepareSql, toCell, toEngineColumns } from '../engine/run-sql.ts';
import { problemAt } from '../engine/work.ts';
import type { ModelNode, UnitTestNode, UnitTestRows } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { NodeText, Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { withNearest } from '../text/nearest.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { KnownTable, TableColumn } from '../translate/table.ts';
import { toValueType, types } from '../translate/value-type.ts';
import { compareRows } from './compare-rows.ts';
import { readWrittenRows, type StandIn, toStandIn } from './fixture.ts';
import { withOverrides } from './overrides.ts';
import type { Outcome } from './run-data-test.ts';
import { toError } from './run-data-test.ts';
import { type RenderedTest, renderWithData } from './test-sql.ts';

/** What `this` is called among the inputs. */
const self = 'this';

/** Runs a dbt unit test: the model's own SQL over the rows that it is given, compared with those that are expected. */
export async function runUnitTest(session: PreviewSession, snapshot: Snapshot, node: UnitTestNode, signal?: AbortSignal): Promise<Outcome> {
  const run = new UnitTestRun(session, snapshot, node, signal);
  try {
    return await run.run();
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Unusable) return { status: 'error', failures: 0, message: error.message };
    throw error;
  } finally {
    await run.clean();
  }
}

/** Ends a unit test that cannot be run as it is written; the message says why. */
class Unusable extends Error {}

class UnitTestRun {
  readonly #tables = new Map<string, KnownTable>();
  readonly #standIns = new Map<string, RelationName>();
  readonly #physical: string[] = [];

  constructor(
    private readonly session: PreviewSession,
    private readonly snapshot: Snapshot,
    private readonly node: UnitTestNode,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async run(): Promise<Outcome> {
    const { node, snapshot } = this;
    const { environment } = snapshot;
    const model = node.model === undefined ? undefined : snapshot.nodes.get(node.model);
    const text = node.model === undefined ? undefined : snapshot.texts.get(node.model);
    if (environment === undefined || model?.kind !== 'model' || text === undefined)
      throw new Unusable('The model of this unit test is not there, so there is nothing to run: name an enabled SQL model.');
    if (model.language === 'python') throw new Unusable(`'${model.name}' is a Python model, which is not run here.`);
    for (const given of node.given) await this.#stand(given, model, environment);
    const rendered = await this.#render(model, text, withOverrides(environment, node, model.package));
    if ('code' in rendered) return toError(rendered);
    const { sql } = rendered;
    const prepared = await prepareSql(sql, snapshot.project.dialect, this.#tables, this.session.now, this.session.engine);
    if (prepared.kind === 'refused') {
      const place = { path: text.path, ...(rendered.map === undefined ? {} : { map: rendered.map }) };
      return { ...toError(problemAt(snapshot, 'preview-refused', prepared.message, place, prepared.span)), sql };
    }
    const expected = await this.#expected(prepared.columns);
    const page = await this.#query(prepared.sql);
    const places = expected.columns.map((column) =>
      prepared.columns.findIndex((actual) => actual.name.toLowerCase() === column.name.toLowerCase()),
    );
    const difference = compareRows({
      columns: expected.columns.map(({ name }, i) => ({ name, type: prepared.columns[places[i] ?? -1]?.type ?? types.unknown })),
      expected: expected.rows,
      actual: page.map((row) => places.map((place) => row[place] ?? null)),
    });
    if (difference === undefined) return { status: 'pass', failures: 0, message: '', sql };
    const parts = [...difference.missing.map((row) => `- ${row}`), ...difference.unexpected.map((row) => `+ ${row}`)];
    const [header = ''] = difference.expected.split('\n');
    const message = `The model gives other rows (- expected, + actual):\n  ${header}\n${parts.join('\n')}`;
    const columns = toEngineColumns(prepared.columns);
    const rows = page.map((row) => row.map((cell, i) => toCell(cell, prepared.columns[i]?.type ?? types.unknown)));
    return { status: 'fail', failures: 1, message, sql, difference, sample: { columns, rows, rowCount: rows.length } };
  }

  /** Lets go of the tables that stood in. */
  async clean(): Promise<void> {
    for (const physical of this.#physical) await this.session.engine.execute(`drop table if exists ${quote(physical)}`);
  }

  async #stand(given: UnitTestRows, model: ModelNode, environment: RenderEnvironment): Promise<void> {
    const isSelf = /^\s*this\s*$/.test(given.input);
    const id = isSelf ? model.id : this.#resolveInput(given.input, model, environment);
    const target = this.snapshot.nodes.get(id);
    if (target === undefined || !isRelation(target)) throw new Unusable(`The input '${given.input}' has no rows to stand in for.`);
    const name = isSelf ? `__dbt__fixture__this` : `__dbt__fixture__${id.replaceAll('.', '_')}`;
    this.#standIns.set(isSelf ? self : id, { identifier: name, rendered: name, type: 'table' });
    const physical = `unit:${this.node.id}:${this.#physical.length}`;
    // A seed that is named without rows is read as it is.
    if (target.kind === 'seed' && given.fixture === undefined && given.rows.length === 0 && given.format === 'dict') {
      const standing = await this.session.relation(id, this.signal);
      if (standing.kind === 'failed') throw new Unusable(standing.problem.message);
      this.#tables.set(name.toLowerCase(), standing.table);
      return;
    }
    this.#physical.push(physical);
    const text = this.#fixtureText(given);
    if (given.format === 'sql') {
      this.#tables.set(name.toLowerCase(), await this.#createFromSql(physical, text ?? String(given.rows)));
      return;
    }
    const { columns, open } = await this.#columnsOf(id);
    const standIn = toStandIn(readWrittenRows(given, text), columns, open, `The input '${given.input}'`);
    if (typeof standIn === 'string') throw new Unusable(standIn);
    await this.session.engine.load(physical, toEngineColumns(standIn.columns), standIn.rows);
    this.#tables.set(name.toLowerCase(), { physical, columns: standIn.columns });
  }

  #resolveInput(input: string, model: ModelNode, environment: RenderEnvironment): NodeId {
    const expression = input.replace(/^\s*\{\{|\}\}\s*$/g, '').trim();
    const subject: RenderSubject = {
      name: model.name,
      package: model.package,
      path: this.node.path,
      text: `{{ ${expression} }}`,
      resourceType: 'model',
      relation: { identifier: model.identifier },
      config: {},
    };
    const rendering = renderNode(environment, subject, 'compile');
    const id = rendering.refs[0]?.node ?? rendering.sources[0]?.node;
    if (id !== undefined) return id;
    throw new Unusable(rendering.problems[0]?.message ?? `The input '${input}' is neither ref(…), source(…) nor this.`);
  }

  /** The columns that the real relation has; `open` where not all of them are known. */
  async #columnsOf(id: NodeId): Promise<{ readonly columns: readonly TableColumn[]; readonly open: boolean }> {
    const standing = await this.session.relation(id, this.signal);
    const node = this.snapshot.nodes.get(id);
    if (standing.kind === 'table') {
      const empty = node?.kind === 'source' && node.data === undefined;
      return { columns: standing.table.columns, open: empty };
    }
    const known = this.snapshot.columns.get(id) ?? [];
    const columns = known.map(({ name, type }) => ({ name, type: toValueType(type, this.snapshot.project.dialect) }));
    return { columns, open: true };
  }

  #fixtureText(rows: UnitTestRows): string | undefined {
    if (rows.fixture === undefined) return undefined;
    const extension = rows.format === 'sql' ? 'sql' : 'csv';
    const wanted = `${rows.fixture.replace(/\.(csv|sql)$/, '')}.${extension}`;
    const fixtures = this.snapshot.sources.paths.filter((path) => /(^|\/)fixtures\//.test(path));
    const path = fixtures.find((candidate) => candidate.endsWith(`/${wanted}`));
    const found = path === undefined ? undefined : this.snapshot.sources.find(path)?.text;
    if (found !== undefined) return found;
    const names = fixtures.map((candidate) => candidate.slice(candidate.lastIndexOf('/') + 1).replace(/\.\w+$/, ''));
    throw new Unusable(withNearest(`There is no fixture '${wanted}' under tests/fixtures.`, rows.fixture, names));
  }

  /** Rows that are written as SQL may be a template, as dbt renders them. */
  async #renderRows(written: string): Promise<string> {
    const { environment } = this.snapshot;
    if (environment === undefined || !/\{[{%#]/.test(written)) return written;
    const subject: RenderSubject = {
      name: this.node.name,
      package: this.node.package,
      path: this.node.path,
      text: written,
      resourceType: 'model',
      relation: { identifier: this.node.name },
      config: {},
    };
    const own = withOverrides(environment, this.node, this.node.package);
    const ask = (sql: string, path: string): Promise<QueryAnswer | Problem> => this.#ask(sql, path);
    const rendered = await renderWithData(own, undefined, (answering) => renderNode(answering, subject, 'compile'), ask, this.node.path);
    if ('code' in rendered) throw new Unusable(`The SQL of the rows cannot be rendered: ${rendered.message}`);
    return rendered.sql;
  }

  async #createFromSql(physical: string, written: string): Promise<KnownTable> {
    const sql = await this.#renderRows(written);
    const prepared = await prepareSql(sql, this.snapshot.project.dialect, new Map(), this.session.now, this.session.engine);
    if (prepared.kind === 'refused') throw new Unusable(`The SQL of the rows cannot be run: ${prepared.message}`);
    await this.#execute(`create table ${quote(physical)} as ${prepared.sql}`);
    return { physical, columns: prepared.columns };
  }

  async #expected(actual: readonly TableColumn[]): Promise<StandIn> {
    const { expect } = this.node;
    const text = this.#fixtureText(expect);
    if (expect.format === 'sql') {
      const prepared = await prepareSql(
        await this.#renderRows(text ?? String(expect.rows)),
        this.snapshot.project.dialect,
        new Map(),
        this.session.now,
        this.session.engine,
      );
      if (prepared.kind === 'refused') throw new Unusable(`The SQL of the expected rows cannot be run: ${prepared.message}`);
      return { columns: prepared.columns, rows: await this.#query(prepared.sql) };
    }
    const written = readWrittenRows(expect, text);
    if (written.rows.length === 0 && written.columns.length === 0) return { columns: actual, rows: [] };
    const compared = actual.filter((column) => written.columns.some((name) => name.toLowerCase() === column.name.toLowerCase()));
    const unknown = written.columns.find((name) => !actual.some((column) => column.name.toLowerCase() === name.toLowerCase()));
    const names = actual.map((column) => column.name);
    if (unknown !== undefined)
      throw new Unusable(withNearest(`The model gives no column '${unknown}', which is expected.`, unknown, names));
    const standIn = toStandIn(written, compared, false, 'The model');
    if (typeof standIn === 'string') throw new Unusable(standIn);
    return standIn;
  }

  async #render(model: ModelNode, text: NodeText, environment: RenderEnvironment): Promise<RenderedTest | Problem> {
    const { resolver } = environment;
    const missing: string[] = [];
    const stand = (found: Resolution, written: string): Resolution => {
      if (found.kind === 'missing') return found;
      const relation = this.#standIns.get(found.node);
      if (relation !== undefined) return { ...found, relation };
      missing.push(written);
      return { kind: 'missing', code: 'ref-unknown', message: `The model reads ${written}, which this unit test does not give.` };
    };
    const standing: RenderEnvironment = {
      ...environment,
      resolver: {
        ref: (call: RefCall, from) => stand(resolver.ref(call, from), `ref('${call.name}')`),
        source: (call: SourceCall, from) => stand(resolver.source(call, from), `source('${call.source}', '${call.table}')`),
        graph: () => resolver.graph(),
        ...(resolver.relationNamed === undefined ? {} : { relationNamed: (name) => resolver.relationNamed?.(name) }),
      },
    };
    const incremental = this.node.overrides.macros.is_incremental;
    const subject: RenderSubject = {
      id: model.id,
      name: model.name,
      package: model.package,
      path: text.path,
      text: text.source,
      offset: text.offset,
      file: this.snapshot.sources.find(text.path)?.text ?? text.source,
      resourceType: 'model',
      relation: this.#standIns.get(self) ?? { database: model.database, schema: model.schema, identifier: model.identifier },
      config: model.config as RenderSubject['config'],
      ...(typeof incremental === 'boolean' ? { incremental } : {}),
    };
    const ask = (sql: string, path: string): Promise<QueryAnswer | Problem> => this.#ask(sql, path);
    const rendered = await renderWithData(standing, undefined, (answering) => renderNode(answering, subject, 'compile'), ask, text.path);
    const [first] = missing;
    if (first !== undefined && 'code' in rendered)
      throw new Unusable(
        `The model reads ${first}, which this unit test does not give: add it to 'given', with 'rows: []' if it is to be empty.`,
      );
    return rendered;
  }

  async #ask(sql: string, path: string): Promise<QueryAnswer | Problem> {
    const prepared = await prepareSql(sql, this.snapshot.project.dialect, this.#tables, this.session.now, this.session.engine);
    if (prepared.kind === 'refused') return toProblem('preview-refused', prepared.message, path);
    const rows = await this.#query(prepared.sql);
    const plain = rows.map((row) =>
      row.map((cell, i) => {
        const value = toCell(cell, prepared.columns[i]?.type ?? types.unknown);
        return value instanceof Uint8Array ? String(value) : value;
      }),
    );
    return { columns: toEngineColumns(prepared.columns), rows: plain };
  }

  async #query(sql: string): Promise<StandIn['rows']> {
    this.signal?.throwIfAborted();
    try {
      return (await this.session.engine.query(sql, { offset: 0, limit: Number.POSITIVE_INFINITY })).rows;
    } catch (error) {
      throw new Unusable(`The query failed: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }

  async #execute(sql: string): Promise<void> {
    try {
      await this.session.engine.execute(sql);
    } catch (error) {
      throw new Unusable(`The query failed: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }
}

const quote = (name: string): string => `"${name.replace(/"/g, '""')}"`;
