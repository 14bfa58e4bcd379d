import { BudgetError } from '../jinja/budget.ts';
import { findCommentSlip } from '../jinja/comment-slip.ts';
import { PyError, raise, TemplateSyntaxError } from '../jinja/errors.ts';
import { TemplateText } from '../jinja/lexer.ts';
import { PieceMap } from '../jinja/piece-map.ts';
import { toText } from '../jinja/repr.ts';
import { Output, Runtime } from '../jinja/runtime.ts';
import { compileTemplate, type Template } from '../jinja/template.ts';
import type { Callable, Value } from '../jinja/values.ts';
import { Dict } from '../jinja/values.ts';
import { onBudget } from '../jinja/work.ts';
import { withNearest } from '../text/nearest.ts';
import type { Problem } from '../text/problem.ts';
import { toProblem } from '../text/problem.ts';
import type { Location } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import type { Phase, Plain, PlainRecord, RelationName, RenderEnvironment, RenderSubject } from './environment.ts';
import { locationOf } from './places.ts';
import { fromPlain } from './plain.ts';
import type { Rendering, RenderStatus } from './rendering.ts';
import { Session } from './session.ts';
import { NeedsData, ReturnSignal } from './stops.ts';

export type { RecordedRef, RecordedSource, Rendering, RenderStatus } from './rendering.ts';

/** Renders a node's text, or any text in a node's name. Never throws for what the project does wrong. */
export function renderNode(environment: RenderEnvironment, subject: RenderSubject, phase: Phase): Rendering {
  const session = new Session(environment, subject, phase);
  return run(session, (out) => compiledText(subject.text).renderInto(out, session.runtime));
}

/** Hooks, names and values of properties files: texts that the nodes of a project share. */
const shortTexts = new Map<string, Template>();
const shortLength = 400;
const shortTextsKept = 2000;

function compiledText(text: string): Template {
  const known = shortTexts.get(text);
  if (known !== undefined) return known;
  const compiled = compileTemplate(text, subjectTemplate, 'dbt_macro__');
  if (text.length <= shortLength) {
    if (shortTexts.size >= shortTextsKept) shortTexts.clear();
    shortTexts.set(text, compiled);
  }
  return compiled;
}

/** A call of a generic test: the macro's name without `test_`, and its arguments as the properties file gives them. */
export interface GenericTestCall {
  readonly macro: string;
  /** The package before the dot, as in `dbt_utils.unique_combination_of_columns`. */
  readonly package?: string;
  /** The relation under test. */
  readonly model: RelationName;
  readonly columnName?: string;
  readonly arguments: PlainRecord;
  /** The `where` of its configuration. */
  readonly where?: string;
}

/** The SQL of a generic test; arguments that are Jinja, such as `ref('orders')`, are resolved as dbt does. */
export function renderGenericTest(
  environment: RenderEnvironment,
  subject: RenderSubject,
  call: GenericTestCall,
  phase: Phase = 'compile',
): Rendering {
  const config: Record<string, Plain | undefined> = { ...subject.config };
  const session = new Session(environment, { ...subject, config }, phase);
  return run(session, (out) => {
    if (call.where !== undefined) config['where'] = session.renderText(call.where, 'where');
    const name = `test_${call.macro}`;
    const macro = environment.macros.find(call.package === undefined ? name : `${call.package}.${name}`, subject.package);
    if (!macro && call.package !== undefined && environment.missingPackages?.has(call.package))
      raise('CompilationError', `The test '${call.package}.${call.macro}' comes from a package that is not installed.`);
    if (!macro) raise('CompilationError', withNearest(`There is no generic test '${call.macro}'.`, call.macro, testNames(environment)));
    const keywords = new Map<string, Value>();
    keywords.set('model', testedRelation(session, call));
    if (call.columnName !== undefined) keywords.set('column_name', call.columnName);
    for (const [key, value] of Object.entries(call.arguments))
      keywords.set(key, key === 'column_name' ? fromPlain(value ?? null) : argumentValue(session, value));
    out.write(toText(session.bind(macro)([], keywords)), 0, 0, false);
  });
}

