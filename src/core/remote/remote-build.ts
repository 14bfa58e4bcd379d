import { isBuilt } from '../checks/build.ts';
import { type Outcome, toError } from '../checks/run-data-test.ts';
import type { CheckRunner } from '../checks/run-tests.ts';
import { readIncremental } from '../engine/incremental.ts';
import { readSnapshot } from '../engine/snapshot-config.ts';
import { Stopped } from '../engine/work.ts';
import { isRelation, type ModelNode, type ProjectNode, type SeedNode, type SnapshotNode, type TestNode } from '../project/node.ts';
import type { NodeId } from '../text/ids.ts';
import { toProblem } from '../text/problem.ts';
import { takeIn } from './incremental-statements.ts';
import { locate, type RemoteSession } from './remote-session.ts';
import { runRemoteTest } from './remote-test.ts';
import type { RemoteText } from './remote-texts.ts';
import { readSeedTable } from './seed-query.ts';
import { firstSnapshot, nextSnapshot } from './snapshot-statements.ts';
import { beside, createAs, createIndexes, fillSeed, quote, replaceRelation, type WrittenName, written } from './statements.ts';
import type { RemoteRelation } from './warehouse.ts';
import { WarehouseError } from './warehouse.ts';

/** What a build of one node sends, in order and in one transaction. */
interface Plan {
  readonly statements: readonly string[];
  /** The model's own SQL among them, for the places of errors. */
  readonly text?: RemoteText;
  /** Which of the statements says how many rows the relation got. */
  readonly note?: string;
}

const rowsTable = 'hw_rows';

/** Makes seeds, models and snapshots on a target as dbt's own materializations do. */
export class RemoteBuilder implements CheckRunner {
  readonly #schemas = new Set<string>();

  constructor(
    private readonly session: RemoteSession,
    private readonly fullRefresh: boolean,
  ) {}

  test(node: TestNode, sampleRows: number): Promise<Outcome> {
    return runRemoteTest(this.session, node, sampleRows);
  }

  async build(node: ProjectNode): Promise<Outcome> {
    if (!isRelation(node) || node.kind === 'source') return { status: 'skip', failures: 0, message: 'There is nothing to build.' };
    if (node.kind === 'model' && node.language === 'python')
      return { status: 'skip', failures: 0, message: `'${node.name}' is a Python model, which is not run here.` };
    try {
      await this.#schema(node.schema);
      const plan = await this.#plan(node);
      const [before, after] = [await this.#hooks(node, 'pre-hook'), await this.#hooks(node, 'post-hook')];
      await this.#write([...before, ...plan.statements, ...after], plan.text, node.path);
      await this.session.standing.refresh(this.session.warehouse, node.schema);
      const rows = this.session.standing.find(node)?.kind === 'table' ? await this.#count(nameOf(node)) : undefined;
      return { status: 'pass', failures: 0, message: this.#message(node, plan), ...(rows === undefined ? {} : { rows }) };
    } catch (error) {
      if (error instanceof Stopped) return toError(error.problem);
      throw error;
    }
  }

  /** Creates the schemas of what will be built, as dbt does before anything else. */
  async prepare(ids: readonly NodeId[]): Promise<readonly string[]> {
    try {
      for (const id of ids) {
        const node = this.session.snapshot.nodes.get(id);
        if (node !== undefined && isRelation(node) && isBuilt(node)) await this.#schema(node.schema);
      }
      return await this.runHooks('on-run-start');
    } catch (error) {
      if (error instanceof Stopped) return [error.problem.message];
      throw error;
    }
  }

  /** Runs the project's `on-run-start` or `on-run-end`; gives what went wrong. */
  async runHooks(stage: 'on-run-start' | 'on-run-end'): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (const node of this.session.snapshot.nodes.values()) {
      if (node.kind !== 'operation' || !node.tags.includes(stage)) continue;
      try {
        const text = await this.session.texts.node(node.id);
        if (text.sql.trim() !== '') await this.#write([text.sql], undefined, node.path);
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        wrong.push(`${stage}: ${error.problem.message}`);
      }
    }
    return wrong;
  }

  async #schema(schema: string): Promise<void> {
    if (this.#schemas.has(schema)) return;
    await this.#write([`create schema if not exists ${quote(schema)}`], undefined, '');
    this.#schemas.add(schema);
  }

  async #plan(node: ModelNode | SeedNode | SnapshotNode): Promise<Plan> {
    const target = nameOf(node);
    const former = this.session.standing.find(node);
    if (node.kind === 'seed')
      return { statements: fillSeed(target, readSeedTable(this.session.snapshot, node), former?.kind, this.#isFull(node)) };
    if (node.kind === 'snapshot') return this.#snapshot(node, former);
    switch (node.materialized) {
      case 'view':
      case 'table': {
        const text = await this.session.texts.node(node.id);
        return this.#anew(node, text, node.materialized, former);
      }
      case 'incremental':
        return this.#incremental(node, former);
      default:
        throw new Stopped(
          toProblem(
            'preview-refused',
            `'${node.name}' is materialized as '${node.materialized}', which is not built on a target: view, table and incremental are.`,
            node.path,
          ),
        );
    }
  }

  #anew(node: ModelNode, text: RemoteText, kind: 'table' | 'view', former: RemoteRelation | undefined): Plan {
    const target = nameOf(node);
    const make = createAs(target, kind, text.sql, node);
    const indexes = kind === 'table' ? createIndexes(beside(target, '__dbt_tmp'), node) : [];
    return { statements: replaceRelation(target, kind, [...make, ...indexes], former?.kind), text };
  }

  async #incremental(node: ModelNode, former: RemoteRelation | undefined): Promise<Plan> {
    const plan = readIncremental(node, this.session.warehouse.adapter);
    if (typeof plan === 'string') throw new Stopped(toProblem('preview-refused', plan, node.path));
    if (former?.kind !== 'table' || this.#isFull(node)) return this.#anew(node, await this.session.texts.node(node.id), 'table', former);
    if (plan.strategy === 'microbatch')
      throw new Stopped(
        toProblem('preview-refused', `'${node.name}' is built in microbatches, which are not run on a target yet.`, node.path),
      );
    const text = await this.session.texts.node(node.id, true);
    const rows = await this.#rows(text, node.path);
    const statements = takeIn(nameOf(node), quote(rowsTable), plan, { before: former.columns, rows });
    if (typeof statements === 'string') throw new Stopped(toProblem('preview-failed', `'${node.name}': ${statements}`, node.path));
    const key = plan.uniqueKey.length === 0 ? '' : ` by ${plan.uniqueKey.join(', ')}`;
    const given = await this.#count({ schema: '', name: rowsTable });
    return { statements, note: `'${node.name}' is incremental: this run gave ${given} rows (${plan.strategy}${key}).` };
  }

  async #snapshot(node: SnapshotNode, former: RemoteRelation | undefined): Promise<Plan> {
    const plan = readSnapshot(node);
    if (typeof plan === 'string') throw new Stopped(toProblem('preview-refused', plan, node.path));
    const rows = await this.#rows(await this.session.texts.node(node.id), node.path);
    const render = async (template: string): Promise<string> => (await this.session.texts.text(template, { path: node.path })).sql.trim();
    const now = await render('{{ snapshot_get_time() }}');
    const parts = [...plan.uniqueKey, plan.updatedAt ?? now].map((part) => JSON.stringify(part)).join(', ');
    const expressions = { id: await render(`{{ snapshot_hash_arguments([${parts}]) }}`), now };
    const statements =
      former === undefined
        ? firstSnapshot(nameOf(node), quote(rowsTable), plan, expressions)
        : nextSnapshot(nameOf(node), quote(rowsTable), plan, expressions, {
            before: former.columns,
            rows,
            temporarySchema: this.session.warehouse.temporarySchema,
          });
    if (typeof statements === 'string') throw new Stopped(toProblem('preview-refused', `'${node.name}': ${statements}`, node.path));
    return { statements };
  }

