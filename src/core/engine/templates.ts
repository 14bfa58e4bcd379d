import type { PlainRecord, QueryAnswer, RenderEnvironment, RenderSubject } from '../dbt/environment.ts';
import { type Rendering, renderNode } from '../dbt/render.ts';
import { isStandIn } from '../dbt/stand-ins/stand-in-folder.ts';
import { isRelation } from '../project/node.ts';
import type { NodeText, Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import { type Place, Stopped, type Work } from './work.ts';

/** How often a template may ask for more data before it is taken to ask for ever. */
const mostRounds = 50;

/** SQL as it is parsed, and where it was written. */
export interface Rendered {
  readonly sql: string;
  readonly place: Place;
}

/** Answers a query that a template asks, over the relations of the preview. */
export type AskQuery = (sql: string, place: Place, work: Work) => Promise<QueryAnswer>;

/** Renders templates, with the queries that they ask answered by the preview itself. */
export class Templates {
  readonly #answers = new Map<string, QueryAnswer>();

  constructor(
    private readonly snapshot: Snapshot,
    private readonly ask: AskQuery,
  ) {}

  /** A node's SQL; `incremental` makes it the text of a run on top of what is there. */
  async node(id: NodeId, text: NodeText, work: Work, incremental = false, batch?: PlainRecord): Promise<Rendered> {
    const rendering = await this.rendering(id, text, work, incremental, batch);
    for (const note of this.#standInNotes(rendering)) work.notes.add(note);
    if (rendering.status !== 'rendered')
      throw new Stopped(whyNot(rendering, `'${this.snapshot.nodes.get(id)?.name ?? id}' could not be rendered.`, text.path));
    return { sql: rendering.sql, place: { path: text.path, map: rendering.map } };
  }

  /** What stands in for packages that are not installed, one note for each. */
  #standInNotes({ macrosCalled }: Rendering): readonly string[] {
    const macros = this.snapshot.environment?.macros;
    const packages = new Set(macrosCalled.map((id) => id.split('.')[1] ?? ''));
    return [...packages].flatMap((name) => {
      const [first] = macros?.macrosOf(name)?.values() ?? [];
      return first !== undefined && isStandIn(first)
        ? [`${name} is not installed: versions of its macros that come with Headwater stand in for them.`]
        : [];
    });
  }

  /** The same with everything that the rendering found out, whether or not it came to its end. */
  async rendering(id: NodeId, text: NodeText, work: Work, incremental = false, batch?: PlainRecord): Promise<Rendering> {
    const node = this.snapshot.nodes.get(id);
    const { environment } = this.snapshot;
    const { rendering } = text;
    if (environment !== undefined && node !== undefined && (incremental || batch !== undefined || rendering.status === 'needs-data')) {
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
        ...(incremental ? { incremental } : {}),
        ...(batch === undefined ? {} : { model: { batch } }),
      };
      const first = incremental || batch !== undefined ? undefined : rendering;
      return this.#answered(environment, subject, first, { path: text.path }, { ...work, reader: id });
    }
    return rendering;
  }

  /** Text in the middle of the project; `place` says where it stands. */
  async text(sql: string, place: Place, work: Work): Promise<Rendered> {
    const { environment } = this.snapshot;
    if (environment === undefined || !/\{[{%#]/.test(sql)) return { sql, place };
    const subject: RenderSubject = {
      name: 'preview',
      package: this.snapshot.project.name,
      path: place.path,
      text: sql,
      ...(place.offset === undefined ? {} : { offset: place.offset, file: this.snapshot.sources.find(place.path)?.text ?? sql }),
      resourceType: 'sql_operation',
      relation: { schema: environment.target.schema, identifier: 'preview' },
      config: {},
    };
    const rendering = await this.#answered(environment, subject, undefined, place, work);
    if (rendering.status !== 'rendered') throw new Stopped(whyNot(rendering, 'This text could not be rendered.', place.path));
    return { sql: rendering.sql, place: { ...place, map: rendering.map } };
  }

  async #answered(
    environment: RenderEnvironment,
    subject: RenderSubject,
    first: Rendering | undefined,
    place: Place,
    work: Work,
  ): Promise<Rendering> {
    // The same query means another thing in another run, and in a node that reads what it was before.
    const scope = `${work.run.key} ${work.self === undefined ? '' : work.self.physical} `;
    const answering = { ...environment, runQuery: (sql: string) => this.#answers.get(scope + sql) };
    let rendering = first ?? renderNode(answering, subject, 'compile');
    for (let round = 0; rendering.status === 'needs-data'; round++) {
      if (round === mostRounds)
        throw new Stopped(toProblem('preview-refused', `The template asked for data ${mostRounds} times and was stopped.`, place.path));
      for (const sql of rendering.queriesNeeded) this.#answers.set(scope + sql, await this.ask(sql, { path: place.path }, work));
      rendering = renderNode(answering, subject, 'compile');
    }
    return rendering;
  }
}

/** Why a text has no SQL that could run: to a preview that is an error, whatever it is to the editor. */
function whyNot({ problems }: Rendering, otherwise: string, path: string): Problem {
  const problem = problems.find((found) => found.severity === 'error') ?? problems[0];
  return problem === undefined ? toProblem('preview-refused', otherwise, path) : { ...problem, severity: 'error' };
}