function* testNames(environment: RenderEnvironment): Generator<string> {
  for (const name of environment.macros.names()) if (name.startsWith('test_')) yield name.slice(5);
}

/** The relation under test as `get_where_subquery` gives it: a project may say itself what `where` means. */
function testedRelation(session: Session, call: GenericTestCall): Value {
  const relation = session.relation(call.model);
  const { macros, projectName } = session.environment;
  const macro = macros.find('get_where_subquery', projectName);
  return macro === undefined ? relation : session.bind(macro)([relation], new Map());
}

const looksLikeCall = /^\s*(?:env_var|ref|var|source|doc)\s*\(.+\)\s*$/s;
const oneExpression = /^\s*\{\{-?((?:(?!\{\{|\}\})[\s\S])*?)-?\}\}\s*$/;

/** `ref(…)` and `{{ … }}` in a test's argument are the values that they name, relations among them; any other text is rendered as text. */
function argumentValue(session: Session, value: Plain | undefined): Value {
  if (typeof value === 'string') {
    const expression = looksLikeCall.test(value) ? value : oneExpression.exec(value)?.[1];
    return expression === undefined ? session.renderText(value, 'argument') : evaluate(session, expression);
  }
  if (Array.isArray(value)) return value.map((item) => argumentValue(session, item));
  if (typeof value === 'object' && value !== null)
    return Dict.of(Object.fromEntries(Object.entries(value as PlainRecord).map(([key, item]) => [key, argumentValue(session, item)])));
  return fromPlain(value ?? null);
}

/** The value of an expression, which a template alone would only give as text. */
function evaluate(session: Session, expression: string): Value {
  let value: Value = null;
  const keep: Callable = (args) => {
    value = args[0] ?? null;
    return '';
  };
  const runtime = new Runtime((name) => (name === 'headwater_keep' ? keep : session.lookUp(name)), session.budget);
  compileTemplate(`{{ headwater_keep(${expression}) }}`, 'argument').renderInto(new Output(session.budget), runtime);
  return value;
}

/** How the subject's own text is named in frames. */
const subjectTemplate = '';

function run(session: Session, render: (out: Output) => void): Rendering {
  const { subject } = session;
  const pieces: number[] = [];
  const out = new Output(session.budget, pieces);
  let status: RenderStatus = 'rendered';
  let cutShort = false;
  try {
    onBudget(session.budget, () => render(out));
  } catch (error) {
    cutShort = !(error instanceof ReturnSignal);
    if (error instanceof NeedsData) status = 'needs-data';
    else if (!(error instanceof ReturnSignal)) {
      status = 'failed';
      // What goes wrong with a value that stands for a missing package's says nothing that its absence does not.
      if (session.missing.size === 0 || !(error instanceof PyError)) session.problems.push(toProblemOf(session, error));
    }
  }
  if (status === 'rendered' && session.queriesNeeded.length > 0) status = 'needs-data';
  // The rest of the text is read around it: a call of what is missing stands in its place.
  if (session.missing.size > 0) session.problems.push(missingProblem(session));
  if (session.missingEnv.size > 0) {
    status = 'failed';
    session.problems.push(missingEnvProblem(session));
  }
  return {
    status,
    sql: out.text,
    ...(cutShort ? { cutShort } : {}),
    map: new PieceMap(pieces, out.text.length, new TemplateText(subject.text), subject.offset ?? 0),
    refs: session.refs,
    sources: session.sources,
    metrics: session.metrics,
    configCalls: session.configCalls,
    macrosCalled: [...session.macrosCalled],
    varsRead: [...session.varsRead],
    envRead: [...session.envRead],
    queries: session.queries,
    queriesNeeded: session.queriesNeeded,
    logs: session.logs,
    problems: session.problems,
  };
}