  /** Puts the rows of a query into a temporary table of this connection, and gives its columns. */
  async #rows(text: RemoteText, path: string): Promise<RemoteRelation['columns']> {
    const make = `create temporary table ${quote(rowsTable)} as (\n${text.sql.replace(/[;\s]+$/, '')}\n)`;
    await this.#write([`drop table if exists ${this.session.warehouse.temporarySchema}.${quote(rowsTable)}`, make], text, path);
    return (await this.session.warehouse.query(`select * from ${quote(rowsTable)}`, { rows: 1, counted: 0 })).columns;
  }

  async #hooks(node: ModelNode | SeedNode | SnapshotNode, key: 'pre-hook' | 'post-hook'): Promise<readonly string[]> {
    const found: string[] = [];
    for (const hook of [node.config[key]].flat()) {
      const sql = typeof hook === 'string' ? hook : ((hook as { readonly sql?: unknown } | undefined)?.sql ?? '');
      if (typeof sql !== 'string' || sql.trim() === '') continue;
      const text = await this.session.texts.hook(node, sql);
      if (text.sql.trim() !== '') found.push(text.sql);
    }
    return found;
  }

  async #write(statements: readonly string[], text: RemoteText | undefined, path: string): Promise<void> {
    try {
      await this.session.warehouse.write(statements);
    } catch (error) {
      if (!(error instanceof WarehouseError)) throw error;
      const own = text?.sql.replace(/[;\s]+$/, '');
      const statement = own === undefined ? undefined : statements.find((one) => one.includes(own));
      if (text === undefined || own === undefined || statement === undefined || error.statement !== statement)
        throw new Stopped(toProblem('preview-failed', error.message, path));
      throw new Stopped(locate(this.session.snapshot, error, text, statement, statement.indexOf(own)));
    }
  }

  async #count({ schema, name }: WrittenName): Promise<number> {
    const from = schema === '' ? quote(name) : written({ schema, name });
    const { rows } = await this.session.warehouse.query(`select count(*) from ${from}`, { rows: 1, counted: 0 });
    return Number(rows[0]?.[0] ?? 0);
  }

  #isFull(node: ProjectNode): boolean {
    const own = node.config.full_refresh;
    return typeof own === 'boolean' ? own : this.fullRefresh;
  }

  /** What dbt would do here and we do not. */
  #message(node: ProjectNode, { note }: Plan): string {
    const left = ['grants', 'persist_docs'].filter((key) => Object.keys((node.config[key] as object | undefined) ?? {}).length > 0);
    return [note, left.length === 0 ? undefined : `Not done on the target: ${left.join(', ')}.`]
      .filter((one) => one !== undefined)
      .join(' ');
  }
}

function nameOf(node: { readonly schema: string; readonly identifier: string }): WrittenName {
  return { schema: node.schema, name: node.identifier };
}
