import type { QueryAnswer, RenderSubject } from '../dbt/environment.ts';
import { renderNode } from '../dbt/render.ts';
import { isRelation, type ModelNode, type ProjectNode, type SeedNode, type SnapshotNode, type SourceNode } from '../project/node.ts';
import type { NodeText, Snapshot } from '../snapshot.ts';
import type { Name, Query } from '../sql/ir.ts';
import { findModelQuery, parseSql } from '../sql/parse.ts';
import { toHash } from '../text/hash.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { SourceMap } from '../text/source-map.ts';
import { LineMap, type Span } from '../text/span.ts';
import type { KnownTable, TableColumn } from '../translate/table.ts';
import { translate } from '../translate/translate.ts';
import { toValueType } from '../translate/value-type.ts';
import type { Engine } from './engine.ts';
import { PreviewResult } from './preview-result.ts';
import { toCell, toEngineColumns } from './run-sql.ts';
import { readCsvTable } from './seed-rows.ts';

/** What to preview: a relation of the project, one CTE of it, or SQL that may name the project's relations. */
export type Question =
  | { readonly kind: 'node'; readonly node: NodeId; readonly cte?: string }
  /** `within` completes the SQL with the CTEs of a model, as for text that was selected in it. */
  | { readonly kind: 'sql'; readonly sql: string; readonly within?: NodeId };

export type Answer =
  | { readonly kind: 'rows'; readonly result: PreviewResult }
  | { readonly kind: 'failed'; readonly problems: readonly Problem[]; readonly notes: readonly string[] };

/** Where a relation stands in the engine, or what keeps it from standing. */
export type StandingRelation =
  | { readonly kind: 'table'; readonly table: KnownTable; readonly notes: readonly string[] }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly notes: readonly string[] };

/** A relation that stands in the engine, with everything that is to be said of it. */
interface Built extends KnownTable {
  readonly key: string;
  readonly notes: readonly string[];
}

/** Ends a preview that the project keeps from running; caught in `preview`. */
class Stopped extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

type Relation = ModelNode | SeedNode | SnapshotNode | SourceNode;

/** Previews over one engine: what was built for one question is kept, by content, for the next. */
export class PreviewSession {
  readonly #built = new Map<string, Built>();
  readonly #latest = new Map<NodeId, string>();
  readonly #answers = new Map<string, QueryAnswer>();
  /** What stands with the content of this very Snapshot, so that it is not looked at again. */
  readonly #current = new Map<NodeId, Built>();
  #names = new Map<string, NodeId>();
  #results = 0;

  constructor(
    readonly engine: Engine,
    private snapshot: Snapshot,
    /** The moment of CURRENT_DATE and NOW, `YYYY-MM-DD HH:MM:SS` in UTC. */
    readonly now: string,
    /** Hears which relation is being built. */
    readonly progress: (message: string) => void = () => {},
  ) {
    this.use(snapshot);
  }

  /** Answers from another Snapshot from now on; relations whose content did not change stay. */
  use(snapshot: Snapshot): void {
    this.snapshot = snapshot;
    this.#answers.clear();
    this.#current.clear();
    this.#names = new Map();
    for (const node of snapshot.nodes.values()) {
      if (!isRelation(node) || !node.enabled) continue;
      const parts = [node.database, node.schema, node.identifier].map((part) => part.toLowerCase());
      for (const name of [parts.join('.'), parts.slice(1).join('.')]) this.#names.set(name, node.id);
      if (node.materialized === 'ephemeral') this.#names.set(`__dbt__cte__${node.identifier.toLowerCase()}`, node.id);
    }
    // A bare name is what plain SQL writes; models come before sources of the same name.
    for (const kind of ['model', 'snapshot', 'seed', 'source'])
      for (const node of snapshot.nodes.values())
        if (node.kind === kind && isRelation(node) && node.enabled && !this.#names.has(node.identifier.toLowerCase()))
          this.#names.set(node.identifier.toLowerCase(), node.id);
  }

  /** Builds what a question needs and gives its rows; throws only when cancelled. */
  async preview(question: Question, signal?: AbortSignal): Promise<Answer> {
    const notes = new Set<string>();
    try {
      const table = await this.#answer(question, notes, signal);
      return { kind: 'rows', result: await PreviewResult.open(this.engine, table, [...notes]) };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Stopped) return { kind: 'failed', problems: [error.problem], notes: [...notes] };
      throw error;
    }
  }

