import { toTestCall, toTestSubject } from '../dbt/compile.ts';
import type { PlainRecord, QueryAnswer, RenderEnvironment, RenderSubject } from '../dbt/environment.ts';
import type { Rendering } from '../dbt/render.ts';
import { renderGenericTest, renderNode } from '../dbt/render.ts';
import type { TestNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { SourceMap } from '../text/source-map.ts';

/** Answers a query that a template asks; a Problem says why nobody can. */
export type Ask = (sql: string, path: string) => Promise<QueryAnswer | Problem>;

/** How often a template may ask for more data before it is taken to ask for ever. */
const mostRounds = 50;

/** A data test ready to run. */
export interface RenderedTest {
  readonly sql: string;
  /** What its macro configures by itself, such as `fail_calc`; what the project writes wins. */
  readonly config: PlainRecord;
  /** From the SQL to the template. */
  readonly map?: SourceMap;
}

/** The SQL of a data test with the queries of its macros answered, or what is wrong with it. */
export async function renderTest(snapshot: Snapshot, node: TestNode, ask: Ask): Promise<RenderedTest | Problem> {
  // dbt's tests give whole rows where failures are stored, which is what one wants to see here too.
  const environment = snapshot.environment && { ...snapshot.environment, flags: { ...snapshot.environment.flags, STORE_FAILURES: true } };
  const text = snapshot.texts.get(node.id);
  if (environment === undefined)
    return text === undefined
      ? toProblem('preview-refused', 'There is no dbt project to run tests of.', node.path)
      : { sql: text.source, config: {} };
  if (node.generic === undefined) {
    if (text === undefined) return toProblem('preview-refused', `The test '${node.name}' has no SQL.`, node.path);
    const subject: RenderSubject = { ...toTestSubject(environment, node, text.source), offset: text.offset };
    return renderWithData(environment, text.rendering, (answering) => renderNode(answering, subject, 'compile'), ask, node.path);
  }
  const call = toTestCall(snapshot, environment, node);
  if (call === undefined) return toProblem('preview-refused', `The test '${node.name}' stands on nothing that has rows.`, node.path);
  const subject = toTestSubject(environment, node, '');
  return renderWithData(environment, undefined, (answering) => renderGenericTest(answering, subject, call), ask, node.path);
}

/** Renders again and again, each time with the answers to what was asked before. */
export async function renderWithData(
  environment: RenderEnvironment,
  first: Rendering | undefined,
  render: (environment: RenderEnvironment) => Rendering,
  ask: Ask,
  path: string,
): Promise<RenderedTest | Problem> {
  const answers = new Map<string, QueryAnswer>();
  const answering: RenderEnvironment = { ...environment, runQuery: (sql) => answers.get(sql) };
  let rendering = first ?? render(answering);
  for (let round = 0; rendering.status === 'needs-data'; round++) {
    if (round === mostRounds) return toProblem('preview-refused', `The template asked for data ${mostRounds} times and was stopped.`, path);
    for (const sql of rendering.queriesNeeded) {
      const answer = await ask(sql, path);
      if ('code' in answer) return { ...answer, message: `A query of the template failed: ${answer.message}` };
      answers.set(sql, answer);
    }
    rendering = render(answering);
  }
  if (rendering.status === 'rendered')
    return { sql: rendering.sql, config: Object.assign({}, ...rendering.configCalls) as PlainRecord, map: rendering.map };
  return rendering.problems[0] ?? toProblem('jinja-error', 'The template could not be rendered.', path);
}
