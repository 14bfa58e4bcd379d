import { withEphemerals } from '../dbt/compile.ts';
import {
  extendEnvironment,
  type PlainRecord,
  type QueryAnswer,
  type RelationName,
  type RenderEnvironment,
  type RenderSubject,
  type Resolution,
} from '../dbt/environment.ts';
import { type Rendering, renderNode } from '../dbt/render.ts';
import type { Place } from '../engine/work.ts';
import { Stopped } from '../engine/work.ts';
import { type RelationNode as AnyRelation, isRelation, type ProjectNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import { toProblem } from '../text/problem.ts';
import { seedQuery } from './seed-query.ts';
import type { DeferredRelations, StandingRelations } from './standing.ts';

/** SQL in the project's own dialect, ready to be sent, and what is to be said of where its parents come from. */
export interface RemoteText {
  readonly sql: string;
  /** What the user wrote, and where the CTEs of parents were put into it. */
  readonly place: Place;
  readonly inserted: { readonly at: number; readonly length: number };
  readonly parents: ParentPlaces;
  readonly config: PlainRecord;
}

/** Where the relations that a query reads come from, by name. */
export interface ParentPlaces {
  readonly standing: readonly string[];
  readonly deferred: readonly string[];
  readonly inlined: readonly string[];
  /** Sources whose tables were not found there. */
  readonly missing: readonly string[];
}

type RelationNode = Extract<ProjectNode, AnyRelation>;

/** Answers a query that a template asks. */
export type AskRemote = (sql: string, path: string) => Promise<QueryAnswer>;

/** Renders a text with names resolved by somebody. */
export type RenderWith = (environment: RenderEnvironment) => Rendering;

const mostRounds = 50;

/** One rendering's parents, by how they are reached. */
class Parents {
  readonly standing = new Set<string>();
  readonly deferred = new Set<string>();
  readonly missing = new Set<string>();
  readonly inlined = new Map<NodeId, RelationNode>();
}

/** The project's texts as a database can run them: parents that do not stand there are deferred, or written in front as CTEs. */
export class RemoteTexts {
  readonly #answers = new Map<string, QueryAnswer>();

  constructor(
    private readonly snapshot: Snapshot,
    private readonly standing: StandingRelations,
    private readonly deferred: DeferredRelations,
    private readonly ask: AskRemote,
  ) {}

  /** A node's SQL; `incremental` makes it the text of a run on top of what is there. */
  async node(id: NodeId, incremental = false): Promise<RemoteText> {
    const text = this.snapshot.texts.get(id);
    const node = this.snapshot.nodes.get(id);
    const path = text?.path ?? node?.path ?? '';
    if (text === undefined || node === undefined) throw new Stopped(toProblem('preview-refused', `'${id}' has no SQL.`, path));
    if (node.kind === 'model' && node.language === 'python')
      throw new Stopped(toProblem('preview-refused', `'${node.name}' is a Python model, which is not run here.`, path));
    const { environment } = this.snapshot;
    if (environment === undefined) return plain(text.source, { path, offset: text.offset });
    const subject = subjectOf(this.snapshot, node, incremental);
    return this.render(path, (answering) => renderNode(answering, subject, 'compile'), id);
  }

  /** Text in the middle of the project. */
  async text(sql: string, place: Place): Promise<RemoteText> {
    const { environment } = this.snapshot;
    if (environment === undefined || !/\{[{%#]/.test(sql)) return plain(sql, place);
    const subject: RenderSubject = {
      name: 'preview',
      package: this.snapshot.project.name,
      path: place.path,
      text: sql,
      resourceType: 'sql_operation',
      relation: { schema: environment.target.schema, identifier: 'preview' },
      config: {},
    };
    const rendered = await this.render(place.path, (answering) => renderNode(answering, subject, 'compile'));
    return { ...rendered, place: { ...place, ...(rendered.place.map === undefined ? {} : { map: rendered.place.map }) } };
  }

  /** A hook of a node, which sees the node's own relation as `this`. */
  async hook(node: ProjectNode, sql: string): Promise<RemoteText> {
    if (!/\{[{%#]/.test(sql)) return plain(sql, { path: node.path });
    const { offset: _offset, file: _file, ...subject } = subjectOf(this.snapshot, node, false);
    return this.render(node.path, (answering) => renderNode(answering, { ...subject, text: sql, part: 'hook' }, 'compile'), node.id);
  }

  /** Renders with the queries of templates answered, and puts what is read and does not stand there in front. */
  async render(path: string, render: RenderWith, self?: NodeId, flags: PlainRecord = {}): Promise<RemoteText> {
    const parents = new Parents();
    const rendering = await this.#answered(path, render, parents, flags);
    const ctes = await this.#ctes(parents, self === undefined ? [] : [self]);
    const sql = withEphemerals(rendering.sql, ctes);
    return {
      sql,
      place: { path, map: rendering.map },
      inserted: { at: commonStart(rendering.sql, sql), length: sql.length - rendering.sql.length },
      config: Object.assign({}, ...rendering.configCalls) as PlainRecord,
      parents: {
        standing: [...parents.standing].sort(),
        deferred: [...parents.deferred].sort(),
        missing: [...parents.missing].sort(),
        inlined: [...parents.inlined.values()].filter((node) => node.materialized !== 'ephemeral').map((node) => node.name),
      },
    };
  }

  async #ctes(parents: Parents, within: readonly NodeId[]): Promise<readonly { readonly name: string; readonly sql: string }[]> {
    const done = new Map<NodeId, string>();
    const visit = async (node: RelationNode, path: readonly NodeId[]): Promise<void> => {
      if (done.has(node.id)) return;
      if (path.includes(node.id))
        throw new Stopped(toProblem('preview-refused', `'${node.name}' reads itself, through ${path.length} models.`, node.path));
      const own = new Parents();
      const sql = await this.#inlined(node, own);
      for (const parent of own.inlined.values()) await visit(parent, [...path, node.id]);
      for (const name of own.standing) parents.standing.add(name);
      for (const name of own.deferred) parents.deferred.add(name);
      for (const name of own.missing) parents.missing.add(name);
      done.set(node.id, sql);
    };
    for (const node of [...parents.inlined.values()]) await visit(node, within);
    for (const id of done.keys()) {
      const node = this.snapshot.nodes.get(id);
      if (node !== undefined && isRelation(node)) parents.inlined.set(id, node);
    }
    return [...done].map(([id, sql]) => ({ name: cteName(this.snapshot.nodes.get(id) as RelationNode), sql: sql.replace(/[;\s]+$/, '') }));
  }

  async #inlined(node: RelationNode, parents: Parents): Promise<string> {
    if (node.kind === 'seed') return seedQuery(this.snapshot, node);
    if (node.kind === 'snapshot')
      throw new Stopped(
        toProblem('preview-refused', `The snapshot '${node.name}' does not stand on the target: build it first.`, node.path),
      );
    const text = this.snapshot.texts.get(node.id);
    if (text === undefined || (node.kind === 'model' && node.language === 'python'))
      throw new Stopped(
        toProblem('preview-refused', `'${node.name}' does not stand on the target and has no SQL to write in its place.`, node.path),
      );
    const subject = subjectOf(this.snapshot, node, false);
    return (await this.#answered(text.path, (answering) => renderNode(answering, subject, 'compile'), parents, {})).sql;
  }

  async #answered(path: string, render: RenderWith, parents: Parents, flags: PlainRecord): Promise<Rendering> {
    const { environment } = this.snapshot;
    if (environment === undefined) throw new Stopped(toProblem('preview-refused', 'There is no dbt project here.', path));
    const answering = extendEnvironment(this.#resolving(environment, parents), {
      runQuery: (sql) => this.#answers.get(sql),
      ...(Object.keys(flags).length === 0 ? {} : { flags: { ...environment.flags, ...flags } }),
    });
    let rendering = render(answering);
    for (let round = 0; rendering.status === 'needs-data'; round++) {
      if (round === mostRounds)
        throw new Stopped(toProblem('preview-refused', `The template asked for data ${mostRounds} times and was stopped.`, path));
      for (const sql of rendering.queriesNeeded) this.#answers.set(sql, await this.ask(sql, path));
      rendering = render(answering);
    }
    if (rendering.status === 'rendered') return rendering;
    const problem = rendering.problems.find(({ severity }) => severity === 'error') ?? rendering.problems[0];
    throw new Stopped(problem ?? toProblem('preview-refused', 'The template could not be rendered.', path));
  }

  /** The environment in which names mean what stands in the database. */
  #resolving(environment: RenderEnvironment, parents: Parents): RenderEnvironment {
    const { resolver } = environment;
    const place = (found: Resolution): Resolution => {
      const node = found.kind === 'found' ? this.snapshot.nodes.get(found.node) : undefined;
      if (found.kind === 'missing' || node === undefined || !isRelation(node)) return found;
      return { ...found, relation: this.#relation(node, found.relation, parents) };
    };
    return extendEnvironment(environment, {
      resolver: {
        ref: (call, from) => place(resolver.ref(call, from)),
        source: (call, from) => place(resolver.source(call, from)),
        graph: () => resolver.graph(),
        relationNamed: (name) => {
          const found = this.standing.find(name);
          return found === undefined ? undefined : { ...name, type: found.kind };
        },
      },
      columnsOf: (name) => {
        const columns = this.standing.find(name)?.columns;
        return columns === undefined || columns.length === 0 ? undefined : columns;
      },
    });
  }

  #relation(node: RelationNode, relation: RelationName, parents: Parents): RelationName {
    if (node.materialized === 'ephemeral') {
      parents.inlined.set(node.id, node);
      return relation;
    }
    const found = this.standing.find(node);
    if (found !== undefined || node.kind === 'source') {
      if (found === undefined) parents.missing.add(`${node.schema}.${node.identifier}`);
      else parents.standing.add(node.kind === 'source' ? `${node.schema}.${node.identifier}` : node.name);
      return found === undefined ? relation : { ...relation, type: found.kind };
    }
    const deferred = this.deferred.get(node.id);
    if (deferred !== undefined) {
      parents.deferred.add(node.name);
      return { ...relation, rendered: deferred };
    }
    parents.inlined.set(node.id, node);
    return { ...relation, rendered: cteName(node), type: 'cte' };
  }
}

function cteName(node: RelationNode): string {
  return `__dbt__cte__${node.identifier}`;
}

function plain(sql: string, place: Place): RemoteText {
  const none = { standing: [], deferred: [], inlined: [], missing: [] };
  return { sql, place, inserted: { at: sql.length, length: 0 }, parents: none, config: {} };
}

/** Where two texts begin to differ, of which one is the other with something put into it. */
function commonStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

function subjectOf(snapshot: Snapshot, node: ProjectNode, incremental: boolean): RenderSubject {
  const text = snapshot.texts.get(node.id);
  const source = text?.source ?? '';
  const offset = text?.offset ?? 0;
  return {
    id: node.id,
    name: node.name,
    package: node.package,
    path: text?.path ?? node.path,
    text: source,
    ...(offset === 0 ? {} : { offset, file: snapshot.sources.find(text?.path ?? '')?.text ?? source }),
    resourceType: node.kind,
    relation: isRelation(node)
      ? { database: node.database, schema: node.schema, identifier: node.identifier }
      : { schema: snapshot.environment?.target.schema ?? '', identifier: node.name },
    config: node.config as PlainRecord,
    ...(incremental ? { incremental } : {}),
  };
}