/** One problem for all that a text wants of packages that are not installed; the way out is told where they are declared. */
function missingProblem(session: Session): Problem {
  const names = [...session.missing].map((name) => `'${name}'`).join(', ');
  const message = `${names} ${session.missing.size === 1 ? 'comes' : 'come'} from a package that is not installed: what stands for it here is unknown.`;
  const first = [...session.missing][0] ?? '';
  const at = session.subject.text.indexOf(first);
  const start = (session.subject.offset ?? 0) + Math.max(0, at);
  return toProblem('package-missing', message, locationOf(session.subject, { start, end: start + (at < 0 ? 0 : first.length) }), 'info');
}

function missingEnvProblem(session: Session): Problem {
  const names = [...session.missingEnv];
  const quoted = names.map((name) => `'${name}'`).join(', ');
  const message = `${quoted} of the environment ${names.length === 1 ? 'has' : 'have'} no value here: set it with --env NAME=VALUE on the command line, or under 'headwater.envVars' in the editor. Until then this cannot be previewed.`;
  const at = session.subject.text.indexOf(names[0] ?? '');
  const start = (session.subject.offset ?? 0) + Math.max(0, at);
  return toProblem('env-missing', message, locationOf(session.subject, { start, end: start + (at < 0 ? 0 : (names[0] ?? '').length) }));
}

function toProblemOf(session: Session, error: unknown): Problem {
  const { subject } = session;
  const text = new TemplateText(subject.text);
  const place = (offset: number, name = ''): Location => {
    const at = text.original(offset);
    const start = (subject.offset ?? 0) + at;
    return locationOf(subject, { start, end: start + (subject.text.startsWith(name, at) ? Math.max(1, name.length) : 1) });
  };
  if (error instanceof TemplateSyntaxError) {
    const slip = error.template === subjectTemplate ? findCommentSlip(subject.text, text.original(error.offset)) : undefined;
    if (slip !== undefined) {
      const shift = subject.offset ?? 0;
      const at = locationOf(subject, { start: shift + slip.start, end: shift + slip.end });
      return toProblem('jinja-syntax', "'{{-- … --}}' is an expression, not a comment: write {# … #}.", at);
    }
    return error.template === subjectTemplate
      ? toProblem('jinja-syntax', error.message, place(error.offset))
      : toProblem('jinja-syntax', error.message, place(session.runtime.siteStart));
  }
  if (error instanceof BudgetError || error instanceof RangeError)
    return toProblem(
      'jinja-budget',
      error instanceof BudgetError ? error.message : 'The template is nested too deeply and was stopped.',
      place(session.runtime.siteStart),
    );
  if (!(error instanceof PyError)) throw error;
  const own = error.frames.findLast((frame) => frame.template === subjectTemplate);
  const related = error.frames.flatMap((frame) => {
    const macro = session.macrosById.get(frame.template);
    if (!macro) return [];
    const start = macro.span.start + macro.compiled().text.original(frame.offset);
    return [{ location: new LineMap(macro.file).location(macro.path, { start, end: start + 1 }), message: `in macro '${macro.name}'` }];
  });
  const undefinedName = error.pyType === 'UndefinedError' ? /^'(\w+)' is undefined$/.exec(error.reason)?.[1] : undefined;
  const usedAsPackage =
    undefinedName !== undefined && textsOf(session, error).some((used) => new RegExp(`\\b${undefinedName}\\.\\w+\\s*\\(`).test(used));
  const wayOut = usedAsPackage ? ` If '${undefinedName}' is a package, install it with 'dbt deps'.` : '';
  const near = undefinedName === undefined ? error.reason : withNearest(`${error.reason}.`, undefinedName, namesOf(session)) + wayOut;
  const [innermost] = related;
  const where = innermost ? ` (${innermost.message}, ${innermost.location.path}:${innermost.location.start.line})` : '';
  const problem = toProblem('jinja-error', near + where, place(own?.offset ?? 0, undefinedName));
  return related.length > 0 ? { ...problem, related } : problem;
}

/** The texts that an error passed through. */
function textsOf(session: Session, error: PyError): string[] {
  return [session.subject.text, ...error.frames.map((frame) => session.macrosById.get(frame.template)?.compiled().text.text ?? '')];
}

function* namesOf(session: Session): Generator<string> {
  yield* session.contextNames();
  yield* session.environment.macros.names();
}