  /** The table that a relation of the project stands in, built when it does not stand yet. */
  async relation(id: NodeId, signal?: AbortSignal): Promise<StandingRelation> {
    const notes = new Set<string>();
    try {
      return { kind: 'table', table: await this.#build(id, notes, signal, []), notes: [...notes] };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Stopped) return { kind: 'failed', problem: error.problem, notes: [...notes] };
      throw error;
    }
  }

  /** The answer to a query that a template asks while it renders, or why there is none. */
  async ask(sql: string, path: string, signal?: AbortSignal): Promise<QueryAnswer | Problem> {
    try {
      return await this.#ask(sql, { path }, new Set(), signal, []);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Stopped) return error.problem;
      throw error;
    }
  }

  /** A model's SQL with the queries of its template answered. */
  async render(id: NodeId, signal?: AbortSignal): Promise<{ readonly sql: string } | Problem> {
    const text = this.snapshot.texts.get(id);
    if (text === undefined) return toProblem('preview-refused', `'${id}' has no SQL.`, this.#noText(id).path);
    try {
      return await this.#render(id, text, new Set(), signal, []);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Stopped) return error.problem;
      throw error;
    }
  }

  /** How many rows each CTE of a model has, in order: where rows are lost or multiplied. */
  async funnel(node: NodeId, signal?: AbortSignal): Promise<readonly { readonly cte: string; readonly rows: number }[]> {
    const text = this.snapshot.texts.get(node);
    if (text === undefined) return [];
    const { sql, map } = await this.#render(node, text, new Set(), signal, []);
    const query = this.#parse(sql, text, map);
    const counts: { cte: string; rows: number }[] = [];
    for (const cte of query.ctes) {
      const answer = await this.preview({ kind: 'node', node, cte: cte.name.text }, signal);
      if (answer.kind === 'rows') counts.push({ cte: cte.name.text, rows: answer.result.rowCount });
    }
    return counts;
  }

  async #answer(question: Question, notes: Set<string>, signal: AbortSignal | undefined): Promise<KnownTable> {
    const asked = question.kind === 'node' ? this.snapshot.nodes.get(question.node) : undefined;
    const analysis = asked?.kind === 'analysis' ? this.snapshot.texts.get(asked.id) : undefined;
    // An analysis is a query that no relation holds: its SQL is run as it stands.
    if (asked !== undefined && analysis !== undefined && question.kind === 'node' && question.cte === undefined) {
      const { sql } = await this.#render(asked.id, analysis, notes, signal, []);
      return this.#answer({ kind: 'sql', sql }, notes, signal);
    }
    if (question.kind === 'node' && question.cte === undefined) return this.#build(question.node, notes, signal, []);
    const name = `result:${++this.#results}`;
    const id = question.kind === 'node' ? question.node : question.within;
    const text = id === undefined ? undefined : this.snapshot.texts.get(id);
    const rendered = id === undefined || text === undefined ? undefined : await this.#render(id, text, notes, signal, []);
    if (question.kind === 'node') {
      const place = text ?? this.#noText(question.node);
      const query = this.#parse(rendered?.sql ?? '', place, rendered?.map);
      const at = query.ctes.findIndex((cte) => cte.name.text.toLowerCase() === question.cte?.toLowerCase());
      const cte = query.ctes[at];
      if (cte === undefined)
        throw new Stopped(
          toProblem(
            'preview-refused',
            `There is no CTE '${question.cte}' in this model; it has ${query.ctes.map((item) => item.name.text).join(', ') || 'none'}.`,
            place.path,
          ),
        );
      return this.#create(
        name,
        { ...starOf(cte.name), ctes: query.ctes.slice(0, at + 1), recursive: query.recursive },
        place,
        rendered?.map,
        notes,
        signal,
        [],
      );
    }
    const own = await this.#renderText(question.sql, notes, signal);
    const place: NodeText | { path: string } = { path: text?.path ?? '' };
    const query = this.#parse(own, place, undefined);
    const outer = rendered === undefined || text === undefined ? [] : this.#parse(rendered.sql, text, rendered.map).ctes;
    const missing = outer.filter((cte) => !query.ctes.some((mine) => mine.name.text.toLowerCase() === cte.name.text.toLowerCase()));
    return this.#create(name, { ...query, ctes: [...missing, ...query.ctes] }, place, undefined, notes, signal, []);
  }

  #noText(id: NodeId): { path: string } {
    return { path: this.snapshot.nodes.get(id)?.path ?? '' };
  }

  /** The relation of a node, built unless it stands already with this very content. */
  async #build(id: NodeId, notes: Set<string>, signal: AbortSignal | undefined, path: readonly NodeId[]): Promise<Built> {
    signal?.throwIfAborted();
    const current = this.#current.get(id);
    if (current !== undefined) {
      for (const note of current.notes) notes.add(note);
      return current;
    }
    const node = this.snapshot.nodes.get(id);
    if (node === undefined || !isRelation(node))
      throw new Stopped(toProblem('preview-refused', `'${id}' is not a relation that rows can be read from.`, node?.path ?? ''));
    if (path.includes(id))
      throw new Stopped(toProblem('preview-refused', `'${node.name}' reads itself: ${[...path, id].join(' → ')}.`, node.path));
    const own = new Set<string>();
    const built = await this.#buildNode(node, own, signal, [...path, id]);
    const complete = { ...built, notes: [...built.notes, ...own] };
    for (const note of complete.notes) notes.add(note);
    this.#built.set(built.physical, complete);
    const before = this.#latest.get(id);
    if (before !== undefined && before !== built.physical) {
      this.#built.delete(before);
      await this.engine.execute(`drop table if exists ${quote(before)}`);
    }
    this.#latest.set(id, built.physical);
    this.#current.set(id, complete);
    return complete;
  }

  async #buildNode(node: Relation, notes: Set<string>, signal: AbortSignal | undefined, path: readonly NodeId[]): Promise<Built> {
    if (node.kind === 'seed') return this.#loadFile(node, node.path, declaredTypes(node), node.delimiter);
    if (node.kind === 'source') return this.#loadSource(node, notes);
    const text = this.snapshot.texts.get(node.id);
    if (node.kind === 'model' && node.language === 'python') {
      notes.add(`'${node.name}' is a Python model, which is not run: it stands as an empty table.`);
      return this.#empty(node);
    }
    if (text === undefined) throw new Stopped(toProblem('preview-refused', `'${node.name}' has no SQL.`, node.path));
    const { sql, map } = await this.#render(node.id, text, notes, signal, path);
    if (
      node.config['pre-hook'] !== undefined ||
      node.config['post-hook'] !== undefined ||
      node.config.pre_hook !== undefined ||
      node.config.post_hook !== undefined
    ) {
      const hooks = [node.config['pre-hook'], node.config['post-hook'], node.config.pre_hook, node.config.post_hook]
        .flat()
        .filter((hook) => hook !== undefined && hook !== '');
      if (hooks.length > 0) notes.add(`The hooks of '${node.name}' are not run.`);
    }
    if (node.materialized === 'incremental') notes.add(`'${node.name}' is incremental: the preview builds it in full.`);
    const query = this.#parse(sql, text, map);
    const parents = await this.#parents(query, notes, signal, path);
    const key = toHash([sql, node.kind, this.now, ...parents.map((parent) => parent.physical)].join('\n'));
    const physical = `${node.id}:${key}`;
    const known = this.#built.get(physical);
    if (known !== undefined) return { ...known, notes: [] };
    this.progress(`Building ${node.name}`);
    const table = await this.#create(physical, query, text, map, notes, signal, path);
    if (node.kind !== 'snapshot') return { ...table, key, notes: [] };
    return { ...(await this.#addValidity(node, table, notes)), key, notes: [] };
  }

  /** The columns that dbt adds to a snapshot, as after its first run over the data at hand. */
  async #addValidity(node: SnapshotNode, table: KnownTable, notes: Set<string>): Promise<KnownTable> {
    notes.add(`'${node.name}' is a snapshot: the preview shows it as after its first run.`);
    const find = (name: unknown): TableColumn | undefined =>
      table.columns.find((column) => column.name.toLowerCase() === String(name ?? '').toLowerCase());
    const keys = [node.config.unique_key].flat().map(find);
    const updated = node.config.strategy === 'timestamp' ? find(node.config.updated_at) : undefined;
    const at = updated === undefined ? `'${this.now}'` : quote(updated.name);
    const parts = [
      ...keys.map((column) => (column === undefined ? "''" : `coalesce(cast(${quote(column.name)} as text),'')`)),
      `coalesce(cast(${at} as text),'')`,
    ];
    const physical = `${table.physical}:scd`;
    await this.engine.execute(
      `create table ${quote(physical)} as select *, hw_md5(${parts.join(" || '|' || ")}) as dbt_scd_id, ${at} as dbt_updated_at, ${at} as dbt_valid_from, cast(null as text) as dbt_valid_to from ${quote(table.physical)}`,
    );
    await this.engine.execute(`drop table ${quote(table.physical)}`);
    const timestamp = updated?.type ?? { kind: 'timestamp' as const };
    const added: TableColumn[] = [
      { name: 'dbt_scd_id', type: { kind: 'string' } },
      { name: 'dbt_updated_at', type: timestamp },
      { name: 'dbt_valid_from', type: timestamp },
      { name: 'dbt_valid_to', type: timestamp },
    ];
    return { physical, columns: [...table.columns, ...added] };
  }

  async #loadFile(node: Relation, path: string, declared: ReadonlyMap<string, string>, delimiter?: string): Promise<Built> {
    const file = this.snapshot.sources.find(path);
    if (file === undefined)
      throw new Stopped(toProblem('preview-refused', `The file '${path}' of '${node.name}' cannot be read.`, node.path));
    const key = `${file.hash}:${toHash(JSON.stringify([...declared, delimiter]))}`;
    const physical = `${node.id}:${key}`;
    const known = this.#built.get(physical);
    if (known !== undefined) return known;
    this.progress(`Loading ${node.name}`);
    const table = readCsvTable(file.bytes, declared, this.snapshot.project.dialect, delimiter);
    await this.engine.load(physical, toEngineColumns(table.columns), table.rows());
    return { physical, columns: table.columns, key, notes: [] };
  }

  async #loadSource(node: SourceNode, notes: Set<string>): Promise<Built> {
    if (node.data === undefined) {
      notes.add(
        `There is no data for the source '${node.sourceName}.${node.name}': it stands as an empty table. A file ${node.sourceName}_${node.name}.csv among the seeds would fill it.`,
      );
      return this.#empty(node);
    }
    const { data } = node;
    const inside = data.table === undefined ? '' : ` (${data.table})`;
    notes.add(`'${node.sourceName}.${node.name}' is read from ${data.path}${inside}.`);
    const declared = new Map(
      node.columns.flatMap((column) => (column.type === undefined ? [] : [[column.name.toLowerCase(), column.type] as const])),
    );
    if (node.data.table === undefined) return this.#loadFile(node, node.data.path, declared);
    const file = this.snapshot.sources.find(node.data.path);
    if (file === undefined)
      throw new Stopped(toProblem('preview-refused', `The file '${node.data.path}' of '${node.name}' cannot be read.`, node.path));
    const physical = `${node.id}:${file.hash}`;
    const known = this.#built.get(physical);
    if (known !== undefined) return known;
    await this.engine.attach(file.bytes, new Map([[node.data.table, physical]]));
    const page = await this.engine.query(`select * from ${quote(physical)}`, { offset: 0, limit: 1 });
    const columns = this.snapshot.columns.get(node.id) ?? [];
    const typed = page.columns.map((column): TableColumn => {
      const found = columns.find((candidate) => candidate.name.toLowerCase() === column.name.toLowerCase());
      return { name: column.name, type: toValueType(found?.type ?? '', this.snapshot.project.dialect) };
    });
    return { physical, columns: typed, key: file.hash, notes: [] };
  }

  /** A table without rows, under the columns that anything tells of. */
  async #empty(node: Relation): Promise<Built> {
    const columns = (this.snapshot.columns.get(node.id) ?? []).map(
      (column): TableColumn => ({ name: column.name, type: toValueType(column.type, this.snapshot.project.dialect) }),
    );
    const key = toHash(JSON.stringify(columns));
    const physical = `${node.id}:empty:${key}`;
    if (!this.#built.has(physical)) await this.engine.load(physical, toEngineColumns(columns), []);
    return { physical, columns, key, notes: [] };
  }

  /** The relations that a query reads, built in the order in which it names them. */
  async #parents(query: Query, notes: Set<string>, signal: AbortSignal | undefined, path: readonly NodeId[]): Promise<Built[]> {
    const ids = new Set<NodeId>();
    for (const parts of tablesIn(query)) {
      const id = this.#find(parts);
      if (
        id !== undefined &&
        !(
          parts.length === 1 && query.ctes.some((cte) => cte.name.text.toLowerCase() === parts[0]?.text.toLowerCase() && !path.includes(id))
        )
      )
        ids.add(id);
    }
    const built: Built[] = [];
    for (const id of ids) if (!path.includes(id)) built.push(await this.#build(id, notes, signal, path));
    return built;
  }

  #find(parts: readonly Name[]): NodeId | undefined {
    const names = parts.map((part) => part.text.toLowerCase());
    for (let i = 0; i < names.length; i++) {
      const found = this.#names.get(names.slice(i).join('.'));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Translates a query over what is built and fills a table with its rows. */
  async #create(
    name: string,
    query: Query,
    place: { readonly path: string; readonly source?: string; readonly offset?: number },
    map: SourceMap | undefined,
    notes: Set<string>,
    signal: AbortSignal | undefined,
    path: readonly NodeId[],
  ): Promise<KnownTable> {
    await this.#parents(query, notes, signal, path);
    signal?.throwIfAborted();
    const translation = translate(query, {
      dialect: this.snapshot.project.dialect,
      now: this.now,
      table: (parts) => {
        const id = this.#find(parts);
        const physical = id === undefined ? undefined : this.#latest.get(id);
        const built = physical === undefined ? undefined : this.#built.get(physical);
        const primaryKey = id === undefined ? undefined : primaryKeyOf(this.snapshot.nodes.get(id));
        return built === undefined || primaryKey === undefined ? built : { ...built, primaryKey };
      },
      tableNames: () => this.#names.keys(),
    });
    if (translation.kind === 'refused') {
      const message = translation.alternative === undefined ? translation.message : `${translation.message} ${translation.alternative}`;
      throw new Stopped(this.#problem('preview-refused', message, place, map, translation.span));
    }
    for (const note of translation.notes) notes.add(note);
    const columns = uniqueColumns(translation.columns);
    const list = columns.map((column) => quote(column.name)).join(',');
    try {
      await this.engine.execute(`drop table if exists ${quote(name)}`);
      await this.engine.execute(
        `create table ${quote(name)} as select * from (with "hw:all"(${list}) as (${translation.sql}) select * from "hw:all")`,
      );
    } catch (error) {
      throw new Stopped(
        this.#problem(
          'preview-failed',
          `The query failed: ${error instanceof Error ? error.message : String(error)}.`,
          place,
          map,
          query.span,
        ),
      );
    }
    return { physical: name, columns };
  }

  /** A node's SQL; the queries that its template asks while it renders are answered over the preview's own relations. */
  async #render(
    id: NodeId,
    text: NodeText,
    notes: Set<string>,
    signal: AbortSignal | undefined,
    path: readonly NodeId[],
  ): Promise<{ sql: string; map: SourceMap }> {
    let { rendering } = text;
    const node = this.snapshot.nodes.get(id);
    const environment = this.snapshot.environment;
    for (let round = 0; rendering.status === 'needs-data' && environment !== undefined && node !== undefined && round < 50; round++) {
      for (const sql of rendering.queriesNeeded) this.#answers.set(sql, await this.#ask(sql, text, notes, signal, path));
      const subject: RenderSubject = {
        id,
        name: node.name,
        package: node.package,
        path: text.path,
        text: text.source,
        ...(text.offset === 0 ? {} : { offset: text.offset, file: this.snapshot.sources.find(text.path)?.text ?? text.source }),
        resourceType: node.kind,
        relation: isRelation(node)
          ? { database: node.database, schema: node.schema, identifier: node.identifier }
          : { schema: environment.target.schema, identifier: node.name },
        config: node.config as RenderSubject['config'],
      };
      rendering = renderNode({ ...environment, runQuery: (sql) => this.#answers.get(sql) }, subject, 'compile');
    }
    const [problem] = rendering.problems.filter((found) => found.severity === 'error');
    if (rendering.status !== 'rendered')
      throw new Stopped(problem ?? toProblem('preview-refused', `'${node?.name ?? id}' could not be rendered.`, text.path));
    return { sql: rendering.sql, map: rendering.map };
  }

  async #renderText(sql: string, notes: Set<string>, signal: AbortSignal | undefined): Promise<string> {
    const environment = this.snapshot.environment;
    if (environment === undefined || !/\{[{%#]/.test(sql)) return sql;
    const subject: RenderSubject = {
      name: 'preview',
      package: this.snapshot.project.name,
      path: '',
      text: sql,
      resourceType: 'sql_operation',
      relation: { schema: environment.target.schema, identifier: 'preview' },
      config: {},
    };
    for (let round = 0; ; round++) {
      const rendering = renderNode({ ...environment, runQuery: (asked) => this.#answers.get(asked) }, subject, 'compile');
      if (rendering.status === 'rendered') return rendering.sql;
      if (rendering.status === 'failed' || round === 50)
        throw new Stopped(rendering.problems[0] ?? toProblem('preview-refused', 'This text could not be rendered.', ''));
      for (const asked of rendering.queriesNeeded) this.#answers.set(asked, await this.#ask(asked, { path: '' }, notes, signal, []));
    }
  }

  /** The answer to a query that a template asks. */
  async #ask(
    sql: string,
    place: { readonly path: string },
    notes: Set<string>,
    signal: AbortSignal | undefined,
    path: readonly NodeId[],
  ): Promise<QueryAnswer> {
    const name = `answer:${++this.#results}`;
    const query = this.#parse(sql, place, undefined);
    const table = await this.#create(name, query, place, undefined, notes, signal, path);
    const page = await this.engine.query(`select * from ${quote(name)}`, { offset: 0, limit: 100_000 });
    await this.engine.execute(`drop table ${quote(name)}`);
    const columns = toEngineColumns(table.columns);
    return {
      columns,
      rows: page.rows.map((row) =>
        row.map((cell, i) => {
          const value = toCell(cell, table.columns[i]?.type ?? { kind: 'unknown' });
          return value instanceof Uint8Array ? String(value) : value;
        }),
      ),
    };
  }

  #parse(
    sql: string,
    place: { readonly path: string; readonly source?: string; readonly offset?: number },
    map: SourceMap | undefined,
  ): Query {
    const parsed = parseSql(sql, this.snapshot.project.dialect);
    const query = findModelQuery(parsed);
    if (query !== undefined) return query;
    const [problem] = parsed.problems;
    throw new Stopped(
      this.#problem(
        'preview-refused',
        problem === undefined ? 'There is no query here.' : `${problem.message}.`,
        place,
        map,
        problem?.span ?? { start: 0, end: 0 },
      ),
    );
  }

  /** A problem at the line that the user wrote: from the rendered text through the template's map. */
  #problem(
    code: 'preview-refused' | 'preview-failed',
    message: string,
    place: { readonly path: string },
    map: SourceMap | undefined,
    span: Span,
  ): Problem {
    const text = this.snapshot.sources.find(place.path)?.text;
    if (map === undefined || text === undefined) return toProblem(code, message, place.path);
    return toProblem(code, message, new LineMap(text).location(place.path, map.locateSpan(span)));
  }
}

function declaredTypes(node: SeedNode): ReadonlyMap<string, string> {
  const configured = node.config.column_types;
  const entries = typeof configured === 'object' && configured !== null ? Object.entries(configured) : [];
  const declared = node.columns.flatMap((column) => (column.type === undefined ? [] : [[column.name.toLowerCase(), column.type] as const]));
  return new Map([...declared, ...entries.map(([name, type]) => [name.toLowerCase(), String(type)] as const)]);
}

/** The names of every table that a query mentions, CTEs among them. */
function* tablesIn(value: unknown): Generator<readonly Name[]> {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) yield* tablesIn(item);
    return;
  }
  const node = value as { readonly kind?: unknown; readonly parts?: readonly Name[] };
  if (node.kind === 'table' && node.parts !== undefined) yield node.parts;
  for (const [key, item] of Object.entries(value)) if (key !== 'span') yield* tablesIn(item);
}

function starOf(name: Name): Query {
  const { span } = name;
  const star = { kind: 'star', qualifier: [], except: [], replace: [], rename: [], span } as const;
  const from = [{ kind: 'table', parts: [name], modifiers: [], span }] as const;
  return {
    kind: 'query',
    ctes: [],
    recursive: false,
    orderBy: [],
    span,
    body: { kind: 'select', distinct: false, items: [star], from, groupBy: [], groupByAll: false, windows: [], span },
  };
}

function uniqueColumns(columns: readonly TableColumn[]): TableColumn[] {
  const seen = new Set<string>();
  return columns.map((column) => {
    let { name } = column;
    for (let i = 1; seen.has(name.toLowerCase()); i++) name = `${column.name}_${i}`;
    seen.add(name.toLowerCase());
    return { ...column, name };
  });
}

const quote = (name: string): string => `"${name.replace(/"/g, '""')}"`;

/** The columns of the primary key that a node declares. */
function primaryKeyOf(node: ProjectNode | undefined): readonly string[] | undefined {
  if (node === undefined || !isRelation(node)) return undefined;
  return node.constraints.find((constraint) => constraint.kind === 'primary_key')?.columns;
}
